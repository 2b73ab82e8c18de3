/* SPDX-License-Identifier: MIT */
/* Statistics of elements, against closed forms and sums in extended precision. */
#include "matrix/moments.h"
#include "matrix/pattern-moments.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Moments of a row-major matrix in blocks of @n_step rows, or columns. */
static WsMoments
compute_blocks (WsDtype dtype, const void *stored, guint64 n_rows, guint64 n_cols, guint64 n_step,
                gboolean by_columns)
{
  const gsize size = ws_dtype_get_n_bits (dtype) / 8;
  g_autoptr (WsMomentsPass) pass = ws_moments_pass_new (dtype, n_rows, n_cols, 1e-8);
  g_autofree guint8 *block = g_malloc (n_rows * n_cols * size + 1);
  WsMoments moments;

  do
    for (guint64 start = 0; start < (by_columns ? n_cols : n_rows); start += n_step)
      {
        guint64 row = by_columns ? 0 : start, col = by_columns ? start : 0;
        guint64 rows = by_columns ? n_rows : MIN (n_step, n_rows - start);
        guint64 cols = by_columns ? MIN (n_step, n_cols - start) : n_cols;

        for (guint64 i = 0; i < rows; i++)
          memcpy (block + i * cols * size,
                  (const guint8 *) stored + ((row + i) * n_cols + col) * size, cols * size);
        ws_moments_pass_add_block (pass, block, row, rows, col, cols);
      }
  while (!ws_moments_pass_finish (pass, &moments));
  return moments;
}

static WsMoments
compute (WsDtype dtype, const void *stored, guint64 n)
{
  return compute_blocks (dtype, stored, 1, n, n, FALSE);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* The slow and obvious way: sorted values and two passes in extended precision. */
static void
assert_moments (const WsMoments *moments, WsDtype dtype, const void *stored, gsize n)
{
  g_autofree double *x = g_new (double, n);
  long double sum = 0, residual = 0, s2 = 0, s3 = 0, s4 = 0, squares = 0, mean, variance;

  ws_dtype_widen (dtype, stored, x, n);
  qsort (x, n, sizeof *x, compare_doubles);
  for (gsize i = 0; i < n; i++)
    {
      sum += x[i];
      squares += (long double) x[i] * x[i];
    }
  mean = sum / n;
  for (gsize i = 0; i < n; i++)
    residual += (x[i] - mean) / n;
  for (gsize i = 0; i < n; i++)
    {
      long double d = (x[i] - mean) - residual;

      s2 += d * d;
      s3 += d * d * d;
      s4 += d * d * d * d;
    }
  variance = s2 / n;
  g_assert_cmpuint (moments->n_finite, ==, n);
  g_assert_cmpfloat (moments->min, ==, x[0]);
  g_assert_cmpfloat (moments->max, ==, x[n - 1]);
  g_assert_cmpfloat_with_epsilon (moments->mean, mean, 1e-12 * fabsl (mean));
  g_assert_cmpfloat_with_epsilon (moments->variance, variance, 1e-12 * variance);
  g_assert_cmpfloat_with_epsilon (moments->skewness, s3 / n / powl (variance, 1.5L),
                                  1e-12 * fabsl (s3 / n / powl (variance, 1.5L)) + 1e-15);
  g_assert_cmpfloat_with_epsilon (moments->kurtosis, s4 / n / variance / variance - 3,
                                  1e-12 * (s4 / n / variance / variance));
  g_assert_cmpfloat_with_epsilon (moments->frobenius, sqrtl (squares), 1e-14 * sqrtl (squares));
  for (int i = 0; i < WS_N_QUANTILES; i++)
    {
      double position = ws_quantile_probabilities[i] * (n - 1);
      gsize rank = position;
      double low = x[rank], high = x[MIN (rank + 1, n - 1)];

      g_assert_cmpfloat_with_epsilon (moments->quantile[i], low + (position - rank) * (high - low),
                                      4e-16 * fmax (fabs (low), fabs (high)) + G_MINDOUBLE);
    }
}

/* {-2,-1,-1,0,0,1,3,8}: mean 1, sum of d^2 72, of d^3 306, of d^4 2532 */
static void
test_definition (void)
{
  const double f64[] = { -2, -1, -1, 0, 0, 1, 3, 8 };
  const float f32[] = { -2, -1, -1, 0, 0, 1, 3, 8 };
  const gint8 i8[] = { -2, -1, -1, 0, 0, 1, 3, 8 };
  const WsMoments all[] = {
    compute (WS_DTYPE_F64, f64, 8),
    compute (WS_DTYPE_F32, f32, 8),
    compute (WS_DTYPE_I8, i8, 8),
  };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_assert_cmpfloat (all[i].mean, ==, 1.0);
      g_assert_cmpfloat (all[i].variance, ==, 9.0);
      g_assert_cmpfloat_with_epsilon (all[i].skewness, 306.0 / 8 / 27, 1e-15);
      g_assert_cmpfloat_with_epsilon (all[i].skewness, 1.4166666667, 1e-10);
      g_assert_cmpfloat_with_epsilon (all[i].kurtosis, 2532.0 / 8 / 81 - 3, 1e-15);
      g_assert_cmpfloat_with_epsilon (all[i].kurtosis, .9074074074, 1e-10);
      g_assert_cmpuint (all[i].n_zero, ==, 2);
      g_assert_cmpuint (all[i].n_near_zero, ==, 2);
      g_assert_cmpfloat (all[i].abs_max, ==, 8.0);
      g_assert_cmpfloat_with_epsilon (all[i].abs_max / (all[i].frobenius / sqrt (8)), 2.5298221281,
                                      1e-10);
      g_assert_cmpfloat (all[i].quantile[2], ==, 0.0);
    }
}

