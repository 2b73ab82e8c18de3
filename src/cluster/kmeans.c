/* SPDX-License-Identifier: MIT */
/* k-means: the best of some starts on a sample, then all points. */
#include "cluster/kmeans.h"

#include "base/error.h"
#include "cluster/clustering-private.h"
#include "cluster/points-private.h"
#include "cluster/random.h"
#include "cluster/seeding.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Points that starts are tried on; and for each cluster, if that is more. */
#define SAMPLE 8192
#define SAMPLE_OF_CLUSTER 32
#define SAMPLE_ITERATIONS 20

/* Streams of random numbers; those of the starts follow. */
enum
{
  STREAM_SAMPLE,
  STREAM_STARTS
};

void
ws_kmeans_options_init (WsKmeansOptions *self)
{
  *self = (WsKmeansOptions){ .n_init = 3, .n_iterations_max = 300 };
}

static gsize
get_sample_size (gsize n, guint k)
{
  return MIN (n, MAX (SAMPLE, (gsize) SAMPLE_OF_CLUSTER * k));
}

guint64
ws_kmeans_get_required_bytes (gsize n, gsize d, guint k)
{
  const gsize n_sample = get_sample_size (n, k);

  return ws_lloyd_get_required_bytes (n, d, k) + ws_lloyd_get_required_bytes (n_sample, d, k) +
         (n_sample < n ? n_sample * (d * sizeof (float) + sizeof (double)) : 0) +
         2 * (guint64) k * d * sizeof (float) + n_sample * 20 * sizeof (float);
}

/* The sample */

typedef struct
{
  WsRows rows;
  float *values;    /* (owned) (nullable): NULL: the points themselves */
  double *sq_norms; /* (owned) (nullable) */
} Sample;

static void
sample_clear (Sample *self)
{
  g_free (self->values);
  g_free (self->sq_norms);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sample, sample_clear)

/* One point out of each of equal parts of the matrix. */
static gboolean
sample_init (Sample *self, const WsRows *rows, gsize n, guint64 seed, GError **error)
{
  const gsize d = rows->d;

  *self = (Sample){ .rows = *rows };
  if (n == rows->n)
    return TRUE;
  self->values = _ws_points_allocate (n, d, error);
  if (self->values == NULL)
    return FALSE;
  self->sq_norms = g_new (double, n);
  for (gsize i = 0; i < n; i++)
    {
      const double u = ws_random_get_uniform (seed, STREAM_SAMPLE, i);
      const gsize row = MIN ((i + u) * rows->n / n, rows->n - 1);

      memcpy (self->values + i * d, rows->values + row * d, d * sizeof (float));
      self->sq_norms[i] = rows->sq_norms[row];
    }
  self->rows.n = n;
  self->rows.values = self->values;
  self->rows.sq_norms = self->sq_norms;
  return TRUE;
}

/* Starts: each begins elsewhere, the one that ends with the least inertia is taken. */
static gboolean
choose_start (WsLloyd *lloyd, const WsKmeansOptions *options, float *centroids, WsWork *work,
              GError **error)
{
  const gsize n_values = (gsize) options->k * lloyd->rows->d;
  double least = INFINITY;

  for (guint i = 0; i < MAX (options->n_init, 1); i++)
    {
      if (!ws_seeding_run (lloyd->rows, options->k, options->seed, STREAM_STARTS + i,
                           lloyd->centroids, work, error) ||
          !ws_lloyd_run (lloyd, SAMPLE_ITERATIONS, 0, work, error))
        return FALSE;
      if (lloyd->inertia < least)
        {
          least = lloyd->inertia;
          memcpy (centroids, lloyd->centroids, n_values * sizeof (float));
        }
    }
  return TRUE;
}

static gboolean
check_k (const WsPoints *points, const WsKmeansOptions *options, GError **error)
{
  const gsize n_distinct = ws_points_count_distinct (points, MAX ((gsize) options->k, 1));

  if (options->k >= 1 && options->k <= n_distinct)
    return TRUE;
  if (options->k == 0)
    ws_error_set (error, WS_ERROR_ARGUMENT, N_ ("points cannot be put into 0 clusters"));
  else
    ws_error_set (error, WS_ERROR_ARGUMENT,
                  N_ ("there are only %zu different points: too few for %u clusters"), n_distinct,
                  options->k);
  return FALSE;
}

static double
estimate_work (gsize n, gsize d, const WsKmeansOptions *options)
{
  const gsize n_sample = get_sample_size (n, options->k);
  const double of_iteration = d * (options->k + WS_LLOYD_ROW_WORK);

  return options->n_init * (ws_seeding_estimate_work (n_sample, d, options->k) +
                            SAMPLE_ITERATIONS * n_sample * of_iteration) +
         MIN (options->n_iterations_max, 25) * n * of_iteration;
}

WsClustering *
ws_kmeans_compute (const WsPoints *points, const WsKmeansOptions *options, WsTeam *team,
                   WsShareFunc share_func, gpointer user_data, GCancellable *cancellable,
                   GError **error)
{
  const gint64 start = g_get_monotonic_time ();
  WsWork work = { .total = estimate_work (points->n, points->d, options),
                  .share_func = share_func,
                  .user_data = user_data,
                  .team = team,
                  .cancellable = cancellable };
  WsRows rows = { .n = points->n,
                  .d = points->d,
                  .values = points->values,
                  .sq_norms = points->sq_norms,
                  .mean = points->mean };
  g_auto (Sample) sample = { 0 };
  g_auto (WsLloyd) trial = { 0 };
  g_auto (WsLloyd) lloyd = { 0 };
  WsClustering *clustering;

  if (!check_k (points, options, error))
    return NULL;
  for (gsize j = 0; j < rows.d; j++)
    rows.sq_mean += rows.mean[j] * rows.mean[j];
  if (!sample_init (&sample, &rows, get_sample_size (rows.n, options->k), options->seed, error) ||
      !ws_lloyd_init (&trial, &sample.rows, options->k, error) ||
      !ws_lloyd_init (&lloyd, &rows, options->k, error) ||
      !choose_start (&trial, options, lloyd.centroids, &work, error) ||
      !ws_lloyd_run (&lloyd, MAX (options->n_iterations_max, 1), 0, &work, error))
    return NULL;
  clustering = _ws_clustering_take (&lloyd, team, error);
  if (clustering == NULL)
    return NULL;
  clustering->seconds = (g_get_monotonic_time () - start) * 1e-6;
  if (share_func != NULL)
    share_func (1.0, user_data);
  return clustering;
}
