/* SPDX-License-Identifier: MIT */
/* The colour bar beside a plot. */
#include "chart/plot.h"

#include "base/format.h"

#include <math.h>

static double
get_thickness (const WsChartStyle *style)
{
  return style->font_size * (style->print ? 0.8 : 1);
}

/* As far apart as two of its texts may be. */
static double
get_text_gap (const WsChartStyle *style)
{
  return 1.7 * style->font_size;
}

static WsScale
make_scale (const WsColorBar *self, double bottom, double top)
{
  return (WsScale){ .min = self->min, .max = self->max, .from = bottom, .to = top };
}

static GArray *
choose_ticks (const WsColorBar *self, const WsScale *scale, const WsChartStyle *style)
{
  return ws_scale_choose_ticks (scale, 2 * get_text_gap (style),
                                self->whole ? WS_TICKS_COUNT : WS_TICKS_NUMBER);
}

static double
get_widest_text (const WsColorBar *self, const WsCanvas *canvas)
{
  /* Any length serves to choose texts: their digits hardly change with it. */
  WsScale scale = make_scale (self, 10 * canvas->style.font_size, 0);
  g_autoptr (GArray) ticks = choose_ticks (self, &scale, &canvas->style);
  g_autofree char *last = ws_format_count ((guint64) MAX (self->max, 0));
  double widest = 0;

  if (self->whole)
    return ws_canvas_get_text_width (canvas, last);
  for (guint i = 0; i < ticks->len; i++)
    widest = MAX (widest, ws_canvas_get_text_width (canvas, g_array_index (ticks, WsTick, i).text));
  return widest;
}

double
ws_color_bar_get_width (const WsColorBar *self, const WsCanvas *canvas)
{
  const WsChartStyle *style = &canvas->style;

  return 2 * style->gap + style->margin +
         MAX (ws_canvas_get_text_width (canvas, self->title), get_thickness (style) + style->tick +
                                                                  style->tick_pad +
                                                                  get_widest_text (self, canvas));
}

static void
fill (WsCanvas *canvas, double x, double y, double width, double height)
{
  cairo_pattern_t *gradient = cairo_pattern_create_linear (0, y + height, 0, y);

  for (int i = 0; i <= 20; i++)
    {
      WsColor color = ws_palette_get_sequential (i / 20.0, canvas->style.dark);

      cairo_pattern_add_color_stop_rgb (gradient, i / 20.0, color.r, color.g, color.b);
    }
  cairo_rectangle (canvas->cr, x, y, width, height);
  cairo_set_source (canvas->cr, gradient);
  cairo_fill (canvas->cr);
  cairo_pattern_destroy (gradient);
}

static void
draw_tick (WsCanvas *canvas, const char *text, double x, double y)
{
  const WsChartStyle *style = &canvas->style;

  ws_chart_set_color (canvas->cr, style->rule);
  ws_canvas_stroke_line (canvas, x, ws_canvas_snap (canvas, y), x + style->tick,
                         ws_canvas_snap (canvas, y));
  ws_chart_set_color (canvas->cr, style->muted);
  ws_canvas_show (canvas, text, x + style->tick + style->tick_pad / 2, y, 0, 0.5);
}

static void
draw_end (const WsColorBar *self, WsCanvas *canvas, double value, double x, double y)
{
  g_autofree char *text = ws_format_count ((guint64) MAX (value, 0));

  if (self->whole)
    draw_tick (canvas, text, x, y);
}

static void
draw_ticks (const WsColorBar *self, WsCanvas *canvas, const WsScale *scale, double x)
{
  double gap = self->whole ? get_text_gap (&canvas->style) : 0;
  g_autoptr (GArray) ticks = choose_ticks (self, scale, &canvas->style);

  for (guint i = 0; i < ticks->len; i++)
    {
      const WsTick *tick = &g_array_index (ticks, WsTick, i);

      /* The ends have texts of their own. */
      if (fabs (tick->position - scale->from) >= gap && fabs (tick->position - scale->to) >= gap &&
          tick->text[0] != '\0')
        draw_tick (canvas, tick->text, x, tick->position);
    }
  draw_end (self, canvas, scale->min, x, scale->from);
  draw_end (self, canvas, scale->max, x, scale->to);
}

void
ws_color_bar_draw (const WsColorBar *self, WsCanvas *canvas, const WsPlot *plot)
{
  const WsChartStyle *style = &canvas->style;
  double x = ws_canvas_snap (canvas, plot->right + 2 * style->gap) - (style->print ? 0 : 0.5);
  double thickness = get_thickness (style);
  double top = plot->top + 1.3 * style->font_size;
  double height = (plot->bottom - top) * (style->print ? 0.7 : 0.8);
  WsScale scale = make_scale (self, top + height, top);

  if (!plot->has_texts)
    return;
  fill (canvas, x, top, thickness, height);
  cairo_set_line_width (canvas->cr, style->rule_width);
  draw_ticks (self, canvas, &scale, x + thickness);
  ws_chart_set_color (canvas->cr, style->muted);
  ws_canvas_show (canvas, self->title, x, top - 0.45 * style->font_size, 0, 1);
}
