/* SPDX-License-Identifier: MIT */
/* The eigenvalues of W'W: the fast route to singular values. */
#pragma once

#include "matrix/blocks.h"
#include "spectra/work.h"

G_BEGIN_DECLS

/* Adds the products of one block to the lower triangle (column-major) of the Gram matrix of the
 * short side.
 * @gram: p x p
 * @block: of p columns, or with @by_columns of p rows */
gboolean ws_gram_add_block (double *gram, gsize p, const WsBlock *block, gboolean by_columns,
                            WsWork *work, GError **error);

/* Eigenvalues of a symmetric matrix, given by its lower triangle.
 * @a: p x p, destroyed
 * @lambda: (out): p values, ascending
 * Returns: FALSE: cancelled, no memory, or WS_ERROR_NUMERIC. */
gboolean ws_symmetric_eigenvalues (double *a, gsize p, double *lambda, WsWork *work,
                                   GError **error);

/* Bytes that ws_symmetric_eigenvalues takes beside @a and @lambda. */
guint64 ws_symmetric_get_required_bytes (gsize p);

G_END_DECLS
