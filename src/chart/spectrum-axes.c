/* SPDX-License-Identifier: MIT */
/* Grid, rules, ticks, titles and the colour bar of the spectrum chart. */
#include "chart/spectrum-chart-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static void
show (WsChartDrawing *self, const char *markup, double x, double y, double align_x, double align_y)
{
  g_autoptr (PangoLayout) layout = ws_text_layout (&self->text, markup);

  ws_text_show (self->cr, layout, x, y, align_x, align_y);
}

static void
stroke_line (cairo_t *cr, double x0, double y0, double x1, double y1)
{
  cairo_move_to (cr, x0, y0);
  cairo_line_to (cr, x1, y1);
  cairo_stroke (cr);
}

/* On screen, a line of one pixel must lie in the middle of it. */
static double
snap (const WsChartDrawing *self, double position)
{
  return self->style.print ? position : floor (position) + 0.5;
}

void
ws_chart_draw_grid (WsChartDrawing *self)
{
  const WsChartLayout *layout = &self->layout;

  if (self->style.print || !layout->has_texts)
    return;
  ws_chart_set_color (self->cr, self->style.grid);
  cairo_set_line_width (self->cr, self->style.rule_width);
  for (guint i = 0; i < layout->y_ticks->len; i++)
    {
      const WsTick *tick = &g_array_index (layout->y_ticks, WsTick, i);
      double y = snap (self, tick->position);

      if (tick->text[0] != '\0' && y < layout->bottom)
        stroke_line (self->cr, layout->left, y, layout->right, y);
    }
}

static void
draw_rules (WsChartDrawing *self)
{
  const WsChartLayout *layout = &self->layout;

  cairo_move_to (self->cr, layout->left, layout->top);
  cairo_line_to (self->cr, layout->left, layout->bottom);
  cairo_line_to (self->cr, layout->right, layout->bottom);
  cairo_stroke (self->cr);
}

static void
draw_x_ticks (WsChartDrawing *self)
{
  const WsChartStyle *style = &self->style;
  const WsChartLayout *layout = &self->layout;

  for (guint i = 0; i < layout->x_ticks->len; i++)
    {
      const WsTick *tick = &g_array_index (layout->x_ticks, WsTick, i);
      double length = tick->text[0] != '\0' ? style->tick : style->minor_tick;
      double x = snap (self, tick->position);

      ws_chart_set_color (self->cr, style->rule);
      stroke_line (self->cr, x, layout->bottom, x, layout->bottom + length);
      ws_chart_set_color (self->cr, style->muted);
      show (self, tick->text, tick->position, layout->bottom + style->tick + style->tick_pad / 2,
            0.5, 0);
    }
}

static void
draw_y_ticks (WsChartDrawing *self)
{
  const WsChartStyle *style = &self->style;
  const WsChartLayout *layout = &self->layout;

  for (guint i = 0; i < layout->y_ticks->len; i++)
    {
      const WsTick *tick = &g_array_index (layout->y_ticks, WsTick, i);
      double length = tick->text[0] != '\0' ? style->tick : style->minor_tick;
      double y = snap (self, tick->position);

      ws_chart_set_color (self->cr, style->rule);
      stroke_line (self->cr, layout->left - length, y, layout->left, y);
      ws_chart_set_color (self->cr, style->muted);
      show (self, tick->text, layout->left - style->tick - style->tick_pad, tick->position, 1, 0.5);
    }
}

/* The symbol of the quantity as markup. */
static char *
dup_symbol (const WsChartDrawing *self)
{
  g_autofree char *sigma = ws_text_subscript (&self->text, "σ", "<i>i</i>");
  g_autofree char *first = NULL;

  if (self->chart->quantity == WS_SPECTRUM_ENERGY)
    return g_strdup ("<i>i</i>");
  if (self->chart->quantity == WS_SPECTRUM_SIGMA)
    return g_steal_pointer (&sigma);
  first = ws_text_subscript (&self->text, "σ", "1");
  return g_strdup_printf ("%s / %s", sigma, first);
}

