/* SPDX-License-Identifier: MIT */
/* Silhouettes: values worked out by hand, the definition pair by pair, and samples of which the
 * error is known. */
#include "cluster/silhouette.h"

#include "cluster-fixture.h"
#include "cluster/crew.h"

#include <math.h>

static const float triangles[] = { 0, 0, 0, 1, 1, 0, 10, 10, 10, 11, 11, 10 };

static void
compute (WsSilhouette *silhouette, const ClusterFixture *fixture, guint64 n_sample, guint64 seed,
         WsTeam *team)
{
  GError *error = NULL;

  g_assert_true (ws_silhouette_compute (silhouette, &fixture->points, &fixture->clustering,
                                        n_sample, seed, team, NULL, &error));
  g_assert_no_error (error);
}

/* The definition. @of_cluster: k */
static double
compute_slowly (const ClusterFixture *fixture, double *of_cluster)
{
  const WsPoints *points = &fixture->points;
  const WsClustering *clustering = &fixture->clustering;
  const guint k = clustering->k;
  g_autofree double *sums = g_new (double, k);
  double total = 0.0;

  for (guint c = 0; c < k; c++)
    of_cluster[c] = 0.0;
  for (gsize i = 0; i < points->n; i++)
    {
      const guint own = clustering->labels[i];
      double a, b = INFINITY;

      for (guint c = 0; c < k; c++)
        sums[c] = 0.0;
      for (gsize j = 0; j < points->n; j++)
        {
          double square = 0.0;

          for (gsize l = 0; l < points->d; l++)
            square += pow (
                (double) points->values[i * points->d + l] - points->values[j * points->d + l], 2);
          sums[clustering->labels[j]] += sqrt (square);
        }
      if (clustering->sizes[own] == 1)
        continue;
      a = sums[own] / (clustering->sizes[own] - 1);
      for (guint c = 0; c < k; c++)
        if (c != own)
          b = fmin (b, sums[c] / clustering->sizes[c]);
      of_cluster[own] += (b - a) / fmax (a, b) / clustering->sizes[own];
      total += (b - a) / fmax (a, b);
    }
  return total / points->n;
}

