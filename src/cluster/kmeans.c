/* SPDX-License-Identifier: MIT */
/* k-means: a start, then Lloyd's iteration on all points. */
#include "cluster/kmeans.h"

#include "base/error.h"
#include "cluster/kmeans-private.h"

#include <glib/gi18n-lib.h>

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
         n * sizeof (float) + (guint64) k * d * sizeof (float);
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

void
_ws_rows_init (WsRows *self, const WsPoints *points)
{
  *self = (WsRows){ .n = points->n,
                    .d = points->d,
                    .values = points->values,
                    .sq_norms = points->sq_norms,
                    .mean = points->mean };
  for (gsize j = 0; j < self->d; j++)
    self->sq_mean += self->mean[j] * self->mean[j];
}

WsClustering *
_ws_kmeans_compute_from (const WsRows *rows, WsStarts *starts, const WsKmeansOptions *options,
                         WsWork *work, GError **error)
{
  const gint64 start = g_get_monotonic_time ();
  const double of_iteration = (double) rows->n * rows->d * (options->k + WS_LLOYD_ROW_WORK);
  g_auto (WsLloyd) lloyd = { 0 };
  WsClustering *clustering;

  work->total = ws_starts_estimate_work (starts, options->k, options->n_init) +
                MIN (options->n_iterations_max, EXPECTED_ITERATIONS) * of_iteration;
  if (!ws_lloyd_init (&lloyd, rows, options->k, error) ||
      !ws_starts_choose (starts, options->k, options->n_init, lloyd.centroids, work, error) ||
      !ws_lloyd_run (&lloyd, MAX (options->n_iterations_max, 1), WS_KMEANS_TOLERANCE, work, error))
    return NULL;
  clustering = _ws_clustering_take (&lloyd, work->team, error);
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

  if (!_ws_kmeans_check_k (points, options->k, error))
    return NULL;
  _ws_rows_init (&rows, points);
  starts = ws_starts_new (&rows, options->seed);
  clustering = _ws_kmeans_compute_from (&rows, starts, options, &work, error);
  if (clustering != NULL && share_func != NULL)
    share_func (1.0, user_data);
  return clustering;
}
