/* SPDX-License-Identifier: MIT */
/* The two products of symmetric matrix -> band, built once for each kind of vector unit. OpenBLAS
 * packs all of the matrix anew to multiply it by a few columns; these take it as it lies. */
#pragma once

#include "spectra/chase-kernel.h"

G_BEGIN_DECLS

/* What one call of multiply takes, which all lies in the first cache. */
#define WS_BAND_ROWS 48
#define WS_BAND_STEP 64

/* A multiple of the rows and columns that any update takes. */
#define WS_BAND_TILE 96

/* w(i, :) += sum over k of a(i, k) v(k, :), the rows of v and w being of WS_BAND_WIDTH elements one
 * behind the other and aligned to 64 bytes.
 * @a: (i, k) is at [i * stride + k], or at [i + k * stride] if @is_transposed
 * @n_rows: up to WS_BAND_ROWS
 * @n: up to WS_BAND_STEP; behind them there may be more, which are prefetched */
typedef void (*WsBandMultiplyFunc) (const double *a, gsize stride, gboolean is_transposed,
                                    gsize n_rows, gsize n, const double *v, double *w);

/* c -= x y' for @n_rows x @n_columns elements of c, column-major.
 * @x, @y: packed, of @depth columns each */
typedef void (*WsBandUpdateFunc) (const double *x, const double *y, gsize depth, double *c,
                                  gsize stride, gsize n_rows, gsize n_columns);

/* The rows that update takes, column behind column, aligned to 64 bytes.
 * @n_rows: those that there are; zeros follow */
typedef void (*WsBandPackFunc) (const double *columns, gsize stride, gsize n_columns, gsize n_rows,
                                double *packed);

typedef struct
{
  WsBandMultiplyFunc multiply;
  WsBandUpdateFunc update;
  WsBandPackFunc pack_rows, pack_columns; /* x and y */
  gsize n_rows, n_columns;                /* of x and y */
  gsize least_side;                       /* see ws_band_get_least_side */
} WsBandKernel;

extern const WsBandKernel ws_band_kernel_2, ws_band_kernel_4, ws_band_kernel_8;

G_END_DECLS
