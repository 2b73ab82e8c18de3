/* SPDX-License-Identifier: MIT */
/* Symmetric matrix -> band -> tridiagonal: known spectra, LAPACK's, threads, cancelling. */
#include "spectra/band-kernel.h"
#include "spectra/band.h"
#include "spectra/chase-kernel.h"
#include "spectra/gram.h"
#include "spectra/lanes.h"
#include "team-fixture.h"

#include <float.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

#define WIDTH WS_BAND_WIDTH

/* Around the width of the band, of a tile and of a vector, and none of them. */
static const gsize sides[] = { 1,   2,   3,   9,   WIDTH - 1, WIDTH, WIDTH + 1, WIDTH + 2,
                               127, 128, 129, 130, 200,       257,   333 };

/* A = H A H, H = 1 - 2 v v' / v'v: another matrix with the same eigenvalues. Both halves. */
static void
reflect (double *a, gsize p, GRand *random)
{
  g_autofree double *v = g_new (double, p), *w = g_new0 (double, p);
  double norm = 0.0, share = 0.0;

  for (gsize i = 0; i < p; i++)
    {
      v[i] = g_rand_double_range (random, -1.0, 1.0);
      norm += v[i] * v[i];
    }
  for (gsize i = 0; i < p; i++)
    for (gsize j = 0; j < p; j++)
      w[i] += 2.0 / norm * a[i * p + j] * v[j];
  for (gsize i = 0; i < p; i++)
    share += v[i] * w[i] / norm;
  for (gsize i = 0; i < p; i++)
    w[i] -= share * v[i];
  for (gsize i = 0; i < p; i++)
    for (gsize j = 0; j < p; j++)
      a[i * p + j] -= v[i] * w[j] + w[i] * v[j];
}

/* With these eigenvalues, and no zeros. */
static double *
new_matrix (const double *lambda, gsize p)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (p);
  double *a = g_new0 (double, p *p);

  for (gsize i = 0; i < p; i++)
    a[i * p + i] = lambda[i];
  for (int i = 0; i < 3; i++)
    reflect (a, p, random);
  return a;
}

static double *
new_random (gsize p)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (p);
  double *a = g_new (double, p *p);

  for (gsize i = 0; i < p; i++)
    for (gsize j = 0; j <= i; j++)
      a[i * p + j] = a[j * p + i] = g_rand_double_range (random, -1.0, 1.0);
  return a;
}

/* @e: p elements */
static void
chase (const double *a, gsize p, double *d, double *e, WsTeam *team)
{
  WsWork work = { .total = 1.0, .team = team };
  GError *error = NULL;

  ws_band_chase (a, p, d, e, &work, &error);
  g_assert_no_error (error);
}

/* @a is destroyed; @e: p elements */
static void
reduce (double *a, gsize p, double *d, double *e, WsTeam *team)
{
  WsWork work = { .total = 1.0, .team = team };
  GError *error = NULL;

  ws_band_reduce (a, p, &work, &error);
  g_assert_no_error (error);
  chase (a, p, d, e, team);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  const double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* A backward stable reduction moves each eigenvalue by a few roots of p eps of the largest: 100 of
 * them leave room for any kernel, and show any mistake. */
static double
get_tolerance (const double *lambda, gsize p)
{
  double largest = 0.0;

  for (gsize i = 0; i < p; i++)
    largest = fmax (largest, fabs (lambda[i]));
  return 100.0 * sqrt (p) * DBL_EPSILON * largest;
}

/* @d, @e: destroyed; @lambda: sorted */
static void
assert_eigenvalues (double *d, double *e, double *lambda, gsize p)
{
  const double tolerance = get_tolerance (lambda, p);

  g_assert_cmpint (LAPACKE_dsterf (p, d, e), ==, 0);
  qsort (lambda, p, sizeof *lambda, compare);
  for (gsize i = 0; i < p; i++)
    g_assert_cmpfloat_with_epsilon (d[i], lambda[i], tolerance);
}

static void
assert_reduction_keeps (double *lambda, gsize p)
{
  g_autofree double *a = new_matrix (lambda, p), *d = g_new (double, p), *e = g_new (double, p);

  reduce (a, p, d, e, NULL);
  assert_eigenvalues (d, e, lambda, p);
}

/* Tridiagonal with 2 and -1: 2 - 2 cos (k pi / (p + 1)). */
static void
test_toeplitz (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      const gsize p = sides[i];
      g_autoptr (GRand) random = g_rand_new_with_seed (p);
      g_autofree double *a = g_new0 (double, p *p), *lambda = g_new (double, p);
      g_autofree double *d = g_new (double, p), *e = g_new (double, p);

      for (gsize j = 0; j < p; j++)
        {
          a[j * (p + 1)] = 2.0;
          if (j + 1 < p)
            a[j * (p + 1) + 1] = a[(j + 1) * (p + 1) - 1] = -1.0;
          lambda[j] = 2.0 - 2.0 * cos ((j + 1) * G_PI / (p + 1));
        }
      reflect (a, p, random);
      reduce (a, p, d, e, NULL);
      assert_eigenvalues (d, e, lambda, p);
    }
}

