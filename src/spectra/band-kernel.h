/* SPDX-License-Identifier: MIT */
/* A product of symmetric matrix -> band, built once for each kind of vector unit. OpenBLAS
 * packs all of the matrix anew to multiply it by a few columns; this takes it as it lies. */
#pragma once

#include "spectra/chase-kernel.h"

G_BEGIN_DECLS

/* What one call of multiply takes, which all lies in the first cache. */
#define WS_BAND_ROWS 48
#define WS_BAND_STEP 64

/* Rows and columns that are updated together, a multiple of WS_PRODUCT_UNIT. */
#define WS_BAND_TILE 96

/* w(i, :) += sum over k of a(i, k) v(k, :), the rows of v and w being of WS_BAND_WIDTH elements one
 * behind the other and aligned to 64 bytes.
 * @a: (i, k) is at [i * stride + k], or at [i + k * stride] if @is_transposed
 * @n_rows: up to WS_BAND_ROWS
 * @n: up to WS_BAND_STEP; behind them there may be more, which are prefetched */
typedef void (*WsBandMultiplyFunc) (const double *a, gsize stride, gboolean is_transposed,
                                    gsize n_rows, gsize n, const double *v, double *w);

typedef struct
{
  WsBandMultiplyFunc multiply;
  gsize least_side; /* see ws_band_get_least_side */
} WsBandKernel;

extern const WsBandKernel ws_band_kernel_2, ws_band_kernel_4, ws_band_kernel_8;

G_END_DECLS
