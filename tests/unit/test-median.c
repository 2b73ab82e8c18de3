/* SPDX-License-Identifier: MIT */
/* Medians with and without unknowns. */
#include "base/median.h"

#include <float.h>
#include <math.h>

static void
test_odd_number_has_one_in_the_middle (void)
{
  double values[] = { 9, -1, 4 };

  g_assert_cmpfloat (ws_median_compute (values, 3), ==, 4);
}

static void
test_even_number_takes_the_mean_of_two (void)
{
  double values[] = { 8, 1, 2, 4 };

  g_assert_cmpfloat (ws_median_compute (values, 4), ==, 3);
}

static void
test_unknown_values_do_not_count (void)
{
  double values[] = { NAN, 5, NAN, 1, 3, NAN };

  g_assert_cmpfloat (ws_median_compute (values, 6), ==, 3);
}

static void
test_nothing_known_has_no_median (void)
{
  double values[] = { NAN, NAN };

  g_assert_true (isnan (ws_median_compute (values, 2)));
  g_assert_true (isnan (ws_median_compute (NULL, 0)));
}

static void
test_greatest_values_do_not_overflow (void)
{
  double values[] = { DBL_MAX, DBL_MAX };

  g_assert_cmpfloat (ws_median_compute (values, 2), ==, DBL_MAX);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/median/odd-number-has-one-in-the-middle",
                   test_odd_number_has_one_in_the_middle);
  g_test_add_func ("/median/even-number-takes-the-mean-of-two",
                   test_even_number_takes_the_mean_of_two);
  g_test_add_func ("/median/unknown-values-do-not-count", test_unknown_values_do_not_count);
  g_test_add_func ("/median/nothing-known-has-no-median", test_nothing_known_has_no_median);
  g_test_add_func ("/median/greatest-values-do-not-overflow", test_greatest_values_do_not_overflow);
  return g_test_run ();
}
