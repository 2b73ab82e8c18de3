/* SPDX-License-Identifier: MIT */
/* The product of packed rows, built once for each kind of vector unit. In the cache it is as fast
 * as that of OpenBLAS; and what has been packed once serves all products, as x and as y. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a product takes at most, so that y stays in the first cache. */
#define WS_PRODUCT_DEPTH 384
/* A multiple of the rows and columns of any product. */
#define WS_PRODUCT_UNIT 24

/* Rows are packed in panels of @n_lanes, aligned to 64 bytes: element (i, k) of a panel of @depth
 * columns is at [k * n_lanes + i]. */
typedef struct
{
  gsize n_lanes;
  gsize n_rows, n_columns; /* of x and y: of one or several panels, one behind the other */

  /* c += x y' for @n_rows x @n_columns elements of c, column-major.
   * @next: what will soon be wanted, of which @depth elements are prefetched; it may lie anywhere,
   * also behind the end of what is packed
   * @next_c: what will soon be c, of @n_columns columns or more */
  void (*add) (const double *x, const double *y, gsize depth, double *c, gsize stride, gsize n_rows,
               gsize n_columns, const double *next, const double *next_c);

  /* One column of @n_panels panels, of which the first is at @packed. */
  void (*pack_column) (const double *column, gsize n_panels, gsize depth, double *packed);
  /* One panel from rows of @depth elements, one behind the other. */
  void (*pack_rows) (const double *rows, gsize depth, double *packed);
} WsProductKernel;

extern const WsProductKernel ws_product_kernel_2, ws_product_kernel_4, ws_product_kernel_8;

/* The widest that this processor has the instructions for. */
const WsProductKernel *ws_product_choose_kernel (void);

G_END_DECLS
