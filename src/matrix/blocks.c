/* SPDX-License-Identifier: MIT */
/* The blocks that a matrix is read in: of rows where it is tall, of columns where it is wide. */
#include "matrix/blocks.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Judgements, of the products of blocks that the Gram matrix is made of: OpenBLAS multiplies up to
 * 384 rows in one go, 512 in two of 256, which is 5 % slower; two times 384 save reading and
 * writing the triangle so often, one time keeps blocks small where the short side is large. A block
 * of 2^20 doubles is 8 MiB. All are even, for F4. */
#define TARGET_ELEMENTS (1u << 20)
#define STEP 384
#define LARGE_SIDE 4096
/* Elements of a part: 512 KiB of doubles take some 0.1 ms. */
#define PART ((gsize) 1 << 16)
/* How far ahead of the block that is read the disk is told, in blocks. */
#define N_AHEAD 4
/* All of a wide matrix is read for its first block. */
#define MOST_AHEAD ((guint64) 256 << 20)

guint64
ws_blocks_get_step (guint64 short_side, guint64 long_side)
{
  guint64 n = TARGET_ELEMENTS / MAX (short_side, 1) / STEP;

  return MIN (MAX (n, short_side > LARGE_SIDE ? 1 : 2) * STEP, long_side);
}

static gboolean
is_wide (const WsMatrix *matrix)
{
  return matrix->n_rows < matrix->n_cols;
}

/* A single row lies in one run anyway. */
static gboolean
may_keep_whole (const WsMatrix *matrix)
{
  return is_wide (matrix) && matrix->n_rows > 1;
}

/* Bytes of F4 are shared by two columns: only the reader knows when that is not possible. */
static gboolean
has_whole_bytes (const WsMatrix *matrix)
{
  return ws_dtype_get_n_bits (matrix->tensor->dtype) >= 8;
}

gboolean
ws_blocks_read_each_time (const WsMatrix *matrix, gboolean keep_whole)
{
  return !(keep_whole && may_keep_whole (matrix) && has_whole_bytes (matrix));
}

static guint64
get_n_bytes (const WsMatrix *matrix)
{
  return ws_matrix_get_scratch (matrix, matrix->n_rows, matrix->n_cols);
}

static guint64
get_block_elements (const WsMatrix *matrix)
{
  guint64 short_side = MIN (matrix->n_rows, matrix->n_cols);

  return short_side * ws_blocks_get_step (short_side, MAX (matrix->n_rows, matrix->n_cols));
}

guint64
ws_blocks_get_required_bytes (const WsMatrix *matrix, gboolean widen, gboolean keep_whole)
{
  guint64 n = get_block_elements (matrix);
  guint64 n_bytes = 2 * ws_matrix_get_scratch (matrix, 1, n);

  if (widen)
    n_bytes += n * sizeof (double);
  if (keep_whole && may_keep_whole (matrix))
    n_bytes += get_n_bytes (matrix);
  return n_bytes;
}

static void
set_no_memory (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                       _ ("not enough memory for the blocks of a matrix"));
}

gboolean
ws_blocks_ensure_values (WsBlocks *self, GError **error)
{
  if (self->values == NULL)
    self->values = g_try_malloc_n (get_block_elements (self->matrix), sizeof (double));
  if (self->values == NULL)
    set_no_memory (error);
  return self->values != NULL;
}

gboolean
ws_blocks_init (WsBlocks *self, const WsMatrix *matrix, gboolean widen, gboolean keep_whole,
                GError **error)
{
  guint64 n = get_block_elements (matrix);

  *self = (WsBlocks){
    .matrix = matrix,
    .by_columns = is_wide (matrix),
    .short_side = MIN (matrix->n_rows, matrix->n_cols),
    .long_side = MAX (matrix->n_rows, matrix->n_cols),
  };
  self->n_step = ws_blocks_get_step (self->short_side, self->long_side);
  self->n_blocks = (self->long_side + self->n_step - 1) / self->n_step;
  for (int i = 0; i < 2; i++)
    self->stored[i] = g_try_malloc (ws_matrix_get_scratch (matrix, 1, n));
  if (keep_whole && may_keep_whole (matrix))
    self->whole = g_try_malloc (get_n_bytes (matrix));
  if (!self->stored[0] || !self->stored[1] ||
      (keep_whole && may_keep_whole (matrix) && !self->whole))
    set_no_memory (error);
  else if (!widen || ws_blocks_ensure_values (self, error))
    {
      /* a block of columns is a piece of each row, which a source elsewhere sends with its
       * neighbours */
      if (may_keep_whole (matrix) && self->n_blocks > 1)
        ws_blocks_keep (self);
      return TRUE;
    }
  ws_blocks_clear (self);
  return FALSE;
}

void
ws_blocks_keep (WsBlocks *self)
{
  const WsMatrix *matrix = self->matrix;

  if (self->is_kept || !ws_blocks_read_each_time (matrix, self->whole != NULL))
    return;
  self->is_kept = TRUE;
  ws_source_keep (matrix->tensor->source, matrix->offset, get_n_bytes (matrix));
}