static void
test_by_hand (void)
{
  const guint32 two[] = { 0, 0, 0, 1, 1, 1 }, three[] = { 0, 0, 2, 1, 1, 1 };
  const float runs[] = { 1, 2, 3, 10, 11, 12, 20, 21, 22 };
  const guint32 thirds[] = { 0, 0, 0, 1, 1, 1, 2, 2, 2 };
  const struct
  {
    gsize n, d;
    const float *values;
    guint k;
    const guint32 *labels;
    double mean;
  } cases[] = {
    { 6, 2, triangles, 2, two, .9196222281 },
    { 6, 2, triangles, 3, three, .5080461214 },
    { 9, 1, runs, 3, thirds, .853675645342 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (ClusterFixture) fixture = { 0 };
      g_auto (WsSilhouette) silhouette = { 0 };

      cluster_fixture_init (&fixture, cases[i].n, cases[i].d, cases[i].values, cases[i].k,
                            cases[i].labels);
      compute (&silhouette, &fixture, 0, 0, NULL);
      g_assert_cmpfloat_with_epsilon (silhouette.mean, cases[i].mean, 1e-10);
      g_assert_cmpfloat (silhouette.standard_error, ==, 0.0);
      g_assert_cmpuint (silhouette.n_sampled, ==, cases[i].n);
      if (cases[i].k == 3 && cases[i].n == 6)
        g_assert_cmpfloat (silhouette.of_cluster[2], ==, 0.0);
    }
}

static void
assert_is_definition (gsize n, gsize d, guint k)
{
  g_auto (ClusterFixture) fixture = { 0 };
  g_auto (WsSilhouette) silhouette = { 0 };
  g_autofree double *of_cluster = g_new (double, k);

  cluster_fixture_init_planted (&fixture, n, d, k, 3.0, n);
  compute (&silhouette, &fixture, n, 0, NULL);
  g_assert_cmpfloat_with_epsilon (silhouette.mean, compute_slowly (&fixture, of_cluster), 1e-10);
  for (guint c = 0; c < k; c++)
    g_assert_cmpfloat_with_epsilon (silhouette.of_cluster[c], of_cluster[c], 1e-10);
}

/* An odd and an even number of blocks of 256 points, one and more products deep. */
static void
test_definition (void)
{
  assert_is_definition (100, 3, 4);
  assert_is_definition (257, 2, 7);
  assert_is_definition (700, 530, 3);
  assert_is_definition (1024, 5, 2);
}

static void
test_degenerate (void)
{
  const guint32 same[] = { 0, 0, 0, 0, 0, 0 }, halves[] = { 0, 0, 0, 1, 1, 1 };
  const float one_place[] = { .1f, .1f, .1f, .1f, .1f, .1f };
  g_auto (ClusterFixture) one = { 0 }, place = { 0 };
  g_auto (WsSilhouette) silhouette = { 0 };

  cluster_fixture_init (&one, 6, 2, triangles, 1, same);
  compute (&silhouette, &one, 0, 0, NULL);
  g_assert_true (isnan (silhouette.mean) && isnan (silhouette.standard_error));
  g_assert_cmpuint (silhouette.n_sampled, ==, 0);
  g_assert_null (silhouette.of_cluster);
  cluster_fixture_init (&place, 6, 1, one_place, 2, halves);
  compute (&silhouette, &place, 0, 0, NULL);
  g_assert_cmpfloat (silhouette.mean, ==, 0.0);
}

/* 2^20 away from the origin the coordinates are still exact; products of them would not be. */
static void
test_far_from_origin (void)
{
  const guint32 labels[] = { 0, 0, 0, 1, 1, 1 };
  float values[G_N_ELEMENTS (triangles)];
  g_auto (ClusterFixture) fixture = { 0 };
  g_auto (WsSilhouette) silhouette = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (triangles); i++)
    values[i] = triangles[i] + 1048576.0f;
  cluster_fixture_init (&fixture, 6, 2, values, 2, labels);
  compute (&silhouette, &fixture, 0, 0, NULL);
  g_assert_cmpfloat_with_epsilon (silhouette.mean, .9196222281, 1e-10);
}

static void
assert_same (const WsSilhouette *a, const WsSilhouette *b)
{
  g_assert_cmpfloat (a->mean, ==, b->mean);
  g_assert_cmpfloat (a->standard_error, ==, b->standard_error);
  g_assert_cmpuint (a->n_sampled, ==, b->n_sampled);
  g_assert_cmpmem (a->of_cluster, a->k * sizeof (double), b->of_cluster, b->k * sizeof (double));
}

static void
test_threads (void)
{
  g_auto (ClusterFixture) fixture = { 0 };

  cluster_fixture_init_planted (&fixture, 3000, 20, 6, 3.0, 1);
  for (guint64 n_sample = 0; n_sample < 3000; n_sample += 1300)
    {
      g_auto (WsSilhouette) alone = { 0 };

      compute (&alone, &fixture, n_sample, 5, NULL);
      for (guint n_threads = 2; n_threads < 5; n_threads++)
        {
          g_autoptr (WsCrew) crew = ws_crew_new (n_threads);
          g_auto (WsSilhouette) shared = { 0 };

          compute (&shared, &fixture, n_sample, 5, ws_crew_get_team (crew));
          assert_same (&shared, &alone);
        }
    }
}

