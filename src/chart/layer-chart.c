/* SPDX-License-Identifier: MIT */
/* A value over the layers of a model. */
#include "chart/layer-chart.h"

#include "chart/plot.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Free room above the greatest value, as a share of it. */
#define HEADROOM 0.06
/* Length of a line in the legend, in sizes of the font. */
#define SAMPLE 2.4
/* More layers than this have dots that touch. */
#define MAX_DOTTED_LAYERS 48

typedef struct
{
  const WsLayerChart *chart;
  WsCanvas canvas;
  WsPlot plot;
} Drawing;

static double
find_greatest (const WsLayerChart *self)
{
  double greatest = NAN;

  for (guint i = 0; i < self->n_lines; i++)
    for (guint layer = 0; layer < self->n_layers; layer++)
      greatest = fmax (greatest, self->lines[i].values[layer]);
  return greatest;
}

static GArray *
choose_x_ticks (const WsScale *scale, const WsChartStyle *style, gconstpointer user_data)
{
  return ws_scale_choose_ticks (scale, 2.6 * style->font_size, WS_TICKS_COUNT);
}

static GArray *
choose_y_ticks (const WsScale *scale, const WsChartStyle *style, gconstpointer user_data)
{
  const WsLayerChart *self = user_data;

  return ws_plot_choose_y_ticks (scale, style, self->percent ? WS_TICKS_PERCENT : WS_TICKS_NUMBER);
}

static void
set_line (Drawing *self, guint i)
{
  const WsChartStyle *style = &self->canvas.style;
  double dashes[6];
  guint n = ws_palette_get_dashes (i, dashes);

  for (guint j = 0; j < n; j++)
    dashes[j] *= style->line;
  cairo_set_dash (self->canvas.cr, dashes, (int) n, 0);
  cairo_set_line_width (self->canvas.cr, style->line);
  ws_chart_set_color (self->canvas.cr, ws_palette_get_series (i, style->dark));
}

/* A line is broken where a layer has no value. */
static void
draw_line (Drawing *self, guint i)
{
  const WsLayerChart *chart = self->chart;
  cairo_t *cr = self->canvas.cr;
  const double *values = chart->lines[i].values;
  gboolean is_begun = FALSE;

  cairo_save (cr);
  set_line (self, i);
  for (guint layer = 0; layer < chart->n_layers; layer++)
    {
      double x = ws_scale_map (&self->plot.x, layer);
      double y = ws_scale_map (&self->plot.y, values[layer]);

      if (isnan (y))
        is_begun = FALSE;
      else if (is_begun)
        cairo_line_to (cr, x, y);
      else
        cairo_move_to (cr, x, y);
      is_begun = !isnan (y);
    }
  cairo_stroke (cr);
  cairo_restore (cr);
}

static void
draw_dots (Drawing *self, guint i)
{
  const WsLayerChart *chart = self->chart;
  const WsChartStyle *style = &self->canvas.style;
  const double *values = chart->lines[i].values;

  for (guint layer = 0; layer < chart->n_layers; layer++)
    if (!isnan (values[layer]))
      ws_canvas_draw_dot (
          &self->canvas, i, 0.7 * style->dot, ws_palette_get_series (i, style->dark),
          ws_scale_map (&self->plot.x, layer), ws_scale_map (&self->plot.y, values[layer]));
}

/* The entries in rows from (left, top), as many in each as there is room for.
 * @draw: FALSE: only look
 * Returns: the height of the rows. */
static double
lay_out_legend (Drawing *self, double left, double right, double top, gboolean draw)
{
  const WsChartStyle *style = &self->canvas.style;
  double sample = SAMPLE * style->font_size, gap = 1.2 * style->font_size;
  double row = 1.5 * style->font_size;
  double x = left, y = top;

  for (guint i = 0; i < self->chart->n_lines; i++)
    {
      g_autofree char *label = g_markup_escape_text (self->chart->lines[i].label, -1);
      double width =
          sample + 0.5 * style->font_size + ws_canvas_get_text_width (&self->canvas, label);

      if (x > left && x + width > right)
        {
          x = left;
          y += row;
        }
      if (draw)
        {
          cairo_save (self->canvas.cr);
          set_line (self, i);
          ws_canvas_stroke_line (&self->canvas, x, y + row / 2, x + sample, y + row / 2);
          cairo_restore (self->canvas.cr);
          ws_canvas_draw_dot (&self->canvas, i, 0.7 * style->dot,
                              ws_palette_get_series (i, style->dark), x + sample / 2, y + row / 2);
          ws_chart_set_color (self->canvas.cr, style->ink);
          ws_canvas_show (&self->canvas, label, x + sample + 0.5 * style->font_size, y + row / 2, 0,
                          0.5);
        }
      x += width + gap;
    }
  return y + row - top;
}

static void
draw_all (Drawing *self)
{
  const WsLayerChart *chart = self->chart;

  ws_plot_draw_grid (&self->plot, &self->canvas);
  ws_plot_draw_axes (&self->plot, &self->canvas,
                     self->canvas.style.print ? _ ("Layer") : _ ("layer"), chart->title);
  for (guint i = 0; i < chart->n_lines; i++)
    draw_line (self, i);
  for (guint i = 0; i < chart->n_lines && chart->n_layers <= MAX_DOTTED_LAYERS; i++)
    draw_dots (self, i);
  lay_out_legend (self, self->plot.left, self->plot.width - self->canvas.style.margin,
                  self->canvas.style.margin, TRUE);
}

void
ws_layer_chart_draw (const WsLayerChart *self, cairo_t *cr, double width, double height)
{
  Drawing drawing = { .chart = self };
  double greatest = find_greatest (self);
  WsPlotPlan plan = {
    .x = { .max = MAX (self->n_layers, 2) - 1 },
    .y = { .max = greatest > 0 ? greatest * (1 + HEADROOM) : 1 },
    .choose_x_ticks = choose_x_ticks,
    .choose_y_ticks = choose_y_ticks,
    .user_data = self,
  };

  g_return_if_fail (self->n_lines <= WS_PALETTE_SERIES);

  ws_canvas_init (&drawing.canvas, cr, self->theme, NULL, 0);
  ws_canvas_paint_ground (&drawing.canvas, width, height);
  /* Beside the y axis there is a little less room than here. */
  plan.above = lay_out_legend (&drawing, 4 * drawing.canvas.style.font_size,
                               width - drawing.canvas.style.margin, 0, FALSE);
  if (isfinite (greatest) && ws_plot_lay_out (&drawing.plot, &drawing.canvas, &plan, width, height))
    draw_all (&drawing);
  ws_plot_clear (&drawing.plot);
  ws_canvas_clear (&drawing.canvas);
}
