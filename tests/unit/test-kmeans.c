/* SPDX-License-Identifier: MIT */
/* k-means is what a slow and obvious one is, finds what was planted, and gives the same bits. */
#include "base/error.h"
#include "cluster/crew.h"
#include "cluster/kmeans-private.h"

#include <math.h>
#include <string.h>

static WsClustering *
compute (const WsPoints *points, guint k, WsTeam *team)
{
  WsKmeansOptions options;
  WsClustering *clustering;
  GError *error = NULL;

  ws_kmeans_options_init (&options);
  options.k = k;
  clustering = ws_kmeans_compute (points, &options, team, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return clustering;
}

static double
get_sq_distance (const float *x, const float *y, gsize d)
{
  double sum = 0;

  for (gsize j = 0; j < d; j++)
    sum += ((double) x[j] - y[j]) * ((double) x[j] - y[j]);
  return sum;
}

/* All that the header promises, computed again in float64. */
static void
assert_is_clustering (const WsPoints *points, const WsClustering *self)
{
  const gsize n = points->n, d = points->d;
  g_autofree double *sums = g_new0 (double, self->k *d);
  g_autofree guint64 *sizes = g_new0 (guint64, self->k);
  double inertia = 0, nearest = 0;

  g_assert_cmpuint (self->n, ==, n);
  g_assert_cmpuint (self->d, ==, d);
  for (gsize i = 0; i < n; i++)
    {
      const float *x = points->values + i * d;
      const double own = get_sq_distance (x, self->centroids + self->labels[i] * d, d);
      double least = INFINITY;

      g_assert_cmpuint (self->labels[i], <, self->k);
      sizes[self->labels[i]]++;
      inertia += own;
      g_assert_cmpfloat_with_epsilon (self->distances[i], sqrt (own), 1e-6 * sqrt (own) + 1e-30);
      for (gsize j = 0; j < d; j++)
        sums[self->labels[i] * d + j] += x[j];
      for (guint c = 0; c < self->k; c++)
        least = fmin (least, get_sq_distance (x, self->centroids + c * d, d));
      nearest += least;
    }
  g_assert_cmpfloat_with_epsilon (self->inertia, inertia, 1e-12 * inertia + 1e-30);
  /* one more iteration would gain about as little as the last one */
  if (self->converged)
    g_assert_cmpfloat (inertia - nearest, <=, 3 * WS_KMEANS_TOLERANCE * inertia);
  for (guint c = 0; c < self->k; c++)
    {
      g_assert_cmpuint (self->sizes[c], ==, sizes[c]);
      g_assert_cmpuint (sizes[c], >, 0);
      g_assert_true (c == 0 || sizes[c - 1] >= sizes[c]);
      for (gsize j = 0; j < d; j++)
        g_assert_cmpfloat_with_epsilon (self->centroids[c * d + j], sums[c * d + j] / sizes[c],
                                        1e-6 * fabs (sums[c * d + j] / sizes[c]) + 1e-9);
    }
}

/* (transfer full): @k groups around corners that are far apart. */
static float *
make_planted (gsize n, gsize d, guint k, double spread)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (11);
  g_autofree double *centres = g_new (double, k *d);
  float *values = g_new (float, n *d);

  for (gsize j = 0; j < k * d; j++)
    centres[j] = g_rand_double_range (random, -1, 1);
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < d; j++)
      values[i * d + j] = centres[i % k * d + j] + spread * g_rand_double_range (random, -1, 1);
  return values;
}

/* Lloyd's iteration as it is written down, in float64 but for the centroids. Returns: the number of
 * iterations. */
static guint
iterate_slowly (const float *values, gsize n, gsize d, guint k, float *centroids, guint32 *labels)
{
  gboolean moved = TRUE;
  guint n_iterations = 0;

  for (gsize i = 0; i < n; i++)
    labels[i] = k;
  for (; moved; n_iterations++)
    {
      moved = FALSE;
      for (gsize i = 0; i < n; i++)
        {
          guint32 best = 0;

          for (guint c = 1; c < k; c++)
            if (get_sq_distance (values + i * d, centroids + c * d, d) <
                get_sq_distance (values + i * d, centroids + best * d, d))
              best = c;
          moved |= labels[i] != best;
          labels[i] = best;
        }
      for (guint c = 0; c < k; c++)
        for (gsize j = 0; j < d; j++)
          {
            double sum = 0;
            gsize size = 0;

            for (gsize i = 0; i < n; i++)
              if (labels[i] == c)
                {
                  sum += values[i * d + j];
                  size++;
                }
            centroids[c * d + j] = sum / size;
          }
    }
  return n_iterations;
}

/* (transfer full): @k groups, two and two beside each other: at each of the corners, whose places
 * are of the order of 1, one and one that is @distance away in every column. */