/* Sums of four uniform numbers, with a mean that is far from 0 or near it. */
static void
assert_random (WsDtype dtype, double mean, double size)
{
  const guint64 n_rows = 97, n_cols = 211, n = n_rows * n_cols;
  g_autoptr (GRand) random = g_rand_new_with_seed (42);
  g_autofree guint8 *stored = g_malloc (n * sizeof (double));
  WsMoments moments;

  for (guint64 i = 0; i < n; i++)
    {
      double value = mean;
      float narrow;
      guint32 bits;
      guint16 upper;

      for (int j = 0; j < 4; j++)
        value += size * g_rand_double_range (random, -1, 1);
      narrow = value;
      memcpy (&bits, &narrow, sizeof bits);
      upper = GUINT16_TO_LE (bits >> 16);
      if (dtype == WS_DTYPE_F64)
        memcpy (stored + 8 * i, &value, 8);
      else if (dtype == WS_DTYPE_F32)
        memcpy (stored + 4 * i, &narrow, 4);
      else
        memcpy (stored + 2 * i, &upper, 2);
    }
  for (guint64 n_step = 1; n_step < 300; n_step += 61)
    for (int by_columns = 0; by_columns < 2; by_columns++)
      {
        moments = compute_blocks (dtype, stored, n_rows, n_cols, n_step, by_columns);
        assert_moments (&moments, dtype, stored, n);
      }
}

static void
test_f64_random (void)
{
  assert_random (WS_DTYPE_F64, 0.3, 1.0);
  assert_random (WS_DTYPE_F64, 1e-9, 1e-7);
  assert_random (WS_DTYPE_F64, -1e30, 1e30);
}

/* Mean 1e5 standard deviations from 0. */
static void
test_far_mean (void)
{
  assert_random (WS_DTYPE_F64, 1000.0, 0.01);
}

static void
test_f32_random (void)
{
  assert_random (WS_DTYPE_F32, 0.01, 0.02);
  assert_random (WS_DTYPE_F32, 1e30, 1e30);
}

static void
test_bf16_random (void)
{
  assert_random (WS_DTYPE_BF16, 0.01, 0.02);
}

/* One outlier that comes first: no pivot may be taken from it. */
static void
test_outlier_first (void)
{
  const gsize n = 20000;
  g_autofree double *x = g_new (double, n);
  WsMoments moments;

  for (gsize i = 0; i < n; i++)
    x[i] = i == 0 ? 1e8 : sin (i);
  moments = compute (WS_DTYPE_F64, x, n);
  assert_moments (&moments, WS_DTYPE_F64, x, n);
}

static void
test_constant (void)
{
  const float w[] = { 3, 3, 3, 3, 3 };
  WsMoments moments = compute (WS_DTYPE_F32, w, 5);

  g_assert_cmpfloat (moments.mean, ==, 3.0);
  g_assert_cmpfloat (moments.variance, ==, 0.0);
  g_assert_true (isnan (moments.skewness));
  g_assert_true (isnan (moments.kurtosis));
}

