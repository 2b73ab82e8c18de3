/* SPDX-License-Identifier: MIT */
/* Facts about rows: by hand, and pair by pair. */
#include "cluster/embedding-facts.h"

#include "cluster-fixture.h"
#include "cluster/crew.h"

#include <math.h>

static WsEmbeddingFacts *
compute (const WsPoints *points, WsTeam *team)
{
  GError *error = NULL;
  WsEmbeddingFacts *facts = ws_embedding_facts_compute (points, team, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (facts->n, ==, points->n);
  return facts;
}

/* Cosines 0, 1 / sqrt (2), 1 / sqrt (2). */
static void
test_three_rows (void)
{
  const float values[] = { 1, 0, 0, 1, 1, 1 };
  g_auto (WsPoints) points = { 0 };
  g_autoptr (WsEmbeddingFacts) facts = NULL;

  ws_points_init (&points, 3, 2, values);
  facts = compute (&points, NULL);
  g_assert_cmpfloat_with_epsilon (facts->anisotropy, .471404520791, 1e-12);
  g_assert_cmpfloat_with_epsilon (facts->norms[2], sqrt (2.0), 1e-7);
  g_assert_cmpfloat_with_epsilon (facts->norm_quantiles[2], 1.0, 1e-12);
  /* between the second and the third, 0.998 of the way */
  g_assert_cmpfloat_with_epsilon (facts->norm_quantiles[4], 1.0 + .998 * (sqrt (2.0) - 1.0), 1e-12);
}

static double
get_mean_cosine (const WsPoints *points, const double *origin)
{
  const gsize d = points->d;
  double sum = 0.0, n = 0.0;

  for (gsize i = 0; i < points->n; i++)
    for (gsize j = 0; j < i; j++)
      {
        double product = 0.0, left = 0.0, right = 0.0;

        for (gsize l = 0; l < d; l++)
          {
            const double x = points->values[i * d + l] - origin[l];
            const double y = points->values[j * d + l] - origin[l];

            product += x * y;
            left += x * x;
            right += y * y;
          }
        if (left > 0.0 && right > 0.0)
          {
            sum += product / sqrt (left * right);
            n++;
          }
      }
  return sum / n;
}

/* Two rows of zeros have no direction. */
static void
test_all_pairs (void)
{
  const gsize n = 300, d = 70;
  g_autofree float *values = g_new (float, n *d);
  g_autofree double *zero = g_new0 (double, d);
  g_auto (WsPoints) points = { 0 };
  g_autoptr (WsEmbeddingFacts) facts = NULL;

  for (gsize i = 0; i < n * d; i++)
    values[i] = i / d % 150 == 7 ? 0.0 : 0.5 + cluster_fixture_get_normal (1, i);
  ws_points_init (&points, n, d, values);
  facts = compute (&points, NULL);
  g_assert_cmpfloat_with_epsilon (facts->anisotropy, get_mean_cosine (&points, zero), 1e-12);
  g_assert_cmpfloat_with_epsilon (facts->anisotropy_centred, get_mean_cosine (&points, points.mean),
                                  1e-12);
  g_assert_cmpfloat (facts->anisotropy, >, 0.1);
  g_assert_cmpfloat (fabs (facts->anisotropy_centred), <, 0.02);
}

static void
test_one_direction (void)
{
  const float values[] = { 1, 2, 0, 0, 3, 6 }, single[] = { 1, 2 };
  g_auto (WsPoints) points = { 0 }, one = { 0 };
  g_autoptr (WsEmbeddingFacts) facts = NULL, of_one = NULL;

  ws_points_init (&points, 3, 2, values);
  facts = compute (&points, NULL);
  g_assert_cmpfloat_with_epsilon (facts->anisotropy, 1.0, 1e-12);
  ws_points_init (&one, 1, 2, single);
  of_one = compute (&one, NULL);
  g_assert_true (isnan (of_one->anisotropy) && isnan (of_one->anisotropy_centred));
  g_assert_cmpuint (of_one->untrained->len, ==, 0);
}

/* The 0.1 % quantile of 5000 rows lies just below the sixth: five rows count for their norm and
 * five for their distance. Rows 100 to 104 are short; row 4000, of usual length, lies at the centre
 * of all, as a row does that stays where it was put. */
static void
test_untrained (void)
{
  const gsize n = 5000, d = 16;
  g_autofree float *values = g_new (float, n *d);
  g_autofree guint32 *rows = g_new (guint32, n);
  g_auto (WsPoints) points = { 0 };
  g_autoptr (WsEmbeddingFacts) facts = NULL;
  gboolean is_found[6] = { FALSE };

  for (gsize i = 0; i < n; i++)
    {
      for (gsize j = 0; j < d; j++)
        {
          const double value = cluster_fixture_get_normal (2, i * d + j);

          values[i * d + j] = i >= 100 && i < 105 ? 1e-3 * (i - 99) * value
                              : i == 4000         ? 2.0
                                                  : 2.0 + value;
        }
      rows[i] = i + 1000;
    }
  ws_points_init (&points, n, d, values);
  points.rows = g_steal_pointer (&rows);
  facts = compute (&points, NULL);
  g_assert_cmpuint (facts->untrained->len, ==, 10);
  for (guint i = 0; i < 10; i++)
    {
      const guint32 row = g_array_index (facts->untrained, guint32, i);

      if (row >= 1100 && row < 1105)
        is_found[row - 1100] = TRUE;
      if (row == 5000)
        is_found[5] = TRUE;
    }
  for (guint i = 0; i < 6; i++)
    g_assert_true (is_found[i]);
  g_assert_cmpuint (g_array_index (facts->untrained, guint32, 0), ==, 1100);
}

/* Rows of one length and rows of zeros: the zeros are listed, however many, and none of the others
 * for being as short as all are. */
static void
test_many_zeros (void)
{
  float values[400] = { 0 };
  g_auto (WsPoints) points = { 0 };
  g_autoptr (WsEmbeddingFacts) facts = NULL;
  guint n_zeros = 0;

  for (guint i = 0; i < 160; i++)
    values[2 * i + i % 2] = 1.0;
  ws_points_init (&points, 200, 2, values);
  facts = compute (&points, NULL);
  for (guint i = 0; i < facts->untrained->len; i++)
    n_zeros += g_array_index (facts->untrained, guint32, i) >= 160;
  g_assert_cmpuint (n_zeros, ==, 40);
  g_assert_cmpuint (facts->untrained->len, ==, 40);
}

static void
test_threads (void)
{
  g_auto (ClusterFixture) fixture = { 0 };
  g_autoptr (WsEmbeddingFacts) alone = NULL;

  cluster_fixture_init_planted (&fixture, 3001, 203, 3, 5.0, 3);
  alone = compute (&fixture.points, NULL);
  for (guint n_threads = 2; n_threads < 5; n_threads++)
    {
      g_autoptr (WsCrew) crew = ws_crew_new (n_threads);
      g_autoptr (WsEmbeddingFacts) shared = compute (&fixture.points, ws_crew_get_team (crew));

      g_assert_cmpmem (shared->norms, 3001 * sizeof (float), alone->norms, 3001 * sizeof (float));
      g_assert_cmpfloat (shared->anisotropy, ==, alone->anisotropy);
      g_assert_cmpfloat (shared->anisotropy_centred, ==, alone->anisotropy_centred);
    }
}

static void
test_cancelled (void)
{
  const float values[] = { 1, 0, 0, 1, 1, 1 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (WsPoints) points = { 0 };

  ws_points_init (&points, 3, 2, values);
  g_cancellable_cancel (cancellable);
  g_assert_null (ws_embedding_facts_compute (&points, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/embedding-facts/three-rows", test_three_rows);
  g_test_add_func ("/embedding-facts/all-pairs", test_all_pairs);
  g_test_add_func ("/embedding-facts/one-direction", test_one_direction);
  g_test_add_func ("/embedding-facts/possibly-untrained", test_untrained);
  g_test_add_func ("/embedding-facts/many-rows-of-zeros", test_many_zeros);
  g_test_add_func ("/embedding-facts/same-bits-for-any-threads", test_threads);
  g_test_add_func ("/embedding-facts/cancel", test_cancelled);
  return g_test_run ();
}