/* An independent way to the eigenvalues of matrices that nothing is known of. */
static void
test_random_as_lapack (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      const gsize p = sides[i];
      g_autofree double *a = new_random (p), *copy = g_memdup2 (a, p * p * sizeof (double));
      g_autofree double *d = g_new (double, p), *e = g_new (double, p);
      g_autofree double *lambda = g_new (double, p);

      g_assert_cmpint (LAPACKE_dsyevd (LAPACK_COL_MAJOR, 'N', 'L', p, copy, p, lambda), ==, 0);
      reduce (a, p, d, e, NULL);
      assert_eigenvalues (d, e, lambda, p);
    }
}

static void
test_rank_deficient (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      g_autofree double *lambda = g_new0 (double, sides[i]);

      for (gsize j = 0; j < MIN (sides[i], 5); j++)
        lambda[j] = j + 1.0;
      assert_reduction_keeps (lambda, sides[i]);
    }
}

static void
test_graded (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      g_autofree double *lambda = g_new (double, sides[i]);

      for (gsize j = 0; j < sides[i]; j++)
        lambda[j] = pow (10.0, -16.0 * j / sides[i]);
      assert_reduction_keeps (lambda, sides[i]);
    }
}

/* Graded towards the end of the columns, as no reflection has mixed them. */
static void
test_graded_columns (void)
{
  const gsize p = 200;
  g_autofree double *a = new_random (p), *d = g_new (double, p), *e = g_new (double, p);
  g_autofree double *lambda = g_new (double, p), *copy = NULL;

  for (gsize i = 0; i < p; i++)
    for (gsize j = 0; j < p; j++)
      a[i * p + j] *= pow (10.0, -0.1 * (i + j));
  copy = g_memdup2 (a, p * p * sizeof (double));
  g_assert_cmpint (LAPACKE_dsyevd (LAPACK_COL_MAJOR, 'N', 'L', p, copy, p, lambda), ==, 0);
  reduce (a, p, d, e, NULL);
  assert_eigenvalues (d, e, lambda, p);
}

/* Squares of these elements are so small that few of their digits are left: what is made of them
 * must not act on the others. */
static void
test_squares_that_underflow (void)
{
  const gsize p = WIDTH + 1;
  const double sizes[] = { 1e-150, 1e-158, 1.6e-162, 1e-170, 5e-324 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree double *a = new_random (p), *d = g_new (double, p), *e = g_new (double, p);
      g_autofree double *lambda = g_new (double, p), *copy = NULL;

      for (gsize j = 1; j < p; j++)
        a[j] = a[j * p] = j == 1 ? 0.0 : sizes[i] / j;
      copy = g_memdup2 (a, p * p * sizeof (double));
      g_assert_cmpint (LAPACKE_dsyevd (LAPACK_COL_MAJOR, 'N', 'L', p, copy, p, lambda), ==, 0);
      reduce (a, p, d, e, NULL);
      assert_eigenvalues (d, e, lambda, p);
    }
}

