/* SPDX-License-Identifier: MIT */
/* Rows become points: all that are finite, standardised as NumPy would in float64. */
#include "base/error.h"
#include "cluster/crew.h"
#include "cluster/points.h"

#include <math.h>
#include <string.h>

typedef struct
{
  WsTensor tensor;
  WsMatrix matrix;
} Fixture;

static void
fixture_init (Fixture *self, WsDtype dtype, guint64 n_rows, guint64 n_cols, const void *values)
{
  g_autoptr (GBytes) bytes =
      g_bytes_new (values, n_rows * n_cols * ws_dtype_get_n_bits (dtype) / 8);

  *self = (Fixture){ .tensor = { .name = (char *) "test",
                                 .dtype = dtype,
                                 .n_dims = 2,
                                 .dims = { n_rows, n_cols },
                                 .n_elements = n_rows * n_cols,
                                 .source = ws_source_new_bytes ("test", bytes) } };
  ws_matrix_init (&self->matrix, &self->tensor, -1);
}

static void
fixture_clear (Fixture *self)
{
  ws_source_unref (self->tensor.source);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

/* (transfer full) */
static float *
make_values (gsize n)
{
  float *values = g_new (float, n);
  g_autoptr (GRand) random = g_rand_new_with_seed (3);

  for (gsize i = 0; i < n; i++)
    values[i] = g_rand_double_range (random, -1, 1);
  return values;
}

static void
read_points (WsPoints *points, const Fixture *fixture, WsTeam *team)
{
  GError *error = NULL;

  ws_points_read (points, &fixture->matrix, 0, team, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
normalize (WsPoints *points, WsNormalization normalization, WsTeam *team)
{
  GError *error = NULL;

  ws_points_normalize (points, normalization, team, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
}

/* Several blocks, the last one shorter. */
static void
test_rows_are_read_as_they_are (void)
{
  const gsize n = 3001, d = 701;
  g_autofree float *values = make_values (n * d);
  g_auto (Fixture) fixture = { 0 };
  g_auto (WsPoints) points = { 0 };
  g_autoptr (WsCrew) crew = ws_crew_new (3);

  fixture_init (&fixture, WS_DTYPE_F32, n, d, values);
  read_points (&points, &fixture, ws_crew_get_team (crew));
  g_assert_cmpuint (points.n, ==, n);
  g_assert_cmpuint (points.d, ==, d);
  g_assert_cmpmem (points.values, n * d * sizeof (float), values, n * d * sizeof (float));
  g_assert_null (points.rows);
  g_assert_cmpuint (points.n_not_finite, ==, 0);
}

static void
test_rows_that_are_not_finite_are_left_out (void)
{
  const float nan = NAN, infinity = INFINITY;
  const float values[] = { nan, 1, 2, 3, 4, -infinity, 5, 6, 7, nan };
  const float expected[] = { 2, 3, 5, 6 };
  const guint32 rows[] = { 1, 3 };
  g_auto (Fixture) fixture = { 0 };
  g_auto (WsPoints) points = { 0 };

  fixture_init (&fixture, WS_DTYPE_F32, 5, 2, values);
  read_points (&points, &fixture, NULL);
  g_assert_cmpuint (points.n, ==, 2);
  g_assert_cmpuint (points.n_rows, ==, 5);
  g_assert_cmpuint (points.n_not_finite, ==, 3);
  g_assert_cmpmem (points.values, sizeof expected, expected, sizeof expected);
  g_assert_cmpmem (points.rows, sizeof rows, rows, sizeof rows);
}

/* In the second block, when the first is whole. */
static void
test_gaps_close_across_blocks (void)
{
  const gsize n = 3000, d = 701, gap = 2000;
  g_autofree float *values = make_values (n * d);
  g_auto (Fixture) fixture = { 0 };
  g_auto (WsPoints) points = { 0 };
  g_autoptr (WsCrew) crew = ws_crew_new (2);

  values[gap * d + 700] = INFINITY;
  fixture_init (&fixture, WS_DTYPE_F32, n, d, values);
  read_points (&points, &fixture, ws_crew_get_team (crew));
  g_assert_cmpuint (points.n, ==, n - 1);
  g_assert_cmpmem (points.values, gap * d * sizeof (float), values, gap * d * sizeof (float));
  g_assert_cmpmem (points.values + gap * d, (n - 1 - gap) * d * sizeof (float),
                   values + (gap + 1) * d, (n - 1 - gap) * d * sizeof (float));
  for (gsize i = 0; i < n - 1; i++)
    g_assert_cmpuint (points.rows[i], ==, i < gap ? i : i + 1);
}

/* 1e300 is finite, but not in float32. */
static void
test_what_float32_cannot_hold_is_not_finite (void)
{
  const double values[] = { 1e300, 1, 2, 3 };
  g_auto (Fixture) fixture = { 0 };
  g_auto (WsPoints) points = { 0 };

  fixture_init (&fixture, WS_DTYPE_F64, 2, 2, values);
  read_points (&points, &fixture, NULL);
  g_assert_cmpuint (points.n, ==, 1);
  g_assert_cmpuint (points.n_not_finite, ==, 1);
}

static void
assert_cannot_read (guint64 n_rows, guint64 n_cols, const float *values, guint64 memory_limit)
{
  g_auto (Fixture) fixture = { 0 };
  g_auto (WsPoints) points = { 0 };
  g_autoptr (GError) error = NULL;

  fixture_init (&fixture, WS_DTYPE_F32, n_rows, n_cols, values);
  g_assert_false (
      ws_points_read (&points, &fixture.matrix, memory_limit, NULL, NULL, NULL, NULL, &error));
  g_assert_error (error, WS_ERROR, WS_ERROR_UNSUPPORTED);
  g_assert_null (points.values);
}

static void
test_nothing_to_cluster_is_said (void)
{
  assert_cannot_read (0, 3, (const float[]){ 0 }, 0);
  assert_cannot_read (3, 0, (const float[]){ 0 }, 0);
  assert_cannot_read (2, 1, (const float[]){ NAN, INFINITY }, 0);
  /* two values, and a limit of a byte */
  assert_cannot_read (2, 1, (const float[]){ 1, 2 }, 1);
}

/* Column by column in float64. */
static void
assert_standardized (const WsPoints *points, const float *values, gboolean scaled)
{
  const gsize n = points->n, d = points->d;

  for (gsize j = 0; j < d; j++)
    {
      double mean = 0, variance = 0;

      for (gsize i = 0; i < n; i++)
        mean += (double) values[i * d + j] / n;
      for (gsize i = 0; i < n; i++)
        variance += (values[i * d + j] - mean) * (values[i * d + j] - mean) / n;
      for (gsize i = 0; i < n; i++)
        {
          const double expected = (values[i * d + j] - mean) / (scaled ? sqrt (variance) : 1);

          /* one rounding to float32 */
          g_assert_cmpfloat_with_epsilon (points->values[i * d + j], expected,
                                          6e-8 * fabs (expected) + 1e-13);
        }
    }
}

static void
test_columns_are_standardized (void)
{
  const gsize n = 1003, d = 131;
  g_autofree float *values = make_values (n * d);
  g_autoptr (WsCrew) crew = ws_crew_new (2);

  for (int scaled = 0; scaled < 2; scaled++)
    {
      g_auto (WsPoints) points = { 0 };

      ws_points_init (&points, n, d, values);
      normalize (&points, scaled ? WS_NORMALIZATION_ZSCORE : WS_NORMALIZATION_CENTER,
                 ws_crew_get_team (crew));
      assert_standardized (&points, values, scaled);
      g_assert_cmpuint (points.n_constant, ==, 0);
      for (gsize j = 0; j < d; j++)
        g_assert_cmpfloat_with_epsilon (points.mean[j], 0, 1e-7);
    }
}

/* 0.1 has no exact mean: its rounding must not be blown up to a deviation of 1. */
static void
test_column_of_equal_values_becomes_zero (void)
{
  const float values[] = { 0.1f, 1, 0.1f, 2, 0.1f, 6 };
  g_auto (WsPoints) points = { 0 };

  ws_points_init (&points, 3, 2, values);
  normalize (&points, WS_NORMALIZATION_ZSCORE, NULL);
  g_assert_cmpuint (points.n_constant, ==, 1);
  for (gsize i = 0; i < 3; i++)
    g_assert_cmpfloat (points.values[2 * i], ==, 0);
  g_assert_cmpfloat (points.values[5], >, 1);
}

static void
test_rows_get_length_one (void)
{
  const float values[] = { 3, 4, 0, 0, -5, 12 };
  const float expected[] = { 3.0f / 5, 4.0f / 5, 0, 0, -5.0f / 13, 12.0f / 13 };
  g_auto (WsPoints) points = { 0 };

  ws_points_init (&points, 3, 2, values);
  g_assert_cmpfloat (points.sq_norms[2], ==, 169);
  normalize (&points, WS_NORMALIZATION_UNIT, NULL);
  g_assert_cmpmem (points.values, sizeof expected, expected, sizeof expected);
  g_assert_cmpfloat_with_epsilon (points.sq_norms[0], 1, 1e-7);
  g_assert_cmpfloat (points.sq_norms[1], ==, 0);
}

static void
test_bits_do_not_depend_on_threads (void)
{
  const gsize n = 9001, d = 150;
  g_autofree float *values = make_values (n * d);
  g_auto (WsPoints) expected = { 0 };

  ws_points_init (&expected, n, d, values);
  normalize (&expected, WS_NORMALIZATION_ZSCORE, NULL);
  for (guint n_threads = 2; n_threads < 5; n_threads++)
    {
      g_autoptr (WsCrew) crew = ws_crew_new (n_threads);
      g_auto (WsPoints) points = { 0 };

      ws_points_init (&points, n, d, values);
      normalize (&points, WS_NORMALIZATION_ZSCORE, ws_crew_get_team (crew));
      g_assert_cmpmem (points.values, n * d * sizeof (float), expected.values,
                       n * d * sizeof (float));
      g_assert_cmpmem (points.sq_norms, n * sizeof (double), expected.sq_norms,
                       n * sizeof (double));
    }
}

static void
test_squares_beyond_float32_are_refused (void)
{
  const float values[] = { 1e30f, 0, 0, 1e-30f };
  g_auto (WsPoints) large = { 0 };
  g_auto (WsPoints) standardized = { 0 };
  g_autoptr (GError) error = NULL;

  ws_points_init (&large, 2, 2, values);
  g_assert_false (
      ws_points_normalize (&large, WS_NORMALIZATION_NONE, NULL, NULL, NULL, NULL, &error));
  g_assert_error (error, WS_ERROR, WS_ERROR_UNSUPPORTED);
  ws_points_init (&standardized, 2, 2, values);
  normalize (&standardized, WS_NORMALIZATION_ZSCORE, NULL);
  /* of two values each is one deviation from the mean */
  g_assert_cmpfloat (standardized.values[0], ==, 1);
  g_assert_cmpfloat (standardized.values[3], ==, 1);
}

/* Zeros are equal whatever their sign. */
static void
test_distinct_points_are_counted (void)
{
  const float values[] = { 0, 1, -0.0f, 1, 2, 3, 0, 1, 4, 5 };
  g_auto (WsPoints) points = { 0 };

  ws_points_init (&points, 5, 2, values);
  g_assert_cmpuint (ws_points_count_distinct (&points, 100), ==, 3);
  g_assert_cmpuint (ws_points_count_distinct (&points, 2), ==, 2);
}

static void
test_cancelled_reading_leaves_nothing (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_auto (WsPoints) points = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  fixture_init (&fixture, WS_DTYPE_F32, 2, 2, (const float[]){ 1, 2, 3, 4 });
  g_cancellable_cancel (cancellable);
  g_assert_false (
      ws_points_read (&points, &fixture.matrix, 0, NULL, NULL, NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (points.values);
}

static void
test_keys_are_read_back (void)
{
  for (guint i = 0; i < WS_N_NORMALIZATIONS; i++)
    {
      WsNormalization normalization;

      g_assert_true (ws_normalization_from_key (ws_normalization_get_key (i), &normalization));
      g_assert_cmpint (normalization, ==, i);
    }
  g_assert_false (ws_normalization_from_key ("ZScore", &(WsNormalization){ 0 }));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/points/rows-are-read-as-they-are", test_rows_are_read_as_they_are);
  g_test_add_func ("/points/rows-that-are-not-finite-are-left-out",
                   test_rows_that_are_not_finite_are_left_out);
  g_test_add_func ("/points/gaps-close-across-blocks", test_gaps_close_across_blocks);
  g_test_add_func ("/points/what-float32-cannot-hold-is-not-finite",
                   test_what_float32_cannot_hold_is_not_finite);
  g_test_add_func ("/points/nothing-to-cluster-is-said", test_nothing_to_cluster_is_said);
  g_test_add_func ("/points/columns-are-standardized", test_columns_are_standardized);
  g_test_add_func ("/points/column-of-equal-values-becomes-zero",
                   test_column_of_equal_values_becomes_zero);
  g_test_add_func ("/points/rows-get-length-one", test_rows_get_length_one);
  g_test_add_func ("/points/bits-do-not-depend-on-threads", test_bits_do_not_depend_on_threads);
  g_test_add_func ("/points/squares-beyond-float32-are-refused",
                   test_squares_beyond_float32_are_refused);
  g_test_add_func ("/points/distinct-points-are-counted", test_distinct_points_are_counted);
  g_test_add_func ("/points/cancelled-reading-leaves-nothing",
                   test_cancelled_reading_leaves_nothing);
  g_test_add_func ("/points/keys-are-read-back", test_keys_are_read_back);
  return g_test_run ();
}
