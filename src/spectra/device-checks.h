/* SPDX-License-Identifier: MIT */
/* Whether singular values that a device returned can be those of the matrix: sums that the
 * processor knows from the elements, and sums that were taken before the solver began. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @sigma: n values as they came; on success those that rounding left below zero are 0
 * @frobenius: of the matrix, by the processor, > 0. Its square is the sum of all eigenvalues: a
 *   wrong upload, conversion or product is seen here
 * @gram_norm: (nullable): Frobenius norm of the Gram matrix. Its square is the sum of the squares
 *   of all eigenvalues: a solver that did nothing is seen here
 * Returns: FALSE with WS_FAULT_NUMERIC: which of the checks failed. */
gboolean ws_device_check_values (double *sigma, gsize n, double frobenius, const double *gram_norm,
                                 GError **error);

G_END_DECLS
