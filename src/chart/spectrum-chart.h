/* SPDX-License-Identifier: MIT */
/* The spectrum chart: one drawing for screen, PNG, SVG and PDF. No GTK. */
#pragma once

#include "chart/chart-theme.h"

#include <cairo.h>

G_BEGIN_DECLS

typedef enum
{
  WS_SPECTRUM_SIGMA,      /* sigma_i */
  WS_SPECTRUM_NORMALISED, /* sigma_i / sigma_1 */
  WS_SPECTRUM_ENERGY,     /* share of the energy in the first i */
} WsSpectrumQuantity;

typedef struct _WsSpectrumChart WsSpectrumChart;

WsSpectrumChart *ws_spectrum_chart_new (void);
/* The same curves and settings, to be drawn on another thread. */
WsSpectrumChart *ws_spectrum_chart_copy (const WsSpectrumChart *self);
void ws_spectrum_chart_free (WsSpectrumChart *self);

/* Curves, in order of the legend. @sigma: @n values, descending; copied. @layer: -1 if none.
 * Up to eight lines get a colour, dash and marker each; more are coloured by layer (grey where
 * there is none; by order if no two layers differ) in viridis with a colour bar. */
void ws_spectrum_chart_clear (WsSpectrumChart *self);
void ws_spectrum_chart_add (WsSpectrumChart *self, const char *label, int layer,
                            const double *sigma, gsize n);
/* Values of @curve below @fraction of its greatest are rounding noise (0 at first: none is): they
 * do not widen a logarithmic axis by themselves. */
void ws_spectrum_chart_set_resolution (WsSpectrumChart *self, guint curve, double fraction);
guint ws_spectrum_chart_get_n_curves (const WsSpectrumChart *self);
/* A hidden curve keeps its colour. All are visible at first. */
void ws_spectrum_chart_set_visible (WsSpectrumChart *self, guint curve, gboolean visible);
gboolean ws_spectrum_chart_get_visible (const WsSpectrumChart *self, guint curve);
/* The curve drawn stronger and on top; -1: none. */
void ws_spectrum_chart_set_chosen (WsSpectrumChart *self, int curve);

void ws_spectrum_chart_set_quantity (WsSpectrumChart *self, WsSpectrumQuantity quantity);
void ws_spectrum_chart_set_log (WsSpectrumChart *self, gboolean log_x, gboolean log_y);
/* The energy whose rank is marked on each curve (0.9); 0: no marker. */
void ws_spectrum_chart_set_marker (WsSpectrumChart *self, double fraction);
void ws_spectrum_chart_set_theme (WsSpectrumChart *self, WsChartTheme theme);
/* Family and size of text in user units: pixels on screen, points in a file. NULL and 0: what suits
 * the theme ("sans" 11; on paper "DejaVu Sans" 7, whose outlines PDF can embed as TrueType). */
void ws_spectrum_chart_set_font (WsSpectrumChart *self, const char *family, double size);
/* Legend inside the figure: for files; on screen the window may draw its own. */
void ws_spectrum_chart_set_legend (WsSpectrumChart *self, gboolean legend);

/* NULL: everything. */
void ws_spectrum_chart_set_view (WsSpectrumChart *self, const WsChartView *view);
void ws_spectrum_chart_get_view (const WsSpectrumChart *self, WsChartView *view);

/* Draws into [0, width) x [0, height) of @cr. Remembers the layout for the queries below. The
 * screen themes paint their ground, WS_CHART_PAPER paints none. */
void ws_spectrum_chart_draw (WsSpectrumChart *self, cairo_t *cr, double width, double height);

/* Where things are since the last draw. */
typedef struct
{
  guint curve;
  gsize index; /* from 1, as i in sigma_i */
  double x, y; /* of the point, in the drawing */
  double sigma;
  double normalised;
  double energy; /* of the first index values */
} WsSpectrumPoint;

/* The curve point nearest to (x, y) of the drawing, of those within a finger's width to its left
 * and right if there are any. FALSE if (x, y) is outside the plot or no point is in it. */
gboolean ws_spectrum_chart_pick (const WsSpectrumChart *self, double x, double y,
                                 WsSpectrumPoint *point);
/* The point of @curve at @index (clamped to [1, n]), wherever it is. FALSE: no such curve or value,
 * or a value without a place, as 0 has none on a log axis. */
gboolean ws_spectrum_chart_get_point (const WsSpectrumChart *self, guint curve, gsize index,
                                      WsSpectrumPoint *point);
/* The view that a box drawn between two corners of the drawing stands for. FALSE if too small. */
gboolean ws_spectrum_chart_box_to_view (const WsSpectrumChart *self, double x0, double y0,
                                        double x1, double y1, WsChartView *view);
/* The view in which (x, y) of the drawing stays where it is and all else comes @factor nearer to
 * it (less than 1: goes further away), no further than everything. FALSE: as near as it gets. */
gboolean ws_spectrum_chart_zoom_to_view (const WsSpectrumChart *self, double x, double y,
                                         double factor, WsChartView *view);
/* The view in which all is moved by (dx, dy) of the drawing, as far as there is something to see.
 */
gboolean ws_spectrum_chart_pan_to_view (const WsSpectrumChart *self, double dx, double dy,
                                        WsChartView *view);
/* Inside of the axes, in the drawing. */
void ws_spectrum_chart_get_plot (const WsSpectrumChart *self, double *x, double *y, double *width,
                                 double *height);
/* As drawn in the theme. */
void ws_spectrum_chart_get_color (const WsSpectrumChart *self, guint curve, double rgb[3]);
/* Safe to show: as ws_format_name gives it. */
const char *ws_spectrum_chart_get_label (const WsSpectrumChart *self, guint curve);
gsize ws_spectrum_chart_get_n_values (const WsSpectrumChart *self, guint curve);
/* k such that the first k values hold the marked energy; 0 without a marker or for zeros only. */
gsize ws_spectrum_chart_get_marker_rank (const WsSpectrumChart *self, guint curve);

/* Draws the cross-hair, the dots and the read-out card for @point over a finished drawing. */
void ws_spectrum_chart_draw_readout (WsSpectrumChart *self, cairo_t *cr,
                                     const WsSpectrumPoint *point, double width, double height);

/* Draws the line of @curve, with its marker's dot, in the middle of [0, width) x [0, height): for
 * legends outside the chart. */
void ws_spectrum_chart_draw_sample (const WsSpectrumChart *self, cairo_t *cr, guint curve,
                                    double width, double height);

/* For screen readers, translated: "Line chart, 48 values, 90 percent of the energy at 28."
 * (transfer full) */
char *ws_spectrum_chart_describe (const WsSpectrumChart *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsSpectrumChart, ws_spectrum_chart_free)

G_END_DECLS
