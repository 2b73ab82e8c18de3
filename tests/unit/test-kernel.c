/* SPDX-License-Identifier: MIT */
/* The inner loops, for each kind of vector unit that this processor has, against plain ones. */
#include "cluster/kernel.h"

#include <math.h>

extern const WsKernel ws_kernel_4;
#if defined(__x86_64__)
extern const WsKernel ws_kernel_8, ws_kernel_16;
#endif

#define MOST 263

static float *
make_values (gsize n, guint32 seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  float *values = g_new (float, n);

  for (gsize i = 0; i < n; i++)
    values[i] = g_rand_int_range (random, -50, 50);
  return values;
}

/* Every third centre, in descending order: the row of @out. */
static void
assert_some_are_the_same (const WsKernel *kernel, const float *x, const float *y, gsize k, gsize d,
                          const float *offsets, const float *out)
{
  guint32 chosen[32];
  float some[32];
  gsize n = 0;

  for (gsize c = k; c-- > 0;)
    if (c % 3 == 0)
      chosen[n++] = c;
  kernel->multiply_some (x, y, chosen, n, d, offsets, some);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpfloat (some[i], ==, out[chosen[i]]);
}

/* Row i with centre i modulo k. */
static void
assert_own_are_the_same (const WsKernel *kernel, const float *x, gsize n, const float *y, gsize k,
                         gsize d, const float *offsets, const float *out)
{
  guint32 chosen[32];
  float own[32];

  for (gsize i = 0; i < n; i++)
    chosen[i] = i % k;
  kernel->multiply_own (x, n, y, chosen, d, offsets, own);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpfloat (own[i], ==, out[i * k + i % k]);
}

static void
test_low_bounds_are_listed (gconstpointer data)
{
  const WsKernel *kernel = data;
  float bounds[] = { 5, 1, 9, 3, 7, 4, 2, 8, 6, 5, 1, 9, 3, 7, 4, 2, 8 };
  const float moves[] = { 1, 0, 8, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0 };
  const guint32 expected[] = { 0, 1, 2, 3, 5, 6, 10, 12, 14, 15 };
  guint32 chosen[17];

  /* a bound that rounding may have made too large is lowered, and so below it */
  g_assert_cmpuint (kernel->lower (bounds, moves, 17, 4, chosen), ==, 10);
  g_assert_cmpmem (chosen, sizeof expected, expected, sizeof expected);
  g_assert_cmpfloat (bounds[2], <, 1);
  g_assert_cmpfloat (bounds[2], >, 0.999);
}

/* Integers, whose products are exact in any order: also each kind of unit gives the same. */
static void
test_products_are_those_of_plain_loops (gconstpointer data)
{
  const WsKernel *kernel = data;
  const gsize sides[] = { 1, 2, 3, 5, 6, 7, 17 };
  const gsize depths[] = { 1, 3, 4, 15, 16, 17, 63, 100 };

  for (guint a = 0; a < G_N_ELEMENTS (sides); a++)
    for (guint b = 0; b < G_N_ELEMENTS (sides); b++)
      for (guint c = 0; c < G_N_ELEMENTS (depths); c++)
        {
          const gsize n = sides[a], k = sides[b], d = depths[c];
          g_autofree float *x = make_values (n * d, 1), *y = make_values (k * d, 2);
          g_autofree float *offsets = make_values (k, 3), *out = g_new (float, n *k);

          kernel->multiply (x, n, y, k, d, offsets, out);
          for (gsize i = 0; i < n; i++)
            for (gsize j = 0; j < k; j++)
              {
                float sum = offsets[j];

                for (gsize p = 0; p < d; p++)
                  sum += x[i * d + p] * y[j * d + p];
                g_assert_cmpfloat (out[i * k + j], ==, sum);
              }
          assert_some_are_the_same (kernel, x, y, k, d, offsets, out);
          assert_own_are_the_same (kernel, x, n, y, k, d, offsets, out);
        }
}

static void
test_first_of_the_least_is_found (gconstpointer data)
{
  const WsKernel *kernel = data;
  g_autofree float *values = make_values (MOST, 4);

  for (gsize k = 1; k <= MOST; k++)
    {
      gsize least = 0;

      for (gsize i = 1; i < k; i++)
        if (values[i] < values[least])
          least = i;
      g_assert_cmpuint (kernel->find_least (values, k), ==, least);
    }
  for (gsize i = 0; i < MOST; i++)
    values[i] = -1;
  g_assert_cmpuint (kernel->find_least (values, MOST), ==, 0);
}

