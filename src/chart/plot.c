/* SPDX-License-Identifier: MIT */
/* Two axes with their grid, ticks and titles, and the room they leave. */
#include "chart/plot.h"

#include <math.h>

/* Under this, a plot shows nothing: texts are left out first, then the plot. */
#define MIN_PLOT_WITH_TEXTS 24.0
#define MIN_PLOT 4.0

static double
get_widest (const WsCanvas *canvas, GArray *ticks)
{
  double widest = 0;

  for (guint i = 0; i < ticks->len; i++)
    {
      const WsTick *tick = &g_array_index (ticks, WsTick, i);

      if (tick->text[0] != '\0')
        widest = MAX (widest, ws_canvas_get_text_width (canvas, tick->text));
    }
  return widest;
}

static void
set_vertical_margins (WsPlot *self, const WsChartStyle *style, double line_height)
{
  double texts = style->tick + style->tick_pad + 2 * line_height;

  self->top = style->margin + self->above;
  if (style->print)
    self->top += line_height / 2;
  else
    self->top += line_height + style->gap * 0.7;
  self->bottom = self->height - style->margin / 2 - texts - (style->print ? style->gap / 2 : 2);
}

static void
set_horizontal_margins (WsPlot *self, const WsCanvas *canvas, const WsPlotPlan *plan,
                        double line_height)
{
  const WsChartStyle *style = &canvas->style;
  double widest = MAX (get_widest (canvas, self->y_ticks), plan->y_labels);
  double labels = widest + style->tick + style->tick_pad;

  self->left = style->margin + labels;
  if (style->print)
    self->left += line_height + style->gap / 2;
  else
    self->left = MAX (self->left, 4.2 * style->font_size);
  /* Half of the last text of the x axis is outside the plot. */
  self->right =
      self->width - style->margin - (plan->beside > 0 ? plan->beside : 1.1 * style->font_size);
}

static gboolean
has_room (const WsPlot *self, double least)
{
  return self->right - self->left >= least && self->bottom - self->top >= least;
}

static void
set_margins_without_texts (WsPlot *self)
{
  self->has_texts = FALSE;
  self->above = 0;
  self->left = self->top = 2;
  self->right = self->width - 2;
  self->bottom = self->height - 2;
}

gboolean
ws_plot_lay_out (WsPlot *self, const WsCanvas *canvas, const WsPlotPlan *plan, double width,
                 double height)
{
  const WsChartStyle *style = &canvas->style;
  double line_height = ws_text_get_line_height (&canvas->text);

  ws_plot_clear (self);
  *self = (WsPlot){ .width = width,
                    .height = height,
                    .has_texts = TRUE,
                    .above = plan->above,
                    .x = plan->x,
                    .y = plan->y };
  set_vertical_margins (self, style, line_height);
  self->y.from = self->bottom = ws_canvas_snap (canvas, self->bottom);
  self->y.to = self->top = ws_canvas_snap (canvas, self->top);
  if (self->bottom - self->top >= MIN_PLOT_WITH_TEXTS)
    {
      self->y_ticks = plan->choose_y_ticks (&self->y, style, plan->user_data);
      set_horizontal_margins (self, canvas, plan, line_height);
    }
  if (!self->y_ticks || !has_room (self, MIN_PLOT_WITH_TEXTS))
    set_margins_without_texts (self);
  self->x.from = self->left = ws_canvas_snap (canvas, self->left);
  self->x.to = self->right = ws_canvas_snap (canvas, self->right);
  self->y.from = self->bottom;
  self->y.to = self->top;
  if (self->has_texts)
    self->x_ticks = plan->choose_x_ticks (&self->x, style, plan->user_data);
  return has_room (self, MIN_PLOT);
}

void
ws_plot_clear (WsPlot *self)
{
  g_clear_pointer (&self->x_ticks, g_array_unref);
  g_clear_pointer (&self->y_ticks, g_array_unref);
}

