/* SPDX-License-Identifier: MIT */
/* The eigenvalues of W'W: the fast route to singular values. */
#pragma once

#include "matrix/blocks.h"
#include "spectra/work.h"

G_BEGIN_DECLS

/* Shown every block, as stored, in ascending order, one at a time; on any thread. */
typedef void (*WsBlockFunc) (const WsBlock *block, gpointer user_data);

/* Adds the products of all blocks to the lower triangle (column-major) of the Gram matrix of the
 * short side. The threads of work->team share it; the bits do not depend on them.
 * @gram: p x p
 * @blocks: values are not needed; they may have been added in the end
 * Returns: FALSE: cancelled, no memory, or a block could not be read. */
gboolean ws_gram_add_blocks (double *gram, WsBlocks *blocks, WsBlockFunc look, gpointer user_data,
                             WsWork *work, GError **error);

/* Bytes that ws_gram_add_blocks takes beside @gram and @blocks, for sides p <= q. */
guint64 ws_gram_get_block_bytes (guint64 p, guint64 q);

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
