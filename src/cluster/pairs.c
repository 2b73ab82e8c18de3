/* SPDX-License-Identifier: MIT */
/* Distances between points, in tiles: products of pairs, then |x|² + |y|² - 2 x·y. */
#include "cluster/pairs.h"

#include "cluster/kernel.h"
#include "cluster/random.h"

#include <cblas.h>
#include <float.h>
#include <math.h>
#include <string.h>

#define SIDE WS_PAIRS_SIDE
/* Columns that are multiplied at once: they are copied, to 1 MiB of float64. */
#define DEPTH ((gsize) 512)
/* Squared distances of less than this part of the squared lengths. In float64 they are those of
 * equal points: products of 8192 columns err by some 90 roundings, of 768 by some 30. In float32
 * they are measured one by one: then no distance is wrong by more than a thousandth, and those of
 * two clusters that lie far away together are not lost. */
#define EQUAL (64 * DBL_EPSILON)
#define NEAR 0x1p-8f
/* Kept at most: to compute them again then costs no more than to hold them. A judgement. */
#define MOST_KEPT ((guint64) 2 << 30)
/* What a distance costs beside its product, and what adding it up for two points does, in
 * multiply-adds. */
#define WORK_OF_ROOT 10.0
#define WORK_OF_SUM 40.0
/* Tiles between two looks at the clock: some 50 ms. */
#define STEP_WORK 1e9

/* Places */

void
ws_places_clear (WsPlaces *self)
{
  g_clear_pointer (&self->members, g_free);
  g_clear_pointer (&self->sq_norms, g_free);
}

gsize
ws_places_count (const WsPlaces *self, gsize block)
{
  if (block < self->n_shared_blocks)
    return MIN (SIDE, self->n_shared - block * SIDE);
  return MIN (SIDE, self->n_own - (block - self->n_shared_blocks) * SIDE);
}

static gsize
count_blocks (gsize n)
{
  return (n + SIDE - 1) / SIDE;
}

static void
places_init (WsPlaces *self, gsize n_shared, gsize n_own)
{
  *self = (WsPlaces){ .n_shared = n_shared,
                      .n_own = n_own,
                      .n_shared_blocks = count_blocks (n_shared),
                      .n_blocks = count_blocks (n_shared) + count_blocks (n_own) };
  self->members = g_new (guint32, self->n_blocks * SIDE);
  self->sq_norms = g_new0 (double, self->n_blocks *SIDE);
}

/* Columns [col, col + n_cols) of a block, less the mean: what is far from the origin would lose its
 * last digits in the products. Adds their squares to @sq_norms, if any. */