static void
test_seed (void)
{
  g_auto (ClusterFixture) fixture = { 0 };
  g_auto (WsSilhouette) a = { 0 }, b = { 0 }, other = { 0 };

  cluster_fixture_init_planted (&fixture, 3000, 8, 6, 3.0, 1);
  compute (&a, &fixture, 1000, 5, NULL);
  compute (&b, &fixture, 1000, 5, NULL);
  compute (&other, &fixture, 1000, 6, NULL);
  assert_same (&a, &b);
  g_assert_cmpuint (a.n_sampled, ==, 1000);
  g_assert_cmpfloat (a.mean, !=, other.mean);
}

/* One cluster of nearly all points beside clusters of one, two and three: the three that are drawn
 * are of the first, and two of each other one are looked at beside them, if there are so many. */
static void
test_small_clusters (void)
{
  g_auto (ClusterFixture) fixture = { 0 };
  g_auto (WsSilhouette) silhouette = { 0 };
  float values[500];
  guint32 labels[500];

  for (guint i = 0; i < 500; i++)
    {
      labels[i] = i < 494 ? 0 : i < 497 ? 1 : i < 499 ? 2 : 3;
      values[i] = 100.0f * labels[i] + i % 7;
    }
  cluster_fixture_init (&fixture, 500, 1, values, 4, labels);
  compute (&silhouette, &fixture, 3, 5, NULL);
  g_assert_cmpuint (silhouette.n_sampled, ==, 3 + 2 + 2 + 1);
  g_assert_cmpfloat (silhouette.of_cluster[1], >, .9);
  g_assert_cmpfloat (silhouette.of_cluster[2], >, .9);
  g_assert_cmpfloat (silhouette.of_cluster[3], ==, 0.0);
}

/* The errors of 60 samples, each in units of the standard error that was told with it. Their root
 * mean square is 1 but for chance (9 %) and for the standard error's own error (an eighth). Without
 * the correction of the bias the third case has 4. */
static void
assert_honest (gsize n, gsize d, guint k, double separation, guint64 n_sample)
{
  const guint n_seeds = 60;
  g_auto (ClusterFixture) fixture = { 0 };
  g_auto (WsSilhouette) exact = { 0 };
  double sum = 0.0, bias = 0.0, units;

  cluster_fixture_init_planted (&fixture, n, d, k, separation, 17);
  compute (&exact, &fixture, 0, 0, NULL);
  for (guint seed = 0; seed < n_seeds; seed++)
    {
      g_auto (WsSilhouette) silhouette = { 0 };
      double error;

      compute (&silhouette, &fixture, n_sample, seed, NULL);
      g_assert_cmpfloat (silhouette.standard_error, >, 0.0);
      error = (silhouette.mean - exact.mean) / silhouette.standard_error;
      sum += error * error / n_seeds;
      bias += error / n_seeds;
    }
  units = sqrt (sum);
  g_test_message ("n = %zu, d = %zu, k = %u, separation %g: %.4f, %.2f units, bias %.2f", n, d, k,
                  separation, exact.mean, units, bias);
  g_assert_cmpfloat (units, >, .7);
  g_assert_cmpfloat (units, <, 1.4);
}

static void
test_standard_error (void)
{
  assert_honest (4000, 4, 3, 4.0, 400);
  assert_honest (4000, 16, 8, 4.0, 600);
  assert_honest (4000, 64, 20, 2.0, 800);
  assert_honest (3000, 8, 2, 0.0, 1500);
}

/* Two small clusters that lie far away together, 1500 times as far as from each other: of them the
 * sample has all points, so it knows all of their distances. */
