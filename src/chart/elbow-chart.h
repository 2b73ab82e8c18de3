/* SPDX-License-Identifier: MIT */
/* The elbow chart: how well k clusters fit, over k. One drawing for screen, PNG, SVG and PDF. */
#pragma once

#include "chart/chart-theme.h"
#include "cluster/sweep.h"

#include <cairo.h>

G_BEGIN_DECLS

typedef enum
{
  WS_ELBOW_INERTIA,           /* share of the inertia of the least k, which is 1 in a full curve */
  WS_ELBOW_CALINSKI_HARABASZ, /* greatest is best */
  WS_ELBOW_SILHOUETTE,        /* greatest is best; with its standard error */
  WS_ELBOW_DAVIES_BOULDIN,    /* least is best */
  WS_ELBOW_N_QUANTITIES
} WsElbowQuantity;

/* What is known of one k; NAN where it is not. */
typedef struct
{
  guint k;
  double inertia;
  double calinski_harabasz;
  double silhouette, silhouette_error; /* mean and its standard error */
  double davies_bouldin;
} WsElbowValues;

typedef struct _WsElbowChart WsElbowChart;

WsElbowChart *ws_elbow_chart_new (void);
/* The same values and settings, to be drawn on another thread. */
WsElbowChart *ws_elbow_chart_copy (const WsElbowChart *self);
void ws_elbow_chart_free (WsElbowChart *self);

/* Forgets values, grid, marks and choice; keeps quantity, theme and font. */
void ws_elbow_chart_clear (WsElbowChart *self);
/* The k that will come, ascending, so that the axis stands still while values arrive; n = 0: only
 * what is there. The axis is log2 k where the rules of cluster/elbow.h are applied to that. */
void ws_elbow_chart_set_grid (WsElbowChart *self, const guint *ks, guint n);
/* Adds the values of a k, or replaces them; in any order. k is at least 1. */
void ws_elbow_chart_set_values (WsElbowChart *self, const WsElbowValues *values);
/* The same, of an entry of a sweep. */
void ws_elbow_chart_set_entry (WsElbowChart *self, const WsSweepEntry *entry);
guint ws_elbow_chart_get_n_values (const WsElbowChart *self);
/* Where the three rules see an elbow in the inertia; 0: nowhere. */
void ws_elbow_chart_set_marks (WsElbowChart *self, guint second_difference, guint kneedle,
                               guint chord);
/* The k that is chosen, by a criterion or by hand; 0: none. */
void ws_elbow_chart_set_chosen (WsElbowChart *self, guint k);

/* What is drawn; WS_ELBOW_INERTIA at first. */
void ws_elbow_chart_set_quantity (WsElbowChart *self, WsElbowQuantity quantity);
WsElbowQuantity ws_elbow_chart_get_quantity (const WsElbowChart *self);
/* Translated, for a switch: "Inertia", "Calinski–Harabasz", "Silhouette", "Davies–Bouldin". */
const char *ws_elbow_quantity_get_title (WsElbowQuantity quantity);
void ws_elbow_chart_set_theme (WsElbowChart *self, WsChartTheme theme);
/* As ws_spectrum_chart_set_font. */
void ws_elbow_chart_set_font (WsElbowChart *self, const char *family, double size);

/* Draws into [0, width) x [0, height) of @cr. Remembers the layout for the queries below. The
 * screen themes paint their ground, WS_CHART_PAPER paints none. */
void ws_elbow_chart_draw (WsElbowChart *self, cairo_t *cr, double width, double height);

/* Where things are since the last draw. */
typedef struct
{
  WsElbowValues values;
  double value; /* of the quantity that is drawn */
  double x, y;  /* of the point, in the drawing */
} WsElbowPoint;

/* The point whose k is nearest to x. FALSE: outside the plot, or there is none. */
gboolean ws_elbow_chart_pick (const WsElbowChart *self, double x, double y, WsElbowPoint *point);
/* The point of @k. FALSE: nothing is drawn for it. */
gboolean ws_elbow_chart_get_point (const WsElbowChart *self, guint k, WsElbowPoint *point);
/* The next k (direction > 0) or the previous one that is drawn; of k = 0 the first or the last.
 * Returns: @k itself at the end, 0 without any point. */
guint ws_elbow_chart_step (const WsElbowChart *self, guint k, int direction);
/* Inside of the axes, in the drawing; all 0 before the first draw. */
void ws_elbow_chart_get_plot (const WsElbowChart *self, double *x, double *y, double *width,
                              double *height);

/* Draws the cross-hair, the dot and the read-out card of @k over a finished drawing. */
void ws_elbow_chart_draw_readout (WsElbowChart *self, cairo_t *cr, guint k, double width,
                                  double height);

/* For screen readers, translated. (transfer full) */
char *ws_elbow_chart_describe (const WsElbowChart *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsElbowChart, ws_elbow_chart_free)

G_END_DECLS
