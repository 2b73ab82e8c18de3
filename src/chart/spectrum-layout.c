/* SPDX-License-Identifier: MIT */
/* The extent of the data, and where the parts of the drawing go. */
#include "chart/spectrum-chart-private.h"

#include <float.h>
#include <math.h>

/* Room above the greatest value, as a share of the axis. */
#define HEADROOM 0.04
/* The least double above 0. */
#define TINIEST 4.9406564584124654e-324

static gsize
get_max_n (const WsSpectrumChart *self)
{
  gsize n = 0;

  for (guint i = 0; i < self->curves->len; i++)
    {
      const WsCurve *curve = ws_spectrum_chart_peek_curve (self, i);

      if (curve->visible)
        n = MAX (n, curve->n);
    }
  return n;
}

/* The least value that is more than rounding noise. */
static double
find_least_resolved (const WsCurve *curve)
{
  double floor = MAX (curve->resolution * curve->max, curve->min_positive);
  gsize low = 0, high = curve->n;

  /* descending: the last one that is not below the floor */
  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (curve->sigma[middle] >= floor)
        low = middle + 1;
      else
        high = middle;
    }
  return low > 0 ? curve->sigma[low - 1] : curve->min_positive;
}

/* The least and greatest of the quantity among the visible curves; positive ones only. */
static void
find_range (const WsSpectrumChart *self, double *least, double *greatest)
{
  *least = INFINITY;
  *greatest = 0;
  for (guint i = 0; i < self->curves->len; i++)
    {
      const WsCurve *curve = ws_spectrum_chart_peek_curve (self, i);
      double low, high = curve->max;

      if (!curve->visible || curve->n_positive == 0)
        continue;
      low = find_least_resolved (curve);
      if (self->quantity != WS_SPECTRUM_SIGMA)
        {
          low = self->quantity == WS_SPECTRUM_ENERGY ? curve->energy[0] : low / high;
          high = 1;
        }
      *least = MIN (*least, low);
      *greatest = MAX (*greatest, high);
    }
}

static void
widen_log_range (double *low, double *high)
{
  double span = log10 (*high) - log10 (*low);
  double factor = span < 0.05 ? 1.5 : pow (10, HEADROOM * span);

  *low = MAX (*low / factor, TINIEST);
  *high = MIN (*high * factor, DBL_MAX);
}

void
ws_spectrum_chart_get_extent (const WsSpectrumChart *self, WsChartView *view)
{
  gsize n = get_max_n (self);
  double least, greatest;

  *view = (WsChartView){ 1, n, 0, 1 };
  if (n < 2)
    {
      view->x_min = self->log_x ? 0.5 : 0;
      view->x_max = 2;
    }
  find_range (self, &least, &greatest);
  if (self->log_y && greatest > 0)
    {
      view->y_min = MAX (least, TINIEST);
      view->y_max = greatest;
      widen_log_range (&view->y_min, &view->y_max);
      if (self->quantity == WS_SPECTRUM_ENERGY)
        view->y_max = 1;
      if (view->y_min >= view->y_max)
        view->y_min = view->y_max / 2;
    }
  else if (self->log_y)
    view->y_min = 0.1;
  else if (self->quantity == WS_SPECTRUM_SIGMA && greatest > 0)
    view->y_max = MIN (greatest * (1 + HEADROOM), DBL_MAX);
  else if (self->quantity == WS_SPECTRUM_NORMALISED)
    view->y_max = 1 + HEADROOM;
}

void
ws_spectrum_chart_get_view (const WsSpectrumChart *self, WsChartView *view)
{
  if (self->has_view)
    *view = self->view;
  else
    ws_spectrum_chart_get_extent (self, view);
}

/* A view may reach to 0 or below, where a log axis has nothing. */
static void
make_scale (WsScale *scale, gboolean log, double min, double max, double least)
{
  scale->log = log;
  scale->min = min;
  scale->max = max;
  if (!log || min > 0)
    return;
  scale->min = least;
  if (!(max > least))
    scale->max = least * 10;
}

void
ws_spectrum_chart_set_scales (const WsSpectrumChart *self, WsScale *x, WsScale *y)
{
  WsChartView view, extent;

  ws_spectrum_chart_get_view (self, &view);
  ws_spectrum_chart_get_extent (self, &extent);
  make_scale (x, self->log_x, view.x_min, view.x_max, extent.x_min);
  make_scale (y, self->log_y, view.y_min, view.y_max, extent.y_min);
}

static GArray *
choose_x_ticks (const WsScale *scale, const WsChartStyle *style, gconstpointer user_data)
{
  return ws_plot_choose_index_ticks (scale, style, get_max_n (user_data));
}

static GArray *
choose_y_ticks (const WsScale *scale, const WsChartStyle *style, gconstpointer user_data)
{
  const WsSpectrumChart *chart = user_data;

  return ws_plot_choose_y_ticks (
      scale, style, chart->quantity == WS_SPECTRUM_ENERGY ? WS_TICKS_PERCENT : WS_TICKS_NUMBER);
}

gboolean
ws_chart_lay_out (WsChartDrawing *self, double width, double height, double legend_height)
{
  WsPlotPlan plan = { .choose_x_ticks = choose_x_ticks,
                      .choose_y_ticks = choose_y_ticks,
                      .user_data = self->chart,
                      .above = legend_height };
  WsColorBar bar;

  ws_spectrum_chart_set_scales (self->chart, &plan.x, &plan.y);
  if (ws_chart_get_color_bar (self->chart, &bar))
    plan.beside = ws_color_bar_get_width (&bar, &self->canvas);
  return ws_plot_lay_out (&self->layout, &self->canvas, &plan, width, height);
}
