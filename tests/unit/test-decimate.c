/* SPDX-License-Identifier: MIT */
/* The few points that draw the same line as all of them. */
#include "chart/decimate.h"

#include <math.h>

static const WsDecimation one_pixel = { .column = 1, .tolerance = 0.1 };

static GArray *
decimate (const double *values, gsize n, const WsScale *x, const WsScale *y)
{
  GArray *points = g_array_new (FALSE, FALSE, sizeof (WsPoint));

  ws_decimate (values, n, 1, x, y, &one_pixel, points);
  return points;
}

static WsPoint
get_point (GArray *points, guint i)
{
  return g_array_index (points, WsPoint, i);
}

/* Height of the drawn line at @x. */
static double
interpolate (GArray *points, double x)
{
  for (guint i = 1; i < points->len; i++)
    {
      WsPoint a = get_point (points, i - 1), b = get_point (points, i);

      if (x >= a.x && x <= b.x)
        return b.x > a.x ? a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x) : a.y;
    }
  return NAN;
}

/* y goes from 0 at 500 to 1 at 0. */
static const WsScale unit_y = { .min = 0, .max = 1, .from = 500, .to = 0 };

/* Columns hold one value each, so only the tolerance drops any. A chord of d values leaves the
 * curve by 200 / 40^2 d^2 / 8 px at most: 0.1 at d = 2.5, and further where it is flatter. */
static void
test_line_passes_near_every_value (void)
{
  double values[600];
  const WsScale x = { .min = 1, .max = 600, .from = 0, .to = 700 };
  g_autoptr (GArray) points = NULL;

  for (int i = 0; i < 600; i++)
    values[i] = 0.5 + 0.4 * cos (i / 40.0);
  points = decimate (values, 600, &x, &unit_y);
  g_assert_cmpfloat (points->len, <, 600 / 2.5);
  for (int i = 0; i < 600; i++)
    g_assert_cmpfloat (
        fabs (interpolate (points, ws_scale_map (&x, i + 1)) - ws_scale_map (&unit_y, values[i])),
        <=, 0.1 + 1e-9);
}

/* One value of 100 000 stands out, in one pixel of 500: 200 values share its column. */
static void
test_spike_survives (void)
{
  const gsize n = 100000;
  g_autofree double *values = g_new (double, n);
  const WsScale x = { .min = 1, .max = n, .from = 0, .to = 500 };
  g_autoptr (GArray) points = NULL;
  double least = INFINITY;

  for (gsize i = 0; i < n; i++)
    values[i] = 0.25;
  values[61803] = 0.875;
  points = decimate (values, n, &x, &unit_y);
  for (guint i = 0; i < points->len; i++)
    least = MIN (least, get_point (points, i).y);
  g_assert_cmpfloat_with_epsilon (least, ws_scale_map (&unit_y, 0.875), 0.1);
  g_assert_cmpuint (points->len, <, 20);
}

static void
test_straight_line_is_two_points (void)
{
  double values[1000];
  const WsScale x = { .min = 1, .max = 1000, .from = 0, .to = 900 };
  g_autoptr (GArray) points = NULL;

  for (int i = 0; i < 1000; i++)
    values[i] = 1 - i / 1000.0;
  points = decimate (values, 1000, &x, &unit_y);
  g_assert_cmpuint (points->len, ==, 2);
}

/* A value without a place parts the line in two; at its end nothing follows. */
static void
test_values_without_a_place_break_the_line (void)
{
  const double values[] = { 0.9, 0.8, NAN, 0.5, 0.4, 0, 0 };
  const WsScale x = { .min = 1, .max = 7, .from = 0, .to = 600 };
  const WsScale y = { .log = TRUE, .min = 0.1, .max = 1, .from = 500, .to = 0 };
  g_autoptr (GArray) points = decimate (values, 7, &x, &y);

  g_assert_cmpuint (points->len, ==, 6);
  g_assert_true (isnan (get_point (points, 2).x));
  g_assert_cmpfloat_with_epsilon (get_point (points, 3).x, 300, 1e-9);
  g_assert_true (isnan (get_point (points, 5).x));
}

static void
test_all_zero_on_log_is_nothing (void)
{
  const double values[] = { 0, 0, 0 };
  const WsScale x = { .min = 1, .max = 3, .from = 0, .to = 100 };
  const WsScale y = { .log = TRUE, .min = 0.1, .max = 1, .from = 500, .to = 0 };
  g_autoptr (GArray) points = decimate (values, 3, &x, &y);

  g_assert_cmpuint (points->len, ==, 0);
}

/* Indices 100 … 200 of 1000 are shown: at most one more on each side is kept. */
static void
test_only_what_the_axis_shows (void)
{
  double values[1000];
  const WsScale x = { .min = 100, .max = 200, .from = 0, .to = 500 };
  g_autoptr (GArray) points = NULL;

  for (int i = 0; i < 1000; i++)
    values[i] = (i % 2) * 0.5;
  points = decimate (values, 1000, &x, &unit_y);
  g_assert_cmpfloat (get_point (points, 0).x, >=, -5 - 1e-9);
  g_assert_cmpfloat (get_point (points, 0).x, <=, 0);
  g_assert_cmpfloat (get_point (points, points->len - 1).x, >=, 500);
  g_assert_cmpfloat (get_point (points, points->len - 1).x, <=, 505 + 1e-9);
}

/* Cairo's numbers end near 8 million. */
static void
test_places_far_outside_are_bounded (void)
{
  const double values[] = { 1e300, 1, 1e-300 };
  const WsScale x = { .min = 1, .max = 3, .from = 0, .to = 500 };
  const WsScale y = { .min = 0.5, .max = 0.5 + 1e-9, .from = 500, .to = 0 };
  g_autoptr (GArray) points = decimate (values, 3, &x, &y);

  for (guint i = 0; i < points->len; i++)
    g_assert_cmpfloat (fabs (get_point (points, i).y), <=, 1e6);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/decimate/line-passes-near-every-value", test_line_passes_near_every_value);
  g_test_add_func ("/decimate/spike-survives", test_spike_survives);
  g_test_add_func ("/decimate/straight-line-is-two-points", test_straight_line_is_two_points);
  g_test_add_func ("/decimate/values-without-a-place-break-the-line",
                   test_values_without_a_place_break_the_line);
  g_test_add_func ("/decimate/all-zero-on-log-is-nothing", test_all_zero_on_log_is_nothing);
  g_test_add_func ("/decimate/only-what-the-axis-shows", test_only_what_the_axis_shows);
  g_test_add_func ("/decimate/places-far-outside-are-bounded", test_places_far_outside_are_bounded);
  return g_test_run ();
}
