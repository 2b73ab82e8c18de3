/* SPDX-License-Identifier: MIT */
/* The small charts of an embedding: bars, a histogram, a cloud of points, a cumulative curve. One
 * drawing for screen, PNG, SVG and PDF; what they have in common stands in chart/plot.h. */
#pragma once

#include "chart/chart-theme.h"

#include <cairo.h>

G_BEGIN_DECLS

typedef struct _WsSmallChart WsSmallChart;

/* A bar for each of @n counts, the first on top, in the colours of clusters.
 * @names: (nullable) n of them, shown as ws_format_name gives them; NULL: "1", "2" … */
WsSmallChart *ws_small_chart_new_bars (const char *const *names, const guint64 *counts, guint n);
/* @values: n of them, into bins as ws_histogram_compute chooses; those that are not finite are left
 * out */
WsSmallChart *ws_small_chart_new_histogram (const float *values, gsize n);
/* A density of @values over @ids (NULL: their index).
 * @marked: (nullable) indices of points to point out, as those possibly untrained */
WsSmallChart *ws_small_chart_new_cloud (const float *values, const guint32 *ids, gsize n,
                                        const guint32 *marked, gsize n_marked);
/* The share that the first 1, 2 … n of @parts hold of all, over log i.
 * @parts: n values >= 0, as the variance of each principal component
 * @mark: share whose i is marked (0.9); 0: none */
WsSmallChart *ws_small_chart_new_shares (const double *parts, gsize n, double mark);
/* To be drawn on another thread. */
WsSmallChart *ws_small_chart_ref (WsSmallChart *self);
void ws_small_chart_unref (WsSmallChart *self);

/* Of the axes; text, not markup. */
void ws_small_chart_set_titles (WsSmallChart *self, const char *x_title, const char *y_title);
void ws_small_chart_set_theme (WsSmallChart *self, WsChartTheme theme);
/* As ws_spectrum_chart_set_font. */
void ws_small_chart_set_font (WsSmallChart *self, const char *family, double size);
/* As ws_token_map_set_resolution. */
void ws_small_chart_set_resolution (WsSmallChart *self, double resolution);

/* Draws into [0, width) x [0, height) of @cr. Remembers the layout for the queries below. The
 * screen themes paint their ground, WS_CHART_PAPER paints none. */
void ws_small_chart_draw (WsSmallChart *self, cairo_t *cr, double width, double height);

/* How many bars, bins, points or values there are. */
gsize ws_small_chart_get_n_items (const WsSmallChart *self);
/* The one at (x, y) of the last drawing. FALSE: none is there. */
gboolean ws_small_chart_pick (const WsSmallChart *self, double x, double y, gsize *item);
/* Draws the read-out card of @item over a finished drawing. */
void ws_small_chart_draw_readout (WsSmallChart *self, cairo_t *cr, gsize item, double width,
                                  double height);
/* The least i whose share reaches the mark; 0: none, or no chart of shares. */
gsize ws_small_chart_get_mark (const WsSmallChart *self);

/* For screen readers, translated. (transfer full) */
char *ws_small_chart_describe (const WsSmallChart *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsSmallChart, ws_small_chart_unref)

G_END_DECLS
