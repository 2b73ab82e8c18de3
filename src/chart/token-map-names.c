/* SPDX-License-Identifier: MIT */
/* The names of clusters in pills on the token map. */
#include "chart/token-map-private.h"

#include <math.h>

/* Longer names are cut to this many widths of a letter or so. */
#define MAX_WIDTH 16.0
/* Places that are tried around the centre of a cluster, in heights of a pill. */
static const double places[][2] = {
  { 0, 0 }, { 0, -1.15 }, { 0, 1.15 }, { 0, -2.3 }, { 0, 2.3 }, { -2, 0 }, { 2, 0 },
};

static PangoLayout *
make_text (const WsTokenMapDrawing *self, const WsTokenMapCluster *cluster)
{
  g_autofree char *escaped = g_markup_escape_text (cluster->name, -1);
  const WsChartStyle *style = &self->canvas.style;
  /* Bold letters of 7 points would hide half of a column's map. */
  g_autofree char *markup =
      style->print ? g_strdup_printf ("<span size=\"%d\">%s</span>",
                                      (int) lround (0.86 * style->font_size * PANGO_SCALE), escaped)
                   : g_strdup_printf ("<span weight=\"600\">%s</span>", escaped);

  return ws_text_layout_ellipsised (&self->canvas.text, markup, MAX_WIDTH * style->font_size);
}

static gboolean
is_free (const WsTokenMapDrawing *self, GArray *taken, const WsBox *box)
{
  if (box->x < self->plot.left || box->x + box->width > self->plot.right ||
      box->y < self->plot.top || box->y + box->height > self->plot.bottom)
    return FALSE;
  for (guint i = 0; i < taken->len; i++)
    if (ws_boxes_overlap (box, &g_array_index (taken, WsBox, i)))
      return FALSE;
  return TRUE;
}

/* FALSE: the cluster is not in the plot, or others leave its name no room. */
static gboolean
place (const WsTokenMapDrawing *self, GArray *taken, const WsTokenMapCluster *cluster, WsBox *box)
{
  double x = ws_scale_map (&self->plot.x, cluster->x), y = ws_scale_map (&self->plot.y, cluster->y);

  if (!(x >= self->plot.left && x <= self->plot.right && y >= self->plot.top &&
        y <= self->plot.bottom))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      box->x = x - box->width / 2 + places[i][0] * box->height;
      box->y = y - box->height / 2 + places[i][1] * box->height;
      if (is_free (self, taken, box))
        return TRUE;
    }
  return FALSE;
}

static void
draw_pill (WsTokenMapDrawing *self, PangoLayout *text, const WsBox *box, WsColor ink)
{
  const WsColor ground = self->canvas.style.ground;
  cairo_t *cr = self->canvas.cr;

  cairo_set_source_rgba (cr, ground.r, ground.g, ground.b, self->canvas.style.print ? 0.7 : 0.82);
  ws_canvas_trace_rounded (&self->canvas, box, box->height / 2);
  cairo_fill (cr);
  ws_chart_set_color (cr, ink);
  ws_text_show (cr, text, box->x + box->width / 2, box->y + box->height / 2, 0.5, 0.5);
}

static void
draw_name (WsTokenMapDrawing *self, GArray *taken, guint i)
{
  const WsTokenMap *map = self->map;
  const WsTokenMapCluster *cluster = &g_array_index (map->clusters, WsTokenMapCluster, i);
  const WsChartStyle *style = &self->canvas.style;
  gboolean recedes = map->highlighted_cluster >= 0 && map->highlighted_cluster != (int) i;
  g_autoptr (PangoLayout) text = make_text (self, cluster);
  WsBox box;

  ws_text_get_size (text, &box.width, &box.height);
  box.width += (style->print ? 0.7 : 1.1) * style->font_size;
  box.height += (style->print ? 0.1 : 0.3) * style->font_size;
  if (cluster->n == 0 || !place (self, taken, cluster, &box))
    return;
  draw_pill (self, text, &box,
             recedes ? ws_color_mix (style->ground, style->ink, 0.5) : style->ink);
  g_array_append_val (taken, box);
}

/* The highlighted cluster gets the best place, then the larger ones, which come first. */
void
ws_token_map_draw_names (WsTokenMapDrawing *self)
{
  const WsTokenMap *map = self->map;
  g_autoptr (GArray) taken = g_array_new (FALSE, FALSE, sizeof (WsBox));
  WsTokenMapColoring by;

  if (!self->plot.has_texts || !ws_token_map_get_effective_coloring (map, &by) ||
      by != WS_TOKEN_MAP_CLUSTER)
    return;
  if (map->highlighted_cluster >= 0)
    draw_name (self, taken, (guint) map->highlighted_cluster);
  for (guint i = 0; i < map->clusters->len; i++)
    if ((int) i != map->highlighted_cluster)
      draw_name (self, taken, i);
}