/* Nothing is to be done, and nothing is. */
static void
test_diagonal_stays (void)
{
  const gsize p = 300;
  g_autofree double *a = g_new0 (double, p *p), *d = g_new (double, p), *e = g_new (double, p);

  for (gsize i = 0; i < p; i++)
    a[i * (p + 1)] = i % 7;
  reduce (a, p, d, e, NULL);
  for (gsize i = 0; i < p; i++)
    {
      g_assert_cmpfloat (d[i], ==, i % 7);
      g_assert_true (i + 1 == p || e[i] == 0.0);
    }
}

/* Only the lower triangle is read. */
static void
test_upper_triangle_is_ignored (void)
{
  const gsize p = 200;
  g_autofree double *a = new_random (p), *half = g_memdup2 (a, p * p * sizeof (double));
  g_autofree double *d = g_new (double, 4 * p);

  for (gsize j = 0; j < p; j++)
    for (gsize i = 0; i < j; i++)
      half[j * p + i] = NAN;
  reduce (a, p, d, d + p, NULL);
  reduce (half, p, d + 2 * p, d + 3 * p, NULL);
  g_assert_cmpmem (d, (2 * p - 1) * sizeof (double), d + 2 * p, (2 * p - 1) * sizeof (double));
}

/* Enough rows for several tiles of each kind. */
static void
test_same_bits_with_a_team (void)
{
  const gsize p = 1300;
  g_auto (Helpers) helpers = { 0 };
  g_autofree double *a = new_random (p), *copy = g_memdup2 (a, p * p * sizeof (double));
  g_autofree double *d = g_new (double, 4 * p);

  helpers_init (&helpers);
  reduce (a, p, d, d + p, NULL);
  for (guint i = 0; i < 3; i++)
    helpers_add (&helpers);
  reduce (copy, p, d + 2 * p, d + 3 * p, helpers.team);
  g_assert_cmpmem (d, (2 * p - 1) * sizeof (double), d + 2 * p, (2 * p - 1) * sizeof (double));
}

static WsChaseFunc
get_func (guint lanes)
{
#if defined(__x86_64__)
  if (lanes == 8)
    return ws_chase_move_8;
  if (lanes == 4)
    return ws_chase_move_4;
#endif
  return ws_chase_move_2;
}

/* What is not of the band is 0. Both halves. */
static double *
new_band (gsize p)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (p);
  double *a = g_new0 (double, p *p);

  for (gsize j = 0; j < p; j++)
    for (gsize i = j; i < MIN (j + WIDTH + 1, p); i++)
      a[j * p + i] = a[i * p + j] = g_rand_double_range (random, -1.0, 1.0);
  return a;
}

/* Group after group, with the kernel of @lanes. */
static void
chase_in_order (guint lanes, const double *a, gsize p, double *d, double *e)
{
  const gsize n_elements = (p + WIDTH) * (WS_BAND_STRIDE + 1) + 2 * WIDTH;
  WsChase self = { .p = p, .e = e, .n_reflectors = WS_CHASE_SWEEPS };

  self.band = g_aligned_alloc0 (n_elements, sizeof (double), 64);
  self.reflectors = g_aligned_alloc0 (WS_CHASE_SWEEPS, sizeof (WsReflector), 64);
  for (gsize j = 0; j < p; j++)
    for (gsize i = j; i < MIN (j + WIDTH + 1, p); i++)
      {
        self.band[j * WS_BAND_STRIDE + i] = a[j * p + i];
        if (i < j + WIDTH)
          self.band[i * WS_BAND_STRIDE + j] = a[j * p + i];
      }
  for (gsize sweep = 0; sweep < p; sweep += WS_CHASE_SWEEPS)
    for (gsize block = 0; block < p / WIDTH + 1 + WS_CHASE_SWEEPS; block += WS_CHASE_BLOCKS)
      get_func (lanes) (&self, sweep, block);
  for (gsize i = 0; i < p; i++)
    d[i] = self.band[i * WS_BAND_STRIDE + i];
  e[p - 2] = self.band[(p - 2) * WS_BAND_STRIDE + p - 1];
  g_aligned_free (self.band);
  g_aligned_free (self.reflectors);
}