/* Axis titles are Pango markup, in the translations too. */
static char *
dup_y_title (const WsChartDrawing *self)
{
  g_autofree char *symbol = dup_symbol (self);
  gboolean print = self->style.print;

  switch (self->chart->quantity)
    {
    case WS_SPECTRUM_NORMALISED:
      /* Translators: titles of axes; the small form on screen, the capital one in papers.
       * %s is a symbol */
      return g_strdup_printf (
          print ? _ ("Normalised singular value %s") : _ ("normalised singular value %s"), symbol);
    case WS_SPECTRUM_ENERGY:
      return g_strdup_printf (print ? _ ("Energy in the first %s values")
                                    : _ ("energy in the first %s values"),
                              symbol);
    default:
      return g_strdup_printf (print ? _ ("Singular value %s") : _ ("singular value %s"), symbol);
    }
}

/* On screen an axis says that it is logarithmic; in a paper its ticks do. */
static char *
dup_title (const WsChartDrawing *self, char *title, gboolean log)
{
  g_autofree char *plain = title;

  if (self->style.print || !log)
    return g_steal_pointer (&plain);
  /* Translators: %s is the title of an axis that is logarithmic */
  return g_strdup_printf (_ ("%s, log"), plain);
}

static void
draw_y_title (WsChartDrawing *self, const char *title)
{
  const WsChartLayout *layout = &self->layout;
  double height = layout->bottom - layout->top;
  g_autoptr (PangoLayout) text = NULL;

  if (!self->style.print)
    {
      text = ws_text_layout_ellipsised (&self->text, title, layout->right - self->style.margin);
      ws_text_show (self->cr, text, self->style.margin + self->style.font_size,
                    layout->top - self->style.gap * 0.7, 0, 1);
      return;
    }
  text = ws_text_layout_ellipsised (&self->text, title, height);
  cairo_save (self->cr);
  cairo_translate (self->cr, self->style.margin, (layout->top + layout->bottom) / 2);
  cairo_rotate (self->cr, -G_PI_2);
  ws_text_show (self->cr, text, 0, 0, 0.5, 0);
  cairo_restore (self->cr);
}

static void
draw_x_title (WsChartDrawing *self, const char *title)
{
  const WsChartLayout *layout = &self->layout;
  double y = layout->height - self->style.margin / 2;

  if (self->style.print)
    show (self, title, (layout->left + layout->right) / 2, y, 0.5, 1);
  else
    show (self, title, layout->right, y, 1, 1);
}

static void
draw_titles (WsChartDrawing *self)
{
  const WsSpectrumChart *chart = self->chart;
  g_autofree char *index =
      g_strdup_printf (self->style.print ? _ ("Index %s") : _ ("index %s"), "<i>i</i>");
  g_autofree char *y_title = dup_title (self, dup_y_title (self), chart->log_y);
  g_autofree char *x_title = dup_title (self, g_steal_pointer (&index), chart->log_x);

  ws_chart_set_color (self->cr, self->style.muted);
  draw_y_title (self, y_title);
  draw_x_title (self, x_title);
}

void
ws_chart_draw_axes (WsChartDrawing *self)
{
  cairo_set_line_width (self->cr, self->style.rule_width);
  ws_chart_set_color (self->cr, self->style.rule);
  draw_rules (self);
  if (!self->layout.has_texts)
    return;
  draw_x_ticks (self);
  draw_y_ticks (self);
  draw_titles (self);
}

/* What the colours stand for: layers, or the order of the lines. */
static WsScale
get_bar_scale (const WsSpectrumChart *chart, gboolean *by_layer)
{
  int first, last;

  *by_layer = ws_spectrum_chart_get_layers (chart, &first, &last);
  if (*by_layer)
    return (WsScale){ .min = first, .max = last };
  return (WsScale){ .min = 1, .max = MAX (chart->curves->len, 2) };
}

