/* SPDX-License-Identifier: MIT */
/* Bisection finds the eigenvalues that closed forms tell, with each kernel that this machine runs.
 */
#include "spectra/sturm.h"

#include "spectra/sturm-kernel.h"
#include "team-fixture.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* NULL: this processor does not run it. */
static WsSturmFunc
get_func (guint lanes)
{
  if (!has_lanes (lanes))
    return NULL;
#if defined(__x86_64__)
  if (lanes == 8)
    return ws_sturm_count_8;
  if (lanes == 4)
    return ws_sturm_count_4;
#endif
  return ws_sturm_count_2;
}

/* Of the n x n matrix with 1/2 on the diagonal and -1/4 beside it: sin^2 (k pi / (2 n + 2)), k = 1
 * to n, the smallest first. */
static double
get_toeplitz_value (gsize k, gsize n)
{
  const double x = sin (G_PI * k / (2.0 * n + 2.0));

  return x * x;
}

static void
test_counts (gconstpointer data)
{
  const WsSturmFunc count = get_func (GPOINTER_TO_UINT (data));
  const gsize sides[] = { 1, 2, 8, 9, 16, 17, 500 };
  _Alignas(64) double x[WS_STURM_POINTS];
  _Alignas(64) guint64 counts[WS_STURM_POINTS];

  if (count == NULL)
    {
      g_test_skip ("this processor does not have the instructions");
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      const gsize n = sides[i];
      double d[500], squares[500];

      for (gsize j = 0; j < n; j++)
        d[j] = 0.5, squares[j] = 1.0 / 16.0;
      for (gsize j = 0; j < WS_STURM_POINTS; j++)
        x[j] = (j + 0.123) / WS_STURM_POINTS;
      count (d, squares, n, x, counts);
      for (gsize j = 0; j < WS_STURM_POINTS; j++)
        {
          guint64 expected = 0;

          while (expected < n && get_toeplitz_value (expected + 1, n) < x[j])
            expected++;
          g_assert_cmpuint (counts[j], ==, expected);
        }
    }
}

/* Terms that are exactly 0: each number is an eigenvalue of a leading block. Of 1/2 on the diagonal
 * and as good as nothing beside it none is below 1/2, or all are above 0. */
static void
test_zeros (gconstpointer data)
{
  const WsSturmFunc count = get_func (GPOINTER_TO_UINT (data));
  const gsize n = 100;
  _Alignas(64) double x[WS_STURM_POINTS] = { 0.0, 0.25, 0.5 + DBL_EPSILON, 1.0, 0.5 };
  _Alignas(64) guint64 counts[WS_STURM_POINTS];
  double d[100], squares[100];

  if (count == NULL)
    {
      g_test_skip ("this processor does not have the instructions");
      return;
    }
  for (gsize i = 0; i < n; i++)
    d[i] = 0.5, squares[i] = WS_STURM_LEAST * WS_STURM_LEAST;
  count (d, squares, n, x, counts);
  g_assert_cmpuint (counts[0], ==, 0);
  g_assert_cmpuint (counts[1], ==, 0);
  g_assert_cmpuint (counts[2], ==, n);
  g_assert_cmpuint (counts[3], ==, n);
  /* the eigenvalues lie on both sides of 1/2 in pairs */
  g_assert_cmpuint (counts[4], ==, n / 2);
}

/* (transfer full): descending */
static double *
compute (const double *d, const double *e, gsize n, WsTeam *team)
{
  WsWork work = { .total = 1.0, .team = team };
  double *lambda = g_new (double, n);
  GError *error = NULL;

  g_assert_true (ws_sturm_compute_values (d, e, n, lambda, &work, &error));
  g_assert_no_error (error);
  return lambda;
}