static const WsBandKernel *
get_band_kernel (guint lanes)
{
#if defined(__x86_64__)
  if (lanes == 8)
    return &ws_band_kernel_8;
  if (lanes == 4)
    return &ws_band_kernel_4;
#endif
  return &ws_band_kernel_2;
}

/* Integers: sums are exact in any order. */
static double *
new_integers (gsize n)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (n);
  double *values = g_aligned_alloc0 (n, sizeof (double), 64);

  for (gsize i = 0; i < n; i++)
    values[i] = g_rand_int_range (random, -50, 50);
  return values;
}

static void
assert_multiply (const WsBandKernel *kernel, gboolean is_transposed, gsize n_rows, gsize n)
{
  const gsize stride = 67, n_values = WS_BAND_STEP * WIDTH, n_sums = WS_BAND_ROWS * WIDTH;
  double *a = new_integers (stride * stride), *v = new_integers (n_values);
  double *w = new_integers (n_sums);
  g_autofree double *before = g_memdup2 (w, n_sums * sizeof (double));

  kernel->multiply (a, stride, is_transposed, n_rows, n, v, w);
  for (gsize i = 0; i < WS_BAND_ROWS; i++)
    for (gsize j = 0; j < WIDTH; j++)
      {
        double sum = before[i * WIDTH + j];

        for (gsize k = 0; i < n_rows && k < n; k++)
          sum += a[is_transposed ? k * stride + i : i * stride + k] * v[k * WIDTH + j];
        g_assert_cmpfloat (w[i * WIDTH + j], ==, sum);
      }
  g_aligned_free (a);
  g_aligned_free (v);
  g_aligned_free (w);
}

/* Whole tiles and parts of them; what is beside them stays. */
static void
test_product_of_kernel (gconstpointer data)
{
  const guint lanes = GPOINTER_TO_UINT (data);
  const WsBandKernel *kernel;

  if (!has_lanes (lanes))
    {
      g_test_skip ("this processor does not have the instructions");
      return;
    }
  kernel = get_band_kernel (lanes);
  for (int is_transposed = 0; is_transposed < 2; is_transposed++)
    {
      assert_multiply (kernel, is_transposed, WS_BAND_ROWS, WS_BAND_STEP);
      assert_multiply (kernel, is_transposed, WS_BAND_ROWS, 1);
      assert_multiply (kernel, is_transposed, 7, WS_BAND_STEP - 1);
      assert_multiply (kernel, is_transposed, 1, 2);
    }
}

/* Each kernel that this machine can run, not only the one that is chosen. */
static void
test_kernel (gconstpointer data)
{
  const guint lanes = GPOINTER_TO_UINT (data);
  const gsize p = 301;
  g_autofree double *a = NULL, *d = NULL, *e = NULL, *lambda = NULL;

  if (!has_lanes (lanes))
    {
      g_test_skip ("this processor does not have the instructions");
      return;
    }
  a = new_band (p);
  d = g_new (double, p);
  e = g_new (double, p);
  lambda = g_new (double, p);
  chase_in_order (lanes, a, p, d, e);
  g_assert_cmpint (LAPACKE_dsyevd (LAPACK_COL_MAJOR, 'N', 'L', p, a, p, lambda), ==, 0);
  assert_eigenvalues (d, e, lambda, p);
}

/* From this side on several groups are under way, and threads can share them. */
static void
test_groups_do_not_disturb_each_other (void)
{
  const gsize p = 2000, n_bytes = (2 * p - 1) * sizeof (double);
  const guint lanes = ws_lanes_get_most ();
  g_auto (Helpers) helpers = { 0 };
  g_autofree double *a = new_band (p), *expected = g_new (double, 2 * p);
  g_autofree double *d = g_new (double, 2 * p);

  helpers_init (&helpers);
  chase_in_order (lanes, a, p, expected, expected + p);
  chase (a, p, d, d + p, NULL);
  g_assert_cmpmem (d, n_bytes, expected, n_bytes);
  helpers_add (&helpers);
  chase (a, p, d, d + p, helpers.team);
  g_assert_cmpmem (d, n_bytes, expected, n_bytes);
}