/* Of equal values all count, also where the limit is one of them. */
static void
test_values_up_to_a_limit_are_counted (gconstpointer data)
{
  const WsKernel *kernel = data;
  g_autofree float *values = make_values (MOST, 7);

  for (gsize k = 1; k <= MOST; k++)
    for (int limit = -51; limit < 51; limit += 17)
      {
        gsize n = 0;

        for (gsize i = 0; i < k; i++)
          n += values[i] <= limit;
        g_assert_cmpuint (kernel->count_up_to (values, k, limit), ==, n);
      }
}

/* 3² + 7 - (2 + 0.25 · 20) = 3²; below 0 nothing is known */
static void
test_bounds_are_below_distances (gconstpointer data)
{
  const WsKernel *kernel = data;
  float scores[19], constants[19], slopes[19], bounds[19];

  for (gsize c = 0; c < 19; c++)
    {
      scores[c] = c % 5 == 3 ? -9 : 7;
      constants[c] = 2;
      slopes[c] = 0.25f;
    }
  kernel->bound (scores, constants, slopes, 19, 9, 20, bounds);
  for (gsize c = 0; c < 19; c++)
    if (c % 5 == 3)
      g_assert_cmpfloat (bounds[c], ==, 0);
    else
      {
        g_assert_cmpfloat (bounds[c], <, 3);
        g_assert_cmpfloat (bounds[c], >, 2.99999f);
      }
}

/* 16 + c² - 2 · 8 = c²; 16 + 16 - 2 · 15.9375 is not above 32 / 256 */
static void
test_roots_are_those_of_what_is_left (gconstpointer data)
{
  const WsKernel *kernel = data;
  float values[MOST], sq_norms[MOST];
  gsize n_zeros = 0;

  for (gsize c = 0; c < MOST; c++)
    {
      values[c] = c % 7 == 6 ? 15.9375f : 8;
      sq_norms[c] = c % 7 == 6 ? 16 : c * c;
      n_zeros += c % 7 == 6 || c == 0;
    }
  g_assert_cmpuint (kernel->find_roots (values, sq_norms, MOST, 16, 0x1p-8f), ==, n_zeros);
  for (gsize c = 0; c < MOST; c++)
    g_assert_cmpfloat (values[c], ==, c % 7 == 6 ? 0 : c);
}

static void
test_distances_and_moves_are_exact (gconstpointer data)
{
  const WsKernel *kernel = data;
  g_autofree float *x = make_values (MOST, 5), *y = make_values (MOST, 6);
  double to[MOST], from[MOST];

  for (gsize d = 1; d <= MOST; d++)
    {
      double sum = 0;

      for (gsize j = 0; j < d; j++)
        {
          sum += (x[j] - y[j]) * (x[j] - y[j]);
          to[j] = from[j] = j;
        }
      g_assert_cmpfloat (kernel->measure (x, y, d), ==, sum);
      kernel->move (x, d, to, from);
      kernel->move (y, d, to, NULL);
      for (gsize j = 0; j < d; j++)
        {
          g_assert_cmpfloat (to[j], ==, j + x[j] + y[j]);
          g_assert_cmpfloat (from[j], ==, j - x[j]);
        }
    }
}

static void
add_tests (guint n_lanes, const WsKernel *kernel)
{
  g_autofree char *products =
      g_strdup_printf ("/kernel/%u/products-are-those-of-plain-loops", n_lanes);
  g_autofree char *bounds = g_strdup_printf ("/kernel/%u/low-bounds-are-listed", n_lanes);
  g_autofree char *least = g_strdup_printf ("/kernel/%u/first-of-the-least-is-found", n_lanes);
  g_autofree char *counted =
      g_strdup_printf ("/kernel/%u/values-up-to-a-limit-are-counted", n_lanes);
  g_autofree char *below = g_strdup_printf ("/kernel/%u/bounds-are-below-distances", n_lanes);
  g_autofree char *roots = g_strdup_printf ("/kernel/%u/roots-are-those-of-what-is-left", n_lanes);
  g_autofree char *exact = g_strdup_printf ("/kernel/%u/distances-and-moves-are-exact", n_lanes);

  g_test_add_data_func (products, kernel, test_products_are_those_of_plain_loops);
  g_test_add_data_func (bounds, kernel, test_low_bounds_are_listed);
  g_test_add_data_func (least, kernel, test_first_of_the_least_is_found);
  g_test_add_data_func (counted, kernel, test_values_up_to_a_limit_are_counted);
  g_test_add_data_func (below, kernel, test_bounds_are_below_distances);
  g_test_add_data_func (roots, kernel, test_roots_are_those_of_what_is_left);
  g_test_add_data_func (exact, kernel, test_distances_and_moves_are_exact);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_tests (4, &ws_kernel_4);
#if defined(__x86_64__)
  if (__builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma"))
    add_tests (8, &ws_kernel_8);
  if (__builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("fma"))
    add_tests (16, &ws_kernel_16);
#endif
  return g_test_run ();
}
