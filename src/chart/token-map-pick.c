/* SPDX-License-Identifier: MIT */
/* From places in the drawing of the token map to its points, and the read-out card. */
#include "chart/card.h"
#include "chart/token-map-private.h"

#include "base/format.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* About a finger's width. */
#define REACH 16.0
/* A step of an arrow key goes at least this far, and not further aside than ahead. */
#define MIN_STEP 3.0

static gboolean
is_inside (const WsScale *scale, double position)
{
  double low = MIN (scale->from, scale->to), high = MAX (scale->from, scale->to);

  return position >= low - 0.5 && position <= high + 0.5;
}

static const guint8 *
peek_mask (const WsTokenMap *self)
{
  return self->highlight ? g_bytes_get_data (self->highlight, NULL) : NULL;
}

gboolean
ws_token_map_get_point (const WsTokenMap *self, guint32 index, WsTokenMapPoint *point)
{
  const float *xy = ws_token_map_peek_xy (self);

  if (!self->has_axes || index >= self->n || !isfinite (xy[2 * (gsize) index]) ||
      !isfinite (xy[2 * (gsize) index + 1]))
    return FALSE;
  *point = (WsTokenMapPoint){ .index = index,
                              .id = ws_token_map_get_id (self, index),
                              .cluster = ws_token_map_get_cluster (self, index),
                              .norm = ws_token_map_get_norm (self, index),
                              .x = ws_scale_map (&self->x, xy[2 * (gsize) index]),
                              .y = ws_scale_map (&self->y, xy[2 * (gsize) index + 1]) };
  return TRUE;
}

gboolean
ws_token_map_pick (const WsTokenMap *self, double x, double y, WsTokenMapPoint *point)
{
  guint32 index;
  double unit;

  if (!self->has_axes || !is_inside (&self->x, x) || !is_inside (&self->y, y))
    return FALSE;
  unit = (self->x.max - self->x.min) / (self->x.to - self->x.from);
  return ws_point_grid_find_nearest (self->grid, ws_scale_unmap (&self->x, x),
                                     ws_scale_unmap (&self->y, y), REACH * unit, peek_mask (self),
                                     &index) &&
         ws_token_map_get_point (self, index, point);
}

gboolean
ws_token_map_step (const WsTokenMap *self, guint32 index, double dx, double dy,
                   WsTokenMapPoint *point)
{
  const guint8 *mask = peek_mask (self);
  double length = hypot (dx, dy), best = INFINITY;
  WsTokenMapPoint from, to;

  if (!(length > 0) || !isfinite (length) || !ws_token_map_get_point (self, index, &from))
    return FALSE;
  for (guint32 i = 0; i < self->n; i++)
    {
      double ahead, aside;

      if (i == index || (mask && !mask[i]) || !ws_token_map_get_point (self, i, &to) ||
          !is_inside (&self->x, to.x) || !is_inside (&self->y, to.y))
        continue;
      ahead = ((to.x - from.x) * dx + (to.y - from.y) * dy) / length;
      aside = fabs ((to.y - from.y) * dx - (to.x - from.x) * dy) / length;
      if (ahead < MIN_STEP || aside > ahead || hypot (ahead, aside) >= best)
        continue;
      best = hypot (ahead, aside);
      *point = to;
    }
  return isfinite (best);
}

GArray *
ws_token_map_find_inside (const WsTokenMap *self, const double *polygon, gsize n)
{
  g_autofree double *corners = g_new (double, 2 * n + 1);

  if (!self->has_axes)
    return g_array_new (FALSE, FALSE, sizeof (guint32));
  for (gsize i = 0; i < n; i++)
    {
      corners[2 * i] = ws_scale_unmap (&self->x, polygon[2 * i]);
      corners[2 * i + 1] = ws_scale_unmap (&self->y, polygon[2 * i + 1]);
    }
  return ws_point_grid_find_inside (self->grid, corners, n);
}

static WsColor
get_color (const WsTokenMap *self, const WsTokenMapPoint *point, gboolean dark)
{
  return ws_palette_get_cluster (MAX (point->cluster, 0), dark);
}

