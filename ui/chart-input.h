/* SPDX-License-Identifier: MIT */
/* Mouse and keys on a chart that can be zoomed: what is the same on all of them.
 *
 * The wheel, a box drawn with the primary button, + and - zoom; the middle button moves; a double
 * click and 0 show everything; U goes back. What is pointed at, and all other keys, are the
 * widget's. */
#pragma once

#include "chart/chart-theme.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What dragging with the primary button does. */
typedef enum
{
  WS_CHART_DRAG_ZOOM,
  WS_CHART_DRAG_MOVE,
  WS_CHART_DRAG_LASSO,
} WsChartDrag;

/* Of a chart: as the functions of these names in chart/spectrum-chart.h, which are cast to them. */
typedef void (*WsChartGetPlotFunc) (gconstpointer chart, double *x, double *y, double *width,
                                    double *height);
typedef void (*WsChartGetViewFunc) (gconstpointer chart, WsChartView *view);
typedef void (*WsChartSetViewFunc) (gpointer chart, const WsChartView *view);
typedef gboolean (*WsChartBoxToViewFunc) (gconstpointer chart, double x0, double y0, double x1,
                                          double y1, WsChartView *view);
typedef gboolean (*WsChartZoomToViewFunc) (gconstpointer chart, double x, double y, double factor,
                                           WsChartView *view);
typedef gboolean (*WsChartPanToViewFunc) (gconstpointer chart, double dx, double dy,
                                          WsChartView *view);

typedef struct
{
  WsChartGetPlotFunc get_plot;
  WsChartGetViewFunc get_view;
  WsChartSetViewFunc set_view;
  WsChartBoxToViewFunc box_to_view;
  WsChartZoomToViewFunc zoom_to_view;
  WsChartPanToViewFunc pan_to_view;

  /* Of the widget: draw the chart anew, its view is another. */
  void (*redraw) (GtkWidget *widget);
  /* Read out what is at (x, y), if anything is. */
  void (*point) (GtkWidget *widget, double x, double y);
  /* Read out nothing. */
  void (*unpoint) (GtkWidget *widget);
  /* Where the keys zoom: at what is read out. FALSE: in the middle. */
  gboolean (*get_pointed) (GtkWidget *widget, double *x, double *y);
  /* FALSE: the key is not for this chart. */
  gboolean (*press_key) (GtkWidget *widget, guint key);
  /* NULL: clicking does nothing. */
  void (*click) (GtkWidget *widget, double x, double y);
  /* The corners of a lasso, x and y in turn. NULL: there is none. */
  void (*close_lasso) (GtkWidget *widget, const double *corners, gsize n_corners);
} WsChartInputFuncs;

typedef struct
{
  const WsChartInputFuncs *funcs;
  GtkWidget *widget; /* (unowned) it has this struct, and a property "zoomed" */
  gpointer chart;    /* (unowned) */
  WsChartDrag drag;
  gboolean zoomed; /* less than everything is shown */

  gboolean has_box; /* while one is drawn with the mouse */
  double box_x0, box_y0, box_x1, box_y1;
  GArray *lasso; /* (nullable) (element-type double) while one is drawn: x and y in turn */

  gboolean panning;    /* the view was moved in this gesture */
  double pan_x, pan_y; /* how far */
  GArray *history;     /* (element-type WsChartView) views to go back to */
  gboolean wheeling;   /* many small zooms go back in one */
  guint leave_timeout;
} WsChartInput;

/* Adds the controllers to @widget, which must call ws_chart_input_clear when it is finalized, and
 * ws_chart_input_stay when it is disposed of. */
void ws_chart_input_init (WsChartInput *self, const WsChartInputFuncs *funcs, GtkWidget *widget,
                          gpointer chart);
void ws_chart_input_clear (WsChartInput *self);

/* Everything; can be gone back from. */
void ws_chart_input_fit (WsChartInput *self);
/* Everything, with no read-out and nothing to go back to; for other data. */
void ws_chart_input_reset (WsChartInput *self);
/* What is read out now stays, although the pointer may have left. */
void ws_chart_input_stay (WsChartInput *self);
/* With Ctrl or Alt a key is a command of the window, not of a chart. */
gboolean ws_chart_input_is_command (GdkModifierType state);
gboolean ws_chart_input_is_in_plot (const WsChartInput *self, double x, double y);

G_END_DECLS
