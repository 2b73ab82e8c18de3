/* SPDX-License-Identifier: MIT */
/* The map of tokens: every point of a projection to two dimensions, as a density. One drawing for
 * screen, PNG, SVG and PDF.
 *
 * Points are known by their index, 0 to n - 1; their ids (rows of the embedding) are shown. Both
 * axes have the same scale, so that distances may be compared. */
#pragma once

#include "chart/chart-theme.h"

#include <cairo.h>

G_BEGIN_DECLS

typedef enum
{
  WS_TOKEN_MAP_CLUSTER,
  WS_TOKEN_MAP_NORM, /* from the 0.1 % to the 99.9 % quantile; beyond as at the ends */
  WS_TOKEN_MAP_ID,
} WsTokenMapColoring;

typedef struct _WsTokenMap WsTokenMap;

WsTokenMap *ws_token_map_new (void);
/* The same points and settings, to be drawn on another thread. */
WsTokenMap *ws_token_map_copy (const WsTokenMap *self);
void ws_token_map_free (WsTokenMap *self);

/* Replaces the points; forgets ids, norms, clusters, highlight, mark and view.
 * @xy: @n pairs, copied; a point that is not finite is not drawn
 * @ids: (nullable) n of them, copied; NULL: the indices */
void ws_token_map_set_points (WsTokenMap *self, const float *xy, gsize n, const guint32 *ids);
gsize ws_token_map_get_n_points (const WsTokenMap *self);
/* @norms: (nullable) n of them, copied; NAN where unknown */
void ws_token_map_set_norms (WsTokenMap *self, const float *norms);
/* @labels: (nullable) n of them, below @k, copied
 * @names: (nullable) k of them, shown as ws_format_name gives them; NULL: "1" for cluster 0 … */
void ws_token_map_set_clusters (WsTokenMap *self, const guint32 *labels, guint k,
                                const char *const *names);
/* Share of the variance along each axis, in [0, 1]; NAN: unknown. */
void ws_token_map_set_variance (WsTokenMap *self, double x, double y);
/* Points drawn in front while the rest recedes: a cluster, a selection, what was searched for.
 * @points: indices, copied; NULL: none recedes */
void ws_token_map_set_highlight (WsTokenMap *self, const guint32 *points, gsize n);
/* The same for the members of @cluster; -1: none recedes. */
void ws_token_map_highlight_cluster (WsTokenMap *self, int cluster);

/* A point that is marked by a dot with its name, before all else; the names of clusters give way.
 * @index: -1: none. @name: (nullable) shown as ws_format_name gives it */
void ws_token_map_set_marked (WsTokenMap *self, int index, const char *name);

/* WS_TOKEN_MAP_CLUSTER at first. Without clusters or norms all points have one colour. */
void ws_token_map_set_coloring (WsTokenMap *self, WsTokenMapColoring coloring);
void ws_token_map_set_theme (WsTokenMap *self, WsChartTheme theme);
/* As ws_spectrum_chart_set_font. */
void ws_token_map_set_font (WsTokenMap *self, const char *family, double size);
/* Pixels to a user unit of the density; 0 (at first): on paper those of the target, or 300 dpi
 * where it has none; on screen 1, where it should be the scale factor of the widget. */
void ws_token_map_set_resolution (WsTokenMap *self, double resolution);

/* NULL: everything, but for one point in a thousand where these would shrink the rest: the drawing
 * says how many. Zooming out reaches them. A view is widened to the shape of the plot. */
void ws_token_map_set_view (WsTokenMap *self, const WsChartView *view);
void ws_token_map_get_view (const WsTokenMap *self, WsChartView *view);

/* Draws into [0, width) x [0, height) of @cr. The density is kept until something changes, so that
 * the same again costs one copy. Remembers the layout for the queries below. The screen themes
 * paint their ground, WS_CHART_PAPER paints none. */
void ws_token_map_draw (WsTokenMap *self, cairo_t *cr, double width, double height);

/* Where things are since the last draw. */
typedef struct
{
  guint32 index;
  guint32 id;
  int cluster; /* -1: unknown */
  double norm; /* NAN: unknown */
  double x, y; /* in the drawing */
} WsTokenMapPoint;

/* The point nearest to (x, y) within a finger's width, one of the highlighted if there are any. */
gboolean ws_token_map_pick (const WsTokenMap *self, double x, double y, WsTokenMapPoint *point);
/* Wherever it is, also outside the plot. FALSE: no such point, or it has no place. */
gboolean ws_token_map_get_point (const WsTokenMap *self, guint32 index, WsTokenMapPoint *point);
/* The nearest point at least a little in the direction (dx, dy) of the drawing, for arrow keys.
 * FALSE: there is none in the plot. */
gboolean ws_token_map_step (const WsTokenMap *self, guint32 index, double dx, double dy,
                            WsTokenMapPoint *point);
/* Points within a closed polygon of the drawing (even-odd), ascending.
 * @polygon: @n corners, x and y in turn
 * Returns: (transfer full) (element-type guint32) */
GArray *ws_token_map_find_inside (const WsTokenMap *self, const double *polygon, gsize n);

/* As ws_spectrum_chart_box_to_view, _zoom_to_view and _pan_to_view. */
gboolean ws_token_map_box_to_view (const WsTokenMap *self, double x0, double y0, double x1,
                                   double y1, WsChartView *view);
gboolean ws_token_map_zoom_to_view (const WsTokenMap *self, double x, double y, double factor,
                                    WsChartView *view);
gboolean ws_token_map_pan_to_view (const WsTokenMap *self, double dx, double dy, WsChartView *view);
/* Inside of the axes, in the drawing; all 0 before the first draw. */
void ws_token_map_get_plot (const WsTokenMap *self, double *x, double *y, double *width,
                            double *height);
/* Of a cluster, as drawn in the theme; the same as ws_palette_get_cluster. */
void ws_token_map_get_color (const WsTokenMap *self, guint cluster, double rgb[3]);

/* A row of the read-out card; both are text, not markup. */
typedef struct
{
  const char *key;
  const char *value; /* shown as ws_format_name gives it */
} WsReadoutRow;

/* Draws the dot and the read-out card of a point over a finished drawing: the name of its cluster,
 * then @rows (what the caller knows: token, distance to the centre), id and norm. */
void ws_token_map_draw_readout (WsTokenMap *self, cairo_t *cr, guint32 index,
                                const WsReadoutRow *rows, guint n_rows, double width,
                                double height);
/* Draws the outline of a lasso or a box that is being drawn. */
void ws_token_map_draw_lasso (WsTokenMap *self, cairo_t *cr, const double *polygon, gsize n);

/* For screen readers, translated. (transfer full) */
char *ws_token_map_describe (const WsTokenMap *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsTokenMap, ws_token_map_free)

G_END_DECLS
