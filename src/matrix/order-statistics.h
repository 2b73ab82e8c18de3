/* SPDX-License-Identifier: MIT */
/* Exact order statistics of numbers that are seen several times but never stored. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Radix selection: each pass over all the values fixes 16 more bits of the sort key of each wanted
 * order statistic. */
typedef struct _WsOrderStatistics WsOrderStatistics;

/* @n_bits: of the sort key: 32 for values that are floats, else 64
 * @n_values: that a pass adds at most; few are kept and sorted after the first pass */
WsOrderStatistics *ws_order_statistics_new (guint n_bits, guint64 n_values);
void ws_order_statistics_free (WsOrderStatistics *self);

/* @values: finite */
void ws_order_statistics_add (WsOrderStatistics *self, const double *values, gsize n);

/* Ends a pass over @n values.
 * @probabilities: of the quantiles, the same each time
 * @quantiles: (out): type 7, valid when the answer is TRUE
 * Returns: FALSE when another pass is needed. */
gboolean ws_order_statistics_end_pass (WsOrderStatistics *self, guint64 n,
                                       const double *probabilities, guint n_quantiles,
                                       double *quantiles);

/* Passes over so many values that it takes. */
guint ws_order_statistics_count_passes (guint n_bits, guint64 n_values);
gsize ws_order_statistics_get_required_bytes (guint64 n_values);

G_END_DECLS
