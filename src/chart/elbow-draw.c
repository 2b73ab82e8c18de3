/* SPDX-License-Identifier: MIT */
/* The drawing of the elbow chart: axes, curve, error bars, chord. */
#include "chart/elbow-chart-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Free room above and below the values, as shares of their range. Labels of marks stand below. */
#define HEADROOM 0.12
#define FOOTROOM 0.16

static void
set_x_scale (const WsElbowChart *self, WsScale *x)
{
  guint first, last;

  ws_elbow_chart_get_range (self, &first, &last);
  x->log = ws_elbow_chart_is_log (self);
  x->min = first;
  x->max = last;
  if (first == last)
    {
      x->min = MAX (first - 0.5, 0.5);
      x->max = last + 0.5;
    }
}

static gboolean
set_y_scale (const WsElbowChart *self, WsScale *y)
{
  double least = INFINITY, greatest = -INFINITY, range;

  for (guint i = 0; i < self->values->len; i++)
    {
      const WsElbowValues *values = &g_array_index (self->values, WsElbowValues, i);
      double value = ws_elbow_chart_get_value (self, values);
      double error = ws_elbow_chart_get_error (self, values);

      if (isnan (value))
        continue;
      least = MIN (least, value - error);
      greatest = MAX (greatest, value + error);
    }
  if (least > greatest)
    return FALSE;
  range = greatest - least;
  if (!(range > 1e-9 * MAX (fabs (least), fabs (greatest))))
    range = MAX (fabs (greatest), 1e-300);
  y->min = least - FOOTROOM * range;
  y->max = greatest + HEADROOM * range;
  /* Shares end at 100 %, and nothing that is positive by its nature goes below 0. */
  if (self->quantity == WS_ELBOW_INERTIA)
    y->max = MAX (greatest, 1);
  if (least >= 0)
    y->min = MAX (y->min, 0);
  return isfinite (y->min) && isfinite (y->max) && y->min < y->max;
}

/* A power of two; a minor tick where there is a value without a text. */
static void
add_tick (GArray *ticks, const WsScale *scale, guint k, gboolean has_text)
{
  WsTick tick = { .value = k, .position = ws_scale_map (scale, k) };

  if (has_text)
    g_snprintf (tick.text, sizeof tick.text, "%u", k);
  g_array_append_val (ticks, tick);
}

static gboolean
is_power_of_two (guint k)
{
  return k > 0 && (k & (k - 1)) == 0;
}

static guint
count_texts (GArray *ticks)
{
  guint n = 0;

  for (guint i = 0; i < ticks->len; i++)
    n += g_array_index (ticks, WsTick, i).text[0] != '\0';
  return n;
}

static GArray *
choose_log2_ticks (const WsElbowChart *self, const WsScale *scale, double gap)
{
  GArray *ticks = g_array_new (FALSE, FALSE, sizeof (WsTick));
  double last = -INFINITY;

  for (guint64 k = 1; k <= scale->max; k *= 2)
    if (k >= scale->min && ws_scale_map (scale, k) - last >= gap)
      {
        add_tick (ticks, scale, (guint) k, TRUE);
        last = ws_scale_map (scale, k);
      }
  for (guint i = 0; i < self->values->len; i++)
    {
      guint k = g_array_index (self->values, WsElbowValues, i).k;

      if (!is_power_of_two (k))
        add_tick (ticks, scale, k, k == scale->max && scale->to - last >= gap);
    }
  return ticks;
}

static GArray *
choose_x_ticks (const WsScale *scale, const WsChartStyle *style, gconstpointer user_data)
{
  const WsElbowChart *self = user_data;
  GArray *ticks;

  if (!scale->log)
    return ws_plot_choose_index_ticks (scale, style, (gsize) scale->max);
  ticks = choose_log2_ticks (self, scale,
                             (floor (log10 (scale->max)) + 2.75) * 0.62 * style->font_size);
  if (count_texts (ticks) >= 2)
    return ticks;
  g_array_unref (ticks);
  return ws_plot_choose_index_ticks (scale, style, (gsize) scale->max);
}

static GArray *
choose_y_ticks (const WsScale *scale, const WsChartStyle *style, gconstpointer user_data)
{
  const WsElbowChart *self = user_data;
  gboolean percent = self->quantity == WS_ELBOW_INERTIA && !style->print;

  return ws_plot_choose_y_ticks (scale, style, percent ? WS_TICKS_PERCENT : WS_TICKS_NUMBER);
}

static char *
dup_y_title (const WsElbowChart *self, gboolean print)
{
  switch (self->quantity)
    {
    case WS_ELBOW_CALINSKI_HARABASZ:
      return g_strdup (print ? _ ("Calinski–Harabasz index") : _ ("Calinski–Harabasz index"));
    case WS_ELBOW_SILHOUETTE:
      return g_strdup (print ? _ ("Mean silhouette ± standard error")
                             : _ ("mean silhouette ± standard error"));
    case WS_ELBOW_DAVIES_BOULDIN:
      return g_strdup (print ? _ ("Davies–Bouldin index") : _ ("Davies–Bouldin index"));
    default:
      /* Translators: axis titles, Pango markup; the capital form is for papers */
      return g_strdup_printf (print ? _ ("Inertia relative to <i>k</i> = %u")
                                    : _ ("inertia, share of <i>k</i> = %u"),
                              ws_elbow_chart_get_reference (self));
    }
}

