/* SPDX-License-Identifier: MIT */
/* Mouse and keys on the spectrum plot. */
#include "spectrum-plot-private.h"

#include <math.h>

/* Page Up and Page Down go through a spectrum in so many steps. */
#define PAGES 10

static void
point (GtkWidget *widget, double x, double y)
{
  WsSpectrumPlot *self = WS_SPECTRUM_PLOT (widget);
  WsSpectrumPoint at;

  ws_spectrum_plot_set_point (self, ws_spectrum_chart_pick (self->chart, x, y, &at) ? &at : NULL);
}

static void
unpoint (GtkWidget *widget)
{
  ws_spectrum_plot_set_point (WS_SPECTRUM_PLOT (widget), NULL);
}

static gboolean
get_pointed (GtkWidget *widget, double *x, double *y)
{
  WsSpectrumPlot *self = WS_SPECTRUM_PLOT (widget);

  *x = self->point.x;
  *y = self->point.y;
  return self->has_point;
}

static void
redraw (GtkWidget *widget)
{
  ws_spectrum_plot_redraw (WS_SPECTRUM_PLOT (widget));
}

static guint
count_curves (WsSpectrumPlot *self)
{
  return ws_spectrum_chart_get_n_curves (self->chart);
}

/* The point at @index of @curve, if it has a place; else the nearest before it that has. */
static gboolean
read_out (WsSpectrumPlot *self, guint curve, gsize index)
{
  WsSpectrumPoint next;

  for (; index > 0; index--)
    if (ws_spectrum_chart_get_point (self->chart, curve, index, &next))
      {
        ws_spectrum_plot_set_point (self, &next);
        return TRUE;
      }
  return FALSE;
}

static gboolean
move_point (WsSpectrumPlot *self, double steps)
{
  guint curve = self->has_point ? self->point.curve : 0;
  gsize n;
  double index;

  while (curve < count_curves (self) && !ws_spectrum_chart_get_visible (self->chart, curve))
    curve++;
  if (curve >= count_curves (self))
    return FALSE;
  n = ws_spectrum_chart_get_n_values (self->chart, curve);
  index = self->has_point ? self->point.index + steps : 1;
  read_out (self, curve, (gsize) CLAMP (index, 1, MAX ((double) n, 1)));
  return TRUE;
}

/* To the next visible curve. FALSE past the last one: Tab then leaves the plot. */
static gboolean
move_curve (WsSpectrumPlot *self, int step)
{
  int curve =
      self->has_point ? (int) self->point.curve : (step > 0 ? -1 : (int) count_curves (self));
  gsize index = self->has_point ? self->point.index : 1;

  for (curve += step; curve >= 0 && curve < (int) count_curves (self); curve += step)
    if (ws_spectrum_chart_get_visible (self->chart, (guint) curve) &&
        read_out (self, (guint) curve,
                  MIN (index, ws_spectrum_chart_get_n_values (self->chart, (guint) curve))))
      return TRUE;
  ws_spectrum_plot_set_point (self, NULL);
  return FALSE;
}

static double
get_page (WsSpectrumPlot *self)
{
  guint curve = self->has_point ? self->point.curve : 0;

  return count_curves (self) > 0
             ? MAX (ws_spectrum_chart_get_n_values (self->chart, curve) / PAGES, 1)
             : 1;
}

static gboolean
press_key (GtkWidget *widget, guint key)
{
  WsSpectrumPlot *self = WS_SPECTRUM_PLOT (widget);

  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      return move_point (self, -1);
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      return move_point (self, 1);
    case GDK_KEY_Page_Up:
      return move_point (self, -get_page (self));
    case GDK_KEY_Page_Down:
      return move_point (self, get_page (self));
    case GDK_KEY_Home:
      return move_point (self, -INFINITY);
    case GDK_KEY_End:
      return move_point (self, INFINITY);
    case GDK_KEY_Tab:
    case GDK_KEY_Down:
      return move_curve (self, 1) || key == GDK_KEY_Down;
    case GDK_KEY_ISO_Left_Tab:
    case GDK_KEY_Up:
      return move_curve (self, -1) || key == GDK_KEY_Up;
    case GDK_KEY_Escape:
      if (!self->has_point)
        return FALSE;
      ws_spectrum_plot_set_point (self, NULL);
      return TRUE;
    default:
      return FALSE;
    }
}

const WsChartInputFuncs ws_spectrum_plot_input_funcs = {
  .get_plot = (WsChartGetPlotFunc) ws_spectrum_chart_get_plot,
  .get_view = (WsChartGetViewFunc) ws_spectrum_chart_get_view,
  .set_view = (WsChartSetViewFunc) ws_spectrum_chart_set_view,
  .box_to_view = (WsChartBoxToViewFunc) ws_spectrum_chart_box_to_view,
  .zoom_to_view = (WsChartZoomToViewFunc) ws_spectrum_chart_zoom_to_view,
  .pan_to_view = (WsChartPanToViewFunc) ws_spectrum_chart_pan_to_view,
  .redraw = redraw,
  .point = point,
  .unpoint = unpoint,
  .get_pointed = get_pointed,
  .press_key = press_key,
};
