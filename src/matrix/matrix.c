/* SPDX-License-Identifier: MIT */
/* Blocks of a matrix from the bytes of its tensor. */
#include "matrix/matrix.h"

#include "base/error.h"

#include <glib/gi18n-lib.h>

static gboolean
is_expert (WsBlockType type)
{
  return type == WS_BLOCK_MOE_EXPERT_GATE || type == WS_BLOCK_MOE_EXPERT_UP ||
         type == WS_BLOCK_MOE_EXPERT_DOWN || type == WS_BLOCK_MOE_EXPERT_GATE_UP;
}

guint64
ws_matrix_count_slices (const WsTensor *tensor)
{
  return tensor->n_dims == 3 && is_expert (tensor->block.type) ? tensor->dims[0] : 1;
}

/* Bytes of @n elements; F4 fills bytes in pairs. */
static guint64
get_n_bytes (const WsMatrix *self, guint64 n)
{
  return (n * ws_dtype_get_n_bits (self->tensor->dtype) + 7) / 8;
}

void
ws_matrix_init (WsMatrix *self, const WsTensor *tensor, int slice)
{
  const guint64 *dims = tensor->dims;

  *self = (WsMatrix){ .tensor = tensor, .slice = slice, .offset = tensor->offset };
  if (slice >= 0)
    {
      g_return_if_fail (tensor->n_dims == 3 && (guint64) slice < dims[0]);
      self->n_rows = dims[1];
      self->n_cols = dims[2];
      self->offset += get_n_bytes (self, slice * self->n_rows * self->n_cols);
    }
  else if (tensor->n_dims < 2)
    {
      self->n_rows = 1;
      self->n_cols = tensor->n_elements;
    }
  else
    {
      self->n_rows = dims[0];
      self->n_cols = 1;
      for (guint i = 1; i < tensor->n_dims; i++)
        self->n_cols *= dims[i];
    }
}

void
ws_matrix_init_flat (WsMatrix *self, const WsMatrix *other)
{
  *self = *other;
  self->n_rows = 1;
  self->n_cols = other->n_rows * other->n_cols;
}

gsize
ws_matrix_get_scratch (const WsMatrix *self, guint64 n_rows, guint64 n_cols)
{
  return get_n_bytes (self, n_rows * n_cols);
}

/* @n elements at @index, counted row by row. */
static gboolean
read_run (const WsMatrix *self, guint64 index, guint64 n, void *stored, GCancellable *cancellable,
          GError **error)
{
  return ws_source_read (self->tensor->source, self->offset + get_n_bytes (self, index), stored,
                         get_n_bytes (self, n), cancellable, error);
}

static gboolean
begins_on_byte (const WsMatrix *self, guint64 index)
{
  return index * ws_dtype_get_n_bits (self->tensor->dtype) % 8 == 0;
}

gboolean
ws_matrix_read_stored (const WsMatrix *self, guint64 row, guint64 n_rows, guint64 col,
                       guint64 n_cols, void *stored, GCancellable *cancellable, GError **error)
{
  const guint64 start = row * self->n_cols + col;
  const gboolean is_whole_rows = n_cols == self->n_cols;

  g_return_val_if_fail (row + n_rows <= self->n_rows && col + n_cols <= self->n_cols, FALSE);

  if (!begins_on_byte (self, start) ||
      (!is_whole_rows && n_rows > 1 &&
       (!begins_on_byte (self, self->n_cols) || !begins_on_byte (self, n_cols))))
    {
      g_autofree char *name = g_strndup (self->tensor->name, 200);

      g_set_error (error, WS_ERROR, WS_ERROR_UNSUPPORTED,
                   _ ("tensor '%s' has rows that begin in the middle of a byte"), name);
      return FALSE;
    }
  if (is_whole_rows || n_rows == 1)
    return read_run (self, start, n_rows * n_cols, stored, cancellable, error);
  for (guint64 i = 0; i < n_rows; i++)
    if (!read_run (self, start + i * self->n_cols, n_cols,
                   (guint8 *) stored + get_n_bytes (self, i * n_cols), cancellable, error))
      return FALSE;
  return TRUE;
}

gboolean
ws_matrix_read (const WsMatrix *self, guint64 row, guint64 n_rows, guint64 col, guint64 n_cols,
                double *dst, void *scratch, GCancellable *cancellable, GError **error)
{
  if (!ws_matrix_read_stored (self, row, n_rows, col, n_cols, scratch, cancellable, error))
    return FALSE;
  ws_dtype_widen (self->tensor->dtype, scratch, dst, n_rows * n_cols);
  return TRUE;
}