static void
copy_block (const WsPairs *self, const WsPlaces *places, gsize block, gsize col, gsize n_cols,
            void *copy, double *sq_norms)
{
  const gsize d = self->points->d, n = ws_places_count (places, block);
  const double *mean = self->points->mean + col;
  float *narrow = copy;
  double *wide = copy;

  for (gsize i = 0; i < n; i++)
    {
      const float *x = self->points->values + places->members[block * SIDE + i] * d + col;
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

typedef struct
{
  const WsPairs *pairs;
  WsPlaces *places;
  gsize first; /* block */
} Measurement;

static void
measure_block (gsize index, gpointer user_data)
{
  Measurement *self = user_data;
  const gsize d = self->pairs->points->d, block = self->first + index;
  g_autofree double *copy = g_new (double, SIDE *MIN (d, DEPTH));

  for (gsize col = 0; col < d; col += DEPTH)
    copy_block (self->pairs, self->places, block, col, MIN (DEPTH, d - col), copy,
                self->places->sq_norms + block * SIDE);
}

/* From block @first on. */
static void
measure_places (const WsPairs *self, WsPlaces *places, gsize first, WsTeam *team)
{
  Measurement measurement = { self, places, first };

  ws_team_run (team, places->n_blocks - first, measure_block, &measurement);
}

void
ws_pairs_list_places (const WsPairs *self, const guint32 *own, gsize n_own, WsPlaces *places,
                      WsTeam *team)
{
  const gsize n_shared = self->shared.n_blocks * SIDE;

  places_init (places, self->shared.n_shared, n_own);
  memcpy (places->members, self->shared.members, n_shared * sizeof (guint32));
  memcpy (places->sq_norms, self->shared.sq_norms, n_shared * sizeof (double));
  if (n_own > 0)
    memcpy (places->members + n_shared, own, n_own * sizeof (guint32));
  measure_places (self, places, self->shared.n_blocks, team);
}

/* The sample */

typedef struct
{
  guint64 key;
  guint32 point;
} Draw;

static int
compare_draws (const void *a, const void *b)
{
  const Draw *left = a, *right = b;

  if (left->key != right->key)
    return left->key < right->key ? -1 : 1;
  return left->point < right->point ? -1 : left->point > right->point;
}

/* Those with the least random numbers, or all. */
static void
draw (WsPairs *self)
{
  const gsize n = self->points->n, n_drawn = self->is_exact ? n : self->n_sample;
  g_autofree Draw *draws = g_new (Draw, n);
  gsize place = 0;

  for (gsize i = 0; i < n; i++)
    draws[i] = (Draw){ ws_random_get (self->seed, WS_PAIRS_STREAM, i), i };
  if (!self->is_exact)
    qsort (draws, n, sizeof *draws, compare_draws);
  places_init (&self->shared, n_drawn, 0);
  self->places = g_new (guint32, n);
  memset (self->places, 0xff, n * sizeof (guint32));
  for (gsize i = 0; i < n_drawn; i++)
    self->places[draws[i].point] = 0;
  /* in the order of the rows */
  for (gsize i = 0; i < n; i++)
    if (self->places[i] == 0)
      {
        self->shared.members[place] = i;
        self->places[i] = place++;
      }
}

WsPairs *
ws_pairs_new (const WsPoints *points, guint64 n_sample, guint64 seed, gboolean keep)
{
  WsPairs *self = g_new0 (WsPairs, 1);

  self->points = points;
  self->n_sample = n_sample;
  self->seed = seed;
  self->is_exact = n_sample == 0 || n_sample >= points->n;
  self->keeps = keep && !self->is_exact;
  return self;
}

void
ws_pairs_free (WsPairs *self)
{
  if (self == NULL)
    return;
  ws_places_clear (&self->shared);
  g_free (self->places);
  g_free (self->tiles);
  g_free (self);
}

/* Tiles */

/* Kept tiles are whole ones, row by row from the diagonal on. */
static gsize
get_index (gsize n_blocks, gsize row, gsize col)
{
  return row * n_blocks - row * (row + 1) / 2 + col;
}

static gsize
count_tiles (gsize n_blocks)
{
  return n_blocks * (n_blocks + 1) / 2;
}

guint64
ws_pairs_get_kept_bytes (gsize n, guint64 n_sample)
{
  const guint64 n_bytes = n_sample > 0 && n_sample < n
                              ? count_tiles (count_blocks (n_sample)) * SIDE * SIDE * sizeof (float)
                              : 0;

  return n_bytes <= MOST_KEPT ? n_bytes : 0;
}

guint64
ws_pairs_get_tile_bytes (gsize d)
{
  return (2 * MIN (d, DEPTH) + 3 * SIDE) * SIDE * sizeof (double);
}

/* The products of all pairs of points of the two blocks. @out: of either type */
static void
multiply_blocks (const WsPairs *self, const WsPlaces *places, gsize row, gsize col, void *out)
{
  const gsize d = self->points->d;
  const gsize m = ws_places_count (places, row), n = ws_places_count (places, col);
  const float no_offsets[WS_PAIRS_SIDE] = { 0 };
  g_autofree double *copies = g_new (double, 2 * SIDE * MIN (d, DEPTH));
  g_autofree float *more = !self->is_exact && d > DEPTH ? g_new (float, m *n) : NULL;
  float *products = out;

  for (gsize first = 0; first < d; first += DEPTH)
    {
      const gsize n_cols = MIN (DEPTH, d - first);
      double *left = copies, *right = row == col ? left : copies + SIDE * n_cols;

      copy_block (self, places, row, first, n_cols, left, NULL);
      if (row != col)
        copy_block (self, places, col, first, n_cols, right, NULL);
      if (self->is_exact)
        cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasTrans, m, n, n_cols, 1.0, left, n_cols,
                     right, n_cols, first > 0 ? 1.0 : 0.0, out, n);
      else
        ws_kernel_get ()->multiply ((float *) left, m, (float *) right, n, n_cols, no_offsets,
                                    first > 0 ? more : products);
      for (gsize i = 0; !self->is_exact && first > 0 && i < m * n; i++)
        products[i] += more[i];
    }
}

static void
find_roots (const WsPlaces *places, gsize row, gsize col, double *distances)
{
  const gsize m = ws_places_count (places, row), n = ws_places_count (places, col);
  const double *sq_norms = places->sq_norms + col * SIDE;

  for (gsize i = 0; i < m; i++)
    for (gsize j = 0; j < n; j++)
      {
        const double sum = places->sq_norms[row * SIDE + i] + sq_norms[j];
        const double square = sum - 2.0 * distances[i * n + j];

        distances[i * n + j] = square > EQUAL * sum ? sqrt (square) : 0.0;
      }
  for (gsize i = 0; row == col && i < m; i++)
    distances[i * n + i] = 0.0;
}

/* Measures what is too near for its product. */
static void
find_narrow_roots (const WsPairs *self, const WsPlaces *places, gsize row, gsize col,
                   float *distances)
{
  const WsKernel *kernel = ws_kernel_get ();
  const gsize d = self->points->d;
  const gsize m = ws_places_count (places, row), n = ws_places_count (places, col);
  const guint32 *rows = places->members + row * SIDE, *cols = places->members + col * SIDE;
  float sq_norms[WS_PAIRS_SIDE];

  for (gsize j = 0; j < n; j++)
    sq_norms[j] = places->sq_norms[col * SIDE + j];
  for (gsize i = 0; i < m; i++)
    {
      const float *x = self->points->values + rows[i] * d;
      float *own = distances + i * n;

      if (kernel->find_roots (own, sq_norms, n, places->sq_norms[row * SIDE + i], NEAR) > 0)
        for (gsize j = 0; j < n; j++)
          if (own[j] == 0.0f)
            own[j] = sqrt (kernel->measure (x, self->points->values + cols[j] * d, d));
    }
}

static void
compute_tile (const WsPairs *self, const WsPlaces *places, gsize row, gsize col, void *distances)
{
  multiply_blocks (self, places, row, col, distances);
  if (self->is_exact)
    find_roots (places, row, col, distances);
  else
    find_narrow_roots (self, places, row, col, distances);
}

const void *
ws_pairs_get_tile (const WsPairs *self, const WsPlaces *places, gsize row, gsize col,
                   void *distances)
{
  const gsize n_blocks = self->shared.n_blocks;

  if (self->tiles != NULL && col < n_blocks)
    return self->tiles + get_index (n_blocks, row, col) * SIDE * SIDE;
  compute_tile (self, places, row, col, distances);
  return distances;
}

/* What is kept */

typedef struct
{
  WsPairs *pairs;
  gsize row, first; /* block */
  GCancellable *cancellable;
} Preparation;

static void
keep_tile (gsize index, gpointer user_data)
{
  Preparation *self = user_data;
  WsPairs *pairs = self->pairs;
  const gsize col = self->first + index;

  if (!g_cancellable_is_cancelled (self->cancellable))
    compute_tile (pairs, &pairs->shared, self->row, col,
                  pairs->tiles + get_index (pairs->shared.n_blocks, self->row, col) * SIDE * SIDE);
}

static double
get_tile_work (const WsPairs *self)
{
  const double d = self->points->d;

  return SIDE * SIDE * ((self->is_exact ? 2 * d : d) + WORK_OF_ROOT);
}

static gboolean
keep_tiles (WsPairs *self, WsWork *work, GError **error)
{
  const double of_tile = get_tile_work (self);
  const gsize n_blocks = self->shared.n_blocks, n_step = CLAMP (STEP_WORK / of_tile, 4, 1024);
  Preparation step = { .pairs = self, .cancellable = work->cancellable };

  for (; step.row < n_blocks; step.row++)
    for (step.first = step.row; step.first < n_blocks; step.first += n_step)
      {
        const gsize n = MIN (n_step, n_blocks - step.first);

        ws_team_run (work->team, n, keep_tile, &step);
        if (!ws_work_advance (work, n * of_tile, error))
          return FALSE;
      }
  return TRUE;
}

gboolean
ws_pairs_prepare (WsPairs *self, WsWork *work, GError **error)
{
  const gint64 start = g_get_monotonic_time ();

  if (self->places == NULL)
    {
      draw (self);
      measure_places (self, &self->shared, 0, work->team);
    }
  if (self->keeps && self->tiles == NULL)
    {
      const guint64 n_bytes = ws_pairs_get_kept_bytes (self->points->n, self->n_sample);

      self->tiles = n_bytes > 0 ? g_try_malloc (n_bytes) : NULL;
      self->keeps = self->tiles != NULL;
      if (self->keeps && !keep_tiles (self, work, error))
        {
          g_clear_pointer (&self->tiles, g_free);
          return FALSE;
        }
    }
  self->seconds += (g_get_monotonic_time () - start) * 1e-6;
  return !g_cancellable_set_error_if_cancelled (work->cancellable, error);
}

static gsize
count_shared_tiles (const WsPairs *self)
{
  return count_tiles (count_blocks (self->is_exact ? self->points->n : self->n_sample));
}

double
ws_pairs_estimate_first_work (const WsPairs *self)
{
  return self->keeps && self->tiles == NULL ? count_shared_tiles (self) * get_tile_work (self) : 0;
}

double
ws_pairs_estimate_work (const WsPairs *self)
{
  const double of_tile = SIDE * SIDE * WORK_OF_SUM + (self->keeps ? 0 : get_tile_work (self));

  return count_shared_tiles (self) * of_tile;
}