static WsCard *
make_card (const WsTokenMap *self, const WsCanvas *canvas, const WsTokenMapPoint *point,
           const WsReadoutRow *rows, guint n_rows)
{
  WsColor color = get_color (self, point, canvas->style.dark);
  const char *cluster = point->cluster >= 0
                            ? g_array_index (self->clusters, WsTokenMapCluster, point->cluster).name
                            : _ ("token");
  g_autofree char *name = g_markup_escape_text (cluster, -1);
  WsCard *card = ws_card_new (canvas, name, &color);

  for (guint i = 0; i < n_rows; i++)
    {
      g_autofree char *value = ws_format_name (rows[i].value);

      ws_card_take_row (card, canvas, g_markup_escape_text (rows[i].key, -1),
                        g_markup_escape_text (value, -1));
    }
  /* not a count: no spaces between thousands, as in the lists */
  ws_card_take_row (card, canvas, g_strdup (_ ("id")), g_strdup_printf ("%u", point->id));
  if (self->norms)
    ws_card_take_row (card, canvas, g_strdup (_ ("norm")), ws_format_significant (point->norm, 4));
  return card;
}

void
ws_token_map_draw_readout (WsTokenMap *self, cairo_t *cr, guint32 index, const WsReadoutRow *rows,
                           guint n_rows, double width, double height)
{
  g_auto (WsCanvas) canvas = { 0 };
  g_autoptr (WsCard) card = NULL;
  WsTokenMapPoint point;

  if (!ws_token_map_get_point (self, index, &point) || !is_inside (&self->x, point.x) ||
      !is_inside (&self->y, point.y))
    return;
  ws_canvas_init (&canvas, cr, self->theme, self->family, self->font_size);
  ws_canvas_draw_dot (&canvas, 0, canvas.style.dot * 1.4,
                      get_color (self, &point, canvas.style.dark), point.x, point.y);
  card = make_card (self, &canvas, &point, rows, n_rows);
  ws_card_draw (card, &canvas, point.x, point.y, width, height);
}

void
ws_token_map_draw_lasso (WsTokenMap *self, cairo_t *cr, const double *polygon, gsize n)
{
  g_auto (WsCanvas) canvas = { 0 };
  WsColor color;

  if (n < 2)
    return;
  ws_canvas_init (&canvas, cr, self->theme, self->family, self->font_size);
  color = ws_palette_get_series (0, canvas.style.dark);
  for (gsize i = 0; i < n; i++)
    cairo_line_to (cr, polygon[2 * i], polygon[2 * i + 1]);
  cairo_close_path (cr);
  cairo_set_source_rgba (cr, color.r, color.g, color.b, 0.12);
  cairo_fill_preserve (cr);
  ws_chart_set_color (cr, color);
  cairo_set_line_width (cr, canvas.style.line);
  cairo_stroke (cr);
}

static void
append_clusters (GString *text, const WsTokenMap *self)
{
  for (guint i = 0; i < MIN (self->clusters->len, WS_PALETTE_SERIES); i++)
    {
      const WsTokenMapCluster *cluster = &g_array_index (self->clusters, WsTokenMapCluster, i);

      g_string_append (text, i > 0 ? "; " : " ");
      /* Translators: a cluster and its share of the tokens */
      g_string_append_printf (text, _ ("%s %.1f percent"), cluster->name,
                              100.0 * cluster->n / MAX (self->n, 1));
    }
  g_string_append_c (text, '.');
}

char *
ws_token_map_describe (const WsTokenMap *self)
{
  g_autofree char *n = ws_format_count (self->n);
  GString *text;

  if (self->n == 0)
    return g_strdup (_ ("Map without data."));
  text = g_string_new (NULL);
  g_string_append_printf (text, ngettext ("Map of %s token.", "Map of %s tokens.", self->n), n);
  if (self->labels)
    {
      guint k = self->clusters->len;

      g_string_append_c (text, ' ');
      g_string_append_printf (text, ngettext ("%u cluster:", "%u clusters:", k), k);
      append_clusters (text, self);
    }
  if (self->highlight)
    {
      g_autofree char *count = ws_format_count (self->n_highlighted);

      g_string_append_c (text, ' ');
      g_string_append_printf (
          text,
          ngettext ("%s token is highlighted.", "%s tokens are highlighted.", self->n_highlighted),
          count);
    }
  return g_string_free (text, FALSE);
}
