/* SPDX-License-Identifier: MIT */
/* Two axes with their grid, ticks and titles, and the room they leave: what charts have in common.
 *
 * Screen: titles stand flat above the y axis and under the end of the x axis.
 * Paper: turned beside the y axis and centred under the x axis. */
#pragma once

#include "chart/canvas.h"
#include "chart/scale.h"

G_BEGIN_DECLS

typedef struct
{
  double width, height;            /* of the whole */
  double left, top, right, bottom; /* of the plot */
  gboolean has_texts;              /* FALSE: too small for any */
  double above;                    /* kept free over the plot; 0 without texts */
  WsScale x, y;
  GArray *x_ticks, *y_ticks; /* (owned) (element-type WsTick) */
} WsPlot;

/* Ticks of an axis whose places are known. (transfer full) (element-type WsTick) */
typedef GArray *(*WsTickFunc) (const WsScale *scale, const WsChartStyle *style,
                               gconstpointer user_data);

typedef struct
{
  WsScale x, y; /* the ends in data; their places are found */
  WsTickFunc choose_x_ticks, choose_y_ticks;
  gconstpointer user_data; /* of both */
  double above;            /* room for a legend */
  double beside;           /* room for a colour bar; 0: half a text of the x axis */
  double y_labels;         /* room for texts at the y axis that are no ticks; 0: there are none */
} WsPlotPlan;

/* @self: zeroed, or laid out before. FALSE: there is no room for a plot. */
gboolean ws_plot_lay_out (WsPlot *self, const WsCanvas *canvas, const WsPlotPlan *plan,
                          double width, double height);
void ws_plot_clear (WsPlot *self);

/* Horizontal lines at the ticks, on screen. */
void ws_plot_draw_grid (const WsPlot *self, WsCanvas *canvas);
/* Rules, ticks and titles, which are markup. */
void ws_plot_draw_axes (const WsPlot *self, WsCanvas *canvas, const char *x_title,
                        const char *y_title);

/* Ticks of indices from 1 to @n along the x axis; the ends have texts of their own. */
GArray *ws_plot_choose_index_ticks (const WsScale *scale, const WsChartStyle *style, gsize n);
/* The usual spacing of ticks along the y axis. */
GArray *ws_plot_choose_y_ticks (const WsScale *scale, const WsChartStyle *style,
                                WsTickStyle tick_style);

/* A bar of ws_palette_get_sequential beside the plot. */
typedef struct
{
  double min, max;
  gboolean whole;    /* whole numbers, the ends among them: layers, ids */
  const char *title; /* markup */
} WsColorBar;

/* What it takes beside the plot. */
double ws_color_bar_get_width (const WsColorBar *self, const WsCanvas *canvas);
void ws_color_bar_draw (const WsColorBar *self, WsCanvas *canvas, const WsPlot *plot);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsPlot, ws_plot_clear)

G_END_DECLS