/* Both ways, to the end: squares of 1, 1 - 1/p ... come out as they went in. */
static void
test_roots (void)
{
  const gsize by_either_way[] = { 130, 1409 };

  for (guint i = 0; i < G_N_ELEMENTS (by_either_way); i++)
    {
      const gsize p = by_either_way[i];
      g_autofree double *lambda = g_new (double, p), *sigma = g_new (double, p), *a = NULL;
      WsWork work = { .total = ws_gram_estimate_work (p) };
      GError *error = NULL;

      for (gsize j = 0; j < p; j++)
        lambda[j] = (1.0 - (double) j / p) * (1.0 - (double) j / p);
      a = new_matrix (lambda, p);
      ws_gram_compute_values (a, p, sigma, &work, &error);
      g_assert_no_error (error);
      for (gsize j = 0; j < p; j++)
        g_assert_cmpfloat_with_epsilon (sigma[j] * sigma[j], lambda[j], get_tolerance (lambda, p));
      /* what was to be done is what was done */
      g_assert_cmpfloat_with_epsilon (work.done, work.total, 1e-9 * work.total);
    }
}

typedef struct
{
  GCancellable *cancellable;
  double at;
  gint64 usec;
} Stop;

static void
stop_at (double share, gpointer data)
{
  Stop *stop = data;

  if (share < stop->at || stop->usec > 0)
    return;
  stop->usec = g_get_monotonic_time ();
  g_cancellable_cancel (stop->cancellable);
}

/* In the panels, in the chase, before the roots. */
static void
test_cancel_is_prompt (void)
{
  const gsize p = 1409;
  const double at[] = { 0.1, 0.7, 0.9 };
  g_autofree double *sigma = g_new (double, p);

  for (guint i = 0; i < G_N_ELEMENTS (at); i++)
    {
      g_autofree double *a = new_random (p);
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_autoptr (GError) error = NULL;
      Stop stop = { .cancellable = cancellable, .at = at[i] };
      WsWork work = { .total = ws_gram_estimate_work (p),
                      .share_func = stop_at,
                      .user_data = &stop,
                      .cancellable = cancellable };

      g_assert_false (ws_gram_compute_values (a, p, sigma, &work, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      /* the promise, and as much again for a loaded machine */
      g_assert_cmpint (g_get_monotonic_time () - stop.usec, <, 1000000);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ws_spectrum_init_blas ();
  g_test_add_func ("/reduction/toeplitz", test_toeplitz);
  g_test_add_func ("/reduction/random-as-lapack", test_random_as_lapack);
  g_test_add_func ("/reduction/rank-deficient", test_rank_deficient);
  g_test_add_func ("/reduction/graded", test_graded);
  g_test_add_func ("/reduction/graded-columns", test_graded_columns);
  g_test_add_func ("/reduction/squares-that-underflow", test_squares_that_underflow);
  g_test_add_func ("/reduction/diagonal-stays", test_diagonal_stays);
  g_test_add_func ("/reduction/upper-triangle-is-ignored", test_upper_triangle_is_ignored);
  g_test_add_func ("/reduction/same-bits-with-a-team", test_same_bits_with_a_team);
  g_test_add_data_func ("/reduction/kernel/2-lanes", GUINT_TO_POINTER (2), test_kernel);
  g_test_add_data_func ("/reduction/kernel/4-lanes", GUINT_TO_POINTER (4), test_kernel);
  g_test_add_data_func ("/reduction/kernel/8-lanes", GUINT_TO_POINTER (8), test_kernel);
  g_test_add_data_func ("/reduction/product-of-kernel/2-lanes", GUINT_TO_POINTER (2),
                        test_product_of_kernel);
  g_test_add_data_func ("/reduction/product-of-kernel/4-lanes", GUINT_TO_POINTER (4),
                        test_product_of_kernel);
  g_test_add_data_func ("/reduction/product-of-kernel/8-lanes", GUINT_TO_POINTER (8),
                        test_product_of_kernel);
  g_test_add_func ("/reduction/groups-do-not-disturb-each-other",
                   test_groups_do_not_disturb_each_other);
  g_test_add_func ("/reduction/roots", test_roots);
  g_test_add_func ("/reduction/cancel-is-prompt", test_cancel_is_prompt);
  return g_test_run ();
}