static void
test_far_neighbours (void)
{
  const gsize n = 4000, d = 16;
  g_autofree float *values = g_new (float, n *d);
  g_autofree guint32 *labels = g_new (guint32, n);
  g_auto (ClusterFixture) fixture = { 0 };
  g_auto (WsSilhouette) exact = { 0 }, sampled = { 0 };

  for (gsize i = 0; i < n; i++)
    {
      labels[i] = i % 400 < 2 ? 1 + i % 400 : 0;
      for (gsize j = 0; j < d; j++)
        values[i * d + j] =
            (labels[i] > 0 ? 0.1 : 1.0) * cluster_fixture_get_normal (1, i * d + j) +
            (labels[i] > 0 && j == 0 ? 3000.0 : 0.0) + (labels[i] == 2 && j == 1 ? 2.0 : 0.0);
    }
  cluster_fixture_init (&fixture, n, d, values, 3, labels);
  compute (&exact, &fixture, 0, 0, NULL);
  compute (&sampled, &fixture, 2000, 0, NULL);
  g_assert_cmpfloat (exact.of_cluster[1], >, 0.7);
  for (guint c = 1; c < 3; c++)
    g_assert_cmpfloat_with_epsilon (sampled.of_cluster[c], exact.of_cluster[c], 1e-5);
}

static void
take_share (double share, gpointer user_data)
{
  GArray *shares = user_data;

  g_array_append_val (shares, share);
}

/* What was estimated is what is told of, step by step, and there are many steps; the second time
 * the distances are there. */
static void
assert_told (WsPairs *pairs, const WsClustering *clustering)
{
  for (guint i = 0; i < 2; i++)
    {
      g_auto (WsSilhouette) silhouette = { 0 };
      g_autoptr (GArray) shares = g_array_new (FALSE, FALSE, sizeof (double));
      WsWork work = { .total =
                          ws_pairs_estimate_first_work (pairs) + ws_pairs_estimate_work (pairs),
                      .share_func = take_share,
                      .user_data = shares };

      g_assert_true (ws_silhouette_compute_from (&silhouette, pairs, clustering, &work, NULL));
      /* 2000 points are 9 blocks, and so many waves */
      g_assert_cmpuint (shares->len, >=, 9);
      for (guint j = 1; j < shares->len; j++)
        g_assert_cmpfloat (g_array_index (shares, double, j), >,
                           g_array_index (shares, double, j - 1));
      g_assert_cmpfloat (g_array_index (shares, double, 0), <, 0.3);
      g_assert_cmpfloat_with_epsilon (g_array_index (shares, double, shares->len - 1), 1, 1e-9);
    }
}

static void
test_progress (void)
{
  g_auto (ClusterFixture) fixture = { 0 };

  cluster_fixture_init_planted (&fixture, 3000, 20, 6, 3.0, 1);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (WsPairs) pairs = ws_pairs_new (&fixture.points, i < 2 ? 2000 : 0, 5, i == 0);

      assert_told (pairs, &fixture.clustering);
    }
}

static void
test_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (ClusterFixture) fixture = { 0 };
  g_auto (WsSilhouette) silhouette = { 0 };

  cluster_fixture_init_planted (&fixture, 100, 3, 2, 5.0, 3);
  g_cancellable_cancel (cancellable);
  g_assert_false (ws_silhouette_compute (&silhouette, &fixture.points, &fixture.clustering, 0, 0,
                                         NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (silhouette.of_cluster);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ws_spectrum_init_blas ();
  g_test_add_func ("/silhouette/as-by-hand", test_by_hand);
  g_test_add_func ("/silhouette/is-its-definition", test_definition);
  g_test_add_func ("/silhouette/degenerate", test_degenerate);
  g_test_add_func ("/silhouette/an-offset-does-not-matter", test_far_from_origin);
  g_test_add_func ("/silhouette/same-bits-for-any-threads", test_threads);
  g_test_add_func ("/silhouette/a-sample-is-of-its-seed", test_seed);
  g_test_add_func ("/silhouette/two-of-each-cluster", test_small_clusters);
  g_test_add_func ("/silhouette/standard-error-is-honest", test_standard_error);
  g_test_add_func ("/silhouette/far-clusters-keep-their-distance", test_far_neighbours);
  g_test_add_func ("/silhouette/progress", test_progress);
  g_test_add_func ("/silhouette/cancel", test_cancelled);
  return g_test_run ();
}