void
ws_blocks_clear (WsBlocks *self)
{
  if (self->is_kept)
    ws_source_forget (self->matrix->tensor->source, self->matrix->offset,
                      get_n_bytes (self->matrix));
  self->is_kept = FALSE;
  for (int i = 0; i < 2; i++)
    g_clear_pointer (&self->stored[i], g_free);
  g_clear_pointer (&self->values, g_free);
  g_clear_pointer (&self->whole, g_free);
}

/* A block of columns out of the bytes that are held. */
static gboolean
gather (WsBlocks *self, const WsBlock *block, guint8 *stored, GCancellable *cancellable,
        GError **error)
{
  const WsMatrix *matrix = self->matrix;
  gsize n_bytes = ws_matrix_get_scratch (matrix, 1, block->n_cols);

  if (!self->is_whole_read && !ws_matrix_read_stored (matrix, 0, matrix->n_rows, 0, matrix->n_cols,
                                                      self->whole, cancellable, error))
    return FALSE;
  self->is_whole_read = TRUE;
  for (guint64 i = 0; i < block->n_rows; i++)
    memcpy (stored + i * n_bytes,
            self->whole + ws_matrix_get_scratch (matrix, 1, i * matrix->n_cols + block->col),
            n_bytes);
  return TRUE;
}

/* What will be read after block @index: one more, or of a source elsewhere so many that one request
 * pays. */
static void
prefetch (const WsBlocks *self, guint64 index)
{
  const WsMatrix *matrix = self->matrix;
  const WsSource *source = matrix->tensor->source;
  const guint64 n_bytes = ws_matrix_get_scratch (matrix, 1, self->n_step * self->short_side);
  const guint64 n_ahead = MAX (ws_source_get_n_ahead (source) / MAX (n_bytes, 1), N_AHEAD);
  const guint64 n_more = MAX (ws_source_get_n_at_once (source) / MAX (n_bytes, 1), 1);
  guint64 first = index > 0 ? index + n_ahead : 0;
  guint64 end = index % n_more == 0 ? MIN (index + n_ahead + n_more, self->n_blocks) : 0;
  guint64 n_before, n;

  /* a block of columns is a piece of each row; of a single row blocks lie one after the other */
  if (may_keep_whole (matrix))
    {
      first = 0;
      end = index > 0 ? 0 : self->n_blocks;
    }
  /* a single one is read at once; of what is held nothing is read */
  if (first >= end || self->n_blocks == 1 || self->is_whole_read)
    return;
  n_before = first * self->n_step * self->short_side;
  n = MIN (end * self->n_step, self->long_side) * self->short_side - n_before;
  ws_source_prefetch (matrix->tensor->source,
                      matrix->offset + ws_matrix_get_scratch (matrix, 1, n_before),
                      MIN (ws_matrix_get_scratch (matrix, 1, n), MOST_AHEAD));
}

gboolean
ws_blocks_read_into (WsBlocks *self, guint64 index, void *stored, WsBlock *block,
                     GCancellable *cancellable, GError **error)
{
  const WsMatrix *matrix = self->matrix;
  const guint64 start = index * self->n_step;
  const guint64 n = MIN (self->n_step, self->long_side - start);

  if (stored == NULL)
    stored = self->stored[index % 2];
  if (self->by_columns)
    *block = (WsBlock){ .n_rows = matrix->n_rows, .col = start, .n_cols = n, .stored = stored };
  else
    *block = (WsBlock){ .row = start, .n_rows = n, .n_cols = matrix->n_cols, .stored = stored };
  prefetch (self, index);
  if (self->whole && has_whole_bytes (matrix))
    return gather (self, block, stored, cancellable, error);
  return ws_matrix_read_stored (matrix, block->row, block->n_rows, block->col, block->n_cols,
                                stored, cancellable, error);
}

gsize
ws_blocks_count_parts (const WsBlock *block)
{
  return (block->n_rows * block->n_cols + PART - 1) / PART;
}

void
ws_blocks_widen_part (WsBlocks *self, const WsBlock *block, gsize part)
{
  const WsMatrix *matrix = self->matrix;
  const gsize start = part * PART, n = block->n_rows * block->n_cols - start;

  ws_dtype_widen (matrix->tensor->dtype,
                  (const guint8 *) block->stored + ws_matrix_get_scratch (matrix, 1, start),
                  self->values + start, MIN (n, PART));
}

gboolean
ws_blocks_read (WsBlocks *self, guint64 index, WsBlock *block, GCancellable *cancellable,
                GError **error)
{
  if (!ws_blocks_read_into (self, index, NULL, block, cancellable, error))
    return FALSE;
  if (self->values)
    {
      for (gsize i = 0; i < ws_blocks_count_parts (block); i++)
        ws_blocks_widen_part (self, block, i);
      block->values = self->values;
    }
  return TRUE;
}
