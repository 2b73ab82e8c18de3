/* SPDX-License-Identifier: MIT */
/* From places in the drawing to points of the curves, and the read-out card. */
#include "chart/spectrum-chart-private.h"

#include "base/format.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Points this far to the left and right of the pointer come first: about a finger's width. */
#define REACH 16.0
static gboolean
is_inside (const WsScale *scale, double position)
{
  double low = MIN (scale->from, scale->to), high = MAX (scale->from, scale->to);

  return position >= low - 0.5 && position <= high + 0.5;
}

gboolean
ws_spectrum_chart_get_point (const WsSpectrumChart *self, guint curve, gsize index,
                             WsSpectrumPoint *point)
{
  const WsCurve *c = ws_spectrum_chart_peek_curve (self, curve);
  const double *values;
  double divisor;

  if (!self->has_axes || !c || c->n == 0)
    return FALSE;
  index = CLAMP (index, 1, c->n);
  values = ws_spectrum_chart_get_values (self, c, &divisor);
  *point = (WsSpectrumPoint){
    .curve = curve,
    .index = index,
    .x = ws_scale_map (&self->x, index),
    .y = ws_scale_map (&self->y, values[index - 1] / divisor),
    .sigma = c->sigma[index - 1],
    .normalised = c->max > 0 ? c->sigma[index - 1] / c->max : NAN,
    .energy = c->max > 0 ? c->energy[index - 1] : NAN,
  };
  return isfinite (point->x) && isfinite (point->y);
}

typedef struct
{
  double x, y;
  double reach;         /* to the left and right */
  double best_distance; /* squared */
  WsSpectrumPoint best;
} Search;

/* FALSE: too far to the side, as all that follow will be. */
static gboolean
try_index (const WsSpectrumChart *self, guint curve, gsize index, Search *search)
{
  double dx = ws_scale_map (&self->x, index) - search->x;
  WsSpectrumPoint point;
  double distance;

  if (fabs (dx) > search->reach || dx * dx > search->best_distance)
    return FALSE;
  if (!ws_spectrum_chart_get_point (self, curve, index, &point) || !is_inside (&self->x, point.x) ||
      !is_inside (&self->y, point.y))
    return TRUE;
  distance = dx * dx + (point.y - search->y) * (point.y - search->y);
  if (distance < search->best_distance)
    {
      search->best_distance = distance;
      search->best = point;
    }
  return TRUE;
}

/* Outwards from the index under the pointer: places only move away from it. */
static void
search_curve (const WsSpectrumChart *self, guint curve, Search *search)
{
  const WsCurve *c = ws_spectrum_chart_peek_curve (self, curve);
  double under;
  gsize start;

  if (!c->visible || c->n == 0)
    return;
  under = ws_scale_unmap (&self->x, search->x);
  start = (gsize) round (CLAMP (under, 1.0, (double) c->n));
  for (gsize i = start; i >= 1 && try_index (self, curve, i, search); i--)
    ;
  for (gsize i = start + 1; i <= c->n && try_index (self, curve, i, search); i++)
    ;
}

static gboolean
search_all (const WsSpectrumChart *self, Search *search)
{
  for (guint i = 0; i < self->curves->len; i++)
    search_curve (self, i, search);
  return isfinite (search->best_distance);
}

gboolean
ws_spectrum_chart_pick (const WsSpectrumChart *self, double x, double y, WsSpectrumPoint *point)
{
  Search search = { .x = x, .y = y, .reach = REACH, .best_distance = INFINITY };

  if (!self->has_axes || !is_inside (&self->x, x) || !is_inside (&self->y, y))
    return FALSE;
  if (!search_all (self, &search))
    {
      search.reach = INFINITY;
      if (!search_all (self, &search))
        return FALSE;
    }
  *point = search.best;
  return TRUE;
}

void
ws_spectrum_chart_get_plot (const WsSpectrumChart *self, double *x, double *y, double *width,
                            double *height)
{
  *x = self->has_axes ? self->x.from : 0;
  *y = self->has_axes ? self->y.to : 0;
  *width = self->has_axes ? self->x.to - self->x.from : 0;
  *height = self->has_axes ? self->y.from - self->y.to : 0;
}

