/* SPDX-License-Identifier: MIT */
/* Silhouettes: sums of the distances from each point to the parts of each cluster, then their
 * ratios. The matrix of distances is computed in tiles and never held. */
#include "cluster/silhouette.h"

#include "cluster/kernel.h"
#include "cluster/silhouette-private.h"
#include "spectra/work.h"

#include <cblas.h>
#include <float.h>
#include <math.h>

/* Points on a side of a tile: a product with d = 8192 takes 25 ms. */
#define SIDE ((gsize) 256)
/* Columns that are multiplied at once: they are copied, to 1 MiB of float64. */
#define DEPTH ((gsize) 512)
/* Squared distances of less than this part of the squared lengths. In float64 they are those of
 * equal points: products of 8192 columns err by some 90 roundings, of 768 by some 30. In float32
 * they are measured one by one: then no distance is wrong by more than a thousandth, and those of
 * two clusters that lie far away together are not lost. */
#define EQUAL (64 * DBL_EPSILON)
#define NEAR 0x1p-8

typedef struct
{
  const WsPoints *points;
  const WsSilhouetteSample *sample;
  GCancellable *cancellable;
  gboolean is_exact; /* in float64 */
  gsize n_parts;
  gsize n_blocks; /* of SIDE points of the sample */
  gsize wave;
  guint32 *parts;   /* of each point of the sample */
  double *sq_norms; /* of each, from the mean of all points */
  double *sums;     /* n x n_parts: of distances */
} Work;

/* What one tile takes. */
typedef struct
{
  double *left, *right; /* SIDE x DEPTH: of either type */
  double *distances;    /* SIDE x SIDE */
  float *products;      /* the same, unless exact */
} Tile;

static gsize
get_block_size (const Work *self, gsize block)
{
  return MIN (SIDE, self->sample->n - block * SIDE);
}

/* Columns [col, col + n_cols) of a block, less the mean: what is far from the origin would lose its
 * last digits in the products. Adds their squares to @sq_norms, if any. */
static void
copy_block (const Work *self, gsize block, gsize col, gsize n_cols, void *copy, double *sq_norms)
{
  const gsize d = self->points->d, n = get_block_size (self, block);
  const double *mean = self->points->mean + col;
  float *narrow = copy;
  double *wide = copy;

  for (gsize i = 0; i < n; i++)
    {
      const float *x = self->points->values + self->sample->points[block * SIDE + i] * d + col;
      double sum = 0.0;

      if (self->is_exact)
        for (gsize j = 0; j < n_cols; j++)
          wide[i * n_cols + j] = x[j] - mean[j];
      else
        for (gsize j = 0; j < n_cols; j++)
          narrow[i * n_cols + j] = x[j] - mean[j];
      if (!sq_norms)
        continue;
      if (self->is_exact)
        sum = cblas_ddot (n_cols, wide + i * n_cols, 1, wide + i * n_cols, 1);
      else
        sum = cblas_dsdot (n_cols, narrow + i * n_cols, 1, narrow + i * n_cols, 1);
      sq_norms[i] += sum;
    }
}

static void
measure_block (gsize block, gpointer user_data)
{
  Work *self = user_data;
  const gsize d = self->points->d;
  g_autofree double *copy = g_new (double, SIDE *MIN (d, DEPTH));

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  for (gsize col = 0; col < d; col += DEPTH)
    copy_block (self, block, col, MIN (DEPTH, d - col), copy, self->sq_norms + block * SIDE);
}

/* The products of all pairs of points of the two blocks. */
static void
multiply_blocks (const Work *self, gsize row, gsize col, Tile *tile)
{
  const gsize d = self->points->d;
  const gsize m = get_block_size (self, row), n = get_block_size (self, col);

  for (gsize first = 0; first < d; first += DEPTH)
    {
      const gsize n_cols = MIN (DEPTH, d - first);
      const double kept = first > 0 ? 1.0 : 0.0;
      const void *left = tile->left, *right = row == col ? tile->left : tile->right;

      copy_block (self, row, first, n_cols, tile->left, NULL);
      if (row != col)
        copy_block (self, col, first, n_cols, tile->right, NULL);
      if (self->is_exact)
        cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasTrans, m, n, n_cols, 1.0, left, n_cols,
                     right, n_cols, kept, tile->distances, SIDE);
      else
        cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, m, n, n_cols, 1.0f, left, n_cols,
                     right, n_cols, kept, tile->products, SIDE);
    }
}

/* Those of point @i of the sample to @n others, from @first on, that are 0 so far. */
static void
measure_near (const Work *self, gsize i, gsize first, gsize n, double *distances)
{
  const WsKernel *kernel = ws_kernel_get ();
  const gsize d = self->points->d;
  const guint32 *points = self->sample->points;
  const float *x = self->points->values + points[i] * d;

  for (gsize j = 0; j < n; j++)
    if (distances[j] == 0.0)
      distances[j] = sqrt (kernel->measure (x, self->points->values + points[first + j] * d, d));
}

static void
compute_distances (const Work *self, gsize row, gsize col, Tile *tile)
{
  const double least = self->is_exact ? EQUAL : NEAR;
  const gsize m = get_block_size (self, row), n = get_block_size (self, col);
  const double *sq_norms = self->sq_norms + col * SIDE;

  for (gsize i = 0; i < m; i++)
    {
      const double sq_norm = self->sq_norms[row * SIDE + i];
      double *distances = tile->distances + i * SIDE;

      if (!self->is_exact)
        for (gsize j = 0; j < n; j++)
          distances[j] = tile->products[i * SIDE + j];
      for (gsize j = 0; j < n; j++)
        {
          const double sum = sq_norm + sq_norms[j], square = sum - 2.0 * distances[j];

          distances[j] = square > least * sum ? sqrt (square) : 0.0;
        }
      if (!self->is_exact)
        measure_near (self, row * SIDE + i, col * SIDE, n, distances);
      if (row == col)
        distances[i] = 0.0;
    }
}

