/* SPDX-License-Identifier: MIT */
/* What a frame of the token map costs: bench-token-map [POINTS [SCALE]] prints CPU milliseconds of
 * one thread at 1200 x 700, for a look at before and after a change. */
#include "chart/token-map.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#define WIDTH 1200
#define HEIGHT 700
#define N_CLUSTERS 8

static double
get_cpu_ms (void)
{
  struct timespec time;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static double
get_normal (GRand *random)
{
  return sqrt (-2 * log (1 - g_rand_double (random))) * cos (2 * G_PI * g_rand_double (random));
}

/* Eight round clusters on a ring. */
static WsTokenMap *
make_map (guint n)
{
  GRand *random = g_rand_new_with_seed (1);
  g_autofree float *xy = g_new (float, 2 * n);
  g_autofree guint32 *labels = g_new (guint32, n);
  WsTokenMap *map = ws_token_map_new ();

  for (guint i = 0; i < n; i++)
    {
      double angle;

      labels[i] = g_rand_int_range (random, 0, N_CLUSTERS);
      angle = labels[i] * 2 * G_PI / N_CLUSTERS;
      xy[2 * i] = (float) (5 * cos (angle) + get_normal (random));
      xy[2 * i + 1] = (float) (3 * sin (angle) + get_normal (random));
    }
  g_rand_free (random);
  ws_token_map_set_points (map, xy, n, NULL);
  ws_token_map_set_clusters (map, labels, N_CLUSTERS, NULL);
  ws_token_map_set_variance (map, 0.08, 0.05);
  return map;
}

typedef struct
{
  WsTokenMap *map;
  cairo_t *cr;
} Bench;

static void
hover (Bench *self, int i)
{
  const WsReadoutRow rows[] = { { "token", "return" } };
  WsTokenMapPoint point;

  ws_token_map_draw (self->map, self->cr, WIDTH, HEIGHT);
  if (ws_token_map_pick (self->map, 200 + 3 * i, 200 + i, &point))
    ws_token_map_draw_readout (self->map, self->cr, point.index, rows, 1, WIDTH, HEIGHT);
}

static void
zoom_and_pan (Bench *self, int i)
{
  WsChartView view;
  gboolean found = i % 2 ? ws_token_map_zoom_to_view (self->map, 500, 350, 1.1, &view)
                         : ws_token_map_pan_to_view (self->map, 7, -3, &view);

  if (found)
    ws_token_map_set_view (self->map, &view);
  ws_token_map_draw (self->map, self->cr, WIDTH, HEIGHT);
}

static void
highlight (Bench *self, int i)
{
  ws_token_map_set_view (self->map, NULL);
  ws_token_map_highlight_cluster (self->map, i % N_CLUSTERS);
  ws_token_map_draw (self->map, self->cr, WIDTH, HEIGHT);
}

static void
lasso (Bench *self, int i)
{
  double polygon[400];
  g_autoptr (GArray) found = NULL;

  for (int j = 0; j < 200; j++)
    {
      polygon[2 * j] = 600 + 300 * cos (j * G_PI / 100);
      polygon[2 * j + 1] = 350 + 200 * sin (j * G_PI / 100);
    }
  found = ws_token_map_find_inside (self->map, polygon, 200);
}

static void
measure (Bench *bench, const char *name, void (*step) (Bench *bench, int i), int n)
{
  double worst = 0, sum = 0;

  for (int i = 0; i < n; i++)
    {
      double start = get_cpu_ms (), time;

      step (bench, i);
      time = get_cpu_ms () - start;
      worst = MAX (worst, time);
      sum += time;
    }
  g_print ("%-14s mean %6.2f ms, worst %6.2f ms\n", name, sum / n, worst);
}

int
main (int argc, char *argv[])
{
  guint n = argc > 1 ? (guint) CLAMP (atoi (argv[1]), 1, 10000000) : 150000;
  double scale = argc > 2 ? CLAMP (atof (argv[2]), 1, 4) : 1;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, (int) (WIDTH * scale),
                                                         (int) (HEIGHT * scale));
  Bench bench = { make_map (n), cairo_create (surface) };

  cairo_surface_set_device_scale (surface, scale, scale);
  ws_token_map_set_resolution (bench.map, scale);
  g_print ("%u points, scale %g\n", n, scale);
  measure (&bench, "first", hover, 1);
  measure (&bench, "hover", hover, 200);
  measure (&bench, "zoom and pan", zoom_and_pan, 60);
  measure (&bench, "highlight", highlight, N_CLUSTERS);
  measure (&bench, "lasso", lasso, 10);
  cairo_destroy (bench.cr);
  cairo_surface_destroy (surface);
  ws_token_map_free (bench.map);
  return 0;
}