/* The read-out card: rows of a muted key and a value under the name of the curve. */
typedef struct
{
  PangoLayout *name;
  PangoLayout *keys[4], *values[4];
  double width, height, row, padding, swatch;
} Card;

static PangoLayout *
take_layout (const WsText *text, char *markup)
{
  PangoLayout *layout = ws_text_layout (text, markup);

  g_free (markup);
  return layout;
}

static void
set_row (Card *card, guint i, const WsText *text, char *key, char *value)
{
  card->keys[i] = take_layout (text, key);
  card->values[i] = take_layout (text, value);
}

static void
fill_card (const WsSpectrumChart *self, const WsText *text, const WsSpectrumPoint *point,
           Card *card)
{
  g_autofree char *name =
      g_markup_escape_text (ws_spectrum_chart_get_label (self, point->curve), -1);
  g_autofree char *index = ws_format_count (point->index);
  g_autofree char *n = ws_format_count (ws_spectrum_chart_get_n_values (self, point->curve));
  g_autofree char *title = g_strdup_printf ("<span weight=\"600\">%s</span>", name);
  g_autofree char *first = ws_text_subscript (text, "σ", "1");
  g_autofree char *energy = isnan (point->energy)
                                ? ws_format_significant (NAN, 4)
                                : g_strdup_printf ("%.1f\u202f%%", point->energy * 100);

  card->name = ws_text_layout_ellipsised (text, title, 22 * text->size);
  set_row (card, 0, text, g_strdup ("<i>i</i>"),
           /* Translators: the 17th of 2560 values */
           g_strdup_printf (_ ("%s of %s"), index, n));
  set_row (card, 1, text, g_strdup ("<i>σ</i>"), ws_format_significant (point->sigma, 4));
  set_row (card, 2, text, g_strdup_printf ("<i>σ</i> / %s", first),
           ws_format_significant (point->normalised, 4));
  set_row (card, 3, text, g_strdup (_ ("energy up to <i>i</i>")), g_steal_pointer (&energy));
}

static void
measure_card (Card *card, const WsText *text)
{
  double name_width;

  card->padding = 0.9 * text->size;
  card->row = 1.55 * text->size;
  card->swatch = 0.9 * text->size;
  ws_text_get_size (card->name, &name_width, NULL);
  card->width = name_width + 1.5 * card->swatch;
  for (guint i = 0; i < G_N_ELEMENTS (card->keys); i++)
    {
      double key, value;

      ws_text_get_size (card->keys[i], &key, NULL);
      ws_text_get_size (card->values[i], &value, NULL);
      card->width = MAX (card->width, key + value + 2 * text->size);
    }
  card->width += 2 * card->padding;
  card->height = 2 * card->padding + (G_N_ELEMENTS (card->keys) + 1) * card->row;
}

static void
card_clear (Card *card)
{
  g_clear_object (&card->name);
  for (guint i = 0; i < G_N_ELEMENTS (card->keys); i++)
    {
      g_clear_object (&card->keys[i]);
      g_clear_object (&card->values[i]);
    }
}

