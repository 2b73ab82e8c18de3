/* SPDX-License-Identifier: MIT */
/* Lines over layers, looked for in the pixels. */
#include "chart/layer-chart.h"

#include "chart-fixture.h"
#include "chart/palette.h"

#include <math.h>

#define WIDTH 400
#define HEIGHT 300
#define N_LAYERS 5
/* Above it is the legend, of one row. */
#define PLOT_TOP 36

static cairo_surface_t *
draw (const WsLayerLine *lines, guint n_lines)
{
  const WsLayerChart chart = { .lines = lines,
                               .n_lines = n_lines,
                               .n_layers = N_LAYERS,
                               .title = "share",
                               .percent = TRUE,
                               .theme = WS_CHART_LIGHT };

  return draw_chart ((gpointer) &chart, (DrawChart) ws_layer_chart_draw, WIDTH, HEIGHT);
}

static gboolean
is_color (cairo_surface_t *surface, int x, int y, WsColor color)
{
  guint32 pixel = get_color (surface, x, y);

  return fabs ((pixel >> 16 & 255) / 255.0 - color.r) < 0.1 &&
         fabs ((pixel >> 8 & 255) / 255.0 - color.g) < 0.1 &&
         fabs ((pixel & 255) / 255.0 - color.b) < 0.1;
}

/* The rows below the legend in which the line of @series is found in the columns from @left to
 * @right. FALSE: nowhere. */
static gboolean
find_rows (cairo_surface_t *surface, guint series, int left, int right, int *top, int *bottom)
{
  WsColor color = ws_palette_get_series (series, FALSE);

  *top = HEIGHT;
  *bottom = -1;
  for (int y = PLOT_TOP; y < HEIGHT; y++)
    for (int x = left; x < right; x++)
      if (is_color (surface, x, y, color))
        {
          *top = MIN (*top, y);
          *bottom = MAX (*bottom, y);
        }
  return *bottom >= 0;
}

static void
test_constant_lines_are_level_and_to_scale (void)
{
  const double low[N_LAYERS] = { .1, .1, .1, .1, .1 };
  const double middle[N_LAYERS] = { .4, .4, .4, .4, .4 };
  const double high[N_LAYERS] = { .5, .5, .5, .5, .5 };
  const WsLayerLine lines[] = { { "low", low }, { "middle", middle }, { "high", high } };
  cairo_surface_t *surface = draw (lines, 3);
  int top[3], bottom[3];
  double y[3];

  for (guint i = 0; i < 3; i++)
    {
      g_assert_true (find_rows (surface, i, 100, 380, &top[i], &bottom[i]));
      /* no higher than a dot */
      g_assert_cmpint (bottom[i] - top[i], <, 6);
      y[i] = (top[i] + bottom[i]) / 2.0;
    }
  /* .1 to .4 is three times as far as .4 to .5, but for whole pixels */
  g_assert_cmpfloat (y[1] - y[2], >, 20);
  g_assert_cmpfloat_with_epsilon (y[0] - y[1], 3 * (y[1] - y[2]), 5);
  cairo_surface_destroy (surface);
}

static void
test_layer_without_value_breaks_the_line (void)
{
  const double whole[N_LAYERS] = { .5, .5, .5, .5, .5 };
  const double broken[N_LAYERS] = { .5, .5, NAN, .5, .5 };
  const WsLayerLine lines[2][1] = { { { "whole", whole } }, { { "broken", broken } } };
  int top, bottom;

  for (int i = 0; i < 2; i++)
    {
      cairo_surface_t *surface = draw (lines[i], 1);

      /* around the middle of the plot, where layer 2 is */
      g_assert_cmpint (find_rows (surface, 0, 205, 215, &top, &bottom), ==, i == 0);
      cairo_surface_destroy (surface);
    }
}

static void
test_nothing_known_draws_nothing (void)
{
  const double unknown[N_LAYERS] = { NAN, NAN, NAN, NAN, NAN };
  const WsLayerLine lines[] = { { "unknown", unknown } };
  const WsColor ground = { 1, 1, 1 };
  cairo_surface_t *surface = draw (lines, 1);

  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      g_assert_true (is_color (surface, x, y, ground));
  cairo_surface_destroy (surface);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/layer-chart/constant-lines/are-level-and-to-scale",
                   test_constant_lines_are_level_and_to_scale);
  g_test_add_func ("/layer-chart/layer-without-value/breaks-the-line",
                   test_layer_without_value_breaks_the_line);
  g_test_add_func ("/layer-chart/nothing-known/draws-nothing", test_nothing_known_draws_nothing);
  return g_test_run ();
}