static float *
make_pairs (gsize n, gsize d, guint k, double distance)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  g_autofree double *corners = g_new (double, k / 2 * d);
  float *values = g_new (float, n *d);

  for (gsize j = 0; j < k / 2 * d; j++)
    corners[j] = g_rand_double_range (random, -1, 1);
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < d; j++)
      values[i * d + j] = corners[i % k / 2 * d + j] + i % k % 2 * distance +
                          distance / 4 * g_rand_double_range (random, -1, 1);
  return values;
}

/* From rows 5 to 5 + @k of @values. */
static void
assert_iterates_slowly (const float *values, gsize n, gsize d, guint k, double tolerance)
{
  g_autofree float *expected = g_new (float, k *d);
  g_autofree guint32 *labels = g_new (guint32, n);
  g_auto (WsPoints) points = { 0 };
  g_auto (WsLloyd) lloyd = { 0 };
  WsWork work = { .total = 1 };
  WsRows rows;
  guint n_iterations;

  ws_points_init (&points, n, d, values);
  g_assert_true (_ws_rows_init (&rows, &points, NULL, NULL));
  memcpy (expected, values + 5 * d, k * d * sizeof (float));
  n_iterations = iterate_slowly (values, n, d, k, expected, labels);

  g_assert_true (ws_lloyd_init (&lloyd, &rows, k, NULL));
  memcpy (lloyd.centroids, values + 5 * d, k * d * sizeof (float));
  g_assert_true (ws_lloyd_run (&lloyd, 300, 0, &work, NULL));
  g_assert_true (lloyd.converged);
  g_assert_cmpuint (lloyd.n_iterations, ==, n_iterations);
  g_assert_cmpmem (lloyd.labels, n * sizeof (guint32), labels, n * sizeof (guint32));
  for (gsize i = 0; i < k * d; i++)
    g_assert_cmpfloat_with_epsilon (lloyd.centroids[i], expected[i], tolerance);
  _ws_rows_clear (&rows);
}

/* Columns: less than a vector, a vector and a rest, several; rows and k no multiple of a tile. */
static void
assert_iterates_like_the_slow_one (gsize n, gsize d, guint k, double offset)
{
  g_autofree float *values = make_planted (n, d, 4, 1.5);

  for (gsize i = 0; i < n * d; i++)
    values[i] += offset;
  assert_iterates_slowly (values, n, d, k, 1e-6 * (1 + fabs (offset)));
}

static void
test_iteration_is_the_slow_one (void)
{
  assert_iterates_like_the_slow_one (501, 3, 2, 0);
  assert_iterates_like_the_slow_one (250, 16, 4, 0);
  assert_iterates_like_the_slow_one (731, 37, 7, 0);
  assert_iterates_like_the_slow_one (500, 131, 13, 0);
  /* with bounds, whole blocks of them */
  assert_iterates_like_the_slow_one (900, 50, 25, 0);
  assert_iterates_like_the_slow_one (500, 60, 21, 30);
  /* without: too many centres for so few columns */
  assert_iterates_like_the_slow_one (500, 20, 21, 30);
}

/* Of groups so near each other nothing is left in products of float32, of which the first one here
 * has some digits; the iteration and where it ends are the same. The centroids are means in
 * float64, rounded to float32 either way. */
static void
test_near_groups_are_told_apart (void)
{
  const double distances[] = { 1e-2, 1e-3, 1e-4, 1e-5, 1e-6 };

  for (guint i = 0; i < G_N_ELEMENTS (distances); i++)
    {
      g_autofree float *few = make_pairs (500, 37, 8, distances[i]);
      g_autofree float *many = make_pairs (700, 64, 24, distances[i]);

      assert_iterates_slowly (few, 500, 37, 8, 1e-7);
      assert_iterates_slowly (few, 500, 37, 5, 1e-7);
      /* with bounds */
      assert_iterates_slowly (many, 700, 64, 24, 1e-7);
      assert_iterates_slowly (many, 700, 64, 17, 1e-7);
    }
}

static void
test_near_groups_are_found (void)
{
  const double distances[] = { 1e-3, 1e-4, 1e-5 };
  const gsize n = 9001, d = 37;
  const guint counts[] = { 6, 16 };

  for (guint i = 0; i < G_N_ELEMENTS (distances); i++)
    for (guint j = 0; j < G_N_ELEMENTS (counts); j++)
      {
        const guint k = counts[j];
        g_autofree float *values = make_pairs (n, d, k, distances[i]);
        g_auto (WsPoints) points = { 0 };
        g_autoptr (WsClustering) clustering = NULL;

        ws_points_init (&points, n, d, values);
        clustering = compute (&points, k, NULL);
        assert_is_clustering (&points, clustering);
        g_assert_true (clustering->converged);
        g_assert_cmpuint (clustering->n_iterations, <, 20);
        for (gsize row = k; row < n; row++)
          g_assert_cmpuint (clustering->labels[row], ==, clustering->labels[row % k]);
      }
}

