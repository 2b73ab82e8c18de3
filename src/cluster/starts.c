/* SPDX-License-Identifier: MIT */
/* Where k-means starts: a sample, its places, groups of those. */
#include "cluster/starts.h"

#include "cluster/coarse.h"
#include "cluster/points-private.h"
#include "cluster/random.h"
#include "cluster/seeding.h"

#include <string.h>

/* Places for k up to a quarter of them; then twice as many, and so on. Judgements: with fewer for
 * each cluster the groups are coarse, with more the places cost more than they save. */
#define LEAST_PLACES 256
#define MOST_PLACES 1024
#define PLACES_OF_CLUSTER 4
/* Rows of the sample. */
#define ROWS_OF_PLACE 32
#define ROWS_OF_CLUSTER 32
/* Iterations on the sample, and the fall of the inertia that ends them. */
#define ITERATIONS 10
#define TOLERANCE 1e-4

/* Streams of random numbers; those of the starts follow. */
enum
{
  STREAM_SAMPLE,
  STREAM_PLACES,
  STREAM_STARTS
};

struct _WsStarts
{
  const WsRows *rows;
  guint64 seed;
  WsRows sample;    /* n: 0: none yet */
  float *values;    /* (owned) (nullable): NULL: the sample is all rows */
  double *sq_norms; /* (owned) (nullable) */
  guint n_places;   /* that the places were made for; 0: none */
  WsCoarse coarse;
  double seconds;
};

WsStarts *
ws_starts_new (const WsRows *rows, guint64 seed)
{
  WsStarts *self = g_new0 (WsStarts, 1);

  self->rows = rows;
  self->seed = seed;
  return self;
}

static void
clear_sample (WsStarts *self)
{
  g_clear_pointer (&self->values, g_free);
  g_clear_pointer (&self->sq_norms, g_free);
  self->sample.n = 0;
}

static void
clear_places (WsStarts *self)
{
  ws_coarse_clear (&self->coarse);
  self->n_places = 0;
}

void
ws_starts_free (WsStarts *self)
{
  if (self == NULL)
    return;
  clear_sample (self);
  clear_places (self);
  g_free (self);
}

/* 0: too many would be needed. */
static guint
count_places (guint k)
{
  guint n = LEAST_PLACES;

  while (n < PLACES_OF_CLUSTER * (guint64) k && n <= MOST_PLACES)
    n *= 2;
  return n <= MOST_PLACES ? n : 0;
}

static gsize
count_sample (gsize n, guint k)
{
  const guint n_places = count_places (k);

  return MIN (n, n_places > 0 ? n_places * ROWS_OF_PLACE : (gsize) k * ROWS_OF_CLUSTER);
}

guint64
ws_starts_get_required_bytes (gsize n, gsize d, guint k)
{
  const gsize n_sample = count_sample (n, k);
  const guint n_places = count_places (k);
  const guint64 of_sample = n_sample < n ? n_sample * (d * sizeof (float) + sizeof (double)) : 0;
  const guint64 of_iteration = ws_lloyd_get_required_bytes (n_sample, d, k);

  if (n_places == 0)
    return of_sample + MAX (of_iteration, n_sample * 20 * sizeof (float));
  return of_sample + MAX (of_iteration, ws_coarse_get_required_bytes (n_sample, d, n_places));
}

static double
estimate_iterations (gsize n, gsize d, guint k)
{
  return ITERATIONS * (double) n * d * (k + WS_LLOYD_ROW_WORK);
}

double
ws_starts_estimate_work (const WsStarts *self, guint k, guint n_init)
{
  const gsize d = self->rows->d, n_sample = count_sample (self->rows->n, k);
  const guint n_places = count_places (k);
  double work = 0;

  if (k == 1)
    return 0;
  if (n_sample < self->rows->n)
    work += estimate_iterations (n_sample, d, k);
  if (n_places == 0)
    return work + ws_seeding_estimate_work (n_sample, d, k);
  if (n_places != self->n_places)
    work += ws_coarse_estimate_work (n_sample, d, n_places);
  return work;
}

