/* SPDX-License-Identifier: MIT */
/* What the files of the spectrum chart share. */
#pragma once

#include "chart/plot.h"
#include "chart/spectrum-chart.h"

G_BEGIN_DECLS

/* More drop lines than this are a fence: short ticks at the axis instead. */
#define WS_CHART_MAX_DROP_LINES 3

typedef struct
{
  char *label;    /* safe to show */
  int layer;      /* -1: none */
  double *sigma;  /* n values */
  double *energy; /* share of the energy in the first i + 1; 0 where all are 0 */
  gsize n;
  gsize n_positive;
  double max, min_positive; /* 0 without a positive value */
  double resolution;        /* share of max below which values are rounding noise */
  gboolean visible;
} WsCurve;

struct _WsSpectrumChart
{
  GPtrArray *curves; /* (element-type WsCurve) */
  WsSpectrumQuantity quantity;
  gboolean log_x, log_y;
  double marker;
  WsChartTheme theme;
  char *family;
  double font_size;
  gboolean legend;
  int chosen;
  gboolean has_view;
  WsChartView view;
  /* of the last draw */
  gboolean has_axes;
  WsScale x, y;
};

typedef struct
{
  const WsSpectrumChart *chart;
  WsCanvas canvas;
  WsPlot layout;
  GPtrArray *lines; /* (element-type GArray of WsPoint), one for each curve */
} WsChartDrawing;

/* spectrum-chart.c */
const WsCurve *ws_spectrum_chart_peek_curve (const WsSpectrumChart *self, guint curve);
guint ws_spectrum_chart_get_n_visible (const WsSpectrumChart *self);
WsColor ws_spectrum_chart_peek_color (const WsSpectrumChart *self, guint curve);
gboolean ws_spectrum_chart_has_color_scale (const WsSpectrumChart *self);
/* TRUE: colours are by layer, from *first to *last; FALSE: by order. */
gboolean ws_spectrum_chart_get_layers (const WsSpectrumChart *self, int *first, int *last);
/* The quantity that is drawn, as values[i] / divisor. */
const double *ws_spectrum_chart_get_values (const WsSpectrumChart *self, const WsCurve *curve,
                                            double *divisor);
gsize ws_curve_get_energy_rank (const WsCurve *self, double fraction);

/* spectrum-layout.c */
/* The view that shows everything. */
void ws_spectrum_chart_get_extent (const WsSpectrumChart *self, WsChartView *view);
/* Sets the ends of the axes in data, not their places. */
void ws_spectrum_chart_set_scales (const WsSpectrumChart *self, WsScale *x, WsScale *y);
/* Everything that depends on sizes. FALSE: no room for a plot. */
gboolean ws_chart_lay_out (WsChartDrawing *self, double width, double height, double legend_height);

/* spectrum-axes.c */
void ws_chart_draw_axes (WsChartDrawing *self);
/* FALSE: the lines have colours of their own. */
gboolean ws_chart_get_color_bar (const WsSpectrumChart *self, WsColorBar *bar);

/* spectrum-marker.c */
void ws_chart_draw_markers (WsChartDrawing *self);
/* Where ws_chart_draw_markers puts its text; FALSE: nowhere. */
gboolean ws_chart_get_marker_box (const WsChartDrawing *self, WsBox *box);
/* Whether @box lies on no dot and no drop line. */
gboolean ws_chart_is_clear_of_marks (const WsChartDrawing *self, const WsBox *box);

/* spectrum-space.c */
gboolean ws_chart_is_clear_of_lines (const WsChartDrawing *self, const WsBox *box);

/* spectrum-legend.c */
double ws_chart_get_legend_height (const WsChartDrawing *self, double width);
/* Whether a corner of the plot has room for the legend; TRUE also when there is no legend. */
gboolean ws_chart_has_free_corner (const WsChartDrawing *self);
void ws_chart_draw_legend_inside (WsChartDrawing *self);
void ws_chart_draw_legend_above (WsChartDrawing *self);

/* spectrum-draw.c */
void ws_chart_set_line_style (cairo_t *cr, const WsSpectrumChart *chart, guint curve, double width);

G_END_DECLS