static void
trace_rounded (cairo_t *cr, double x, double y, double width, double height, double radius)
{
  cairo_new_path (cr);
  cairo_arc (cr, x + width - radius, y + radius, radius, -G_PI_2, 0);
  cairo_arc (cr, x + width - radius, y + height - radius, radius, 0, G_PI_2);
  cairo_arc (cr, x + radius, y + height - radius, radius, G_PI_2, G_PI);
  cairo_arc (cr, x + radius, y + radius, radius, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
}

static void
draw_card_ground (cairo_t *cr, const WsChartStyle *style, const WsBox *box)
{
  double radius = 0.6 * style->font_size;

  for (int i = 3; i >= 1; i--)
    {
      cairo_set_source_rgba (cr, 0, 0, 0, 0.05);
      trace_rounded (cr, box->x - i, box->y - i + 1.5, box->width + 2 * i, box->height + 2 * i,
                     radius + i);
      cairo_fill (cr);
    }
  ws_chart_set_color (cr,
                      style->dark ? ws_color_mix (style->ground, style->ink, 0.09) : style->ground);
  trace_rounded (cr, box->x, box->y, box->width, box->height, radius);
  cairo_fill_preserve (cr);
  ws_chart_set_color (cr, ws_color_mix (style->ground, style->ink, 0.18));
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
}

static void
draw_card (cairo_t *cr, const WsChartStyle *style, const Card *card, WsColor color,
           const WsBox *box)
{
  double left = box->x + card->padding, right = box->x + box->width - card->padding;
  double y = box->y + card->padding + card->row / 2;

  draw_card_ground (cr, style, box);
  ws_chart_set_color (cr, color);
  trace_rounded (cr, left, y - card->swatch / 2, card->swatch, card->swatch, 2);
  cairo_fill (cr);
  ws_chart_set_color (cr, style->ink);
  ws_text_show (cr, card->name, left + 1.5 * card->swatch, y, 0, 0.5);
  for (guint i = 0; i < G_N_ELEMENTS (card->keys); i++)
    {
      y += card->row;
      ws_chart_set_color (cr, style->muted);
      ws_text_show (cr, card->keys[i], left, y, 0, 0.5);
      ws_chart_set_color (cr, style->ink);
      ws_text_show (cr, card->values[i], right, y, 1, 0.5);
    }
}

/* Beside the point, on the side that has room; never off the drawing if it fits at all. */
static WsBox
place_card (const Card *card, const WsSpectrumPoint *point, double distance, double width,
            double height)
{
  WsBox box = { point->x + distance, point->y + distance, card->width, card->height };

  if (box.x + box.width > width - 2)
    box.x = point->x - distance - box.width;
  if (box.y + box.height > height - 2)
    box.y = point->y - distance - box.height;
  box.x = MAX (MIN (box.x, width - 2 - box.width), 2);
  box.y = MAX (MIN (box.y, height - 2 - box.height), 2);
  box.x = floor (box.x) + 0.5;
  box.y = floor (box.y) + 0.5;
  return box;
}

static void
draw_dot (const WsSpectrumChart *self, cairo_t *cr, const WsChartStyle *style, guint curve,
          gsize index, double growth)
{
  WsChartStyle dot_style = *style;
  WsSpectrumPoint point;

  if (!ws_spectrum_chart_get_visible (self, curve) ||
      index > ws_spectrum_chart_get_n_values (self, curve) ||
      !ws_spectrum_chart_get_point (self, curve, index, &point) || !is_inside (&self->y, point.y))
    return;
  dot_style.dot *= growth;
  ws_chart_draw_mark (cr, &dot_style, 0, ws_spectrum_chart_peek_color (self, curve), point.x,
                      point.y);
}

/* The point's own dot is the last, on top, and larger. */
static void
draw_cross_hair (const WsSpectrumChart *self, cairo_t *cr, const WsChartStyle *style,
                 const WsSpectrumPoint *point)
{
  double x = floor (point->x) + 0.5;

  ws_chart_set_color (cr, ws_color_mix (style->ground, style->ink, 0.5));
  cairo_set_line_width (cr, style->rule_width);
  cairo_move_to (cr, x, self->y.to);
  cairo_line_to (cr, x, self->y.from);
  cairo_stroke (cr);
  for (guint i = 0; i < self->curves->len; i++)
    if (i != point->curve && !ws_spectrum_chart_has_color_scale (self))
      draw_dot (self, cr, style, i, point->index, 1);
  draw_dot (self, cr, style, point->curve, point->index, 1.3);
}

void
ws_spectrum_chart_draw_readout (WsSpectrumChart *self, cairo_t *cr, const WsSpectrumPoint *point,
                                double width, double height)
{
  WsChartStyle style;
  g_auto (WsText) text = { 0 };
  Card card = { 0 };
  WsSpectrumPoint current;
  WsBox box;

  /* The point may be older than the axes. */
  if (!ws_spectrum_chart_get_point (self, point->curve, point->index, &current))
    return;
  cairo_save (cr);
  ws_chart_style_init (&style, self->theme, self->font_size);
  ws_text_init (&text, cr, self->family ? self->family : style.family, style.font_size, FALSE);
  draw_cross_hair (self, cr, &style, &current);
  fill_card (self, &text, &current, &card);
  measure_card (&card, &text);
  box = place_card (&card, &current, 1.3 * style.font_size, width, height);
  draw_card (cr, &style, &card, ws_spectrum_chart_peek_color (self, point->curve), &box);
  card_clear (&card);
  cairo_restore (cr);
}