/* Two centres in the same place: ties go to the first, and the second, empty, gets the row that is
 * farthest from its centre. */
static void
test_empty_cluster_gets_the_farthest_point (void)
{
  const float values[] = { 0, 1, 2, 3, 40, 30 };
  g_auto (WsPoints) points = { 0 };
  g_auto (WsLloyd) lloyd = { 0 };
  WsWork work = { .total = 1 };
  WsRows rows;

  ws_points_init (&points, 6, 1, values);
  g_assert_true (_ws_rows_init (&rows, &points, NULL, NULL));
  g_assert_true (ws_lloyd_init (&lloyd, &rows, 2, NULL));
  lloyd.centroids[0] = lloyd.centroids[1] = 1;
  g_assert_true (ws_lloyd_run (&lloyd, 1, 0, &work, NULL));
  for (gsize i = 0; i < 6; i++)
    g_assert_cmpuint (lloyd.labels[i], ==, i == 4);
  g_assert_true (ws_lloyd_run (&lloyd, 300, 0, &work, NULL));
  g_assert_cmpfloat (lloyd.centroids[0], ==, 1.5);
  g_assert_cmpfloat (lloyd.centroids[1], ==, 35);
  _ws_rows_clear (&rows);
}

/* Nine numbers, whose best sums of squares are known for each k. */
static void
test_least_inertia_is_found (void)
{
  const float values[] = { 1, 2, 3, 10, 11, 12, 20, 21, 22 };
  const double inertias[] = { 548, 127.5, 6, 4.5, 3, 1.5, 1 };
  g_auto (WsPoints) points = { 0 };

  ws_points_init (&points, 9, 1, values);
  for (guint k = 1; k <= G_N_ELEMENTS (inertias); k++)
    {
      g_autoptr (WsClustering) clustering = compute (&points, k, NULL);

      assert_is_clustering (&points, clustering);
      g_assert_cmpfloat_with_epsilon (clustering->inertia, inertias[k - 1], 1e-5);
    }
}

/* More than a sample, several blocks; neither sides nor k are round. */
static void
test_planted_groups_are_found (void)
{
  const gsize n = 9001, d = 37;
  const guint k = 7;
  g_autofree float *values = make_planted (n, d, k, 0.3);
  g_auto (WsPoints) points = { 0 };
  g_autoptr (WsClustering) clustering = NULL;

  ws_points_init (&points, n, d, values);
  clustering = compute (&points, k, NULL);
  assert_is_clustering (&points, clustering);
  g_assert_true (clustering->converged);
  for (gsize i = k; i < n; i++)
    g_assert_cmpuint (clustering->labels[i], ==, clustering->labels[i % k]);
}

static void
test_bits_do_not_depend_on_threads (void)
{
  const gsize n = 9001, d = 37;
  const guint k = 23;
  g_autofree float *values = make_planted (n, d, 5, 2);
  g_auto (WsPoints) points = { 0 };
  g_autoptr (WsClustering) expected = NULL;

  ws_points_init (&points, n, d, values);
  expected = compute (&points, k, NULL);
  assert_is_clustering (&points, expected);
  for (guint n_threads = 2; n_threads < 5; n_threads++)
    {
      g_autoptr (WsCrew) crew = ws_crew_new (n_threads);
      g_autoptr (WsClustering) clustering = compute (&points, k, ws_crew_get_team (crew));

      g_assert_cmpmem (clustering->labels, n * sizeof (guint32), expected->labels,
                       n * sizeof (guint32));
      g_assert_cmpmem (clustering->centroids, k * d * sizeof (float), expected->centroids,
                       k * d * sizeof (float));
      g_assert_cmpfloat (clustering->inertia, ==, expected->inertia);
    }
}

static void
test_one_cluster_is_the_mean (void)
{
  const float values[] = { 1, 0, 2, 0, 6, 3 };
  g_auto (WsPoints) points = { 0 };
  g_autoptr (WsClustering) clustering = NULL;

  ws_points_init (&points, 3, 2, values);
  clustering = compute (&points, 1, NULL);
  assert_is_clustering (&points, clustering);
  g_assert_cmpfloat (clustering->centroids[0], ==, 3);
  g_assert_cmpfloat (clustering->centroids[1], ==, 1);
  /* (4 + 1) + (1 + 1) + (9 + 4) */
  g_assert_cmpfloat (clustering->inertia, ==, 20);
}

