/* SPDX-License-Identifier: MIT */
/* Sorting many rows by several keys: plain arrays, no list model. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  const double *values; /* one for each row; NAN: unknown */
  gboolean descending;
} WsOrderKey;

/* Fills @order with 0 .. @n - 1 so that values[order[i]] ascend (or descend). Unknown values come
 * last either way; rows that are equal in all keys keep their order. */
void ws_result_order_sort (guint *order, guint n, const WsOrderKey *keys, guint n_keys);

/* Dense places of @texts in their natural order, equal ones alike: a text column as numbers.
 * (transfer full) (array length=n) */
double *ws_result_order_rank_texts (const char *const *texts, guint n);

G_END_DECLS
