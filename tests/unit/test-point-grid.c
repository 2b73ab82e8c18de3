/* SPDX-License-Identifier: MIT */
/* Cells of points against a look at every point. */
#include "chart/point-grid.h"

#include <math.h>

#define N 3000

/* Clustered, with doubles, a far point and some that have no place. */
static float *
make_points (void)
{
  GRand *random = g_rand_new_with_seed (5);
  float *xy = g_new (float, 2 * N);

  for (int i = 0; i < N; i++)
    {
      double spread = i % 3 == 0 ? 0.05 : 1;

      xy[2 * i] = (float) (spread * g_rand_double (random) + i % 4);
      xy[2 * i + 1] = (float) (spread * g_rand_double (random) - i % 2);
    }
  xy[20] = xy[40];
  xy[21] = xy[41];
  xy[60] = NAN;
  xy[81] = INFINITY;
  xy[100] = 1e6f;
  g_rand_free (random);
  return xy;
}

static WsPointGrid *
make_grid (const float *xy, gsize n)
{
  g_autoptr (GBytes) bytes = g_bytes_new (xy, n * 2 * sizeof (float));

  return ws_point_grid_new (bytes);
}

static gboolean
find_nearest_slowly (const float *xy, double x, double y, double reach, const guint8 *mask,
                     guint32 *index)
{
  double best = reach * reach;
  gboolean found = FALSE;

  for (guint32 i = 0; i < N; i++)
    {
      double dx = xy[2 * i] - x, dy = xy[2 * i + 1] - y, distance = dx * dx + dy * dy;

      if (!(distance <= best) || (mask && !mask[i]) || (found && distance == best))
        continue;
      best = distance;
      *index = i;
      found = TRUE;
    }
  return found;
}

static void
test_nearest_is_the_nearest (void)
{
  g_autofree float *xy = make_points ();
  g_autofree guint8 *mask = g_new0 (guint8, N);
  g_autoptr (WsPointGrid) grid = make_grid (xy, N);
  GRand *random = g_rand_new_with_seed (6);

  for (int i = 0; i < N; i += 5)
    mask[i] = 1;
  for (int i = 0; i < 500; i++)
    {
      double x = g_rand_double_range (random, -1, 6), y = g_rand_double_range (random, -2, 2);
      double reach = i % 7 == 0 ? 1e7 : 0.1 * (i % 10);
      const guint8 *wanted = i % 2 ? mask : NULL;
      guint32 expected = 0, found = 0;
      gboolean exists = find_nearest_slowly (xy, x, y, reach, wanted, &expected);

      g_assert_cmpint (ws_point_grid_find_nearest (grid, x, y, reach, wanted, &found), ==, exists);
      g_assert_cmpuint (found, ==, expected);
    }
  g_rand_free (random);
}

static void
test_of_equals_the_first_is_nearest (void)
{
  g_autofree float *xy = make_points ();
  g_autoptr (WsPointGrid) grid = make_grid (xy, N);
  guint32 index;

  g_assert_true (ws_point_grid_find_nearest (grid, xy[40], xy[41], 1, NULL, &index));
  g_assert_cmpuint (index, ==, 10);
}

/* Crossings of a ray to the left, edge by edge. */
static gboolean
is_inside_slowly (const double *polygon, gsize n, double x, double y)
{
  gboolean inside = FALSE;

  for (gsize i = 0; i < n; i++)
    {
      const double *a = &polygon[2 * i], *b = &polygon[2 * ((i + 1) % n)];

      if ((a[1] > y) != (b[1] > y) && x > a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]))
        inside = !inside;
    }
  return inside;
}

static void
check_polygon (const double *polygon, gsize n)
{
  g_autofree float *xy = make_points ();
  g_autoptr (WsPointGrid) grid = make_grid (xy, N);
  g_autoptr (GArray) found = ws_point_grid_find_inside (grid, polygon, n);
  guint j = 0;

  for (guint32 i = 0; i < N; i++)
    if (is_inside_slowly (polygon, n, xy[2 * i], xy[2 * i + 1]))
      {
        g_assert_cmpuint (j, <, found->len);
        g_assert_cmpuint (g_array_index (found, guint32, j++), ==, i);
      }
  g_assert_cmpuint (j, ==, found->len);
  g_assert_cmpuint (j, >, 0);
}

static void
test_inside_of_polygons (void)
{
  static const double square[] = { 0, -1, 2, -1, 2, 1, 0, 1 };
  static const double star[] = { 1, -1, 2, 1, 0, 0, 2, 0, 0, 1 };
  double round[2 * 300];

  for (int i = 0; i < 300; i++)
    {
      round[2 * i] = 1.5 + (1.2 + 0.2 * sin (i)) * cos (i * 2 * G_PI / 300);
      round[2 * i + 1] = (0.8 + 0.1 * cos (i * 3)) * sin (i * 2 * G_PI / 300);
    }
  check_polygon (square, 4);
  check_polygon (star, 5);
  check_polygon (round, 300);
}

static void
test_polygons_without_inside (void)
{
  static const double line[] = { 0, 0, 1, 1, 2, 2 }, flat[] = { 0, 0, 1, 0, 2, 0 };
  static const double odd[] = { 0, 0, NAN, 1, 2, INFINITY, 1, 1 };
  g_autofree float *xy = make_points ();
  g_autoptr (WsPointGrid) grid = make_grid (xy, N);
  const struct
  {
    const double *corners;
    gsize n;
  } polygons[] = { { line, 3 }, { flat, 3 }, { odd, 4 }, { line, 2 }, { line, 1 }, { NULL, 0 } };

  for (guint i = 0; i < G_N_ELEMENTS (polygons); i++)
    {
      g_autoptr (GArray) found =
          ws_point_grid_find_inside (grid, polygons[i].corners, polygons[i].n);

      g_assert_cmpuint (found->len, ==, 0);
    }
}

static void
test_no_points_and_odd_places (void)
{
  static const float one[] = { 3, 4 }, none[] = { NAN, 1 };
  g_autoptr (WsPointGrid) empty = make_grid (one, 0);
  g_autoptr (WsPointGrid) single = make_grid (one, 1);
  g_autoptr (WsPointGrid) nowhere = make_grid (none, 1);
  guint32 index;

  g_assert_false (ws_point_grid_find_nearest (empty, 3, 4, 1e9, NULL, &index));
  g_assert_false (ws_point_grid_find_nearest (nowhere, 3, 4, 1e9, NULL, &index));
  g_assert_true (ws_point_grid_find_nearest (single, 0, 0, 5, NULL, &index));
  g_assert_cmpuint (index, ==, 0);
  g_assert_false (ws_point_grid_find_nearest (single, 0, 0, 4.99, NULL, &index));
  g_assert_false (ws_point_grid_find_nearest (single, NAN, 0, 5, NULL, &index));
  g_assert_false (ws_point_grid_find_nearest (single, INFINITY, 0, 5, NULL, &index));
  g_assert_false (ws_point_grid_find_nearest (single, 0, 0, NAN, NULL, &index));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add_func ("/point-grid/" path, function)
  ADD ("nearest/is-the-nearest", test_nearest_is_the_nearest);
  ADD ("nearest/first-of-equals", test_of_equals_the_first_is_nearest);
  ADD ("nearest/no-points-and-odd-places", test_no_points_and_odd_places);
  ADD ("inside/of-polygons", test_inside_of_polygons);
  ADD ("inside/polygons-without-inside", test_polygons_without_inside);
  return g_test_run ();
}
