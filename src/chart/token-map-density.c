/* SPDX-License-Identifier: MIT */
/* The points of the token map as a picture of their density. */
#include "chart/cloud.h"
#include "chart/token-map-private.h"

#include <math.h>

/* Steps of a colour scale; one more for points without a value. */
#define N_STEPS 256
/* Highlighted points are at least this solid. */
#define HIGHLIGHT_WEIGHT 0.5
/* How much of the ground is in the colour of what recedes, and how light its points are. */
#define RECEDED_GROUND 0.55
#define RECEDED_STRENGTH 0.6

typedef struct
{
  guint16 *colors;  /* (owned) one for each point */
  WsColor *palette; /* (owned) */
  guint n_colors;
} Coloring;

static void
coloring_clear (Coloring *self)
{
  g_free (self->colors);
  g_free (self->palette);
}

static void
color_by_cluster (Coloring *self, const WsTokenMap *map, gboolean dark)
{
  const guint32 *labels = g_bytes_get_data (map->labels, NULL);

  self->n_colors = MIN (map->clusters->len, G_MAXUINT16);
  self->palette = g_new (WsColor, self->n_colors + 1);
  for (guint i = 0; i < self->n_colors; i++)
    self->palette[i] = ws_palette_get_cluster (i, dark);
  for (gsize i = 0; i < map->n; i++)
    self->colors[i] = (guint16) MIN (labels[i], G_MAXUINT16 - 1);
}

static guint16
get_step (double value, double min, double max)
{
  return isfinite (value) ? (guint16) (CLAMP ((value - min) / (max - min), 0, 1) * (N_STEPS - 1))
                          : N_STEPS;
}

static void
color_by_value (Coloring *self, const WsTokenMap *map, gboolean by_id, gboolean dark)
{
  self->n_colors = N_STEPS + 1;
  self->palette = g_new (WsColor, self->n_colors);
  for (guint i = 0; i < N_STEPS; i++)
    self->palette[i] = ws_palette_get_sequential (i / (N_STEPS - 1.0), dark);
  self->palette[N_STEPS] = ws_palette_get_series (WS_PALETTE_GREY, dark);
  for (gsize i = 0; i < map->n; i++)
    self->colors[i] =
        by_id ? get_step (ws_token_map_get_id (map, i), 0, map->max_id)
              : get_step (ws_token_map_get_norm (map, i), map->norm_range[0], map->norm_range[1]);
}

static void
coloring_init (Coloring *self, const WsTokenMap *map, gboolean dark)
{
  WsTokenMapColoring by;

  self->colors = g_new0 (guint16, map->n + 1);
  if (!ws_token_map_get_effective_coloring (map, &by))
    {
      self->n_colors = 1;
      self->palette = g_new (WsColor, 1);
      self->palette[0] = ws_palette_get_series (0, dark);
    }
  else if (by == WS_TOKEN_MAP_CLUSTER)
    color_by_cluster (self, map, dark);
  else
    color_by_value (self, map, by == WS_TOKEN_MAP_ID, dark);
}

static void
draw_receded (WsTokenMapDrawing *self, WsCloud cloud, const Coloring *coloring)
{
  g_autofree WsColor *palette = g_new (WsColor, coloring->n_colors + 1);
  const WsChartStyle *style = &self->canvas.style;
  WsColor grey = ws_palette_get_series (WS_PALETTE_GREY, style->dark);

  for (guint i = 0; i < coloring->n_colors; i++)
    palette[i] = ws_color_mix (ws_color_mix (coloring->palette[i], grey, 0.6), style->ground,
                               RECEDED_GROUND);
  cloud.points.palette = palette;
  cloud.points.wanted = 0;
  cloud.strength = RECEDED_STRENGTH;
  ws_cloud_draw (&cloud, &self->canvas, &self->plot);
}

void
ws_token_map_draw_density (WsTokenMapDrawing *self)
{
  const WsTokenMap *map = self->map;
  Coloring coloring = { 0 };
  WsCloud cloud = { .resolution = map->resolution, .strength = 1 };

  coloring_init (&coloring, map, self->canvas.style.dark);
  cloud.points.xy = ws_token_map_peek_xy (map);
  cloud.points.order = ws_point_grid_peek_order (map->grid, &cloud.points.n);
  cloud.points.colors = coloring.colors;
  cloud.points.palette = coloring.palette;
  if (map->highlight)
    {
      cloud.points.mask = g_bytes_get_data (map->highlight, NULL);
      draw_receded (self, cloud, &coloring);
      cloud.points.wanted = 1;
      cloud.min_weight = HIGHLIGHT_WEIGHT;
    }
  ws_cloud_draw (&cloud, &self->canvas, &self->plot);
  coloring_clear (&coloring);
}
