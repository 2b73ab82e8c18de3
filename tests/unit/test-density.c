/* SPDX-License-Identifier: MIT */
/* Points as pixels, against the formula. */
#include "chart/density.h"

#include "chart-fixture.h"

#include <math.h>
#include <string.h>

#define SIDE 10

static const WsColor red_and_blue[] = { { 1, 0, 0 }, { 0, 0, 1 } };

static cairo_surface_t *
draw (const float *xy, const guint16 *colors, gsize n, double diameter)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, SIDE, SIDE);
  WsDensityPoints points = { .xy = xy, .n = n, .colors = colors, .palette = red_and_blue };
  WsDensityPlan plan = { .x_scale = 1, .y_scale = 1, .diameter = diameter, .weight = 0.34 };

  ws_density_draw (surface, &points, &plan);
  return surface;
}

static guint32
count_pixels (cairo_surface_t *surface)
{
  guint32 n = 0;

  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      n += get_pixel (surface, x, y) != 0;
  return n;
}

/* n points on a pixel: alpha = 1 - exp (-0.34 n). */
static void
test_alpha_of_n_points (void)
{
  static const guint16 colors[5] = { 0 };
  const float xy[] = { 3.5f, 4.5f, 3.2f, 4.9f, 3.9f, 4.1f, 7, 8, 7, 8 };
  cairo_surface_t *surface = draw (xy, colors, 5, 1);
  guint three = (guint) lround (255 * (1 - exp (-0.34 * 3)));
  guint two = (guint) lround (255 * (1 - exp (-0.34 * 2)));

  g_assert_cmphex (get_pixel (surface, 3, 4), ==, three << 24 | three << 16);
  g_assert_cmphex (get_pixel (surface, 7, 8), ==, two << 24 | two << 16);
  g_assert_cmpuint (count_pixels (surface), ==, 2);
  cairo_surface_destroy (surface);
}

/* One red and one blue: half of each, by the alpha of two. */
static void
test_colours_are_averaged (void)
{
  static const guint16 colors[] = { 0, 1 };
  const float xy[] = { 1, 1, 1, 1 };
  cairo_surface_t *surface = draw (xy, colors, 2, 1);
  double alpha = 255 * (1 - exp (-0.68));
  guint32 pixel = get_pixel (surface, 1, 1);

  g_assert_cmpuint (pixel >> 16 & 0xFF, ==, (guint) lround (alpha / 2));
  g_assert_cmpuint (pixel & 0xFF, ==, (guint) lround (alpha / 2));
  g_assert_cmpuint (pixel >> 8 & 0xFF, ==, 0);
  cairo_surface_destroy (surface);
}

/* A disc of 4 pixels has an area of 4 pi, and is centred on its point. */
static void
test_large_points_are_discs (void)
{
  static const guint16 colors[] = { 0 };
  const float xy[] = { 5, 5 };
  cairo_surface_t *surface = draw (xy, colors, 1, 4);
  double area = 0;

  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      {
        guint32 pixel = get_pixel (surface, x, y);

        area += -log (1 - (pixel >> 24) / 255.0) / 0.34;
        g_assert_cmphex (pixel, ==, get_pixel (surface, SIDE - 1 - x, SIDE - 1 - y));
      }
  g_assert_cmpfloat_with_epsilon (area, 4 * G_PI, 0.5);
  cairo_surface_destroy (surface);
}

static void
test_points_off_the_surface (void)
{
  static const guint16 colors[6] = { 0 };
  const float xy[] = { -50, 5, NAN, 5, 5, INFINITY, 1e30f, 1e30f, 10.5f, 5, -0.5f, -0.5f };
  WsDensityPoints points = { .xy = xy, .n = 6, .colors = colors, .palette = red_and_blue };
  WsDensityPlan plan = { .x_scale = 1, .y_scale = 1, .diameter = 5, .weight = 1 };
  cairo_surface_t *surface = draw (xy, colors, 6, 1);

  g_assert_cmpuint (count_pixels (surface), ==, 0);
  g_assert_cmpuint (ws_density_count (&points, &plan, SIDE, SIDE), ==, 0);
  /* but a large point reaches over the edge */
  cairo_surface_destroy (surface);
  surface = draw (xy, colors, 6, 5);
  g_assert_cmphex (get_pixel (surface, 0, 0), !=, 0);
  g_assert_cmphex (get_pixel (surface, 9, 5), !=, 0);
  cairo_surface_destroy (surface);
}

static void
test_mask_leaves_out (void)
{
  static const guint16 colors[] = { 0, 1 };
  static const guint8 mask[] = { 0, 1 };
  const float xy[] = { 1, 1, 2, 2 };
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, SIDE, SIDE);
  WsDensityPoints points = {
    .xy = xy, .n = 2, .colors = colors, .palette = red_and_blue, .mask = mask, .wanted = 1
  };
  WsDensityPlan plan = { .x_scale = 1, .y_scale = 1, .diameter = 1, .weight = 1 };

  ws_density_draw (surface, &points, &plan);
  g_assert_cmphex (get_pixel (surface, 1, 1), ==, 0);
  g_assert_cmphex (get_pixel (surface, 2, 2), !=, 0);
  g_assert_cmpuint (ws_density_count (&points, &plan, SIDE, SIDE), ==, 1);
  cairo_surface_destroy (surface);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add_func ("/density/" path, function)
  ADD ("alpha-of-n-points", test_alpha_of_n_points);
  ADD ("colours-are-averaged", test_colours_are_averaged);
  ADD ("large-points-are-discs", test_large_points_are_discs);
  ADD ("points-off-the-surface", test_points_off_the_surface);
  ADD ("mask-leaves-out", test_mask_leaves_out);
  return g_test_run ();
}