/* Distances of the points of block @from to those of block @to. */
static void
add_distances (Work *self, gsize from, gsize to, const double *distances, gsize row_step,
               gsize col_step)
{
  const gsize m = get_block_size (self, from), n = get_block_size (self, to);
  const guint32 *parts = self->parts + to * SIDE;

  for (gsize i = 0; i < m; i++)
    {
      double *sums = self->sums + (from * SIDE + i) * self->n_parts;

      for (gsize j = 0; j < n; j++)
        sums[parts[j]] += distances[i * row_step + j * col_step];
    }
}

static void
add_tile (Work *self, gsize row, gsize col)
{
  const gsize n_copied = SIDE * MIN (self->points->d, DEPTH);
  g_autofree double *copies = g_new (double, 2 * n_copied);
  g_autofree double *distances = g_new (double, SIDE *SIDE);
  g_autofree float *products = self->is_exact ? NULL : g_new (float, SIDE *SIDE);
  Tile tile = { copies, copies + n_copied, distances, products };

  multiply_blocks (self, row, col, &tile);
  compute_distances (self, row, col, &tile);
  add_distances (self, row, col, distances, SIDE, 1);
  if (row != col)
    add_distances (self, col, row, distances, 1, SIDE);
}

/* A tile stands for two of the matrix, and adds to the sums of two blocks. So that threads do not
 * meet, the tiles are taken in waves: in each, a block meets the one (or itself) whose number adds
 * up with its own to that of the wave, modulo an odd number of blocks. */
static void
run_wave (gsize row, gpointer user_data)
{
  Work *self = user_data;
  const gsize n = self->n_blocks | 1;
  const gsize col = (self->wave + n - row) % n;

  if (row <= col && col < self->n_blocks && !g_cancellable_is_cancelled (self->cancellable))
    add_tile (self, row, col);
}

static gboolean
compute_sums (Work *self, WsTeam *team, GError **error)
{
  const gsize n_waves = self->n_blocks | 1;

  ws_team_run (team, self->n_blocks, measure_block, self);
  for (self->wave = 0; self->wave < n_waves; self->wave++)
    if (!g_cancellable_is_cancelled (self->cancellable))
      ws_team_run (team, self->n_blocks, run_wave, self);
  return !g_cancellable_set_error_if_cancelled (self->cancellable, error);
}

/* The part of each point of the sample. */
static void
list_parts (Work *self)
{
  for (gsize part = 0; part < self->n_parts; part++)
    for (gsize i = self->sample->starts[part]; i < self->sample->starts[part + 1]; i++)
      self->parts[i] = part;
}

gboolean
ws_silhouette_compute (WsSilhouette *self, const WsPoints *points, const WsClustering *clustering,
                       guint64 n_sample, guint64 seed, WsTeam *team, GCancellable *cancellable,
                       GError **error)
{
  const guint k = clustering->k;
  g_auto (WsSilhouetteSample) sample = { 0 };
  g_autofree guint32 *parts = NULL;
  g_autofree double *sq_norms = NULL, *sums = NULL;
  Work work = { .points = points, .sample = &sample, .cancellable = cancellable };

  g_return_val_if_fail (points->n == clustering->n && points->d == clustering->d, FALSE);
  *self = (WsSilhouette){ .mean = NAN, .standard_error = NAN, .k = k };
  if (k < 2)
    return !g_cancellable_set_error_if_cancelled (cancellable, error);
  ws_silhouette_sample_init (&sample, clustering, n_sample, seed);
  work.is_exact = sample.n_groups == 1;
  work.n_parts = (gsize) k * sample.n_groups;
  work.n_blocks = (sample.n + SIDE - 1) / SIDE;
  work.parts = parts = g_new (guint32, sample.n);
  work.sq_norms = sq_norms = ws_work_allocate (sample.n, 1, error);
  work.sums = sums = sq_norms ? ws_work_allocate (sample.n, work.n_parts, error) : NULL;
  if (!sums)
    return FALSE;
  list_parts (&work);
  if (!compute_sums (&work, team, error))
    return FALSE;
  ws_silhouette_average (self, &sample, clustering, sums);
  return TRUE;
}

void
ws_silhouette_clear (WsSilhouette *self)
{
  g_clear_pointer (&self->of_cluster, g_free);
  *self = (WsSilhouette){ .mean = NAN, .standard_error = NAN };
}

guint64
ws_silhouette_get_required_bytes (gsize n, gsize d, guint k, guint64 n_sample, guint n_threads)
{
  const guint64 n_groups = ws_silhouette_sample_get_n_groups (n, MAX (k, 1), n_sample);
  const guint64 n_used = n_groups == 1 ? n : MIN (MAX (n_sample, 2 * (guint64) k), n);
  const guint64 n_tile = (2 * MIN (d, DEPTH) + SIDE + SIDE / 2) * SIDE * sizeof (double);

  /* the list of members; per point of the sample its sums, square and part */
  return 20 * (guint64) n + n_used * (n_groups * k * sizeof (double) + 12) + n_threads * n_tile;
}
