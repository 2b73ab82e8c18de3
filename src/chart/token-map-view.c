/* SPDX-License-Identifier: MIT */
/* The part of the token map that is shown: extent, zoom, pan. */
#include "chart/token-map-private.h"

#include <math.h>

/* Smaller boxes are slips of the hand. */
#define MIN_BOX 4.0
/* Floats have no more digits than this to show. */
#define MIN_SHARE 1e-5
/* Free room around the points, as a share of their range. */
#define ROOM 0.04

static void
add_room (WsChartView *view)
{
  double x_room = ROOM * (view->x_max - view->x_min), y_room = ROOM * (view->y_max - view->y_min);

  /* All on one spot, or on a line. */
  if (!(x_room > 0) || !(y_room > 0))
    x_room = y_room = MAX (x_room, y_room) > 0 ? MAX (x_room, y_room) : 1;
  view->x_min -= x_room;
  view->x_max += x_room;
  view->y_min -= y_room;
  view->y_max += y_room;
}

/* All points, however far. */
static void
get_extent (const WsTokenMap *self, WsChartView *view)
{
  ws_point_grid_get_extent (self->grid, &view->x_min, &view->x_max, &view->y_min, &view->y_max);
  add_room (view);
}

void
ws_token_map_get_view (const WsTokenMap *self, WsChartView *view)
{
  if (self->has_view)
    *view = self->view;
  else
    {
      *view = self->core;
      add_room (view);
    }
}

/* @view made wider or higher until both axes have the same scale. */
static void
fit_view (WsChartView *view, const WsScale *x_scale, const WsScale *y_scale)
{
  double width = x_scale->to - x_scale->from, height = y_scale->from - y_scale->to;
  double unit = MAX ((view->x_max - view->x_min) / width, (view->y_max - view->y_min) / height);
  double x = (view->x_min + view->x_max) / 2, y = (view->y_min + view->y_max) / 2;

  view->x_min = x - unit * width / 2;
  view->x_max = x + unit * width / 2;
  view->y_min = y - unit * height / 2;
  view->y_max = y + unit * height / 2;
}

void
ws_token_map_set_scales (const WsTokenMap *self, WsScale *x, WsScale *y)
{
  WsChartView view;

  ws_token_map_get_view (self, &view);
  fit_view (&view, x, y);
  x->min = view.x_min;
  x->max = view.x_max;
  y->min = view.y_min;
  y->max = view.y_max;
}

/* As far as one can zoom out: everything, fitted to the plot. */
static void
get_whole (const WsTokenMap *self, WsChartView *view)
{
  get_extent (self, view);
  fit_view (view, &self->x, &self->y);
}

/* The view of the box from (left, top) to (right, bottom). FALSE: it is too small to show. */
static gboolean
make_view (const WsTokenMap *self, double left, double top, double right, double bottom,
           WsChartView *view)
{
  WsChartView box = { ws_scale_unmap (&self->x, left), ws_scale_unmap (&self->x, right),
                      ws_scale_unmap (&self->y, bottom), ws_scale_unmap (&self->y, top) };
  WsChartView whole;

  get_whole (self, &whole);
  if (!(box.x_max - box.x_min > MIN_SHARE * (whole.x_max - whole.x_min)) ||
      !(box.y_max - box.y_min > MIN_SHARE * (whole.y_max - whole.y_min)))
    return FALSE;
  *view = box;
  return TRUE;
}

static double
clamp_to_axis (const WsScale *scale, double position)
{
  return CLAMP (position, MIN (scale->from, scale->to), MAX (scale->from, scale->to));
}

gboolean
ws_token_map_box_to_view (const WsTokenMap *self, double x0, double y0, double x1, double y1,
                          WsChartView *view)
{
  double left, right, top, bottom;

  if (!self->has_axes || !isfinite (x0 + x1 + y0 + y1))
    return FALSE;
  left = clamp_to_axis (&self->x, MIN (x0, x1));
  right = clamp_to_axis (&self->x, MAX (x0, x1));
  top = clamp_to_axis (&self->y, MIN (y0, y1));
  bottom = clamp_to_axis (&self->y, MAX (y0, y1));
  return right - left >= MIN_BOX && bottom - top >= MIN_BOX &&
         make_view (self, left, top, right, bottom, view);
}

/* Moves [min, max] into [low, high], if it fits. */
static void
move_into (double *min, double *max, double low, double high)
{
  double shift = *min < low ? low - *min : *max > high ? high - *max : 0;

  if (*max - *min >= high - low)
    shift = (low + high - *min - *max) / 2;
  *min += shift;
  *max += shift;
}

gboolean
ws_token_map_zoom_to_view (const WsTokenMap *self, double x, double y, double factor,
                           WsChartView *view)
{
  WsChartView whole;

  if (!self->has_axes || !(factor > 0) || !isfinite (x + y + factor))
    return FALSE;
  x = clamp_to_axis (&self->x, x);
  y = clamp_to_axis (&self->y, y);
  if (!make_view (self, x - (x - self->x.from) / factor, y - (y - self->y.to) / factor,
                  x + (self->x.to - x) / factor, y + (self->y.from - y) / factor, view))
    return FALSE;
  get_whole (self, &whole);
  if (view->x_max - view->x_min >= whole.x_max - whole.x_min)
    *view = whole;
  move_into (&view->x_min, &view->x_max, whole.x_min, whole.x_max);
  move_into (&view->y_min, &view->y_max, whole.y_min, whole.y_max);
  return TRUE;
}

gboolean
ws_token_map_pan_to_view (const WsTokenMap *self, double dx, double dy, WsChartView *view)
{
  WsChartView whole;

  if (!self->has_axes || !isfinite (dx + dy) ||
      !make_view (self, self->x.from - dx, self->y.to - dy, self->x.to - dx, self->y.from - dy,
                  view))
    return FALSE;
  get_whole (self, &whole);
  move_into (&view->x_min, &view->x_max, whole.x_min, whole.x_max);
  move_into (&view->y_min, &view->y_max, whole.y_min, whole.y_max);
  return TRUE;
}

void
ws_token_map_get_plot (const WsTokenMap *self, double *x, double *y, double *width, double *height)
{
  *x = self->has_axes ? self->x.from : 0;
  *y = self->has_axes ? self->y.to : 0;
  *width = self->has_axes ? self->x.to - self->x.from : 0;
  *height = self->has_axes ? self->y.from - self->y.to : 0;
}
