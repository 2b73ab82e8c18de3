/* SPDX-License-Identifier: MIT */
/* Sums of squares within and between clusters. */
#include "cluster/criteria.h"

#include "spectra/work.h"

#include <math.h>

/* Columns that a thread adds up at once: the sums for 128 clusters stay in its cache. */
#define STRIP 128
/* Points of which one thread measures the distances: some 10 ms of d = 8192. */
#define ROWS 1024
/* Sums that run beside each other, so that vector units have something to do. */
#define LANES 8

typedef struct
{
  const WsPoints *points;
  const WsClustering *clustering;
  GCancellable *cancellable;
  double *means;   /* k x d */
  double *sums;    /* of each tile of points: k sums of squared distances, k of distances */
  double *squares; /* k: of the distances of the members to their mean */
  double *spreads; /* k: mean distance of the members to their mean */
  double *worst;   /* k: the greatest ratio of Davies and Bouldin */
} Work;

static void
add_strip (gsize index, gpointer user_data)
{
  Work *self = user_data;
  const gsize d = self->points->d, first = index * STRIP, n_cols = MIN (STRIP, d - first);
  const WsClustering *clustering = self->clustering;

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  for (gsize i = 0; i < clustering->n; i++)
    {
      const float *x = self->points->values + i * d + first;
      double *mean = self->means + clustering->labels[i] * d + first;

      for (gsize j = 0; j < n_cols; j++)
        mean[j] += x[j];
    }
  for (guint c = 0; c < clustering->k; c++)
    for (gsize j = 0; j < n_cols && clustering->sizes[c] > 0; j++)
      self->means[c * d + first + j] /= clustering->sizes[c];
}

static double
get_square (const float *x, const double *mean, gsize d)
{
  double sums[LANES] = { 0.0 }, sum = 0.0;
  gsize j = 0;

  for (; j + LANES <= d; j += LANES)
    for (int l = 0; l < LANES; l++)
      {
        const double difference = x[j + l] - mean[j + l];

        sums[l] += difference * difference;
      }
  for (; j < d; j++)
    sum += (x[j] - mean[j]) * (x[j] - mean[j]);
  for (int l = 0; l < LANES; l++)
    sum += sums[l];
  return sum;
}

static void
measure_points (gsize index, gpointer user_data)
{
  Work *self = user_data;
  const WsClustering *clustering = self->clustering;
  const gsize d = self->points->d, end = MIN ((index + 1) * ROWS, clustering->n);
  double *squares = self->sums + index * 2 * clustering->k;
  double *distances = squares + clustering->k;

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  for (gsize i = index * ROWS; i < end; i++)
    {
      const guint32 c = clustering->labels[i];
      const double square = get_square (self->points->values + i * d, self->means + c * d, d);

      squares[c] += square;
      distances[c] += sqrt (square);
    }
}

/* Of the distances of each cluster's members to their mean. */
static void
add_tiles (Work *self, gsize n_tiles)
{
  const guint k = self->clustering->k;

  for (gsize i = 0; i < n_tiles; i++)
    for (guint c = 0; c < k; c++)
      {
        self->squares[c] += self->sums[i * 2 * k + c];
        self->spreads[c] += self->sums[i * 2 * k + k + c];
      }
  for (guint c = 0; c < k; c++)
    self->spreads[c] /= MAX (self->clustering->sizes[c], 1);
}

static double
get_distance (const double *a, const double *b, gsize d)
{
  double sum = 0.0;

  for (gsize j = 0; j < d; j++)
    sum += (a[j] - b[j]) * (a[j] - b[j]);
  return sqrt (sum);
}

static void
compare_centres (gsize index, gpointer user_data)
{
  Work *self = user_data;
  const guint64 *sizes = self->clustering->sizes;
  const gsize d = self->points->d;
  double worst = 0.0;

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  for (guint c = 0; c < self->clustering->k; c++)
    if (c != index && sizes[c] > 0 && sizes[index] > 0)
      {
        const double distance = get_distance (self->means + c * d, self->means + index * d, d);

        if (distance > 0.0)
          worst = fmax (worst, (self->spreads[c] + self->spreads[index]) / distance);
      }
  self->worst[index] = worst;
}

/* Of the clusters with at least @n_least members. */
static double
compute_ratio (const Work *self, const double *grand_mean, guint64 n_least)
{
  const WsClustering *clustering = self->clustering;
  const gsize d = clustering->d;
  double between = 0.0, within = 0.0;
  guint64 n = 0;
  guint k = 0;

  for (guint c = 0; c < clustering->k; c++)
    if (clustering->sizes[c] >= n_least)
      {
        const double distance = get_distance (self->means + c * d, grand_mean, d);

        between += clustering->sizes[c] * distance * distance;
        within += self->squares[c];
        n += clustering->sizes[c];
        k++;
      }
  if (k < 2 || n <= k || (between == 0.0 && within == 0.0))
    return NAN;
  return (between / (k - 1)) / (within / (n - k));
}

static double
average_worst (const Work *self)
{
  double sum = 0.0;
  guint k = 0;

  for (guint c = 0; c < self->clustering->k; c++)
    if (self->clustering->sizes[c] > 0)
      {
        sum += self->worst[c];
        k++;
      }
  return sum / k;
}

static void
finish (const Work *self, double *grand_mean, WsCriteria *criteria)
{
  const WsClustering *clustering = self->clustering;

  for (guint c = 0; c < clustering->k; c++)
    for (gsize j = 0; j < clustering->d; j++)
      grand_mean[j] += self->means[c * clustering->d + j] * clustering->sizes[c] / clustering->n;
  criteria->calinski_harabasz = compute_ratio (self, grand_mean, 1);
  criteria->f_ratio_seed = compute_ratio (self, grand_mean, 2);
  if (!isnan (criteria->calinski_harabasz))
    criteria->davies_bouldin = average_worst (self);
}

gboolean
ws_criteria_compute (WsCriteria *self, const WsPoints *points, const WsClustering *clustering,
                     WsTeam *team, GCancellable *cancellable, GError **error)
{
  const gsize d = points->d, n_tiles = (points->n + ROWS - 1) / ROWS;
  const guint k = clustering->k;
  Work work = { .points = points, .clustering = clustering, .cancellable = cancellable };
  g_autofree double *means = NULL, *sums = NULL, *values = NULL;

  g_return_val_if_fail (points->n == clustering->n && points->d == clustering->d, FALSE);
  *self = (WsCriteria){ NAN, NAN, NAN };
  if (k < 2 || k >= points->n)
    return !g_cancellable_set_error_if_cancelled (cancellable, error);
  /* the last row of the means is the grand mean */
  means = ws_work_allocate (k + 1, d, error);
  sums = means ? ws_work_allocate (n_tiles * 2, k, error) : NULL;
  values = sums ? ws_work_allocate (k, 3, error) : NULL;
  if (!values)
    return FALSE;
  work.means = means;
  work.sums = sums;
  work.squares = values;
  work.spreads = values + k;
  work.worst = values + 2 * k;
  ws_team_run (team, (d + STRIP - 1) / STRIP, add_strip, &work);
  ws_team_run (team, n_tiles, measure_points, &work);
  add_tiles (&work, n_tiles);
  ws_team_run (team, k, compare_centres, &work);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  finish (&work, means + k * d, self);
  return TRUE;
}
