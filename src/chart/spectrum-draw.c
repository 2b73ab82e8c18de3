/* SPDX-License-Identifier: MIT */
/* The drawing of the spectrum chart, from its ground to its legend. */
#include "chart/spectrum-chart-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

void
ws_chart_set_line_style (cairo_t *cr, const WsSpectrumChart *chart, guint curve, double width)
{
  double dashes[6];
  guint n = 0;

  cairo_set_line_width (cr, width);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
  if (!ws_spectrum_chart_has_color_scale (chart))
    n = ws_palette_get_dashes (curve % WS_PALETTE_SERIES, dashes);
  for (guint i = 0; i < n; i++)
    dashes[i] *= width;
  cairo_set_dash (cr, dashes, (int) n, 0);
}

static GArray *
make_line (const WsChartDrawing *self, const WsCurve *curve)
{
  /* A quarter of what a printer or a screen of twice the density can show. */
  const WsDecimation screen = { .column = 0.5, .tolerance = 0.1 };
  const WsDecimation print = { .column = 0.2, .tolerance = 0.02 };
  GArray *points = g_array_new (FALSE, FALSE, sizeof (WsPoint));
  double divisor;
  const double *values = ws_spectrum_chart_get_values (self->chart, curve, &divisor);

  if (curve->visible)
    ws_decimate (values, curve->n, divisor, &self->layout.x, &self->layout.y,
                 self->canvas.style.print ? &print : &screen, points);
  return points;
}

static void
make_lines (WsChartDrawing *self)
{
  g_clear_pointer (&self->lines, g_ptr_array_unref);
  self->lines = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  for (guint i = 0; i < self->chart->curves->len; i++)
    g_ptr_array_add (self->lines, make_line (self, ws_spectrum_chart_peek_curve (self->chart, i)));
}

static gboolean
is_alone (GArray *points, guint i)
{
  return (i == 0 || isnan (g_array_index (points, WsPoint, i - 1).x)) &&
         (i + 1 == points->len || isnan (g_array_index (points, WsPoint, i + 1).x));
}

/* A value with no neighbour is no line: a dot. */
static void
fill_lone_points (cairo_t *cr, GArray *points, double radius)
{
  for (guint i = 0; i < points->len; i++)
    {
      WsPoint point = g_array_index (points, WsPoint, i);

      if (isnan (point.x) || !is_alone (points, i))
        continue;
      cairo_new_path (cr);
      cairo_arc (cr, point.x, point.y, radius, 0, 2 * G_PI);
      cairo_fill (cr);
    }
}

static void
stroke_points (cairo_t *cr, GArray *points)
{
  gboolean up = TRUE;

  for (guint i = 0; i < points->len; i++)
    {
      WsPoint point = g_array_index (points, WsPoint, i);

      if (isnan (point.x))
        up = TRUE;
      else if (up)
        {
          cairo_move_to (cr, point.x, point.y);
          up = FALSE;
        }
      else
        cairo_line_to (cr, point.x, point.y);
    }
  cairo_stroke (cr);
}

static void
draw_curve (WsChartDrawing *self, guint curve, double width)
{
  GArray *points = g_ptr_array_index (self->lines, curve);

  ws_chart_set_color (self->canvas.cr, ws_spectrum_chart_peek_color (self->chart, curve));
  ws_chart_set_line_style (self->canvas.cr, self->chart, curve, width);
  fill_lone_points (self->canvas.cr, points, 0.55 * self->canvas.style.dot);
  stroke_points (self->canvas.cr, points);
}

