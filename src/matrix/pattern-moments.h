/* SPDX-License-Identifier: MIT */
/* Moments of types of 16 bits and fewer: count every bit pattern, then sum over the patterns. */
#pragma once

#include "matrix/moments.h"

G_BEGIN_DECLS

/* Up to so many elements have a table that costs nothing by itself; tables of all patterns, which
 * are for more, are faster for each element. Also the same numbers. */
#define WS_PATTERN_MOMENTS_FEW 16384

typedef struct _WsPatternMoments WsPatternMoments;

WsPatternMoments *ws_pattern_moments_new (WsDtype dtype, guint64 n_rows, guint64 n_cols,
                                          double zero_eps);
void ws_pattern_moments_free (WsPatternMoments *self);
void ws_pattern_moments_add_block (WsPatternMoments *self, const void *stored, guint64 row,
                                   guint64 n_rows, guint64 col, guint64 n_cols);
void ws_pattern_moments_finish (WsPatternMoments *self, WsMoments *moments);
gsize ws_pattern_moments_get_required_bytes (guint64 n_elements);

G_END_DECLS
