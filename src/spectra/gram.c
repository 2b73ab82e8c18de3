/* SPDX-License-Identifier: MIT */
/* The Gram matrix of the short side, summed over blocks.
 *
 * A block is packed once, from its bytes, for all products with it. Where vectors have two lanes
 * only, or rows are few, it is widened instead, and OpenBLAS multiplies. */
#include "spectra/gram.h"

#include "spectra/product-kernel.h"

#include <cblas.h>
#include <string.h>

/* Rows of the triangle that are computed together: what is packed of them, 720 KiB, stays in a
 * second cache of 1 MiB or more. Other sides from 96 to 288 lose up to 5 %. The longest takes 0.1 s
 * of p = 16384. */
#define TILE 240
/* Rows, of the short side, that are packed together. */
#define PACK_TILE 192

/* The shortest vectors that are not left to OpenBLAS. At p = 2560 one thread of a Xeon (family 6,
 * model 207) reached 79 GF/s with AVX-512, where dsyrk did 72 and dgemm 70; with AVX2 all three 36
 * to 37, but OpenBLAS packs rows once for each of its tiles. No older processor was measured. */
#define LEAST_LANES 4

/* Sides of the tiles for OpenBLAS. It packs what it multiplies, which costs small tiles more: 1024
 * of p = 4096 lose 7 %, 2048 lose 2 %, and two of 768 lose 5 % of 1536. The largest takes 0.1 s
 * with the largest block. */
#define MAX_BLAS_TILE 2048
#define MOST_UNCUT 1536

/* One block: its products are added to the tiles, which depend on the shape only, while it is
 * looked at and the next one is read. */
typedef struct
{
  const WsProductKernel *kernel; /* NULL: OpenBLAS */
  double *gram;
  gsize p;
  gsize n_packed; /* rows, p and zeros */
  gsize side;     /* of a tile, but the last */
  gsize n_sides;  /* tiles along the diagonal */
  WsBlocks *blocks;
  double *packed; /* of a block; slab behind slab of WS_PRODUCT_DEPTH columns */
  WsBlockFunc look;
  gpointer user_data;
  GCancellable *cancellable;
  WsBlock block;
  guint64 next; /* index of the next block; n_blocks: there is none */
  WsBlock next_block;
  GError *error; /* of reading it */
} Step;

/* Fewer rows than a kernel takes at once would be packed among mostly zeros. */
static const WsProductKernel *
choose_kernel (gsize p)
{
  const WsProductKernel *kernel = ws_product_choose_kernel ();

  return kernel->n_lanes >= LEAST_LANES && p >= WS_PRODUCT_UNIT ? kernel : NULL;
}

static gsize
round_up (gsize n, gsize unit)
{
  return (n + unit - 1) / unit * unit;
}

/* Of the long side. */
static gsize
get_length (const Step *self)
{
  return self->blocks->by_columns ? self->block.n_cols : self->block.n_rows;
}

/* Packing */

/* @n elements of the block, with room for one more: two elements of F4 share a byte. */
static void
widen (const Step *self, gsize index, gsize n, double *values)
{
  const WsDtype dtype = self->blocks->matrix->tensor->dtype;
  const gsize n_bits = ws_dtype_get_n_bits (dtype), n_before = index * n_bits % 8 / n_bits;

  ws_dtype_widen (dtype, (const guint8 *) self->block.stored + (index - n_before) * n_bits / 8,
                  values, n + n_before);
  if (n_before > 0)
    memmove (values, values + n_before, n * sizeof (double));
}

/* @n rows that lie across the block, as its columns. */
static void
pack_columns (const Step *self, gsize row, gsize n, gsize first, gsize depth, double *packed)
{
  const gsize n_panels = n / self->kernel->n_lanes;
  const gsize n_there = MIN (n, self->p - MIN (row, self->p));
  double column[PACK_TILE + 1];

  memset (column, 0, sizeof column);
  for (gsize k = 0; k < depth; k++)
    {
      widen (self, (first + k) * self->p + row, n_there, column);
      self->kernel->pack_column (column, n_panels, depth, packed + k * self->kernel->n_lanes);
    }
}

