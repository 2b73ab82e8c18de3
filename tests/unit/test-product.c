/* SPDX-License-Identifier: MIT */
/* Each kernel that this machine can run packs and multiplies, not only the one that is chosen. */
#include "spectra/product-kernel.h"

#include "team-fixture.h"

#include <string.h>

#define DEPTH 5
#define STRIDE 61

static const WsProductKernel *
get_kernel (guint lanes)
{
#if defined(__x86_64__)
  if (lanes == 8)
    return &ws_product_kernel_8;
  if (lanes == 4)
    return &ws_product_kernel_4;
#endif
  return &ws_product_kernel_2;
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

/* x is packed by columns, y by rows; what is beside c stays. */
static void
assert_product (const WsProductKernel *kernel, gsize n_rows, gsize n_columns)
{
  const gsize n_lanes = kernel->n_lanes;
  double *u = new_integers (DEPTH * STRIDE), *v = new_integers (DEPTH * (STRIDE + 1));
  double *c = new_integers (STRIDE * STRIDE);
  double *x = g_aligned_alloc0 (DEPTH * kernel->n_rows, sizeof (double), 64);
  double *y = g_aligned_alloc0 (DEPTH * kernel->n_columns, sizeof (double), 64);
  g_autofree double *before = g_memdup2 (c, STRIDE * STRIDE * sizeof (double));

  for (gsize k = 0; k < DEPTH; k++)
    kernel->pack_column (u + k * STRIDE, kernel->n_rows / n_lanes, DEPTH, x + k * n_lanes);
  for (gsize j = 0; j < kernel->n_columns; j += n_lanes)
    kernel->pack_rows (v + j * DEPTH, DEPTH, y + j * DEPTH);
  kernel->add (x, y, DEPTH, c, STRIDE, n_rows, n_columns, y, c);
  for (gsize j = 0; j < STRIDE; j++)
    for (gsize i = 0; i < STRIDE; i++)
      {
        double sum = before[j * STRIDE + i];

        for (gsize k = 0; i < n_rows && j < n_columns && k < DEPTH; k++)
          sum += u[k * STRIDE + i] * v[j * DEPTH + k];
        g_assert_cmpfloat (c[j * STRIDE + i], ==, sum);
      }
  g_aligned_free (u);
  g_aligned_free (v);
  g_aligned_free (c);
  g_aligned_free (x);
  g_aligned_free (y);
}

/* Whole tiles and parts of them. */
static void
test_kernel (gconstpointer data)
{
  const guint lanes = GPOINTER_TO_UINT (data);
  const WsProductKernel *kernel = get_kernel (lanes);

  if (!has_lanes (lanes))
    {
      g_test_skip ("this processor does not have the instructions");
      return;
    }
  g_assert_cmpuint (kernel->n_lanes, ==, lanes);
  g_assert_cmpuint (WS_PRODUCT_UNIT % kernel->n_rows, ==, 0);
  g_assert_cmpuint (WS_PRODUCT_UNIT % kernel->n_columns, ==, 0);
  assert_product (kernel, kernel->n_rows, kernel->n_columns);
  assert_product (kernel, kernel->n_rows - 1, kernel->n_columns);
  assert_product (kernel, kernel->n_rows, 1);
  assert_product (kernel, 1, kernel->n_columns - 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/product/2-lanes", GUINT_TO_POINTER (2), test_kernel);
  g_test_add_data_func ("/product/4-lanes", GUINT_TO_POINTER (4), test_kernel);
  g_test_add_data_func ("/product/8-lanes", GUINT_TO_POINTER (8), test_kernel);
  return g_test_run ();
}
