/* SPDX-License-Identifier: MIT */
/* What the small charts have in common: settings, axes, read-out. */
#include "chart/small-chart-private.h"

#include "base/format.h"

#include <glib/gi18n-lib.h>
#include <math.h>

WsSmallChart *
ws_small_chart_new (const WsSmallChartKind *kind)
{
  WsSmallChart *self = g_new0 (WsSmallChart, 1);

  self->kind = kind;
  self->ref_count = 1;
  self->x_title = g_strdup ("");
  self->y_title = g_strdup ("");
  return self;
}

WsSmallChart *
ws_small_chart_ref (WsSmallChart *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
ws_small_chart_unref (WsSmallChart *self)
{
  if (!self || !g_atomic_int_dec_and_test (&self->ref_count))
    return;
  g_free (self->x_title);
  g_free (self->y_title);
  g_free (self->family);
  g_strfreev (self->names);
  g_free (self->counts);
  ws_histogram_clear (&self->histogram);
  g_bytes_unref (self->xy);
  ws_point_grid_unref (self->grid);
  g_free (self->marks);
  g_free (self->shares);
  g_free (self);
}

void
ws_small_chart_set_titles (WsSmallChart *self, const char *x_title, const char *y_title)
{
  g_free (self->x_title);
  g_free (self->y_title);
  self->x_title = g_markup_escape_text (x_title, -1);
  self->y_title = g_markup_escape_text (y_title, -1);
}

void
ws_small_chart_set_theme (WsSmallChart *self, WsChartTheme theme)
{
  self->theme = theme;
}

void
ws_small_chart_set_font (WsSmallChart *self, const char *family, double size)
{
  g_free (self->family);
  self->family = g_strdup (family);
  self->font_size = size;
}

void
ws_small_chart_set_resolution (WsSmallChart *self, double resolution)
{
  g_return_if_fail (resolution >= 0);
  self->resolution = resolution;
}

void
ws_small_chart_draw (WsSmallChart *self, cairo_t *cr, double width, double height)
{
  g_auto (WsCanvas) canvas = { 0 };
  g_auto (WsPlot) plot = { 0 };
  WsPlotPlan plan = { .user_data = self };

  ws_canvas_init (&canvas, cr, self->theme, self->family, self->font_size);
  ws_canvas_paint_ground (&canvas, width, height);
  self->has_axes = self->kind->set_plan (self, &canvas, &plan) &&
                   ws_plot_lay_out (&plot, &canvas, &plan, width, height);
  if (!self->has_axes)
    return;
  ws_plot_draw_grid (&plot, &canvas);
  ws_plot_draw_axes (&plot, &canvas, self->x_title, self->y_title);
  self->kind->draw (self, &canvas, &plot);
  self->x = plot.x;
  self->y = plot.y;
}

gsize
ws_small_chart_get_n_items (const WsSmallChart *self)
{
  return self->kind->get_n_items (self);
}

static gboolean
is_inside (const WsScale *scale, double position)
{
  double low = MIN (scale->from, scale->to), high = MAX (scale->from, scale->to);

  return position >= low - 0.5 && position <= high + 0.5;
}

gboolean
ws_small_chart_pick (const WsSmallChart *self, double x, double y, gsize *item)
{
  return self->has_axes && is_inside (&self->x, x) && is_inside (&self->y, y) &&
         self->kind->find (self, x, y, item);
}

void
ws_small_chart_draw_readout (WsSmallChart *self, cairo_t *cr, gsize item, double width,
                             double height)
{
  g_auto (WsCanvas) canvas = { 0 };
  g_autoptr (WsCard) card = NULL;
  double x, y;

  if (!self->has_axes || item >= ws_small_chart_get_n_items (self))
    return;
  self->kind->get_place (self, item, &x, &y);
  if (!isfinite (x) || !isfinite (y))
    return;
  ws_canvas_init (&canvas, cr, self->theme, self->family, self->font_size);
  ws_canvas_draw_dot (&canvas, 0, canvas.style.dot, ws_palette_get_series (0, canvas.style.dark), x,
                      y);
  card = self->kind->make_card (self, &canvas, item);
  ws_card_draw (card, &canvas, x, y, width, height);
}

gsize
ws_small_chart_get_mark (const WsSmallChart *self)
{
  return self->mark_rank;
}

char *
ws_small_chart_describe (const WsSmallChart *self)
{
  if (ws_small_chart_get_n_items (self) == 0)
    return g_strdup (_ ("Chart without data."));
  return self->kind->describe (self);
}

char *
ws_small_chart_dup_percent (double share)
{
  return isnan (share) ? ws_format_significant (NAN, 4)
                       : g_strdup_printf ("%.1f\u202f%%", share * 100);
}

static GArray *
choose_x_ticks (const WsScale *scale, const WsChartStyle *style, WsTickStyle tick_style)
{
  return ws_scale_choose_ticks (scale, 5 * style->font_size, tick_style);
}

GArray *
ws_small_chart_choose_x_counts (const WsScale *scale, const WsChartStyle *style,
                                gconstpointer user_data)
{
  return choose_x_ticks (scale, style, WS_TICKS_COUNT);
}

GArray *
ws_small_chart_choose_x_numbers (const WsScale *scale, const WsChartStyle *style,
                                 gconstpointer user_data)
{
  return choose_x_ticks (scale, style, WS_TICKS_NUMBER);
}

GArray *
ws_small_chart_choose_y_counts (const WsScale *scale, const WsChartStyle *style,
                                gconstpointer user_data)
{
  return ws_plot_choose_y_ticks (scale, style, WS_TICKS_COUNT);
}

GArray *
ws_small_chart_choose_y_numbers (const WsScale *scale, const WsChartStyle *style,
                                 gconstpointer user_data)
{
  return ws_plot_choose_y_ticks (scale, style, WS_TICKS_NUMBER);
}