/* @n rows that lie along the block. */
static void
pack_rows (const Step *self, gsize row, gsize n, gsize first, gsize depth, double *packed)
{
  const gsize n_lanes = self->kernel->n_lanes, length = get_length (self);
  double rows[8 * WS_PRODUCT_DEPTH + 1];

  for (gsize i = 0; i < n; i += n_lanes, packed += n_lanes * depth)
    {
      for (gsize j = 0; j < n_lanes; j++)
        if (row + i + j < self->p)
          widen (self, (row + i + j) * length + first, depth, rows + j * depth);
        else
          memset (rows + j * depth, 0, depth * sizeof (double));
      self->kernel->pack_rows (rows, depth, packed);
    }
}

/* Some rows of one slab. */
static void
pack_tile (gsize index, gpointer user_data)
{
  Step *self = user_data;
  const gsize n_tiles = round_up (self->n_packed, PACK_TILE) / PACK_TILE;
  const gsize row = index % n_tiles * PACK_TILE, n = MIN (PACK_TILE, self->n_packed - row);
  const gsize first = index / n_tiles * WS_PRODUCT_DEPTH;
  const gsize depth = MIN (WS_PRODUCT_DEPTH, get_length (self) - first);
  double *packed = self->packed + first * self->n_packed + row * depth;

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (self->blocks->by_columns)
    pack_rows (self, row, n, first, depth, packed);
  else
    pack_columns (self, row, n, first, depth, packed);
}

static void
widen_part (gsize index, gpointer user_data)
{
  Step *self = user_data;

  ws_blocks_widen_part (self->blocks, &self->block, index);
}

static void
prepare_block (Step *self, WsTeam *team)
{
  const gsize n_slabs = round_up (get_length (self), WS_PRODUCT_DEPTH) / WS_PRODUCT_DEPTH;

  if (self->kernel)
    ws_team_run (team, n_slabs * (round_up (self->n_packed, PACK_TILE) / PACK_TILE), pack_tile,
                 self);
  else
    ws_team_run (team, ws_blocks_count_parts (&self->block), widen_part, self);
}

/* Multiplying */

/* Some rows, up to the diagonal and what of the tiles of the kernel lies above it. */
static void
add_rows (const Step *self, gsize begin)
{
  const WsProductKernel *kernel = self->kernel;
  const gsize p = self->p, length = get_length (self), end = MIN (begin + self->side, p);

  for (gsize first = 0; first < length; first += WS_PRODUCT_DEPTH)
    {
      const gsize depth = MIN (WS_PRODUCT_DEPTH, length - first);
      const double *packed = self->packed + first * self->n_packed;

      for (gsize j = 0; j < end; j += kernel->n_columns)
        {
          const double *y = packed + j * depth, *next = y + kernel->n_columns * depth;
          double *column = self->gram + j * p;

          for (gsize i = MAX (begin, j / kernel->n_rows * kernel->n_rows); i < end;
               i += kernel->n_rows, next += depth)
            kernel->add (packed + i * depth, y, depth, column + i, p, MIN (kernel->n_rows, end - i),
                         MIN (kernel->n_columns, p - j), next, column + i + kernel->n_rows);
        }
    }
}

/* Equal ones, up to a multiple of what the kernels of BLAS compute at once. */
static gsize
get_blas_side (gsize p)
{
  const gsize n = p <= MOST_UNCUT ? 1 : MAX (2, (p + MAX_BLAS_TILE - 1) / MAX_BLAS_TILE);

  return round_up ((p + n - 1) / n, 64);
}