GArray *
ws_plot_choose_y_ticks (const WsScale *scale, const WsChartStyle *style, WsTickStyle tick_style)
{
  double gap = style->font_size * (style->print ? 3 : 3.2);

  gap = MIN (gap, fabs (scale->to - scale->from) / 2);
  return ws_scale_choose_ticks (scale, gap, tick_style);
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

GArray *
ws_plot_choose_index_ticks (const WsScale *scale, const WsChartStyle *style, gsize n)
{
  double digit = style->font_size * 0.62;
  double gap = (floor (log10 (MAX (scale->max, 1))) + 2.75) * digit;
  /* Texts as close as they can be read are right for 1, 2, 5, 10, a row of hundreds is not. */
  GArray *ticks = ws_scale_choose_ticks (scale, scale->log ? gap : 1.8 * gap, WS_TICKS_COUNT);

  remove_ticks_outside (ticks, 1, n);
  if (n > 1)
    add_end_tick (ticks, scale, 1, gap);
  add_end_tick (ticks, scale, n, gap);
  return ticks;
}

void
ws_plot_draw_grid (const WsPlot *self, WsCanvas *canvas)
{
  if (canvas->style.print || !self->has_texts)
    return;
  ws_chart_set_color (canvas->cr, canvas->style.grid);
  cairo_set_line_width (canvas->cr, canvas->style.rule_width);
  for (guint i = 0; i < self->y_ticks->len; i++)
    {
      const WsTick *tick = &g_array_index (self->y_ticks, WsTick, i);
      double y = ws_canvas_snap (canvas, tick->position);

      if (tick->text[0] != '\0' && y < self->bottom)
        ws_canvas_stroke_line (canvas, self->left, y, self->right, y);
    }
}

static void
draw_rules (const WsPlot *self, WsCanvas *canvas)
{
  cairo_move_to (canvas->cr, self->left, self->top);
  cairo_line_to (canvas->cr, self->left, self->bottom);
  cairo_line_to (canvas->cr, self->right, self->bottom);
  cairo_stroke (canvas->cr);
}

static void
draw_x_ticks (const WsPlot *self, WsCanvas *canvas)
{
  const WsChartStyle *style = &canvas->style;

  for (guint i = 0; i < self->x_ticks->len; i++)
    {
      const WsTick *tick = &g_array_index (self->x_ticks, WsTick, i);
      double length = tick->text[0] != '\0' ? style->tick : style->minor_tick;
      double x = ws_canvas_snap (canvas, tick->position);

      ws_chart_set_color (canvas->cr, style->rule);
      ws_canvas_stroke_line (canvas, x, self->bottom, x, self->bottom + length);
      ws_chart_set_color (canvas->cr, style->muted);
      ws_canvas_show (canvas, tick->text, tick->position,
                      self->bottom + style->tick + style->tick_pad / 2, 0.5, 0);
    }
}

static void
draw_y_ticks (const WsPlot *self, WsCanvas *canvas)
{
  const WsChartStyle *style = &canvas->style;

  for (guint i = 0; i < self->y_ticks->len; i++)
    {
      const WsTick *tick = &g_array_index (self->y_ticks, WsTick, i);
      double length = tick->text[0] != '\0' ? style->tick : style->minor_tick;
      double y = ws_canvas_snap (canvas, tick->position);

      ws_chart_set_color (canvas->cr, style->rule);
      ws_canvas_stroke_line (canvas, self->left - length, y, self->left, y);
      ws_chart_set_color (canvas->cr, style->muted);
      ws_canvas_show (canvas, tick->text, self->left - style->tick - style->tick_pad,
                      tick->position, 1, 0.5);
    }
}

static void
draw_y_title (const WsPlot *self, WsCanvas *canvas, const char *title)
{
  const WsChartStyle *style = &canvas->style;
  g_autoptr (PangoLayout) text = NULL;

  if (!style->print)
    {
      text = ws_text_layout_ellipsised (&canvas->text, title, self->right - style->margin);
      ws_text_show (canvas->cr, text, style->margin + style->font_size,
                    self->top - style->gap * 0.7, 0, 1);
      return;
    }
  text = ws_text_layout_ellipsised (&canvas->text, title, self->bottom - self->top);
  cairo_save (canvas->cr);
  cairo_translate (canvas->cr, style->margin, (self->top + self->bottom) / 2);
  cairo_rotate (canvas->cr, -G_PI_2);
  ws_text_show (canvas->cr, text, 0, 0, 0.5, 0);
  cairo_restore (canvas->cr);
}

static void
draw_x_title (const WsPlot *self, WsCanvas *canvas, const char *title)
{
  double y = self->height - canvas->style.margin / 2;

  if (canvas->style.print)
    ws_canvas_show (canvas, title, (self->left + self->right) / 2, y, 0.5, 1);
  else
    ws_canvas_show (canvas, title, self->right, y, 1, 1);
}

void
ws_plot_draw_axes (const WsPlot *self, WsCanvas *canvas, const char *x_title, const char *y_title)
{
  cairo_set_line_width (canvas->cr, canvas->style.rule_width);
  ws_chart_set_color (canvas->cr, canvas->style.rule);
  draw_rules (self, canvas);
  if (!self->has_texts)
    return;
  draw_x_ticks (self, canvas);
  draw_y_ticks (self, canvas);
  ws_chart_set_color (canvas->cr, canvas->style.muted);
  draw_y_title (self, canvas, y_title);
  draw_x_title (self, canvas, x_title);
}