static void
test_nothing_finite (void)
{
  const float w[] = { NAN, -INFINITY };
  const guint16 bf16[] = { GUINT16_TO_LE (0x7fc0), GUINT16_TO_LE (0xff80) };
  const WsMoments all[] = { compute (WS_DTYPE_F32, w, 2), compute (WS_DTYPE_BF16, bf16, 2) };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_assert_cmpuint (all[i].n_elements, ==, 2);
      g_assert_cmpuint (all[i].n_nan, ==, 1);
      g_assert_cmpuint (all[i].n_inf, ==, 1);
      g_assert_cmpint (all[i].first_nonfinite, ==, 0);
      g_assert_true (isnan (all[i].mean));
      g_assert_true (isnan (all[i].min));
      g_assert_true (isnan (all[i].frobenius));
      g_assert_true (isnan (all[i].quantile[2]));
    }
}

/* The first in reading order of the matrix is not the first in the order of the blocks. */
static void
test_first_nonfinite_in_blocks_of_columns (void)
{
  const guint64 n_rows = 4, n_cols = 50;
  float f32[200] = { 0 };
  guint16 f16[200] = { 0 };

  f32[2 * n_cols + 3] = NAN;
  f32[1 * n_cols + 44] = INFINITY;
  f16[2 * n_cols + 3] = GUINT16_TO_LE (0x7e00);
  f16[1 * n_cols + 44] = GUINT16_TO_LE (0x7c00);
  for (guint64 n_step = 1; n_step <= n_cols; n_step += 7)
    {
      WsMoments wide = compute_blocks (WS_DTYPE_F32, f32, n_rows, n_cols, n_step, TRUE);
      WsMoments narrow = compute_blocks (WS_DTYPE_F16, f16, n_rows, n_cols, n_step, TRUE);

      g_assert_cmpint (wide.first_nonfinite, ==, 1 * n_cols + 44);
      g_assert_cmpint (narrow.first_nonfinite, ==, 1 * n_cols + 44);
      g_assert_cmpuint (narrow.n_nan, ==, 1);
      g_assert_cmpuint (narrow.n_inf, ==, 1);
      g_assert_cmpuint (narrow.n_zero, ==, 198);
    }
}

/* Negative, zero of both signs, subnormal: order statistics of sort keys must be those of numbers.
 */
static void
test_order_of_signs (void)
{
  const float w[] = { -0.0f, 1e-42f, -1e-42f, -5.0f, 2.0f, 0.0f, -1e30f };
  WsMoments moments = compute (WS_DTYPE_F32, w, 7);

  assert_moments (&moments, WS_DTYPE_F32, w, 7);
  g_assert_cmpuint (moments.n_zero, ==, 2);
  g_assert_cmpuint (moments.n_near_zero, ==, 4);
}

/* 1 and 1.5 in BF16 have ulp 2^-7, 4 has 2^-5, 0 and subnormals 2^-133. */
static void
test_rms_ulp (void)
{
  const guint16 bf16[] = { GUINT16_TO_LE (0x3f80), GUINT16_TO_LE (0xbfc0), GUINT16_TO_LE (0x4080),
                           0 };
  const float f32[] = { 1.0f, -1.5f, 4.0f, 0.0f };
  const gint8 i8[] = { 1, 2 };

  g_assert_cmpfloat_with_epsilon (compute (WS_DTYPE_BF16, bf16, 4).rms_ulp,
                                  sqrt ((2 * 0x1p-14 + 0x1p-10) / 4), 1e-15);
  g_assert_cmpfloat_with_epsilon (compute (WS_DTYPE_F32, f32, 4).rms_ulp,
                                  sqrt ((2 * 0x1p-46 + 0x1p-42) / 4), 1e-20);
  g_assert_cmpfloat (compute (WS_DTYPE_F32, f32 + 3, 1).rms_ulp, ==, 0x1p-149);
  g_assert_true (isnan (compute (WS_DTYPE_I8, i8, 2).rms_ulp));
}

/* Every pattern of 16 bits once: 2 * 2 * 1023 NaN less the infinities, quantiles by symmetry. */
static void
test_all_patterns_of_f16 (void)
{
  g_autofree guint16 *w = g_new (guint16, 65536);
  WsMoments moments;

  for (guint i = 0; i < 65536; i++)
    w[i] = GUINT16_TO_LE (i);
  moments = compute (WS_DTYPE_F16, w, 65536);
  g_assert_cmpuint (moments.n_nan, ==, 2 * 1023);
  g_assert_cmpuint (moments.n_inf, ==, 2);
  g_assert_cmpuint (moments.n_zero, ==, 2);
  g_assert_cmpfloat (moments.max, ==, 65504.0);
  g_assert_cmpfloat (moments.mean, ==, 0.0);
  g_assert_cmpfloat (moments.quantile[2], ==, 0.0);
  g_assert_cmpfloat_with_epsilon (moments.quantile[0], -moments.quantile[4], 1e-10);
  g_assert_cmpint (moments.first_nonfinite, ==, 0x7c00);
}