/* The first curve, which the legend names first, is drawn last but for the chosen one. */
static void
draw_curves (WsChartDrawing *self)
{
  const WsChartStyle *style = &self->canvas.style;
  const WsPlot *layout = &self->layout;
  gboolean many = ws_spectrum_chart_has_color_scale (self->chart);
  int chosen = self->chart->chosen;

  cairo_save (self->canvas.cr);
  cairo_rectangle (self->canvas.cr, layout->left - style->line, layout->top - style->line,
                   layout->right - layout->left + 2 * style->line,
                   layout->bottom - layout->top + style->line);
  cairo_clip (self->canvas.cr);
  if (many && !style->print)
    cairo_set_antialias (self->canvas.cr, CAIRO_ANTIALIAS_FAST);
  for (guint i = self->lines->len; i-- > 0;)
    if ((int) i != chosen)
      draw_curve (self, i, many ? style->thin_line : style->line);
  if (chosen >= 0 && chosen < (int) self->lines->len)
    draw_curve (self, (guint) chosen, style->chosen_line);
  cairo_restore (self->canvas.cr);
}

static gboolean
has_points (const WsChartDrawing *self)
{
  for (guint i = 0; i < self->lines->len; i++)
    {
      const GArray *points = g_ptr_array_index (self->lines, i);

      for (guint j = 0; j < points->len; j++)
        if (!isnan (g_array_index (points, WsPoint, j).x))
          return TRUE;
    }
  return FALSE;
}

/* Why there is no curve between the axes, which are no more than a guess. */
static void
draw_nothing (WsChartDrawing *self)
{
  const WsPlot *layout = &self->layout;
  const char *reason = self->chart->quantity == WS_SPECTRUM_SIGMA && self->chart->log_y
                           ? _ ("every value is zero, which has no place on a logarithmic axis")
                           : _ ("every value is zero");
  g_autoptr (PangoLayout) text =
      ws_text_layout_ellipsised (&self->canvas.text, reason, layout->right - layout->left);

  ws_chart_set_color (self->canvas.cr, self->canvas.style.muted);
  ws_text_show (self->canvas.cr, text, (layout->left + layout->right) / 2,
                (layout->top + layout->bottom) / 2, 0.5, 0.5);
}

static void
draw_plot (WsChartDrawing *self)
{
  WsColorBar bar;

  ws_plot_draw_grid (&self->layout, &self->canvas);
  ws_chart_draw_axes (self);
  draw_curves (self);
  if (self->layout.has_texts && !self->chart->has_view && !has_points (self))
    draw_nothing (self);
  ws_chart_draw_markers (self);
  if (ws_chart_get_color_bar (self->chart, &bar))
    ws_color_bar_draw (&bar, &self->canvas, &self->layout);
}

/* Inside if a corner is free, which only the finished lines can tell. */
static gboolean
lay_out_with_legend (WsChartDrawing *self, double width, double height, gboolean *inside)
{
  gboolean has_plot = ws_chart_lay_out (self, width, height, 0);

  *inside = TRUE;
  if (!has_plot)
    return FALSE;
  make_lines (self);
  if (!self->layout.has_texts || ws_chart_has_free_corner (self))
    return TRUE;
  *inside = FALSE;
  has_plot = ws_chart_lay_out (self, width, height, ws_chart_get_legend_height (self, width));
  make_lines (self);
  return has_plot;
}

static void
draw_with_layout (WsSpectrumChart *self, WsChartDrawing *drawing, double width, double height)
{
  gboolean inside;

  if (!lay_out_with_legend (drawing, width, height, &inside))
    return;
  draw_plot (drawing);
  if (drawing->layout.has_texts)
    {
      if (inside)
        ws_chart_draw_legend_inside (drawing);
      else
        ws_chart_draw_legend_above (drawing);
    }
  self->x = drawing->layout.x;
  self->y = drawing->layout.y;
  self->has_axes = TRUE;
}

void
ws_spectrum_chart_draw (WsSpectrumChart *self, cairo_t *cr, double width, double height)
{
  WsChartDrawing drawing = { .chart = self };

  self->has_axes = FALSE;
  ws_canvas_init (&drawing.canvas, cr, self->theme, self->family, self->font_size);
  ws_canvas_paint_ground (&drawing.canvas, width, height);
  if (ws_spectrum_chart_get_n_visible (self) > 0)
    draw_with_layout (self, &drawing, width, height);
  ws_plot_clear (&drawing.layout);
  g_clear_pointer (&drawing.lines, g_ptr_array_unref);
  ws_canvas_clear (&drawing.canvas);
}
