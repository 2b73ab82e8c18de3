/* SPDX-License-Identifier: MIT */
/* Moments of types of 32 and 64 bits: streamed in chunks that stay in the cache. */
#pragma once

#include "matrix/moments.h"

G_BEGIN_DECLS

typedef struct _WsStreamMoments WsStreamMoments;

WsStreamMoments *ws_stream_moments_new (WsDtype dtype, guint64 n_rows, guint64 n_cols,
                                        double zero_eps);
void ws_stream_moments_free (WsStreamMoments *self);
void ws_stream_moments_add_block (WsStreamMoments *self, const guint8 *stored, guint64 row,
                                  guint64 n_rows, guint64 col, guint64 n_cols);
/* Returns: FALSE when all blocks must be added once more. */
gboolean ws_stream_moments_finish (WsStreamMoments *self, WsMoments *moments);
/* One more for few numbers that must be scaled. */
guint ws_stream_moments_count_passes (WsDtype dtype, guint64 n_elements);
gsize ws_stream_moments_get_required_bytes (guint64 n_elements);

G_END_DECLS