/* @n elements by the way of few or by tables, with ties and both zeros. */
static void
assert_at_the_limit (gsize n)
{
  g_autofree guint16 *bf16 = g_new (guint16, n);
  g_autofree float *f32 = g_new (float, n);
  g_autofree double *f64 = g_new (double, n);
  WsMoments moments;

  for (gsize i = 0; i < n; i++)
    {
      guint32 bits;

      f64[i] = i % 7 == 3 ? (i % 2 ? -0.0 : 0.0) : sin (i + 1) * exp (cos (3.0 * i));
      f32[i] = (float) f64[i];
      memcpy (&bits, &f32[i], sizeof bits);
      bf16[i] = GUINT16_TO_LE (bits >> 16);
    }
  moments = compute (WS_DTYPE_BF16, bf16, n);
  assert_moments (&moments, WS_DTYPE_BF16, bf16, n);
  moments = compute (WS_DTYPE_F32, f32, n);
  assert_moments (&moments, WS_DTYPE_F32, f32, n);
  moments = compute (WS_DTYPE_F64, f64, n);
  assert_moments (&moments, WS_DTYPE_F64, f64, n);
}

static void
test_few_and_many_agree (void)
{
  assert_at_the_limit (3);
  assert_at_the_limit (6);
  assert_at_the_limit (WS_MOMENTS_FEW - 1);
  assert_at_the_limit (WS_MOMENTS_FEW);
  assert_at_the_limit (WS_MOMENTS_FEW + 1);
  assert_at_the_limit (WS_PATTERN_MOMENTS_FEW);
  assert_at_the_limit (WS_PATTERN_MOMENTS_FEW + 1);
}

/* The quantiles of few are there after one pass; sums that left the range need two all the same:
 * 3e200 (-2 -1 0 1 2) has variance 2 * 9e400, which is none, and skewness 0, kurtosis 1.7 - 3. */
static void
test_few_far_values_are_rescaled (void)
{
  const double w[] = { -6e200, -3e200, 0, 3e200, 6e200 };
  WsMoments moments = compute (WS_DTYPE_F64, w, G_N_ELEMENTS (w));

  g_assert_cmpfloat_with_epsilon (moments.kurtosis, 34.0 / 5 / 4 - 3, 1e-14);
  g_assert_cmpfloat_with_epsilon (moments.frobenius / 1e200, sqrt (90.0), 1e-13);
  g_assert_cmpfloat (moments.quantile[2], ==, 0.0);
}

/* Two numbers a byte, the first in the low half: 0.5 (1), 1 (2), -1 (a), 6 (7). */
static void
test_f4 (void)
{
  const guint8 w[] = { 0x21, 0x7a };
  g_autoptr (WsMomentsPass) pass = ws_moments_pass_new (WS_DTYPE_F4, 1, 4, 1e-8);
  WsMoments moments;

  ws_moments_pass_add_block (pass, w, 0, 1, 0, 4);
  g_assert_true (ws_moments_pass_finish (pass, &moments));
  g_assert_cmpfloat (moments.mean, ==, 6.5 / 4);
  g_assert_cmpfloat (moments.min, ==, -1.0);
  g_assert_cmpfloat (moments.max, ==, 6.0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/moments/definition", test_definition);
  g_test_add_func ("/moments/f64-random", test_f64_random);
  g_test_add_func ("/moments/far-mean", test_far_mean);
  g_test_add_func ("/moments/f32-random", test_f32_random);
  g_test_add_func ("/moments/bf16-random", test_bf16_random);
  g_test_add_func ("/moments/outlier-first", test_outlier_first);
  g_test_add_func ("/moments/constant", test_constant);
  g_test_add_func ("/moments/nothing-finite", test_nothing_finite);
  g_test_add_func ("/moments/first-nonfinite-in-blocks-of-columns",
                   test_first_nonfinite_in_blocks_of_columns);
  g_test_add_func ("/moments/order-of-signs", test_order_of_signs);
  g_test_add_func ("/moments/rms-ulp", test_rms_ulp);
  g_test_add_func ("/moments/all-patterns-of-f16", test_all_patterns_of_f16);
  g_test_add_func ("/moments/f4", test_f4);
  g_test_add_func ("/moments/few-and-many-agree", test_few_and_many_agree);
  g_test_add_func ("/moments/few-far-values-are-rescaled", test_few_far_values_are_rescaled);
  return g_test_run ();
}
