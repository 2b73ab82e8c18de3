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

/* The singular values that a Gram matrix tells: the roots of its eigenvalues.
 * @gram: p x p, the lower triangle; destroyed
 * @sigma: (out): p values, descending
 * Returns: FALSE: cancelled, no memory, or WS_ERROR_NUMERIC. */
gboolean ws_gram_compute_values (double *gram, gsize p, double *sigma, WsWork *work,
                                 GError **error);

/* What ws_gram_compute_values advances by, see WsWork. */
double ws_gram_estimate_work (gsize p);

/* Bytes that ws_gram_compute_values takes beside @gram and @sigma. */
guint64 ws_gram_get_required_bytes (gsize p);

G_END_DECLS
