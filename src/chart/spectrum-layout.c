/* SPDX-License-Identifier: MIT */
/* The extent of the data, and where the parts of the drawing go. */
#include "chart/spectrum-chart-private.h"

#include <float.h>
#include <math.h>

/* Room above the greatest value, as a share of the axis. */
#define HEADROOM 0.04
/* Under this, a plot shows nothing: texts are left out first, then the plot. */
#define MIN_PLOT_WITH_TEXTS 24.0
#define MIN_PLOT 4.0
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

static double
get_widest (const WsChartDrawing *self, GArray *ticks)
{
  double widest = 0;

  for (guint i = 0; i < ticks->len; i++)
    {
      const WsTick *tick = &g_array_index (ticks, WsTick, i);
      g_autoptr (PangoLayout) layout = NULL;
      double width;

      if (tick->text[0] == '\0')
        continue;
      layout = ws_text_layout (&self->text, tick->text);
      ws_text_get_size (layout, &width, NULL);
      widest = MAX (widest, width);
    }
  return widest;
}

/* An index that has no value has no tick either. */
static void
remove_ticks_outside (GArray *ticks, double min, double max)
{
  for (guint i = ticks->len; i-- > 0;)
    {
      double value = g_array_index (ticks, WsTick, i).value;

      if (value < min || value > max)
        g_array_remove_index (ticks, i);
    }
}

/* The first and the last index get a text of their own, in place of those too near to it. */
static void
add_end_tick (GArray *ticks, const WsScale *scale, gsize index, double gap)
{
  WsTick end = { .value = index, .position = ws_scale_map (scale, index) };
  WsScale at_end = { .min = index, .max = index + 1, .to = gap };
  g_autoptr (GArray) texts = ws_scale_choose_ticks (&at_end, gap, WS_TICKS_COUNT);

  if (index < scale->min || index > scale->max || texts->len == 0)
    return;
  g_strlcpy (end.text, g_array_index (texts, WsTick, 0).text, sizeof end.text);
  for (guint i = ticks->len; i-- > 0;)
    {
      WsTick *tick = &g_array_index (ticks, WsTick, i);

      if (tick->value == end.value)
        g_array_remove_index (ticks, i);
      else if (fabs (tick->position - end.position) < gap)
        tick->text[0] = '\0';
    }
  g_array_append_val (ticks, end);
}

static void
choose_x_ticks (WsChartDrawing *self)
{
  WsChartLayout *layout = &self->layout;
  const WsSpectrumChart *chart = self->chart;
  gsize n = get_max_n (chart);
  double digit = self->style.font_size * 0.62;
  double gap = (floor (log10 (MAX (layout->x.max, 1))) + 2.75) * digit;

  /* Texts as close as they can be read are right for 1, 2, 5, 10, a row of hundreds is not. */
  layout->x_ticks =
      ws_scale_choose_ticks (&layout->x, chart->log_x ? gap : 1.8 * gap, WS_TICKS_COUNT);
  remove_ticks_outside (layout->x_ticks, 1, n);
  if (n > 1)
    add_end_tick (layout->x_ticks, &layout->x, 1, gap);
  add_end_tick (layout->x_ticks, &layout->x, n, gap);
}

static void
choose_y_ticks (WsChartDrawing *self)
{
  WsChartLayout *layout = &self->layout;
  double gap = self->style.font_size * (self->style.print ? 3 : 3.2);
  WsTickStyle style =
      self->chart->quantity == WS_SPECTRUM_ENERGY ? WS_TICKS_PERCENT : WS_TICKS_NUMBER;

  gap = MIN (gap, (layout->bottom - layout->top) / 2);
  layout->y_ticks = ws_scale_choose_ticks (&layout->y, gap, style);
}

/* Screen: titles stand flat above the y axis and under the end of the x axis.
 * Paper: turned beside the y axis and centred under the x axis. */
static void
set_vertical_margins (WsChartDrawing *self, double line_height)
{
  const WsChartStyle *style = &self->style;
  WsChartLayout *layout = &self->layout;
  double texts = style->tick + style->tick_pad + 2 * line_height;

  layout->top = style->margin + layout->legend_height;
  if (style->print)
    layout->top += line_height / 2;
  else
    layout->top += line_height + style->gap * 0.7;
  layout->bottom = layout->height - style->margin / 2 - texts - (style->print ? style->gap / 2 : 2);
}

static void
set_horizontal_margins (WsChartDrawing *self, double line_height)
{
  const WsChartStyle *style = &self->style;
  WsChartLayout *layout = &self->layout;
  double labels = get_widest (self, layout->y_ticks) + style->tick + style->tick_pad;

  layout->left = style->margin + labels;
  if (style->print)
    layout->left += line_height + style->gap / 2;
  else
    layout->left = MAX (layout->left, 4.2 * style->font_size);
  /* Half of the last text of the x axis is outside the plot. */
  layout->right = layout->width - style->margin - 1.1 * style->font_size;
  if (ws_spectrum_chart_has_color_scale (self->chart))
    layout->right = layout->width - style->margin - ws_chart_get_color_bar_width (self);
}

static gboolean
has_room (const WsChartLayout *layout, double least)
{
  return layout->right - layout->left >= least && layout->bottom - layout->top >= least;
}

static void
set_margins_without_texts (WsChartDrawing *self)
{
  WsChartLayout *layout = &self->layout;

  layout->has_texts = FALSE;
  layout->legend_height = 0;
  layout->left = layout->top = 2;
  layout->right = layout->width - 2;
  layout->bottom = layout->height - 2;
}

static double
snap (const WsChartStyle *style, double position)
{
  return style->print ? position : floor (position) + 0.5;
}

gboolean
ws_chart_lay_out (WsChartDrawing *self, double width, double height, double legend_height)
{
  WsChartLayout *layout = &self->layout;
  double line_height = ws_text_get_line_height (&self->text);

  ws_chart_layout_clear (layout);
  layout->width = width;
  layout->height = height;
  layout->has_texts = TRUE;
  layout->legend_height = legend_height;
  ws_spectrum_chart_set_scales (self->chart, &layout->x, &layout->y);
  set_vertical_margins (self, line_height);
  layout->y.from = layout->bottom = snap (&self->style, layout->bottom);
  layout->y.to = layout->top = snap (&self->style, layout->top);
  if (layout->bottom - layout->top >= MIN_PLOT_WITH_TEXTS)
    {
      choose_y_ticks (self);
      set_horizontal_margins (self, line_height);
    }
  if (!layout->y_ticks || !has_room (layout, MIN_PLOT_WITH_TEXTS))
    set_margins_without_texts (self);
  layout->x.from = layout->left = snap (&self->style, layout->left);
  layout->x.to = layout->right = snap (&self->style, layout->right);
  layout->y.from = layout->bottom;
  layout->y.to = layout->top;
  if (layout->has_texts)
    choose_x_ticks (self);
  return has_room (layout, MIN_PLOT);
}

void
ws_chart_layout_clear (WsChartLayout *self)
{
  g_clear_pointer (&self->x_ticks, g_array_unref);
  g_clear_pointer (&self->y_ticks, g_array_unref);
}
