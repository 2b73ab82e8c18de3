/* SPDX-License-Identifier: MIT */
/* The Gram matrix of the short side, summed over blocks. */
#include "spectra/gram.h"

#include <cblas.h>

/* Sides of the tiles that the triangle is cut into. A product packs what it multiplies, which costs
 * small tiles more: 1024 of p = 4096 lose 7 %, 2048 lose 2 %, and two of 768 lose 5 % of 1536. The
 * largest takes 0.1 s with the largest block. */
#define MAX_TILE 2048
#define MOST_UNCUT 1536

/* One block: its products are added to the tiles, which depend on the shape only, while it is
 * looked at and the next one is read. */
typedef struct
{
  double *gram;
  gsize p;
  gsize side;    /* of a tile, but the last */
  gsize n_sides; /* tiles along the diagonal */
  WsBlocks *blocks;
  WsBlockFunc look;
  gpointer user_data;
  GCancellable *cancellable;
  WsBlock block;
  guint64 next; /* index of the next block; n_blocks: there is none */
  WsBlock next_block;
  GError *error; /* of reading it */
} Step;

/* Equal ones, up to a multiple of what the kernels of BLAS compute at once. */
static gsize
get_tile_side (gsize p)
{
  const gsize n = p <= MOST_UNCUT ? 1 : MAX (2, (p + MAX_TILE - 1) / MAX_TILE);

  return ((p + n - 1) / n + 63) / 64 * 64;
}

static void
add_tile (Step *self, gsize i, gsize j)
{
  /* Our row-major block is its transpose to BLAS: p x k if it is of rows, k x p if of columns. */
  const gboolean by_columns = self->blocks->by_columns;
  const gsize p = self->p, k = by_columns ? self->block.n_cols : self->block.n_rows;
  const gsize stride = by_columns ? k : 1;
  const gsize leading = by_columns ? k : p;
  const enum CBLAS_TRANSPOSE transpose = by_columns ? CblasTrans : CblasNoTrans;
  const enum CBLAS_TRANSPOSE other = by_columns ? CblasNoTrans : CblasTrans;
  const gsize row = i * self->side, col = j * self->side;
  const gsize n_rows = MIN (self->side, p - row), n_cols = MIN (self->side, p - col);
  const double *left = self->block.values + row * stride;
  const double *right = self->block.values + col * stride;
  double *tile = self->gram + col * p + row;

  if (i == j)
    cblas_dsyrk (CblasColMajor, CblasLower, transpose, n_rows, k, 1.0, left, leading, 1.0, tile, p);
  else
    cblas_dgemm (CblasColMajor, transpose, other, n_rows, n_cols, k, 1.0, left, leading, right,
                 leading, 1.0, tile, p);
}

static void
read_next (Step *self)
{
  if (self->next < self->blocks->n_blocks)
    ws_blocks_read_into (self->blocks, self->next, NULL, &self->next_block, self->cancellable,
                         &self->error);
}

/* What waits for the disk first, then the tiles below the diagonal, which take twice as long as
 * those on it. */
static void
run_tile (gsize index, gpointer user_data)
{
  Step *self = user_data;
  gsize j = 0;

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (index == 0)
    read_next (self);
  else if (index == 1)
    self->look (&self->block, self->user_data);
  else
    {
      index -= 2;
      for (; j + 1 < self->n_sides && index >= self->n_sides - 1 - j; j++)
        index -= self->n_sides - 1 - j;
      if (j + 1 < self->n_sides)
        add_tile (self, j + 1 + index, j);
      else
        add_tile (self, index, index);
    }
}

static void
widen_part (gsize index, gpointer user_data)
{
  Step *self = user_data;

  ws_blocks_widen_part (self->blocks, &self->block, index);
}

gboolean
ws_gram_add_blocks (double *gram, WsBlocks *blocks, WsBlockFunc look, gpointer user_data,
                    WsWork *work, GError **error)
{
  const gsize p = blocks->short_side, side = get_tile_side (p), n = (p + side - 1) / side;
  Step step = {
    .gram = gram,
    .p = p,
    .side = side,
    .n_sides = n,
    .blocks = blocks,
    .look = look,
    .user_data = user_data,
    .cancellable = work->cancellable,
  };

  read_next (&step);
  while (step.error == NULL && step.next++ < blocks->n_blocks)
    {
      step.block = step.next_block;
      ws_team_run (work->team, ws_blocks_count_parts (&step.block), widen_part, &step);
      step.block.values = blocks->values;
      ws_team_run (work->team, 2 + n * (n + 1) / 2, run_tile, &step);
      if (step.error == NULL)
        ws_work_advance (work, (WS_READ_WORK + p) * step.block.n_rows * (double) step.block.n_cols,
                         &step.error);
    }
  if (step.error == NULL)
    return TRUE;
  g_propagate_error (error, step.error);
  return FALSE;
}