static void
add_blas_tile (const Step *self, gsize i, gsize j)
{
  /* Our row-major block is its transpose to BLAS: p x k if it is of rows, k x p if of columns. */
  const gboolean by_columns = self->blocks->by_columns;
  const gsize p = self->p, k = get_length (self);
  const gsize stride = by_columns ? k : 1;
  const gsize leading = by_columns ? k : p;
  const enum CBLAS_TRANSPOSE transpose = by_columns ? CblasTrans : CblasNoTrans;
  const enum CBLAS_TRANSPOSE other = by_columns ? CblasNoTrans : CblasTrans;
  const gsize row = i * self->side, col = j * self->side;
  const gsize n_rows = MIN (self->side, p - row), n_cols = MIN (self->side, p - col);
  const double *left = self->blocks->values + row * stride;
  const double *right = self->blocks->values + col * stride;
  double *tile = self->gram + col * p + row;

  if (i == j)
    cblas_dsyrk (CblasColMajor, CblasLower, transpose, n_rows, k, 1.0, left, leading, 1.0, tile, p);
  else
    cblas_dgemm (CblasColMajor, transpose, other, n_rows, n_cols, k, 1.0, left, leading, right,
                 leading, 1.0, tile, p);
}

/* The tiles below the diagonal first, which take twice as long as those on it. */
static void
add_by_blas (const Step *self, gsize index)
{
  gsize j = 0;

  for (; j + 1 < self->n_sides && index >= self->n_sides - 1 - j; j++)
    index -= self->n_sides - 1 - j;
  if (j + 1 < self->n_sides)
    add_blas_tile (self, j + 1 + index, j);
  else
    add_blas_tile (self, index, index);
}

static gsize
count_tiles (const Step *self)
{
  return self->kernel ? self->n_sides : self->n_sides * (self->n_sides + 1) / 2;
}

static void
read_next (Step *self)
{
  if (self->next < self->blocks->n_blocks)
    ws_blocks_read_into (self->blocks, self->next, NULL, &self->next_block, self->cancellable,
                         &self->error);
}

/* What waits for the disk first, the shortest tile last. */
static void
run_tile (gsize index, gpointer user_data)
{
  Step *self = user_data;

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (index == 0)
    read_next (self);
  else if (index == 1)
    self->look (&self->block, self->user_data);
  else if (self->kernel)
    add_rows (self, (self->n_sides + 1 - index) * self->side);
  else
    add_by_blas (self, index - 2);
}

static gsize
get_packed_rows (gsize p)
{
  return round_up (p, WS_PRODUCT_UNIT);
}

guint64
ws_gram_get_block_bytes (guint64 p, guint64 q)
{
  const guint64 n = choose_kernel (p) ? get_packed_rows (p) : p;

  return n * ws_blocks_get_step (p, q) * sizeof (double);
}

static gboolean
add_blocks (Step *self, WsWork *work, GError **error)
{
  read_next (self);
  while (self->error == NULL && self->next++ < self->blocks->n_blocks)
    {
      self->block = self->next_block;
      prepare_block (self, work->team);
      ws_team_run (work->team, 2 + count_tiles (self), run_tile, self);
      if (self->error == NULL)
        ws_work_advance (
            work, (WS_READ_WORK + self->p) * self->block.n_rows * (double) self->block.n_cols,
            &self->error);
    }
  if (self->error == NULL)
    return TRUE;
  g_propagate_error (error, self->error);
  return FALSE;
}

gboolean
ws_gram_add_blocks (double *gram, WsBlocks *blocks, WsBlockFunc look, gpointer user_data,
                    WsWork *work, GError **error)
{
  const gsize p = blocks->short_side;
  g_autofree double *packed = NULL;
  Step step = {
    .kernel = choose_kernel (p),
    .gram = gram,
    .p = p,
    .n_packed = get_packed_rows (p),
    .blocks = blocks,
    .look = look,
    .user_data = user_data,
    .cancellable = work->cancellable,
  };

  step.side = step.kernel ? TILE : get_blas_side (p);
  step.n_sides = (p + step.side - 1) / step.side;
  if (step.kernel)
    {
      packed = ws_work_allocate (step.n_packed * blocks->n_step + 8, 1, error);
      step.packed = ws_align (packed, 64);
    }
  if (step.kernel ? packed == NULL : !ws_blocks_ensure_values (blocks, error))
    return FALSE;
  return add_blocks (&step, work, error);
}