/* Of any size: 4 times the above, times @unit. */
static void
test_toeplitz (void)
{
  const double units[] = { 1.0, 1e-80, 3e75 };
  const gsize sides[] = { 1, 2, 31, 32, 33, 1000 };

  for (guint i = 0; i < G_N_ELEMENTS (units) * G_N_ELEMENTS (sides); i++)
    {
      const gsize n = sides[i % G_N_ELEMENTS (sides)];
      const double unit = units[i / G_N_ELEMENTS (sides)];
      g_autofree double *d = g_new (double, n), *e = g_new (double, n), *lambda = NULL;

      for (gsize j = 0; j < n; j++)
        d[j] = 2.0 * unit, e[j] = -unit;
      lambda = compute (d, e, n, NULL);
      for (gsize j = 0; j < n; j++)
        g_assert_cmpfloat_with_epsilon (lambda[j], 4.0 * unit * get_toeplitz_value (n - j, n),
                                        8.0 * DBL_EPSILON * unit);
    }
}

/* Many eigenvalues that are equal, or zero, or by rounding less: the diagonal is what comes out. */
static void
test_diagonal (void)
{
  const gsize n = 200;
  double d[200], e[200] = { 0 };
  g_autofree double *lambda = NULL;

  for (gsize i = 0; i < n; i++)
    d[i] = i % 4 == 3 ? -1e-17 : i % 4;
  lambda = compute (d, e, n, NULL);
  for (gsize i = 0; i < n; i++)
    {
      g_assert_cmpfloat_with_epsilon (lambda[i], i < 50 ? 2 : i < 100 ? 1 : 0, 2.0 * DBL_EPSILON);
      g_assert_cmpfloat (lambda[i], >=, 0.0);
    }
}

static void
test_zero_matrix (void)
{
  const double d[40] = { 0 }, e[40] = { 0 };
  g_autofree double *lambda = compute (d, e, 40, NULL);

  for (gsize i = 0; i < 40; i++)
    g_assert_cmpfloat (lambda[i], ==, 0.0);
}

static void
test_helpers_change_no_bit (void)
{
  const gsize n = 1000;
  g_auto (Helpers) helpers = { 0 };
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  g_autofree double *d = g_new (double, n), *e = g_new (double, n), *alone = NULL, *helped = NULL;

  helpers_init (&helpers);
  for (gsize i = 0; i < n; i++)
    {
      d[i] = g_rand_double_range (random, 2.0, 3.0);
      e[i] = g_rand_double (random);
    }
  alone = compute (d, e, n, NULL);
  helpers_add (&helpers);
  helped = compute (d, e, n, helpers.team);
  g_assert_cmpmem (helped, n * sizeof *helped, alone, n * sizeof *alone);
}

static void
test_cancelled_says_so (void)
{
  const double d[40] = { 1.0 }, e[40] = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  WsWork work = { .total = 1.0, .cancellable = cancellable };
  double lambda[40];

  g_cancellable_cancel (cancellable);
  g_assert_false (ws_sturm_compute_values (d, e, 40, lambda, &work, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/sturm/counts/2-lanes", GUINT_TO_POINTER (2), test_counts);
  g_test_add_data_func ("/sturm/counts/4-lanes", GUINT_TO_POINTER (4), test_counts);
  g_test_add_data_func ("/sturm/counts/8-lanes", GUINT_TO_POINTER (8), test_counts);
  g_test_add_data_func ("/sturm/zeros/2-lanes", GUINT_TO_POINTER (2), test_zeros);
  g_test_add_data_func ("/sturm/zeros/4-lanes", GUINT_TO_POINTER (4), test_zeros);
  g_test_add_data_func ("/sturm/zeros/8-lanes", GUINT_TO_POINTER (8), test_zeros);
  g_test_add_func ("/sturm/toeplitz", test_toeplitz);
  g_test_add_func ("/sturm/diagonal", test_diagonal);
  g_test_add_func ("/sturm/zero-matrix", test_zero_matrix);
  g_test_add_func ("/sturm/helpers-change-no-bit", test_helpers_change_no_bit);
  g_test_add_func ("/sturm/cancelled-says-so", test_cancelled_says_so);
  return g_test_run ();
}
