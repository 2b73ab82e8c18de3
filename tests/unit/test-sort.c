/* SPDX-License-Identifier: MIT */
/* Numbers come in order, and are the same numbers. */
#include "base/sort.h"

#include <math.h>

static void
test_order (void)
{
  double values[] = { 3, -INFINITY, 1e-300, -2, INFINITY, 3, -1e300, 0 };
  const double expected[] = { -INFINITY, -1e300, -2, 0, 1e-300, 3, 3, INFINITY };

  ws_sort_doubles (values, G_N_ELEMENTS (values));
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    g_assert_cmpfloat (values[i], ==, expected[i]);
}

static void
test_only_so_many (void)
{
  double values[] = { 2, 1, 0 };

  ws_sort_doubles (values, 2);
  g_assert_cmpfloat (values[0], ==, 1);
  g_assert_cmpfloat (values[2], ==, 0);
  ws_sort_doubles (NULL, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sort/order", test_order);
  g_test_add_func ("/sort/only-so-many", test_only_so_many);
  return g_test_run ();
}
