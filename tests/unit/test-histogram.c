/* SPDX-License-Identifier: MIT */
/* Bins of a histogram, against counting one by one. */
#include "chart/histogram.h"

#include <math.h>

static guint64
sum_counts (const WsHistogram *histogram)
{
  guint64 sum = 0;

  for (guint i = 0; i < histogram->n_bins; i++)
    sum += histogram->counts[i];
  return sum;
}

/* 0 … 999: IQR = 749 - 249 = 500, bins of 2 * 500 / 10 = 100, so 999 / 100 rounded up = 10. */
static void
test_freedman_diaconis (void)
{
  g_auto (WsHistogram) histogram = { 0 };
  float values[1000];

  for (int i = 0; i < 1000; i++)
    values[i] = (i * 7) % 1000;
  ws_histogram_compute (&histogram, values, 1000);
  g_assert_cmpuint (histogram.n_bins, ==, 10);
  g_assert_cmpfloat_with_epsilon (histogram.width, 99.9, 1e-9);
  /* each bin of 99.9 has 100 of the whole numbers: 0 … 99, 100 … 199 and so on */
  for (guint i = 0; i < 10; i++)
    g_assert_cmpuint (histogram.counts[i], ==, 100);
}

static void
test_every_finite_value_is_counted_once (void)
{
  g_auto (WsHistogram) histogram = { 0 };
  GRand *random = g_rand_new_with_seed (3);
  float values[5000];

  for (int i = 0; i < 5000; i++)
    values[i] = (float) exp (6 * g_rand_double (random));
  values[17] = NAN;
  values[18] = INFINITY;
  ws_histogram_compute (&histogram, values, 5000);
  g_assert_cmpuint (histogram.n, ==, 4998);
  g_assert_cmpuint (histogram.n_not_finite, ==, 2);
  g_assert_cmpuint (sum_counts (&histogram), ==, 4998);
  g_assert_cmpuint (histogram.n_bins, <=, 200);
  g_rand_free (random);
}

static void
test_equal_values_are_one_bin (void)
{
  g_auto (WsHistogram) histogram = { 0 };
  const float values[] = { 2, 2, 2 };

  ws_histogram_compute (&histogram, values, 3);
  g_assert_cmpuint (histogram.n_bins, ==, 1);
  g_assert_cmpuint (histogram.counts[0], ==, 3);
}

/* Half of the values are the same: the quartiles do not differ, the range does. */
static void
test_no_spread (void)
{
  g_auto (WsHistogram) histogram = { 0 };
  float values[100];

  for (int i = 0; i < 100; i++)
    values[i] = i < 90 ? 1 : i;
  ws_histogram_compute (&histogram, values, 100);
  g_assert_cmpuint (sum_counts (&histogram), ==, 100);
  g_assert_cmpuint (histogram.counts[0], ==, 90);
}

static void
test_nothing_to_count (void)
{
  g_auto (WsHistogram) histogram = { 0 };
  const float values[] = { NAN };

  ws_histogram_compute (&histogram, NULL, 0);
  g_assert_cmpuint (histogram.n_bins, ==, 0);
  ws_histogram_compute (&histogram, values, 1);
  g_assert_cmpuint (histogram.n_bins, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add_func ("/histogram/" path, function)
  ADD ("freedman-diaconis", test_freedman_diaconis);
  ADD ("every-finite-value-is-counted-once", test_every_finite_value_is_counted_once);
  ADD ("equal-values-are-one-bin", test_equal_values_are_one_bin);
  ADD ("no-spread", test_no_spread);
  ADD ("nothing-to-count", test_nothing_to_count);
  return g_test_run ();
}