/* On screen an axis says that it is logarithmic; in a paper its ticks do. */
static const char *
get_x_title (gboolean print, gboolean log)
{
  if (print)
    return _ ("Number of clusters <i>k</i>");
  return log ? _ ("clusters <i>k</i>, log₂") : _ ("clusters <i>k</i>");
}

static void
draw_axes (WsElbowDrawing *self)
{
  gboolean print = self->canvas.style.print;
  g_autofree char *y_title = dup_y_title (self->chart, print);

  ws_plot_draw_axes (&self->plot, &self->canvas, get_x_title (print, self->plot.x.log), y_title);
}

static GArray *
make_line (const WsElbowDrawing *self)
{
  GArray *line = g_array_new (FALSE, FALSE, sizeof (WsPoint));

  for (guint i = 0; i < self->chart->values->len; i++)
    {
      const WsElbowValues *values = &g_array_index (self->chart->values, WsElbowValues, i);
      double value = ws_elbow_chart_get_value (self->chart, values);
      WsPoint point = { ws_scale_map (&self->plot.x, values->k),
                        ws_scale_map (&self->plot.y, value) };

      if (!isnan (value))
        g_array_append_val (line, point);
    }
  return line;
}

/* The straight line that an elbow is furthest from. */
static void
draw_chord (WsElbowDrawing *self)
{
  const WsChartStyle *style = &self->canvas.style;
  const double dash[] = { 1.5 * style->rule_width, 3 * style->rule_width };
  const WsPoint *points = (const WsPoint *) self->line->data;
  guint n = self->line->len;

  if (self->chart->quantity != WS_ELBOW_INERTIA || n < 3)
    return;
  cairo_save (self->canvas.cr);
  ws_chart_set_color (self->canvas.cr, ws_color_mix (style->ground, style->muted, 0.75));
  cairo_set_line_width (self->canvas.cr, style->rule_width);
  cairo_set_dash (self->canvas.cr, dash, 2, 0);
  ws_canvas_stroke_line (&self->canvas, points[0].x, points[0].y, points[n - 1].x, points[n - 1].y);
  cairo_restore (self->canvas.cr);
}

static void
draw_error_bars (WsElbowDrawing *self, WsColor color)
{
  double cap = self->canvas.style.dot * 0.8;

  ws_chart_set_color (self->canvas.cr, color);
  cairo_set_line_width (self->canvas.cr, self->canvas.style.line * 0.7);
  for (guint i = 0; i < self->chart->values->len; i++)
    {
      const WsElbowValues *values = &g_array_index (self->chart->values, WsElbowValues, i);
      double value = ws_elbow_chart_get_value (self->chart, values);
      double error = ws_elbow_chart_get_error (self->chart, values);
      double x = ws_scale_map (&self->plot.x, values->k);
      double low = ws_scale_map (&self->plot.y, value - error);
      double high = ws_scale_map (&self->plot.y, value + error);

      if (isnan (value) || !(error > 0))
        continue;
      ws_canvas_stroke_line (&self->canvas, x, low, x, high);
      ws_canvas_stroke_line (&self->canvas, x - cap, low, x + cap, low);
      ws_canvas_stroke_line (&self->canvas, x - cap, high, x + cap, high);
    }
}

static void
draw_curve (WsElbowDrawing *self, WsColor color)
{
  cairo_t *cr = self->canvas.cr;
  const WsPoint *points = (const WsPoint *) self->line->data;

  ws_chart_set_color (cr, color);
  cairo_set_line_width (cr, self->canvas.style.line * 1.2);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  for (guint i = 0; i < self->line->len; i++)
    cairo_line_to (cr, points[i].x, points[i].y);
  cairo_stroke (cr);
  for (guint i = 0; i < self->line->len; i++)
    ws_canvas_draw_dot (&self->canvas, 0, self->canvas.style.dot * 0.85, color, points[i].x,
                        points[i].y);
}

static void
draw_plot (WsElbowDrawing *self)
{
  WsColor color = ws_palette_get_series (0, self->canvas.style.dark);

  self->line = make_line (self);
  ws_plot_draw_grid (&self->plot, &self->canvas);
  draw_axes (self);
  draw_chord (self);
  draw_error_bars (self, color);
  draw_curve (self, color);
  ws_elbow_draw_marks (self);
  g_array_unref (self->line);
}

void
ws_elbow_chart_draw (WsElbowChart *self, cairo_t *cr, double width, double height)
{
  WsElbowDrawing drawing = { .chart = self };
  WsPlotPlan plan = { .choose_x_ticks = choose_x_ticks,
                      .choose_y_ticks = choose_y_ticks,
                      .user_data = self };

  ws_canvas_init (&drawing.canvas, cr, self->theme, self->family, self->font_size);
  ws_canvas_paint_ground (&drawing.canvas, width, height);
  self->has_axes = set_y_scale (self, &plan.y);
  if (self->has_axes)
    {
      set_x_scale (self, &plan.x);
      self->has_axes = ws_plot_lay_out (&drawing.plot, &drawing.canvas, &plan, width, height);
    }
  if (self->has_axes)
    {
      draw_plot (&drawing);
      self->x = drawing.plot.x;
      self->y = drawing.plot.y;
    }
  ws_plot_clear (&drawing.plot);
  ws_canvas_clear (&drawing.canvas);
}
