/* SPDX-License-Identifier: MIT */
/* The drawing of the token map: axes, density, names, colour bar. */
#include "chart/token-map-private.h"

#include "base/format.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define MIN_PLOT 4.0
/* Under this, the titles of the axes would cover the map. */
#define MIN_PLOT_WITH_TEXTS 80.0

static GArray *
choose_x_ticks (const WsScale *scale, const WsChartStyle *style, gconstpointer user_data)
{
  return ws_scale_choose_ticks (scale, style->font_size * 4.5, WS_TICKS_NUMBER);
}

static GArray *
choose_y_ticks (const WsScale *scale, const WsChartStyle *style, gconstpointer user_data)
{
  return ws_plot_choose_y_ticks (scale, style, WS_TICKS_NUMBER);
}

static gboolean
get_color_bar (const WsTokenMap *self, WsColorBar *bar)
{
  WsTokenMapColoring by;

  if (!ws_token_map_get_effective_coloring (self, &by) || by == WS_TOKEN_MAP_CLUSTER)
    return FALSE;
  *bar =
      (WsColorBar){ .min = self->norm_range[0], .max = self->norm_range[1], .title = _ ("Norm") };
  if (by == WS_TOKEN_MAP_ID)
    *bar = (WsColorBar){ .max = self->max_id, .whole = TRUE, .title = _ ("Token id") };
  return TRUE;
}

/* On screen the map takes all there is: its axes have titles but no numbers, which say nothing. */
static gboolean
lay_out_on_screen (WsTokenMapDrawing *self, double beside, double width, double height)
{
  WsPlot *plot = &self->plot;

  *plot = (WsPlot){ .width = width, .height = height, .right = width - beside, .bottom = height };
  if (!(plot->right >= MIN_PLOT && height >= MIN_PLOT))
    return FALSE;
  plot->has_texts = plot->right >= MIN_PLOT_WITH_TEXTS && height >= MIN_PLOT_WITH_TEXTS;
  plot->x.to = plot->right;
  plot->y.from = height;
  ws_token_map_set_scales (self->map, &plot->x, &plot->y);
  return TRUE;
}

/* The view fits the plot, whose size depends on the texts of the ticks, which depend on the view:
 * the third time it is the same again, but for the width of a digit at worst. */
static gboolean
lay_out_on_paper (WsTokenMapDrawing *self, double beside, double width, double height)
{
  WsPlotPlan plan = { .choose_x_ticks = choose_x_ticks,
                      .choose_y_ticks = choose_y_ticks,
                      .beside = beside };
  WsPlot *plot = &self->plot;

  plan.x.to = width;
  plan.y.from = height;
  ws_token_map_set_scales (self->map, &plan.x, &plan.y);
  for (int i = 0; i < 3; i++)
    {
      if (!ws_plot_lay_out (plot, &self->canvas, &plan, width, height))
        return FALSE;
      plan.x = plot->x;
      plan.y = plot->y;
      ws_token_map_set_scales (self->map, &plan.x, &plan.y);
    }
  return TRUE;
}

static gboolean
lay_out (WsTokenMapDrawing *self, double width, double height)
{
  WsColorBar bar;
  double beside = 0;

  if (get_color_bar (self->map, &bar))
    beside = ws_color_bar_get_width (&bar, &self->canvas) + self->canvas.style.margin;
  if (beside > width / 3)
    beside = 0;
  return self->canvas.style.print ? lay_out_on_paper (self, beside, width, height)
                                  : lay_out_on_screen (self, beside, width, height);
}

/* "PC 1, 8.4 % of variance" */
static char *
dup_title (const WsTokenMap *self, guint axis)
{
  double share = self->variance[axis];

  if (!isfinite (share))
    return g_strdup_printf (_ ("PC %u"), axis + 1);
  /* Translators: a principal component and its share of the variance */
  return g_strdup_printf (_ ("PC %u, %.1f\u202f%% of variance"), axis + 1, share * 100);
}

static void
draw_text_on_ground (WsTokenMapDrawing *self, const char *markup, double x, double y,
                     double align_x, double align_y)
{
  const WsChartStyle *style = &self->canvas.style;
  g_autoptr (PangoLayout) text = ws_text_layout (&self->canvas.text, markup);
  WsBox box;

  ws_text_get_size (text, &box.width, &box.height);
  box.x = x - align_x * box.width;
  box.y = y - align_y * box.height;
  cairo_set_source_rgba (self->canvas.cr, style->ground.r, style->ground.g, style->ground.b, 0.75);
  cairo_rectangle (self->canvas.cr, box.x - 3, box.y - 1, box.width + 6, box.height + 2);
  cairo_fill (self->canvas.cr);
  ws_chart_set_color (self->canvas.cr, style->muted);
  ws_text_show (self->canvas.cr, text, box.x, box.y, 0, 0);
  g_array_append_val (self->taken, box);
}

