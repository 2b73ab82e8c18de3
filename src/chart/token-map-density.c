/* SPDX-License-Identifier: MIT */
/* The points of the token map as a picture of their density. */
#include "chart/density.h"
#include "chart/token-map-private.h"

#include <math.h>

/* Steps of a colour scale; one more for points without a value. */
#define N_STEPS 256
#define PAPER_RESOLUTION (300 / 72.0)
/* n points over each other leave exp (-0.34 n) of the ground, by the look of it: one alone is
 * still seen, a dozen are nearly solid. */
#define WEIGHT 0.34
/* The weight of a point alone in its neighbourhood, which is drawn larger. */
#define LONE_WEIGHT 1.6
/* A point's diameter, in mean distances between the points of the plot. */
#define DIAMETER 0.28
/* A point's least diameter on paper, in points: finer ones leave no colour in print. */
#define LEAST_ON_PAPER 0.45
/* Highlighted points are at least this solid. */
#define HIGHLIGHT_WEIGHT 0.5
/* How much of the ground is in the colour of what recedes, and how light its points are. */
#define RECEDED_GROUND 0.55
#define RECEDED_WEIGHT 0.6

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
  self->n_colors = MIN (map->clusters->len, G_MAXUINT16);
  self->palette = g_new (WsColor, self->n_colors + 1);
  for (guint i = 0; i < self->n_colors; i++)
    self->palette[i] = ws_palette_get_cluster (i, dark);
  for (gsize i = 0; i < map->n; i++)
    self->colors[i] = (guint16) MIN (ws_token_map_get_cluster (map, i), G_MAXUINT16 - 1);
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

/* The rectangle of pixels that covers the plot. */
typedef struct
{
  double resolution;
  int left, top, width, height;
} Frame;

static double
get_resolution (const WsTokenMapDrawing *self)
{
  if (self->map->resolution > 0)
    return self->map->resolution;
  return self->canvas.style.print ? PAPER_RESOLUTION : 1;
}

static void
frame_init (Frame *self, const WsTokenMapDrawing *drawing)
{
  const WsPlot *plot = &drawing->plot;

  self->resolution = get_resolution (drawing);
  self->left = (int) floor (plot->left * self->resolution + 1e-6);
  self->top = (int) floor (plot->top * self->resolution + 1e-6);
  self->width = MAX ((int) ceil (plot->right * self->resolution - 1e-6) - self->left, 1);
  self->height = MAX ((int) ceil (plot->bottom * self->resolution - 1e-6) - self->top, 1);
}

static WsDensityPlan
make_plan (const Frame *frame, const WsPlot *plot)
{
  WsDensityPlan plan = {
    .x_scale = frame->resolution * (plot->x.to - plot->x.from) / (plot->x.max - plot->x.min),
    .y_scale = frame->resolution * (plot->y.to - plot->y.from) / (plot->y.max - plot->y.min),
  };

  plan.x0 = plot->x.min - (plot->x.from * frame->resolution - frame->left) / plan.x_scale;
  plan.y0 = plot->y.min - (plot->y.from * frame->resolution - frame->top) / plan.y_scale;
  return plan;
}

/* The fewer points there are in the plot, the larger and the more solid they are. */
static void
choose_size (WsDensityPlan *plan, const WsDensityPoints *points, const Frame *frame,
             const WsChartStyle *style)
{
  double least = style->print ? LEAST_ON_PAPER : 1, greatest = 1.4 * style->dot;
  gsize n = ws_density_count (points, plan, frame->width, frame->height);
  double area = frame->width * (double) frame->height / (frame->resolution * frame->resolution);
  double diameter = CLAMP (DIAMETER * sqrt (area / MAX (n, 1)), least, greatest);

  plan->diameter = MAX (diameter * frame->resolution, 1);
  plan->weight = WEIGHT + (LONE_WEIGHT - WEIGHT) * (diameter - least) / (greatest - least);
}

static void
paint (WsTokenMapDrawing *self, const WsDensityPoints *points, const WsDensityPlan *plan,
       const Frame *frame)
{
  cairo_t *cr = self->canvas.cr;
  cairo_surface_t *surface =
      cairo_image_surface_create (CAIRO_FORMAT_ARGB32, frame->width, frame->height);

  if (cairo_surface_status (surface) == CAIRO_STATUS_SUCCESS)
    {
      ws_density_draw (surface, points, plan);
      cairo_save (cr);
      cairo_rectangle (cr, self->plot.left, self->plot.top, self->plot.right - self->plot.left,
                       self->plot.bottom - self->plot.top);
      cairo_clip (cr);
      cairo_scale (cr, 1 / frame->resolution, 1 / frame->resolution);
      cairo_set_source_surface (cr, surface, frame->left, frame->top);
      /* Pixels are pixels: no viewer is to make a blur of them. */
      cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
      cairo_paint (cr);
      cairo_restore (cr);
    }
  cairo_surface_destroy (surface);
}

static void
paint_receded (WsTokenMapDrawing *self, WsDensityPoints points, WsDensityPlan plan,
               const Coloring *coloring, const Frame *frame)
{
  g_autofree WsColor *palette = g_new (WsColor, coloring->n_colors + 1);
  const WsChartStyle *style = &self->canvas.style;
  WsColor grey = ws_palette_get_series (WS_PALETTE_GREY, style->dark);

  for (guint i = 0; i < coloring->n_colors; i++)
    palette[i] = ws_color_mix (ws_color_mix (coloring->palette[i], grey, 0.6), style->ground,
                               RECEDED_GROUND);
  points.palette = palette;
  points.wanted = 0;
  choose_size (&plan, &points, frame, style);
  plan.weight *= RECEDED_WEIGHT;
  paint (self, &points, &plan, frame);
}

static void
paint_points (WsTokenMapDrawing *self, WsDensityPoints points, WsDensityPlan plan,
              const Frame *frame)
{
  const WsChartStyle *style = &self->canvas.style;

  points.wanted = 1;
  choose_size (&plan, &points, frame, style);
  if (points.mask)
    plan.weight = MAX (plan.weight, HIGHLIGHT_WEIGHT);
  paint (self, &points, &plan, frame);
}

void
ws_token_map_draw_density (WsTokenMapDrawing *self)
{
  const WsTokenMap *map = self->map;
  Coloring coloring = { 0 };
  WsDensityPoints points = { .xy = ws_token_map_peek_xy (map), .n = map->n };
  WsDensityPlan plan;
  Frame frame;

  frame_init (&frame, self);
  plan = make_plan (&frame, &self->plot);
  coloring_init (&coloring, map, self->canvas.style.dark);
  points.colors = coloring.colors;
  points.palette = coloring.palette;
  points.mask = map->highlight ? g_bytes_get_data (map->highlight, NULL) : NULL;
  if (points.mask)
    paint_receded (self, points, plan, &coloring, &frame);
  paint_points (self, points, plan, &frame);
  coloring_clear (&coloring);
}
