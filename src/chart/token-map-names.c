/* SPDX-License-Identifier: MIT */
/* The names of clusters in pills on the token map, and of the token that is marked. */
#include "chart/token-map-private.h"

#include <math.h>

/* Longer names are cut to this many widths of a letter or so. */
#define MAX_WIDTH 16.0
/* Names keep off so many highlighted points at most: more are a cloud like any other. */
#define MAX_KEPT_OFF 200
/* Of the dot that marks a token, in radii of the style's dot. */
#define MARK_RADIUS 1.4
/* Places that are tried around the centre of a cluster, in heights of a pill. */
static const double places[][2] = {
  { 0, 0 }, { 0, -1.15 }, { 0, 1.15 }, { 0, -2.3 }, { 0, 2.3 }, { -2, 0 }, { 2, 0 },
};
/* Places beside a marked token: which side of the pill is there, from -1 to 1. */
static const double sides[][2] = { { -1, 0 }, { 1, 0 }, { 0, 1 }, { 0, -1 } };

static PangoLayout *
make_text (const WsTokenMapDrawing *self, const char *name)
{
  g_autofree char *escaped = g_markup_escape_text (name, -1);
  const WsChartStyle *style = &self->canvas.style;
  /* Bold letters of 7 points would hide half of a column's map. */
  g_autofree char *markup =
      style->print ? g_strdup_printf ("<span size=\"%d\">%s</span>",
                                      (int) lround (0.86 * style->font_size * PANGO_SCALE), escaped)
                   : g_strdup_printf ("<span weight=\"600\">%s</span>", escaped);

  return ws_text_layout_ellipsised (&self->canvas.text, markup, MAX_WIDTH * style->font_size);
}

static void
measure_pill (const WsTokenMapDrawing *self, PangoLayout *text, WsBox *box)
{
  const WsChartStyle *style = &self->canvas.style;

  ws_text_get_size (text, &box->width, &box->height);
  box->width += (style->print ? 0.7 : 1.1) * style->font_size;
  box->height += (style->print ? 0.1 : 0.3) * style->font_size;
}

static gboolean
is_in_plot (const WsTokenMapDrawing *self, const WsBox *box)
{
  return box->x >= self->plot.left && box->x + box->width <= self->plot.right &&
         box->y >= self->plot.top && box->y + box->height <= self->plot.bottom;
}

static gboolean
is_free (const WsTokenMapDrawing *self, const WsBox *box)
{
  if (!is_in_plot (self, box))
    return FALSE;
  for (guint i = 0; i < self->taken->len; i++)
    if (ws_boxes_overlap (box, &g_array_index (self->taken, WsBox, i)))
      return FALSE;
  return TRUE;
}

/* In the drawing. FALSE: not in the plot. */
static gboolean
find_place (const WsTokenMapDrawing *self, double x, double y, WsPoint *place)
{
  place->x = ws_scale_map (&self->plot.x, x);
  place->y = ws_scale_map (&self->plot.y, y);
  return place->x >= self->plot.left && place->x <= self->plot.right &&
         place->y >= self->plot.top && place->y <= self->plot.bottom;
}

static gboolean
find_point (const WsTokenMapDrawing *self, gsize index, WsPoint *place)
{
  const float *xy = ws_token_map_peek_xy (self->map);

  return find_place (self, xy[2 * index], xy[2 * index + 1], place);
}

/* FALSE: the cluster is not in the plot, or others leave its name no room. */
static gboolean
place_name (const WsTokenMapDrawing *self, const WsTokenMapCluster *cluster, WsBox *box)
{
  WsPoint centre;

  if (!find_place (self, cluster->x, cluster->y, &centre))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      box->x = centre.x - box->width / 2 + places[i][0] * box->height;
      box->y = centre.y - box->height / 2 + places[i][1] * box->height;
      if (is_free (self, box))
        return TRUE;
    }
  return FALSE;
}

static void
draw_pill (WsTokenMapDrawing *self, PangoLayout *text, const WsBox *box, WsColor ink, double alpha)
{
  const WsColor ground = self->canvas.style.ground;
  cairo_t *cr = self->canvas.cr;

  cairo_set_source_rgba (cr, ground.r, ground.g, ground.b, alpha);
  ws_canvas_trace_rounded (&self->canvas, box, box->height / 2);
  cairo_fill (cr);
  ws_chart_set_color (cr, ink);
  ws_text_show (cr, text, box->x + box->width / 2, box->y + box->height / 2, 0.5, 0.5);
}