static void
draw_titles (WsTokenMapDrawing *self)
{
  const WsPlot *plot = &self->plot;
  double margin = self->canvas.style.margin;
  g_autofree char *x_title = dup_title (self->map, 0);
  g_autofree char *y_title = dup_title (self->map, 1);

  if (self->canvas.style.print)
    {
      ws_plot_draw_axes (plot, &self->canvas, x_title, y_title);
      return;
    }
  if (!plot->has_texts)
    return;
  draw_text_on_ground (self, y_title, plot->left + margin, plot->top + margin, 0, 0);
  draw_text_on_ground (self, x_title, plot->right - margin, plot->bottom - margin, 1, 1);
}

static void
draw_color_bar (WsTokenMapDrawing *self)
{
  WsPlot plot = self->plot;
  WsColorBar bar;

  if (!get_color_bar (self->map, &bar) || plot.right > 0.99 * plot.width)
    return;
  /* On screen the plot has no margins, which the bar needs for its texts. */
  if (!self->canvas.style.print)
    {
      plot.top += 2 * self->canvas.style.font_size;
      plot.bottom -= self->canvas.style.font_size;
    }
  ws_color_bar_draw (&bar, &self->canvas, &plot);
}

/* How many points the plot leaves out. */
static gsize
count_outside (const WsTokenMapDrawing *self)
{
  const float *xy = ws_token_map_peek_xy (self->map);
  const WsPlot *plot = &self->plot;
  gsize n = 0;

  for (gsize i = 0; i < self->map->n; i++)
    n += !(xy[2 * i] >= plot->x.min && xy[2 * i] <= plot->x.max && xy[2 * i + 1] >= plot->y.min &&
           xy[2 * i + 1] <= plot->y.max);
  return n;
}

/* Who has not chosen a part of the map is told that it is one. */
static void
draw_note (WsTokenMapDrawing *self)
{
  const WsPlot *plot = &self->plot;
  double margin = self->canvas.style.print ? 0 : self->canvas.style.margin;
  gsize n = self->map->has_view || !plot->has_texts ? 0 : count_outside (self);
  g_autofree char *count = ws_format_count (n);
  g_autofree char *note =
      g_strdup_printf (ngettext ("%s token is outside", "%s tokens are outside", n), count);

  if (n > 0)
    draw_text_on_ground (self, note, plot->right - margin, plot->top + margin, 1, 0);
}

/* What is marked covers all else, and names keep off what was drawn before them. */
static void
draw_map (WsTokenMapDrawing *self)
{
  ws_token_map_draw_density (self);
  draw_titles (self);
  draw_note (self);
  ws_token_map_draw_mark (self);
  ws_token_map_draw_names (self);
  draw_color_bar (self);
}

static void
draw_anew (WsTokenMap *self, cairo_t *cr, double width, double height)
{
  WsTokenMapDrawing drawing = { .map = self };

  drawing.taken = g_array_new (FALSE, FALSE, sizeof (WsBox));
  ws_canvas_init (&drawing.canvas, cr, self->theme, self->family, self->font_size);
  ws_canvas_paint_ground (&drawing.canvas, width, height);
  self->has_axes = self->n > 0 && lay_out (&drawing, width, height);
  if (self->has_axes)
    {
      draw_map (&drawing);
      self->x = drawing.plot.x;
      self->y = drawing.plot.y;
    }
  g_array_unref (drawing.taken);
  ws_plot_clear (&drawing.plot);
  ws_canvas_clear (&drawing.canvas);
}

static void
prepare_surface (WsTokenMap *self, double width, double height, double scale)
{
  if (self->picture && self->picture_width == width && self->picture_height == height &&
      self->picture_scale == scale)
    return;
  g_clear_pointer (&self->picture, cairo_surface_destroy);
  self->picture = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) ceil (width * scale),
                                              (int) ceil (height * scale));
  cairo_surface_set_device_scale (self->picture, scale, scale);
  self->picture_width = width;
  self->picture_height = height;
  self->picture_scale = scale;
  self->has_picture = FALSE;
}

/* A picture of everything, made once and copied until something changes. */
static void
keep_picture (WsTokenMap *self, double width, double height)
{
  cairo_t *cr;

  prepare_surface (self, width, height, self->resolution > 0 ? self->resolution : 1);
  if (self->has_picture)
    return;
  cr = cairo_create (self->picture);
  draw_anew (self, cr, width, height);
  cairo_destroy (cr);
  self->has_picture = TRUE;
}

void
ws_token_map_draw (WsTokenMap *self, cairo_t *cr, double width, double height)
{
  if (self->theme == WS_CHART_PAPER)
    {
      draw_anew (self, cr, width, height);
      return;
    }
  keep_picture (self, width, height);
  cairo_save (cr);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_clip (cr);
  cairo_set_source_surface (cr, self->picture, 0, 0);
  cairo_set_operator (cr, CAIRO_OPERATOR_SOURCE);
  cairo_paint (cr);
  cairo_restore (cr);
}