double
ws_starts_get_seconds (const WsStarts *self)
{
  return self->seconds;
}

/* One row out of each of equal parts of all. */
static gboolean
take_sample (WsStarts *self, gsize n, GError **error)
{
  const WsRows *rows = self->rows;
  const gsize d = rows->d;

  if (self->sample.n == n)
    return TRUE;
  clear_sample (self);
  self->sample = *rows;
  if (n == rows->n)
    return TRUE;
  self->values = _ws_points_allocate (n, d, error);
  if (self->values == NULL)
    {
      self->sample.n = 0;
      return FALSE;
    }
  self->sq_norms = g_new (double, n);
  for (gsize i = 0; i < n; i++)
    {
      const double u = ws_random_get_uniform (self->seed, STREAM_SAMPLE, i);
      const gsize row = MIN ((i + u) * rows->n / n, rows->n - 1);

      memcpy (self->values + i * d, rows->values + row * d, d * sizeof (float));
      self->sq_norms[i] = rows->sq_norms[row];
    }
  self->sample.n = n;
  self->sample.values = self->values;
  self->sample.sq_norms = self->sq_norms;
  return TRUE;
}

static gboolean
prepare (WsStarts *self, guint k, WsWork *work, GError **error)
{
  const gint64 start = g_get_monotonic_time ();
  const guint n_places = count_places (k);

  if (!take_sample (self, count_sample (self->rows->n, k), error))
    return FALSE;
  if (n_places != self->n_places)
    {
      clear_places (self);
      if (n_places > 0 && !ws_coarse_init (&self->coarse, &self->sample, n_places, self->seed,
                                           STREAM_PLACES, work, error))
        return FALSE;
      self->n_places = n_places;
    }
  self->seconds += (g_get_monotonic_time () - start) * 1e-6;
  return TRUE;
}

/* With more clusters than places the last ones are where the first is: whoever is empty gets the
 * farthest row. */
static gboolean
group_places (WsStarts *self, guint k, guint n_init, float *centroids, WsWork *work, GError **error)
{
  const guint n_groups = MIN (k, self->coarse.m);
  const gsize d = self->rows->d;

  if (!ws_coarse_group (&self->coarse, n_groups, MAX (n_init, 1), self->seed, STREAM_STARTS,
                        centroids, work, error))
    return FALSE;
  for (guint c = n_groups; c < k; c++)
    memcpy (centroids + c * d, centroids, d * sizeof (float));
  return TRUE;
}

static gboolean
iterate_on_sample (WsStarts *self, guint k, float *centroids, WsWork *work, GError **error)
{
  const gsize n_bytes = (gsize) k * self->rows->d * sizeof (float);
  g_auto (WsLloyd) lloyd = { 0 };

  if (!ws_lloyd_init (&lloyd, &self->sample, k, error))
    return FALSE;
  memcpy (lloyd.centroids, centroids, n_bytes);
  if (!ws_lloyd_run (&lloyd, ITERATIONS, TOLERANCE, work, error))
    return FALSE;
  memcpy (centroids, lloyd.centroids, n_bytes);
  return TRUE;
}

gboolean
ws_starts_choose (WsStarts *self, guint k, guint n_init, float *centroids, WsWork *work,
                  GError **error)
{
  const double end = work->done + ws_starts_estimate_work (self, k, n_init);
  gboolean is_done;

  if (k == 1)
    {
      memcpy (centroids, self->rows->values, self->rows->d * sizeof (float));
      return TRUE;
    }
  if (!prepare (self, k, work, error))
    return FALSE;
  if (self->n_places > 0)
    is_done = group_places (self, k, n_init, centroids, work, error);
  else
    is_done = ws_seeding_run (&self->sample, k, self->seed, STREAM_STARTS, centroids, work, error);
  if (!is_done ||
      (self->sample.n < self->rows->n && !iterate_on_sample (self, k, centroids, work, error)))
    return FALSE;
  return ws_work_advance (work, MAX (end - work->done, 0), error);
}
