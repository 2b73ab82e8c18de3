/* SPDX-License-Identifier: MIT */
/* Criteria of clusterings: values worked out by hand, and what they promise for hard cases. */
#include "cluster/criteria.h"

#include "cluster-fixture.h"
#include "cluster/crew.h"

#include <math.h>
#include <string.h>

/* Two triangles: centres (1/3, 1/3) and (31/3, 31/3), the grand mean half way. SSB = 6 * 2 * 25,
 * SSW = 2 * 4/3. */
static const float triangles[] = { 0, 0, 0, 1, 1, 0, 10, 10, 10, 11, 11, 10 };

static void
compute (WsCriteria *criteria, const ClusterFixture *fixture, WsTeam *team)
{
  GError *error = NULL;

  g_assert_true (
      ws_criteria_compute (criteria, &fixture->points, &fixture->clustering, team, NULL, &error));
  g_assert_no_error (error);
}

static void
test_two_triangles (void)
{
  const guint32 labels[] = { 0, 0, 0, 1, 1, 1 };
  g_auto (ClusterFixture) fixture = { 0 };
  /* distances to the centre: sqrt (2) / 3 and two times sqrt (5) / 3 */
  const double spread = (sqrt (2.0) + 2.0 * sqrt (5.0)) / 9.0;
  WsCriteria criteria;

  cluster_fixture_init (&fixture, 6, 2, triangles, 2, labels);
  compute (&criteria, &fixture, NULL);
  g_assert_cmpfloat_with_epsilon (criteria.calinski_harabasz, 300.0 / (8.0 / 3.0 / 4.0), 1e-9);
  g_assert_cmpfloat (criteria.f_ratio_seed, ==, criteria.calinski_harabasz);
  g_assert_cmpfloat_with_epsilon (criteria.davies_bouldin, 2.0 * spread / sqrt (200.0), 1e-12);
  g_assert_cmpfloat_with_epsilon (criteria.davies_bouldin, 0.0924950591, 1e-10);
}

/* The f ratio drops the point (1, 0), but not from the grand mean. */
static void
test_one_member (void)
{
  const guint32 labels[] = { 0, 0, 2, 1, 1, 1 };
  g_auto (ClusterFixture) fixture = { 0 };
  WsCriteria criteria;

  cluster_fixture_init (&fixture, 6, 2, triangles, 3, labels);
  compute (&criteria, &fixture, NULL);
  g_assert_cmpfloat_with_epsilon (criteria.calinski_harabasz, 246.136363636, 1e-8);
  g_assert_cmpfloat_with_epsilon (criteria.f_ratio_seed, 415.0, 1e-9);
}

static void
test_three_runs (void)
{
  const float values[] = { 1, 2, 3, 10, 11, 12, 20, 21, 22 };
  const guint32 labels[] = { 0, 0, 0, 1, 1, 1, 2, 2, 2 };
  g_auto (ClusterFixture) fixture = { 0 };
  WsCriteria criteria;

  cluster_fixture_init (&fixture, 9, 1, values, 3, labels);
  compute (&criteria, &fixture, NULL);
  /* centres 2, 11, 21, mean 34/3: SSB = 3 * (784 + 1 + 841) / 9 = 542, SSW = 6 */
  g_assert_cmpfloat_with_epsilon (criteria.calinski_harabasz, 542.0 / 2.0 / (6.0 / 6.0), 1e-9);
  /* s = 2/3 each: the nearest centre is at 9 of the first two, at 10 of the third */
  g_assert_cmpfloat_with_epsilon (criteria.davies_bouldin,
                                  (2.0 * (4.0 / 3.0) / 9.0 + (4.0 / 3.0) / 10.0) / 3.0, 1e-12);
}

static void
test_undefined (void)
{
  const guint32 same[] = { 0, 0, 0, 0, 0, 0 }, all[] = { 0, 1, 2, 3, 4, 5 };
  const guint32 halves[] = { 0, 0, 0, 1, 1, 1 };
  const float one_place[] = { 2, 2, 2, 2, 2, 2 }, two_places[] = { 1, 1, 1, 2, 2, 2 };
  const struct
  {
    const float *values;
    guint k;
    const guint32 *labels;
    double ratio; /* Calinski & Harabasz */
  } cases[] = {
    { triangles, 1, same, NAN },
    { triangles, 6, all, NAN },
    { one_place, 2, halves, NAN },
    { two_places, 2, halves, INFINITY },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (ClusterFixture) fixture = { 0 };
      WsCriteria criteria;

      cluster_fixture_init (&fixture, 6, 1, cases[i].values, cases[i].k, cases[i].labels);
      compute (&criteria, &fixture, NULL);
      if (isnan (cases[i].ratio))
        g_assert_true (isnan (criteria.calinski_harabasz) && isnan (criteria.f_ratio_seed) &&
                       isnan (criteria.davies_bouldin));
      else
        {
          g_assert_cmpfloat (criteria.calinski_harabasz, ==, cases[i].ratio);
          g_assert_cmpfloat (criteria.davies_bouldin, ==, 0.0);
        }
    }
}

/* 1e4 away from the origin float32 keeps three digits of the spread; squares of it would keep none.
 */
static void
test_far_from_origin (void)
{
  const guint32 labels[] = { 0, 0, 0, 1, 1, 1 };
  float values[G_N_ELEMENTS (triangles)];
  g_auto (ClusterFixture) fixture = { 0 };
  WsCriteria criteria;

  for (guint i = 0; i < G_N_ELEMENTS (triangles); i++)
    values[i] = triangles[i] + 1048576.0f;
  cluster_fixture_init (&fixture, 6, 2, values, 2, labels);
  compute (&criteria, &fixture, NULL);
  g_assert_cmpfloat_with_epsilon (criteria.calinski_harabasz, 450.0, 1e-6);
}

static void
test_threads (void)
{
  g_auto (ClusterFixture) fixture = { 0 };
  WsCriteria alone;

  /* more than one strip of columns, tile of points, and something left of each */
  cluster_fixture_init_planted (&fixture, 3001, 203, 11, 5.0, 3);
  compute (&alone, &fixture, NULL);
  g_assert_true (isfinite (alone.calinski_harabasz) && isfinite (alone.davies_bouldin));
  for (guint n_threads = 2; n_threads < 5; n_threads++)
    {
      g_autoptr (WsCrew) crew = ws_crew_new (n_threads);
      WsCriteria shared;

      compute (&shared, &fixture, ws_crew_get_team (crew));
      g_assert_cmpmem (&shared, sizeof shared, &alone, sizeof alone);
    }
}

static void
test_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (ClusterFixture) fixture = { 0 };
  WsCriteria criteria;

  cluster_fixture_init_planted (&fixture, 100, 3, 2, 5.0, 3);
  g_cancellable_cancel (cancellable);
  g_assert_false (ws_criteria_compute (&criteria, &fixture.points, &fixture.clustering, NULL,
                                       cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ws_spectrum_init_blas ();
  g_test_add_func ("/criteria/two-triangles-as-by-hand", test_two_triangles);
  g_test_add_func ("/criteria/the-seed-drops-clusters-of-one", test_one_member);
  g_test_add_func ("/criteria/three-runs-as-by-hand", test_three_runs);
  g_test_add_func ("/criteria/nothing-to-divide-by-is-unknown", test_undefined);
  g_test_add_func ("/criteria/an-offset-does-not-matter", test_far_from_origin);
  g_test_add_func ("/criteria/same-bits-for-any-threads", test_threads);
  g_test_add_func ("/criteria/cancel", test_cancelled);
  return g_test_run ();
}