static void
draw_name (WsTokenMapDrawing *self, guint i)
{
  const WsTokenMap *map = self->map;
  const WsTokenMapCluster *cluster = &g_array_index (map->clusters, WsTokenMapCluster, i);
  const WsChartStyle *style = &self->canvas.style;
  gboolean recedes = map->highlighted_cluster >= 0 && map->highlighted_cluster != (int) i;
  g_autoptr (PangoLayout) text = make_text (self, cluster->name);
  WsBox box;

  measure_pill (self, text, &box);
  if (cluster->n == 0 || !place_name (self, cluster, &box))
    return;
  draw_pill (self, text, &box, recedes ? ws_color_mix (style->ground, style->ink, 0.5) : style->ink,
             style->print ? 0.7 : 0.82);
  g_array_append_val (self->taken, box);
}

static void
take_point (WsTokenMapDrawing *self, gsize index, double radius)
{
  WsPoint at;

  if (find_point (self, index, &at))
    {
      WsBox box = { at.x - radius, at.y - radius, 2 * radius, 2 * radius };

      g_array_append_val (self->taken, box);
    }
}

/* What was searched for or drawn round must be seen; the members of a cluster are its name's own.
 */
static void
take_highlight (WsTokenMapDrawing *self)
{
  const WsTokenMap *map = self->map;
  const guint8 *mask;

  if (map->highlight == NULL || map->highlighted_cluster >= 0 || map->n_highlighted > MAX_KEPT_OFF)
    return;
  mask = g_bytes_get_data (map->highlight, NULL);
  for (gsize i = 0; i < map->n; i++)
    if (mask[i])
      take_point (self, i, self->canvas.style.dot);
}

/* Beside the mark, at the first side that has room in the plot. */
static gboolean
place_mark (const WsTokenMapDrawing *self, double radius, WsPoint at, WsBox *box)
{
  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      box->x = at.x - box->width / 2 - sides[i][0] * (box->width / 2 + 1.5 * radius);
      box->y = at.y - box->height / 2 - sides[i][1] * (box->height / 2 + 1.5 * radius);
      if (is_in_plot (self, box))
        return TRUE;
    }
  return FALSE;
}

void
ws_token_map_draw_mark (WsTokenMapDrawing *self)
{
  const WsTokenMap *map = self->map;
  const WsChartStyle *style = &self->canvas.style;
  double radius = MARK_RADIUS * style->dot;
  WsPoint at;

  if (map->marked < 0 || map->marked >= (gint64) map->n ||
      !find_point (self, (gsize) map->marked, &at))
    return;
  take_point (self, (gsize) map->marked, 1.5 * radius);
  ws_canvas_draw_dot (
      &self->canvas, 0, radius,
      ws_palette_get_cluster ((guint) MAX (ws_token_map_get_cluster (map, (gsize) map->marked), 0),
                              style->dark),
      at.x, at.y);
  if (map->marked_name && self->plot.has_texts)
    {
      g_autoptr (PangoLayout) text = make_text (self, map->marked_name);
      WsBox box;

      measure_pill (self, text, &box);
      if (!place_mark (self, radius, at, &box))
        return;
      draw_pill (self, text, &box, style->ink, 0.95);
      g_array_append_val (self->taken, box);
    }
}

/* The highlighted cluster gets the best place, then the larger ones, which come first. */
void
ws_token_map_draw_names (WsTokenMapDrawing *self)
{
  const WsTokenMap *map = self->map;
  WsTokenMapColoring by;

  if (!self->plot.has_texts || !ws_token_map_get_effective_coloring (map, &by) ||
      by != WS_TOKEN_MAP_CLUSTER)
    return;
  take_highlight (self);
  if (map->highlighted_cluster >= 0)
    draw_name (self, (guint) map->highlighted_cluster);
  for (guint i = 0; i < map->clusters->len; i++)
    if ((int) i != map->highlighted_cluster)
      draw_name (self, i);
}
