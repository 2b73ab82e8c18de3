/* SPDX-License-Identifier: MIT */
/* A small symmetric matrix -> tridiagonal, with each kind of vector unit, against LAPACK. */
#include "spectra/gram.h"
#include "spectra/lanes.h"
#include "spectra/reduction-kernel.h"

#include <float.h>
#include <lapacke.h>
#include <math.h>

/* Around the lengths of vectors, and up to where others take over. */
static const gsize sides[] = { 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 65, 128, 200, 256 };

static WsReductionFunc
get_func (guint lanes)
{
#if defined(__x86_64__)
  if (lanes == 8)
    return ws_reduction_run_8;
  if (lanes == 4)
    return ws_reduction_run_4;
#endif
  return ws_reduction_run_2;
}

/* Elements between -1 and 1; of @rank columns' sum of squares if it is less. (transfer full) */
static double *
new_matrix (gsize p, gsize rank)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (p);
  g_autofree double *b = g_new (double, p *rank);
  double *a = g_new0 (double, p *p);

  for (gsize i = 0; i < p * rank; i++)
    b[i] = g_rand_double_range (random, -1.0, 1.0) / sqrt (rank);
  for (gsize i = 0; i < p; i++)
    for (gsize j = 0; j < p; j++)
      for (gsize k = 0; k < rank; k++)
        a[j * p + i] += b[i * rank + k] * b[j * rank + k];
  return a;
}

static void
run_kernel (guint lanes, const double *a, gsize p, double *d, double *e)
{
  const gsize n_lanes = WS_REDUCTION_LANES, stride = (p + n_lanes - 1) / n_lanes * n_lanes;
  g_autofree double *buffer = g_new0 (double, (p + 4) * stride + n_lanes);
  double *columns = (double *) (((gsize) buffer + 63) / 64 * 64);

  for (gsize j = 0; j < p; j++)
    for (gsize i = j / n_lanes * n_lanes; i < p; i++)
      columns[j * stride + i] = a[j * p + i];
  get_func (lanes) (columns, p, stride, columns + p * stride, d, e);
}

/* Both are backward stable: an error of some eps of the largest, which grows with p. */
static void
assert_keeps_eigenvalues (guint lanes, double *a, gsize p)
{
  g_autofree double *d = g_new (double, p), *e = g_new (double, p), *lambda = g_new (double, p);

  run_kernel (lanes, a, p, d, e);
  g_assert_cmpint (LAPACKE_dsterf (p, d, e), ==, 0);
  g_assert_cmpint (LAPACKE_dsyev (LAPACK_COL_MAJOR, 'N', 'L', p, a, p, lambda), ==, 0);
  for (gsize i = 0; i < p; i++)
    g_assert_cmpfloat_with_epsilon (d[i], lambda[i],
                                    (20.0 + p) * DBL_EPSILON * fmax (lambda[p - 1], DBL_MIN));
}

static void
test_kernel (gconstpointer data)
{
  const guint lanes = GPOINTER_TO_UINT (data);

  if (lanes > ws_lanes_get_most ())
    {
      g_test_skip ("this processor has no such vectors");
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      g_autofree double *full = new_matrix (sides[i], sides[i]);
      g_autofree double *poor = new_matrix (sides[i], 1 + sides[i] / 3);
      g_autofree double *diagonal = g_new0 (double, sides[i] * sides[i]);

      for (gsize j = 0; j < sides[i]; j++)
        diagonal[j * (sides[i] + 1)] = 1.0 / (j + 1);
      assert_keeps_eigenvalues (lanes, full, sides[i]);
      assert_keeps_eigenvalues (lanes, poor, sides[i]);
      assert_keeps_eigenvalues (lanes, diagonal, sides[i]);
    }
}

/* Any size of the elements, and nothing but the lower triangle: the matrix that has 2 on the
 * diagonal and 1 beside it has eigenvalues 2 + 2 cos (k pi / (p + 1)). */
static void
test_any_size (void)
{
  const double sizes[] = { 1.0, 0x1p-900, 0x1p900, 3e-30, 5e70 };
  const gsize p = 40;

  for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
    {
      g_autofree double *a = g_new0 (double, p *p), *sigma = g_new (double, p);
      WsWork work = { .total = 1.0 };
      GError *error = NULL;

      for (gsize j = 0; j < p; j++)
        {
          for (gsize i = 0; i < j; i++)
            a[j * p + i] = NAN;
          a[j * (p + 1)] = 2.0 * sizes[s];
          if (j + 1 < p)
            a[j * (p + 1) + 1] = sizes[s];
        }
      ws_gram_compute_values (a, p, sigma, &work, &error);
      g_assert_no_error (error);
      for (gsize k = 0; k < p; k++)
        g_assert_cmpfloat_with_epsilon (sigma[k] / sqrt (sizes[s]),
                                        2.0 * cos ((k + 1) * G_PI / (2.0 * (p + 1))), 1e-13);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ws_spectrum_init_blas ();
  g_test_add_data_func ("/small-reduction/2-lanes", GUINT_TO_POINTER (2), test_kernel);
  g_test_add_data_func ("/small-reduction/4-lanes", GUINT_TO_POINTER (4), test_kernel);
  g_test_add_data_func ("/small-reduction/8-lanes", GUINT_TO_POINTER (8), test_kernel);
  g_test_add_func ("/small-reduction/any-size", test_any_size);
  return g_test_run ();
}
