/* SPDX-License-Identifier: MIT */
/* Values by rank, against sorting. */
#include "chart/order-statistic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int
compare (const void *a, const void *b)
{
  float x = *(const float *) a, y = *(const float *) b;

  return (x > y) - (x < y);
}

static void
check_all_ranks (const float *values, gsize n)
{
  g_autofree float *sorted = g_memdup2 (values, n * sizeof (float));

  qsort (sorted, n, sizeof (float), compare);
  for (gsize rank = 0; rank < n; rank++)
    {
      g_autofree float *work = g_memdup2 (values, n * sizeof (float));

      g_assert_cmpfloat (ws_values_select (work, n, rank), ==, sorted[rank]);
      for (gsize i = 0; i < n; i++)
        g_assert_true (i < rank ? work[i] <= work[rank] : work[i] >= work[rank]);
    }
}

static void
test_random_values_are_ranked (void)
{
  GRand *random = g_rand_new_with_seed (3);
  float values[257];

  for (guint round = 0; round < 20; round++)
    {
      gsize n = 1 + (guint) g_rand_int_range (random, 0, G_N_ELEMENTS (values));

      for (gsize i = 0; i < n; i++)
        values[i] = (float) g_rand_double (random);
      check_all_ranks (values, n);
    }
  g_rand_free (random);
}

static void
test_equal_and_ordered_values_are_ranked (void)
{
  float values[64];

  for (guint pattern = 0; pattern < 4; pattern++)
    {
      for (guint i = 0; i < G_N_ELEMENTS (values); i++)
        values[i] = (const float[]){ 1, (float) i, -(float) i, (float) (i % 3) }[pattern];
      check_all_ranks (values, G_N_ELEMENTS (values));
    }
}

/* A million equal values, and as many in order: seconds if the time grew with the square. */
static void
test_time_grows_with_the_number (void)
{
  const gsize n = 1000000;
  g_autofree float *values = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    values[i] = 7;
  g_assert_cmpfloat (ws_values_select (values, n, n / 2), ==, 7);
  for (gsize i = 0; i < n; i++)
    values[i] = (float) i;
  g_assert_cmpfloat (ws_values_select (values, n, 3), ==, 3);
}

static void
test_finite_values_stay (void)
{
  float values[] = { NAN, 1, INFINITY, 2, -INFINITY, 3 };

  g_assert_cmpuint (ws_values_keep_finite (values, G_N_ELEMENTS (values)), ==, 3);
  g_assert_cmpfloat (values[0], ==, 1);
  g_assert_cmpfloat (values[1], ==, 2);
  g_assert_cmpfloat (values[2], ==, 3);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/order-statistic/random-values-are-ranked", test_random_values_are_ranked);
  g_test_add_func ("/order-statistic/equal-and-ordered-values-are-ranked",
                   test_equal_and_ordered_values_are_ranked);
  g_test_add_func ("/order-statistic/time-grows-with-the-number", test_time_grows_with_the_number);
  g_test_add_func ("/order-statistic/finite-values-stay", test_finite_values_stay);
  return g_test_run ();
}
