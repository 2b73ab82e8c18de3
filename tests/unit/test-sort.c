/* SPDX-License-Identifier: MIT */
/* Numbers come in order, and are the same numbers; names come as people count. */
#include "base/natural-order.h"
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

/* Keys whose bytes are equal, and differ, in several ways. */
static void
test_keys (void)
{
  for (gsize n = 0; n <= 600; n += n < 40 ? 1 : 139)
    {
      g_autofree guint64 *keys = g_new0 (guint64, n + 1), *spare = g_new (guint64, n + 1);
      guint64 sum = 0, sum_before = 0;

      for (gsize i = 0; i < n; i++)
        {
          const guint64 byte = 37 * i % 251;

          keys[i] = n % 2 == 0 ? byte << 56 | byte % 7 : G_MAXUINT64 - (byte << 24);
          sum_before += keys[i];
        }
      ws_sort_u64 (keys, spare, n);
      for (gsize i = 0; i < n; i++)
        {
          g_assert_cmpuint (keys[i], >=, i > 0 ? keys[i - 1] : 0);
          sum += keys[i];
        }
      g_assert_cmpuint (sum, ==, sum_before);
    }
}

static void
test_names_compare_as_people_count (void)
{
  g_assert_cmpint (ws_compare_natural ("layers.2.a", "layers.10.a"), <, 0);
  g_assert_cmpint (ws_compare_natural ("layers.010", "layers.9"), >, 0);
  g_assert_cmpint (ws_compare_natural ("a", "a1"), <, 0);
  g_assert_cmpint (ws_compare_natural ("a1", "a01"), !=, 0);
  g_assert_cmpint (ws_compare_natural ("a1", "a1"), ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sort/order", test_order);
  g_test_add_func ("/sort/only-so-many", test_only_so_many);
  g_test_add_func ("/sort/keys", test_keys);
  g_test_add_func ("/natural-order/numbers", test_names_compare_as_people_count);
  return g_test_run ();
}