static const char *
get_bar_title (gboolean by_layer)
{
  return by_layer ? _ ("Layer") : _ ("Line");
}

static double
get_bar_thickness (const WsChartStyle *style)
{
  return style->font_size * (style->print ? 0.8 : 1);
}

double
ws_chart_get_color_bar_width (const WsChartDrawing *self)
{
  gboolean by_layer;
  double title_width, label_width;
  WsScale scale = get_bar_scale (self->chart, &by_layer);
  g_autofree char *last = g_strdup_printf ("%.0f", scale.max);
  g_autoptr (PangoLayout) title = ws_text_layout (&self->text, get_bar_title (by_layer));
  g_autoptr (PangoLayout) label = ws_text_layout (&self->text, last);
  const WsChartStyle *style = &self->style;

  ws_text_get_size (title, &title_width, NULL);
  ws_text_get_size (label, &label_width, NULL);
  return 2 * style->gap + style->margin +
         MAX (title_width, get_bar_thickness (style) + style->tick + style->tick_pad + label_width);
}

static void
fill_bar (WsChartDrawing *self, double x, double y, double width, double height)
{
  cairo_pattern_t *gradient = cairo_pattern_create_linear (0, y + height, 0, y);

  for (int i = 0; i <= 20; i++)
    {
      WsColor color = ws_palette_get_sequential (i / 20.0, self->style.dark);

      cairo_pattern_add_color_stop_rgb (gradient, i / 20.0, color.r, color.g, color.b);
    }
  cairo_rectangle (self->cr, x, y, width, height);
  cairo_set_source (self->cr, gradient);
  cairo_fill (self->cr);
  cairo_pattern_destroy (gradient);
}

static void
draw_bar_ticks (WsChartDrawing *self, const WsScale *scale, double x)
{
  const WsChartStyle *style = &self->style;
  double gap = style->font_size * 1.7;
  g_autoptr (GArray) ticks = ws_scale_choose_ticks (scale, 2 * gap, WS_TICKS_COUNT);

  for (guint i = 0; i < ticks->len + 2; i++)
    {
      gboolean is_end = i >= ticks->len;
      double value = !is_end ? g_array_index (ticks, WsTick, i).value
                             : (i == ticks->len ? scale->min : scale->max);
      double y = ws_scale_map (scale, value);
      g_autofree char *text = g_strdup_printf ("%.0f", value);

      /* The ends have texts of their own. */
      if (!is_end && (fabs (y - scale->from) < gap || fabs (y - scale->to) < gap ||
                      g_array_index (ticks, WsTick, i).text[0] == '\0'))
        continue;
      ws_chart_set_color (self->cr, style->rule);
      stroke_line (self->cr, x, snap (self, y), x + style->tick, snap (self, y));
      ws_chart_set_color (self->cr, style->muted);
      show (self, text, x + style->tick + style->tick_pad / 2, y, 0, 0.5);
    }
}

void
ws_chart_draw_color_bar (WsChartDrawing *self)
{
  const WsChartStyle *style = &self->style;
  const WsChartLayout *layout = &self->layout;
  double x = snap (self, layout->right + 2 * style->gap) - (style->print ? 0 : 0.5);
  double thickness = get_bar_thickness (style);
  double top = layout->top + 1.3 * style->font_size;
  double height = (layout->bottom - top) * (style->print ? 0.7 : 0.8);
  gboolean by_layer;
  WsScale scale = get_bar_scale (self->chart, &by_layer);

  if (!layout->has_texts || !ws_spectrum_chart_has_color_scale (self->chart))
    return;
  scale.from = top + height;
  scale.to = top;
  fill_bar (self, x, top, thickness, height);
  cairo_set_line_width (self->cr, style->rule_width);
  draw_bar_ticks (self, &scale, x + thickness);
  ws_chart_set_color (self->cr, style->muted);
  show (self, get_bar_title (by_layer), x, top - 0.45 * style->font_size, 0, 1);
}
