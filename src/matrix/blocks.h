/* SPDX-License-Identifier: MIT */
/* The blocks that a matrix is read in: of rows where it is tall, of columns where it is wide. */
#pragma once

#include "matrix/matrix.h"

G_BEGIN_DECLS

/* The partition depends on the shape only, so that sums over blocks have the same bits on every
 * machine load, thread count and memory limit. */
typedef struct
{
  const WsMatrix *matrix;
  gboolean by_columns; /* n_rows < n_cols */
  guint64 short_side;
  guint64 long_side;
  guint64 n_step; /* rows, or columns, of every block but the last */
  guint64 n_blocks;
  void *stored[2]; /* (owned) of a block each: one is used while the next is read */
  double *values;  /* (owned) of one block, or NULL */
  guint8 *whole;   /* (owned) all bytes as stored, or NULL */
  gboolean is_whole_read;
  gboolean is_kept; /* by the source */
} WsBlocks;

typedef struct
{
  guint64 row, n_rows, col, n_cols;
  const void *stored;
  const double *values; /* row-major, no gaps; NULL unless asked for */
} WsBlock;

/* @matrix: not empty, borrowed
 * @keep_whole: hold all stored bytes of a wide matrix, read in one run, instead of reading a piece
 *   of each row for every block: the same numbers
 * Returns: FALSE with @error set when there is no memory. */
gboolean ws_blocks_init (WsBlocks *self, const WsMatrix *matrix, gboolean widen,
                         gboolean keep_whole, GError **error);
void ws_blocks_clear (WsBlocks *self);

/* From now on blocks are widened, if they were not before. Returns: FALSE when there is no memory.
 */
gboolean ws_blocks_ensure_values (WsBlocks *self, GError **error);

/* Valid until the next read. Returns: FALSE with @error set: I/O, or cancelled. */
gboolean ws_blocks_read (WsBlocks *self, guint64 index, WsBlock *block, GCancellable *cancellable,
                         GError **error);

/* Reads a block and widens nothing: block->values is NULL. While that goes on, the blocks behind it
 * are on their way into the page cache.
 * @stored: room for its bytes as stored; NULL: a buffer of ours, valid until the next read but one
 */
gboolean ws_blocks_read_into (WsBlocks *self, guint64 index, void *stored, WsBlock *block,
                              GCancellable *cancellable, GError **error);

/* Widening in parts, which several threads may share. When all are done, self->values holds the
 * values of the block. */
gsize ws_blocks_count_parts (const WsBlock *block);
void ws_blocks_widen_part (WsBlocks *self, const WsBlock *block, gsize part);

/* All blocks will be read more than once: a source elsewhere fetches them once all the same, as far
 * as it has room. */
void ws_blocks_keep (WsBlocks *self);
/* Whether each pass over the blocks of @matrix reads its bytes from the source: all are not held.
 */
gboolean ws_blocks_read_each_time (const WsMatrix *matrix, gboolean keep_whole);

/* Bytes that ws_blocks_init takes. */
guint64 ws_blocks_get_required_bytes (const WsMatrix *matrix, gboolean widen, gboolean keep_whole);
/* n_step for a matrix of these sides. */
guint64 ws_blocks_get_step (guint64 short_side, guint64 long_side);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsBlocks, ws_blocks_clear)

G_END_DECLS
