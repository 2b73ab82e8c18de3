/* SPDX-License-Identifier: MIT */
/* The directions in which a symmetric matrix is greatest, without the others. */
#pragma once

#include "spectra/work.h"

G_BEGIN_DECLS

/* Eigenvectors of the greatest eigenvalues, by the method of Lanczos with all vectors kept
 * orthogonal, one after the other, so that equal eigenvalues are no matter. Each is exact to 1e-12
 * of the greatest eigenvalue, or what 512 steps, each of them a product with @a, come to: those are
 * few where many eigenvalues are nearly the same.
 * @a: p x p, symmetric, not negative; the lower triangle (column-major) is read
 * @axes: (out): n_axes x p, of length 1; 0 where there is no further direction with a positive
 *   eigenvalue
 * @work: advanced by ws_axes_estimate_work
 * Errors: cancelled (looked at in every step), no memory, WS_ERROR_NUMERIC. */
gboolean ws_axes_compute (const double *a, gsize p, guint n_axes, double *axes, WsWork *work,
                          GError **error);

double ws_axes_estimate_work (gsize p, guint n_axes);
guint64 ws_axes_get_required_bytes (gsize p);

G_END_DECLS
