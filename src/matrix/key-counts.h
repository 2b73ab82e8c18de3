/* SPDX-License-Identifier: MIT */
/* How often each value occurs among few elements of 16 bits and fewer. */
#pragma once

#include "model/dtype.h"

G_BEGIN_DECLS

/* Finite values that occur, ascending, each bit pattern by itself; equal ones (0 and -0) by
 * pattern. */
typedef struct
{
  double *values; /* (owned) */
  double *counts; /* (owned) */
  gsize n;
} WsBins;

void ws_bins_init (WsBins *self, gsize n_most);
void ws_bins_clear (WsBins *self);

/* A table by keys that sort as the values do, of which only the rows are ever touched that the
 * weights of a matrix fall into, some twenty of 256: nothing that takes as long for a small matrix
 * as for a large one. */
typedef struct _WsKeyCounts WsKeyCounts;

/* @dtype: of 16 bits at most (transfer full) */
WsKeyCounts *ws_key_counts_new (WsDtype dtype);
void ws_key_counts_free (WsKeyCounts *self);

/* @n: fewer than 2^32, all together. Returns: how many of them are not finite. */
guint64 ws_key_counts_add (WsKeyCounts *self, const guint8 *stored, guint64 n);

/* @bins: (out), to be cleared
 * @n_nan: (out): of all */
void ws_key_counts_finish (const WsKeyCounts *self, WsBins *bins, guint64 *n_nan, guint64 *n_inf);

/* Bytes that are touched at most, with the bins. */
gsize ws_key_counts_get_required_bytes (guint64 n_elements);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsBins, ws_bins_clear)

G_END_DECLS
