/* SPDX-License-Identifier: MIT */
/* Anything of which a block can be read: a tensor, one expert's slice of it, later differences. */
#pragma once

#include "model/tensor.h"

G_BEGIN_DECLS

/* A 2-D view: row-major, n_rows x n_cols, of @tensor's bytes. Borrowed from the tensor, which
 * must outlive it. */
typedef struct
{
  const WsTensor *tensor;
  int slice; /* -1: all of the tensor; else the index along dimension 0 of a 3-D tensor */
  guint64 n_rows;
  guint64 n_cols;
  guint64 offset; /* of the first byte in the source */
} WsMatrix;

/* How many matrices @tensor stands for: the experts of a packed 3-D expert tensor
 * (WS_BLOCK_MOE_EXPERT_*), else 1. */
guint64 ws_matrix_count_slices (const WsTensor *tensor);

/* The view of @tensor (slice -1) or of one of its slices. 0-D is 1 x 1, 1-D is 1 x n, more than
 * 2-D without slices is d0 x (rest), as stored. */
void ws_matrix_init (WsMatrix *self, const WsTensor *tensor, int slice);

/* All elements of @other in one row: for statistics, where rows mean nothing. */
void ws_matrix_init_flat (WsMatrix *self, const WsMatrix *other);

/* Bytes of scratch that ws_matrix_read needs for a block of that size. */
gsize ws_matrix_get_scratch (const WsMatrix *self, guint64 n_rows, guint64 n_cols);

/* Reads rows [row, row + n_rows) x columns [col, col + n_cols), widened exactly, into @dst
 * (row-major, leading dimension @n_cols). @scratch: at least ws_matrix_get_scratch bytes.
 * Blocks of F4 begin and end on whole bytes (n_cols even, or rows whole).
 * Returns: FALSE with @error set: I/O, or cancelled. */
gboolean ws_matrix_read (const WsMatrix *self, guint64 row, guint64 n_rows, guint64 col,
                         guint64 n_cols, double *dst, void *scratch, GCancellable *cancellable,
                         GError **error);

/* The same without widening: the bytes as stored, without gaps, into @stored (at least
 * ws_matrix_get_scratch bytes). */
gboolean ws_matrix_read_stored (const WsMatrix *self, guint64 row, guint64 n_rows, guint64 col,
                                guint64 n_cols, void *stored, GCancellable *cancellable,
                                GError **error);

G_END_DECLS
