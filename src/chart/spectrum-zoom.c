/* SPDX-License-Identifier: MIT */
/* From boxes of the drawing to views of the data. */
#include "chart/spectrum-chart-private.h"

#include <math.h>

/* Smaller boxes are slips of the hand. */
#define MIN_BOX 4.0
/* Indices are whole: nothing is between them. */
#define MIN_INDICES 1e-3
/* Below this share of its values, doubles run out of digits to show a view with. */
#define MIN_SPAN 1e-9

/* The view of the box from (left, top) to (right, bottom). FALSE: it is too small to show. */
static gboolean
make_view (const WsSpectrumChart *self, double left, double top, double right, double bottom,
           WsChartView *view)
{
  WsChartView box = { ws_scale_unmap (&self->x, left), ws_scale_unmap (&self->x, right),
                      ws_scale_unmap (&self->y, bottom), ws_scale_unmap (&self->y, top) };

  if (!(box.x_max - box.x_min > MIN_INDICES) ||
      !(box.y_max - box.y_min > MIN_SPAN * MAX (fabs (box.y_max), fabs (box.y_min))))
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
ws_spectrum_chart_box_to_view (const WsSpectrumChart *self, double x0, double y0, double x1,
                               double y1, WsChartView *view)
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

gboolean
ws_spectrum_chart_zoom_to_view (const WsSpectrumChart *self, double x, double y, double factor,
                                WsChartView *view)
{
  WsChartView extent;

  if (!self->has_axes || !(factor > 0) || !isfinite (x + y + factor))
    return FALSE;
  x = clamp_to_axis (&self->x, x);
  y = clamp_to_axis (&self->y, y);
  if (!make_view (self, x - (x - self->x.from) / factor, y - (y - self->y.to) / factor,
                  x + (self->x.to - x) / factor, y + (self->y.from - y) / factor, view))
    return FALSE;
  ws_spectrum_chart_get_extent (self, &extent);
  view->x_min = MAX (view->x_min, extent.x_min);
  view->x_max = MIN (view->x_max, extent.x_max);
  view->y_min = MAX (view->y_min, extent.y_min);
  view->y_max = MIN (view->y_max, extent.y_max);
  return view->x_min < view->x_max && view->y_min < view->y_max;
}

gboolean
ws_spectrum_chart_pan_to_view (const WsSpectrumChart *self, double dx, double dy, WsChartView *view)
{
  WsChartView extent;

  if (!self->has_axes || !isfinite (dx + dy))
    return FALSE;
  /* Not past the ends of the data; the y axis goes up where the drawing goes down. */
  ws_spectrum_chart_get_extent (self, &extent);
  dx = MIN (dx, MAX (self->x.from - ws_scale_map (&self->x, extent.x_min), 0));
  dx = MAX (dx, MIN (self->x.to - ws_scale_map (&self->x, extent.x_max), 0));
  dy = MIN (dy, MAX (self->y.to - ws_scale_map (&self->y, extent.y_max), 0));
  dy = MAX (dy, MIN (self->y.from - ws_scale_map (&self->y, extent.y_min), 0));
  return make_view (self, self->x.from - dx, self->y.to - dy, self->x.to - dx, self->y.from - dy,
                    view);
}