/* Each point can have a cluster of its own, and equal ones share one. */
static void
test_every_different_point_gets_a_cluster (void)
{
  const float values[] = { 5, 1, 5, 5, 2, 9, 5, 2 };
  g_auto (WsPoints) points = { 0 };
  g_autoptr (WsClustering) clustering = NULL;

  ws_points_init (&points, 8, 1, values);
  clustering = compute (&points, 4, NULL);
  assert_is_clustering (&points, clustering);
  g_assert_cmpfloat (clustering->inertia, ==, 0);
  /* by size; of equal size the one with the lowest member first */
  g_assert_cmpfloat (clustering->centroids[0], ==, 5);
  g_assert_cmpfloat (clustering->centroids[1], ==, 2);
  g_assert_cmpfloat (clustering->centroids[2], ==, 1);
  g_assert_cmpfloat (clustering->centroids[3], ==, 9);
}

static void
assert_no_clustering (const WsPoints *points, guint k)
{
  WsKmeansOptions options;
  g_autoptr (GError) error = NULL;

  ws_kmeans_options_init (&options);
  options.k = k;
  g_assert_null (ws_kmeans_compute (points, &options, NULL, NULL, NULL, NULL, &error));
  g_assert_error (error, WS_ERROR, WS_ERROR_ARGUMENT);
}

static void
test_too_many_clusters_are_refused (void)
{
  const float values[] = { 5, 1, 5, 5 };
  g_auto (WsPoints) points = { 0 };

  ws_points_init (&points, 4, 1, values);
  assert_no_clustering (&points, 0);
  assert_no_clustering (&points, 3);
  assert_no_clustering (&points, 5);
}

static void
test_equal_points_make_one_cluster (void)
{
  const float values[] = { 0.1f, 7, 0.1f, 7, 0.1f, 7 };
  g_auto (WsPoints) points = { 0 };
  g_autoptr (WsClustering) clustering = NULL;

  ws_points_init (&points, 3, 2, values);
  clustering = compute (&points, 1, NULL);
  g_assert_cmpfloat (clustering->inertia, ==, 0);
  assert_no_clustering (&points, 2);
}

/* 10,000 ± 0.01: the spread is lost in float32 products of the values themselves. */
static void
test_far_mean_costs_no_digits (void)
{
  const gsize n = 400;
  g_autofree float *values = g_new (float, n * 2);
  g_auto (WsPoints) points = { 0 };
  g_autoptr (WsClustering) clustering = NULL;

  for (gsize i = 0; i < n; i++)
    {
      values[2 * i] = 10000 + (i % 2 ? 0.0625f : 0) + i % 3 * 0.001953125f;
      values[2 * i + 1] = -10000;
    }
  ws_points_init (&points, n, 2, values);
  clustering = compute (&points, 2, NULL);
  for (gsize i = 2; i < n; i++)
    g_assert_cmpuint (clustering->labels[i], ==, clustering->labels[i % 2]);
}

static void
test_cancel_is_heard (void)
{
  g_autofree float *values = make_planted (1000, 5, 3, 1);
  g_auto (WsPoints) points = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  WsKmeansOptions options;

  ws_points_init (&points, 1000, 5, values);
  ws_kmeans_options_init (&options);
  options.k = 3;
  g_cancellable_cancel (cancellable);
  g_assert_null (ws_kmeans_compute (&points, &options, NULL, NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ws_spectrum_init_blas ();
  g_test_add_func ("/kmeans/iteration-is-the-slow-one", test_iteration_is_the_slow_one);
  g_test_add_func ("/kmeans/near-groups-are-told-apart", test_near_groups_are_told_apart);
  g_test_add_func ("/kmeans/near-groups-are-found", test_near_groups_are_found);
  g_test_add_func ("/kmeans/empty-cluster-gets-the-farthest-point",
                   test_empty_cluster_gets_the_farthest_point);
  g_test_add_func ("/kmeans/least-inertia-is-found", test_least_inertia_is_found);
  g_test_add_func ("/kmeans/planted-groups-are-found", test_planted_groups_are_found);
  g_test_add_func ("/kmeans/bits-do-not-depend-on-threads", test_bits_do_not_depend_on_threads);
  g_test_add_func ("/kmeans/one-cluster-is-the-mean", test_one_cluster_is_the_mean);
  g_test_add_func ("/kmeans/every-different-point-gets-a-cluster",
                   test_every_different_point_gets_a_cluster);
  g_test_add_func ("/kmeans/too-many-clusters-are-refused", test_too_many_clusters_are_refused);
  g_test_add_func ("/kmeans/equal-points-make-one-cluster", test_equal_points_make_one_cluster);
  g_test_add_func ("/kmeans/far-mean-costs-no-digits", test_far_mean_costs_no_digits);
  g_test_add_func ("/kmeans/cancel-is-heard", test_cancel_is_heard);
  return g_test_run ();
}
