/* SPDX-License-Identifier: MIT */
/* The product of packed rows: built with WS_LANES doubles in a vector and the instructions for it,
 * see meson.build. */
#include "spectra/product-kernel.h"

#include <string.h>

/* What fits into the registers, of which there are 32 or 16. */
#define VECTORS 3
#define ROWS (VECTORS * WS_LANES)
#if WS_LANES == 8 || defined(__aarch64__)
#define COLUMNS 8
#else
#define COLUMNS 4
#endif

/* Elements of a line of the cache. */
#define LINE 8
/* How many columns ahead x is prefetched. */
#define AHEAD 8

#define PASTE(a, b) a##b
#define NAME(lanes) PASTE (ws_product_kernel_, lanes)
#define UNROLLED _Pragma ("GCC unroll 8") for

typedef double Vector __attribute__ ((vector_size (8 * WS_LANES), may_alias));

/* Part of a tile that is not whole. */
static void
add_part (const double *sum, double *c, gsize stride, gsize n_rows, gsize n_columns)
{
  for (gsize j = 0; j < n_columns; j++)
    for (gsize i = 0; i < n_rows; i++)
      c[j * stride + i] += sum[j * ROWS + i];
}

static void
add (const double *x, const double *y, gsize depth, double *c, gsize stride, gsize n_rows,
     gsize n_columns, const double *next, const double *next_c)
{
  const gsize panel = WS_LANES * depth;
  Vector sum[COLUMNS][VECTORS];

  UNROLLED (int j = 0; j < COLUMNS; j++)
  UNROLLED (int i = 0; i < VECTORS; i++)
  sum[j][i] = (Vector){ 0 };
  for (gsize k = 0; k < depth; k++, x += WS_LANES, y += WS_LANES)
    {
      Vector column[VECTORS];

      /* few at a time: loads wait when too many lines are on their way */
      if (k % LINE == 0)
        {
          const double *line = next_c + k / (2 * LINE) % COLUMNS * stride + k % (2 * LINE) * 2;

          __builtin_prefetch (next + k, 0, 2);
          __builtin_prefetch (line, 1);
          __builtin_prefetch (line + LINE, 1);
        }
      UNROLLED (int i = 0; i < VECTORS; i++)
      {
        __builtin_prefetch (x + i * panel + AHEAD * WS_LANES);
        column[i] = *(const Vector *) (x + i * panel);
      }
      UNROLLED (int j = 0; j < COLUMNS; j++)
      UNROLLED (int i = 0; i < VECTORS; i++)
      sum[j][i] += column[i] * y[j / WS_LANES * panel + j % WS_LANES];
    }
  if (n_rows == ROWS && n_columns == COLUMNS)
    {
      UNROLLED (int j = 0; j < COLUMNS; j++)
      UNROLLED (int i = 0; i < VECTORS; i++)
      {
        Vector z;

        memcpy (&z, c + j * stride + i * WS_LANES, sizeof z);
        z += sum[j][i];
        memcpy (c + j * stride + i * WS_LANES, &z, sizeof z);
      }
    }
  else
    {
      _Alignas(64) double values[COLUMNS * ROWS];

      UNROLLED (int j = 0; j < COLUMNS; j++)
      UNROLLED (int i = 0; i < VECTORS; i++)
      *(Vector *) (values + j * ROWS + i * WS_LANES) = sum[j][i];
      add_part (values, c, stride, n_rows, n_columns);
    }
}

static void
pack_column (const double *column, gsize n_panels, gsize depth, double *packed)
{
  for (gsize i = 0; i < n_panels; i++)
    memcpy (packed + i * WS_LANES * depth, column + i * WS_LANES, sizeof (Vector));
}

static void
pack_rows (const double *rows, gsize depth, double *packed)
{
  for (gsize k = 0; k < depth; k++)
    UNROLLED (int i = 0; i < WS_LANES; i++)
  packed[k * WS_LANES + i] = rows[i * depth + k];
}

const WsProductKernel NAME (WS_LANES) = {
  WS_LANES, ROWS, COLUMNS, add, pack_column, pack_rows,
};
