/* SPDX-License-Identifier: MIT */
/* A product of symmetric matrix -> band: built with WS_LANES doubles in a vector and the
 * instructions for it, see meson.build. */
#include "spectra/band-kernel.h"

#include <string.h>

#define WIDTH WS_BAND_WIDTH

/* What fits into the registers, of which there are 32 or 16. */
#if WS_LANES == 8 || defined(__aarch64__)
#define ROWS 6
#else
#define ROWS 3
#endif
#define VECTORS 4

/* Measured with the kernels of OpenBLAS of the same kind: at p = 640, 768, 1024 with AVX-512 0.025,
 * 0.037, 0.086 s and 0.027, 0.045, 0.12 s by panels; with AVX2 0.034, 0.053, 0.106 s and 0.030,
 * 0.049, 0.118 s. */
#define LEAST_SIDE (WS_LANES == 8 ? 640 : 1024)

/* Elements of a line of the cache. */
#define LINE 8

#define PASTE(a, b) a##b
#define NAME(lanes) PASTE (ws_band_kernel_, lanes)
#define UNROLLED _Pragma ("GCC unroll 8") for
#define INLINE static inline __attribute__ ((always_inline))

typedef double Vector __attribute__ ((vector_size (8 * WS_LANES), may_alias));

/* Lines of the cache that are to be on their way: one for each k. */
typedef struct
{
  const double *a; /* the first */
  gsize n, step;   /* lines of each run, and how far apart */
  gsize stride;    /* of the runs */
} Ahead;

/* Some rows of w, VECTORS vectors of each. */
INLINE void
multiply_rows (const double *a, gsize row_stride, gsize stride, const int n_rows, gsize n,
               const double *v, double *w, const Ahead *ahead)
{
  Vector sum[ROWS][VECTORS];

  UNROLLED (int i = 0; i < n_rows; i++)
  UNROLLED (int j = 0; j < VECTORS; j++)
  sum[i][j] = *(const Vector *) (w + i * WIDTH + j * WS_LANES);
  for (gsize k = 0; k < n; k++)
    {
      const Vector *x = (const Vector *) (v + k * WIDTH);

      __builtin_prefetch (ahead->a + k / ahead->n * ahead->stride + k % ahead->n * ahead->step, 0,
                          2);
      UNROLLED (int i = 0; i < n_rows; i++)
      UNROLLED (int j = 0; j < VECTORS; j++)
      sum[i][j] += a[i * row_stride + k * stride] * x[j];
    }
  UNROLLED (int i = 0; i < n_rows; i++)
  UNROLLED (int j = 0; j < VECTORS; j++)
  *(Vector *) (w + i * WIDTH + j * WS_LANES) = sum[i][j];
}

INLINE void
multiply_group (const double *a, gsize row_stride, gsize stride, const int n_rows, gsize n,
                const double *v, double *w, const Ahead *ahead)
{
  for (int j = 0; j < WIDTH; j += VECTORS * WS_LANES)
    multiply_rows (a, row_stride, stride, n_rows, n, v + j, w + j, ahead);
}

/* Rows that lie apart, each of them in a run. */
static void
multiply_runs (const double *a, gsize stride, gsize n_rows, gsize n, const double *v, double *w)
{
  Ahead ahead = { a + WS_BAND_STEP, WS_BAND_STEP / LINE, LINE, stride };
  gsize i = 0;

  for (; i + ROWS <= n_rows; i += ROWS, ahead.a += ROWS * stride)
    multiply_group (a + i * stride, stride, 1, ROWS, n, v, w + i * WIDTH, &ahead);
  for (; i < n_rows; i++)
    multiply_group (a + i * stride, stride, 1, 1, n, v, w + i * WIDTH, &ahead);
}

/* Columns that lie apart, often by a multiple of 4096 bytes, so that few of them are kept in the
 * first cache: they are copied. */
static void
multiply_columns (const double *a, gsize stride, gsize n_rows, gsize n, const double *v, double *w)
{
  _Alignas(64) double tile[WS_BAND_STEP * WS_BAND_ROWS];
  Ahead ahead = { a + WS_BAND_STEP * stride, WS_BAND_STEP, stride, 0 };
  gsize i = 0;

  for (gsize k = 0; k < n; k++)
    if (n_rows == WS_BAND_ROWS)
      memcpy (tile + k * WS_BAND_ROWS, a + k * stride, WS_BAND_ROWS * sizeof (double));
    else
      memcpy (tile + k * WS_BAND_ROWS, a + k * stride, n_rows * sizeof (double));
  for (; i + ROWS <= n_rows; i += ROWS, ahead.a += LINE)
    multiply_group (tile + i, 1, WS_BAND_ROWS, ROWS, n, v, w + i * WIDTH, &ahead);
  for (; i < n_rows; i++)
    multiply_group (tile + i, 1, WS_BAND_ROWS, 1, n, v, w + i * WIDTH, &ahead);
}

static void
multiply (const double *a, gsize stride, gboolean is_transposed, gsize n_rows, gsize n,
          const double *v, double *w)
{
  if (is_transposed)
    multiply_columns (a, stride, n_rows, n, v, w);
  else
    multiply_runs (a, stride, n_rows, n, v, w);
}

const WsBandKernel NAME (WS_LANES) = { multiply, LEAST_SIDE };
