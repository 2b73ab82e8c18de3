/* SPDX-License-Identifier: MIT */
/* k-means: a start, then Lloyd's iteration on all points. */
#include "cluster/kmeans.h"

#include "base/error.h"
#include "cluster/kmeans-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Iterations that are reckoned with, for progress. */
#define EXPECTED_ITERATIONS 20

void
ws_kmeans_options_init (WsKmeansOptions *self)
{
  *self = (WsKmeansOptions){ .n_init = 20, .n_iterations_max = 300 };
}

guint64
ws_kmeans_get_required_bytes (gsize n, gsize d, guint k)
{
  return ws_lloyd_get_required_bytes (n, d, k) + ws_starts_get_required_bytes (n, d, k) +
         n * (sizeof (double) + sizeof (float)) + (guint64) k * d * sizeof (float);
}

gboolean
_ws_kmeans_check_k (const WsPoints *points, guint k, GError **error)
{
  const gsize n_distinct = ws_points_count_distinct (points, MAX (k, 1));

  if (k >= 1 && k <= n_distinct)
    return TRUE;
  if (k == 0)
    ws_error_set (error, WS_ERROR_ARGUMENT, N_ ("points cannot be put into 0 clusters"));
  else
    ws_error_set (error, WS_ERROR_ARGUMENT,
                  N_ ("there are only %zu different points: too few for %u clusters"), n_distinct,
                  k);
  return FALSE;
}

/* Rows that are measured together. */
#define ROWS 1024

typedef struct
{
  const WsPoints *points;
  const float *mean;
  double *sq_norms;
} Measurement;

static void
measure_rows (gsize index, gpointer user_data)
{
  const Measurement *self = user_data;
  const gsize d = self->points->d, first = index * ROWS;

  for (gsize i = first; i < MIN (first + ROWS, self->points->n); i++)
    self->sq_norms[i] = ws_kernel_get ()->measure (self->points->values + i * d, self->mean, d);
}

gboolean
_ws_rows_init (WsRows *self, const WsPoints *points, WsTeam *team, GError **error)
{
  const gsize n = points->n, d = points->d;
  g_autofree float *rounded = g_new (float, d);
  double *mean, *sq_norms = ws_work_allocate (n, 1, error);
  Measurement measurement = { points, rounded, sq_norms };
  double sq_mean = 0;

  if (sq_norms == NULL)
    return FALSE;
  mean = g_new (double, d);
  for (gsize j = 0; j < d; j++)
    {
      mean[j] = rounded[j] = points->mean[j];
      sq_mean += mean[j] * mean[j];
    }
  ws_team_run (team, (n + ROWS - 1) / ROWS, measure_rows, &measurement);
  *self = (WsRows){ .n = n,
                    .d = d,
                    .values = points->values,
                    .sq_norms = sq_norms,
                    .mean = mean,
                    .mean_norm = sqrt (sq_mean) };
  return TRUE;
}

void
_ws_rows_clear (WsRows *self)
{
  g_free ((double *) self->sq_norms);
  g_free ((double *) self->mean);
  *self = (WsRows){ 0 };
}

double
_ws_kmeans_estimate_work (const WsRows *rows, const WsStarts *starts,
                          const WsKmeansOptions *options)
{
  const double of_iteration = (double) rows->n * rows->d * (options->k + WS_LLOYD_ROW_WORK);

  return ws_starts_estimate_work (starts, options->k, options->n_init) +
         MIN (options->n_iterations_max, EXPECTED_ITERATIONS) * of_iteration;
}

WsClustering *
_ws_kmeans_compute_from (const WsRows *rows, WsStarts *starts, const WsKmeansOptions *options,
                         WsWork *work, GError **error)
{
  const gint64 start = g_get_monotonic_time ();
  g_auto (WsLloyd) lloyd = { 0 };
  WsClustering *clustering;

  work->total = _ws_kmeans_estimate_work (rows, starts, options);
  if (!ws_lloyd_init (&lloyd, rows, options->k, error) ||
      !ws_starts_choose (starts, options->k, options->n_init, lloyd.centroids, work, error) ||
      !ws_lloyd_run (&lloyd, MAX (options->n_iterations_max, 1), WS_KMEANS_TOLERANCE, work, error))
    return NULL;
  clustering = _ws_clustering_take (&lloyd, work, error);
  if (clustering != NULL)
    clustering->seconds = (g_get_monotonic_time () - start) * 1e-6;
  return clustering;
}

WsClustering *
ws_kmeans_compute (const WsPoints *points, const WsKmeansOptions *options, WsTeam *team,
                   WsShareFunc share_func, gpointer user_data, GCancellable *cancellable,
                   GError **error)
{
  WsWork work = {
    .share_func = share_func, .user_data = user_data, .team = team, .cancellable = cancellable
  };
  g_autoptr (WsStarts) starts = NULL;
  WsClustering *clustering;
  WsRows rows;

  if (!_ws_kmeans_check_k (points, options->k, error) ||
      !_ws_rows_init (&rows, points, team, error))
    return NULL;
  starts = ws_starts_new (&rows, options->seed);
  clustering = _ws_kmeans_compute_from (&rows, starts, options, &work, error);
  _ws_rows_clear (&rows);
  if (clustering != NULL && share_func != NULL)
    share_func (1.0, user_data);
  return clustering;
}
