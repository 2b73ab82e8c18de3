/* SPDX-License-Identifier: MIT */
/* Mouse and keys on the map of tokens. */
#include "map-plot-private.h"

/* The index of the point at (x, y) of the drawing; -1: none */
static int
pick (WsMapPlot *self, double x, double y)
{
  WsTokenMapPoint point;

  return ws_token_map_pick (self->map, x, y, &point) ? (int) point.index : -1;
}

static void
point (GtkWidget *widget, double x, double y)
{
  WsMapPlot *self = WS_MAP_PLOT (widget);

  ws_map_plot_set_hovered (self, pick (self, x, y));
}

static void
unpoint (GtkWidget *widget)
{
  ws_map_plot_set_hovered (WS_MAP_PLOT (widget), -1);
}

static gboolean
get_pointed (GtkWidget *widget, double *x, double *y)
{
  WsMapPlot *self = WS_MAP_PLOT (widget);
  int index = ws_map_plot_get_pointed (self);
  WsTokenMapPoint pointed;

  if (index < 0 || !ws_token_map_get_point (self->map, (guint32) index, &pointed) ||
      !ws_chart_input_is_in_plot (&self->input, pointed.x, pointed.y))
    return FALSE;
  *x = pointed.x;
  *y = pointed.y;
  return TRUE;
}

static void
click (GtkWidget *widget, double x, double y)
{
  WsMapPlot *self = WS_MAP_PLOT (widget);

  ws_map_plot_choose (self, pick (self, x, y));
}

static void
close_lasso (GtkWidget *widget, const double *corners, gsize n_corners)
{
  ws_map_plot_close_lasso (WS_MAP_PLOT (widget), corners, n_corners);
}

static void
redraw (GtkWidget *widget)
{
  ws_map_plot_redraw (WS_MAP_PLOT (widget));
}

/* The keys go from the point that is read out; from the middle, if there is none. */
static gboolean
step (WsMapPlot *self, double dx, double dy)
{
  int from = ws_map_plot_get_pointed (self);
  double x, y, width, height;
  WsTokenMapPoint next;

  ws_token_map_get_plot (self->map, &x, &y, &width, &height);
  if (from < 0 ? ws_token_map_pick (self->map, x + width / 2, y + height / 2, &next)
               : ws_token_map_step (self->map, (guint32) from, dx, dy, &next))
    ws_map_plot_set_hovered (self, (int) next.index);
  else if (from < 0 && ws_token_map_get_n_points (self->map) > 0)
    ws_map_plot_set_hovered (self, 0);
  return TRUE;
}

static gboolean
press_key (GtkWidget *widget, guint key)
{
  WsMapPlot *self = WS_MAP_PLOT (widget);

  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      return step (self, -1, 0);
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      return step (self, 1, 0);
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      return step (self, 0, -1);
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      return step (self, 0, 1);
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
    case GDK_KEY_space:
      ws_map_plot_choose (self, ws_map_plot_get_pointed (self));
      return TRUE;
    case GDK_KEY_Escape:
      if (ws_map_plot_get_pointed (self) < 0)
        return FALSE;
      ws_map_plot_set_hovered (self, -1);
      ws_map_plot_choose (self, -1);
      return TRUE;
    default:
      return FALSE;
    }
}

const WsChartInputFuncs ws_map_plot_input_funcs = {
  .get_plot = (WsChartGetPlotFunc) ws_token_map_get_plot,
  .get_view = (WsChartGetViewFunc) ws_token_map_get_view,
  .set_view = (WsChartSetViewFunc) ws_token_map_set_view,
  .box_to_view = (WsChartBoxToViewFunc) ws_token_map_box_to_view,
  .zoom_to_view = (WsChartZoomToViewFunc) ws_token_map_zoom_to_view,
  .pan_to_view = (WsChartPanToViewFunc) ws_token_map_pan_to_view,
  .redraw = redraw,
  .point = point,
  .unpoint = unpoint,
  .get_pointed = get_pointed,
  .press_key = press_key,
  .click = click,
  .close_lasso = close_lasso,
};
