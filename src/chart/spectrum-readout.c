/* SPDX-License-Identifier: MIT */
/* From places in the drawing to points of the curves, and the read-out card. */
#include "chart/spectrum-chart-private.h"

#include "base/format.h"
#include "chart/card.h"

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

static WsCard *
make_card (const WsSpectrumChart *self, const WsCanvas *canvas, const WsSpectrumPoint *point)
{
  WsColor color = ws_spectrum_chart_peek_color (self, point->curve);
  g_autofree char *name =
      g_markup_escape_text (ws_spectrum_chart_get_label (self, point->curve), -1);
  g_autofree char *index = ws_format_count (point->index);
  g_autofree char *n = ws_format_count (ws_spectrum_chart_get_n_values (self, point->curve));
  g_autofree char *first = ws_text_subscript (&canvas->text, "σ", "1");
  WsCard *card = ws_card_new (canvas, name, &color);

  ws_card_take_row (card, canvas, g_strdup ("<i>i</i>"),
                    /* Translators: the 17th of 2560 values */
                    g_strdup_printf (_ ("%s of %s"), index, n));
  ws_card_take_row (card, canvas, g_strdup ("<i>σ</i>"), ws_format_significant (point->sigma, 4));
  ws_card_take_row (card, canvas, g_strdup_printf ("<i>σ</i> / %s", first),
                    ws_format_significant (point->normalised, 4));
  ws_card_take_row (card, canvas, g_strdup (_ ("energy up to <i>i</i>")),
                    isnan (point->energy) ? ws_format_significant (NAN, 4)
                                          : g_strdup_printf ("%.1f\u202f%%", point->energy * 100));
  return card;
}

static void
draw_dot (const WsSpectrumChart *self, WsCanvas *canvas, guint curve, gsize index, double growth)
{
  WsSpectrumPoint point;

  if (!ws_spectrum_chart_get_visible (self, curve) ||
      index > ws_spectrum_chart_get_n_values (self, curve) ||
      !ws_spectrum_chart_get_point (self, curve, index, &point) || !is_inside (&self->y, point.y))
    return;
  ws_canvas_draw_dot (canvas, 0, canvas->style.dot * growth,
                      ws_spectrum_chart_peek_color (self, curve), point.x, point.y);
}

/* The point's own dot is the last, on top, and larger. */
static void
draw_cross_hair (const WsSpectrumChart *self, WsCanvas *canvas, const WsSpectrumPoint *point)
{
  ws_canvas_draw_cross_hair (canvas, point->x, self->y.to, self->y.from);
  for (guint i = 0; i < self->curves->len; i++)
    if (i != point->curve && !ws_spectrum_chart_has_color_scale (self))
      draw_dot (self, canvas, i, point->index, 1);
  draw_dot (self, canvas, point->curve, point->index, 1.3);
}

void
ws_spectrum_chart_draw_readout (WsSpectrumChart *self, cairo_t *cr, const WsSpectrumPoint *point,
                                double width, double height)
{
  g_auto (WsCanvas) canvas = { 0 };
  g_autoptr (WsCard) card = NULL;
  WsSpectrumPoint current;

  /* The point may be older than the axes. */
  if (!ws_spectrum_chart_get_point (self, point->curve, point->index, &current))
    return;
  ws_canvas_init (&canvas, cr, self->theme, self->family, self->font_size);
  draw_cross_hair (self, &canvas, &current);
  card = make_card (self, &canvas, &current);
  ws_card_draw (card, &canvas, current.x, current.y, width, height);
}
