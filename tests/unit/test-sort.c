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

/* Each key is the last but for its first or last byte, so that bytes are equal, and differ. */
static void
test_keys (void)
{
  for (gsize n = 0; n <= 600; n += n < 40 ? 1 : 139)
    {
      g_autofree guint16 *narrow = g_new0 (guint16, n + 1), *narrow_spare = g_new (guint16, n + 1);
      g_autofree guint64 *wide = g_new0 (guint64, n + 1), *wide_spare = g_new (guint64, n + 1);
      guint64 sum = 0, narrow_sum = 0, wide_sum = 0;

      for (gsize i = 0; i < n; i++)
        {
          const guint64 byte = 37 * i % 251;

          narrow[i] = n % 3 == 0 ? byte : n % 3 == 1 ? byte << 8 : byte * 257 + i % 5;
          wide[i] = n % 2 == 0 ? byte << 56 | byte % 7 : G_MAXUINT64 - (byte << 24);
          sum += narrow[i] + wide[i];
        }
      ws_sort_u16 (narrow, narrow_spare, n);
      ws_sort_u64 (wide, wide_spare, n);
      for (gsize i = 0; i < n; i++)
        {
          g_assert_cmpuint (narrow[i], >=, i > 0 ? narrow[i - 1] : 0);
          g_assert_cmpuint (wide[i], >=, i > 0 ? wide[i - 1] : 0);
          narrow_sum += narrow[i];
          wide_sum += wide[i];
        }
      g_assert_cmpuint (narrow_sum + wide_sum, ==, sum);
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
