/* SPDX-License-Identifier: MIT */
/* From sums of distances to silhouettes, their means and the error of a sampled mean.
 *
 * A point of the sample counts in its own silhouette and, by its distances, in those of all others,
 * so they are not independent. The jackknife takes care of both: the mean is computed anew for each
 * group, with the points of that group weighing less, here as well as in the distances. Of a
 * stratified sample without replacement they do not weigh nothing, but 1 - delta: delta^2 is the
 * share of the cluster that was not drawn, corrected where there are fewer points than groups; the
 * other points of the cluster weigh more by what is missing. (Wolter, Introduction to Variance
 * Estimation, 2007, chapter 4; Kott, J. Official Statistics 17(4), 2001.) */
#include "cluster/silhouette-private.h"

#include <math.h>

/* Weights of a cluster's points when one group is put back. */
typedef struct
{
  double in_group;
  double others;
} Weights;

typedef struct
{
  const WsSilhouetteSample *sample;
  const WsClustering *clustering;
  const WsPlaces *places;
  const guint32 *parts;
  const double *sums;
  double *counts;   /* k: points of each cluster */
  Weights *weights; /* n_groups x k */
  double *values;   /* blocks x k x (n_groups + 1): sums over the points of a block and cluster, see
                     * add_point */
  GCancellable *cancellable;
} Work;

static double
get_delta (const Work *self, guint cluster)
{
  const double n = self->counts[cluster];
  const double n_groups = self->sample->n_groups, m = MIN (n, n_groups);

  if (n < 2)
    return 0.0;
  return sqrt ((1.0 - n / self->clustering->sizes[cluster]) * ((m - 1.0) / m) /
               ((n_groups - 1.0) / n_groups));
}

static void
list_weights (Work *self)
{
  const WsSilhouetteSample *sample = self->sample;

  for (guint c = 0; c < sample->k; c++)
    {
      const double n = self->counts[c], delta = get_delta (self, c);

      for (guint g = 0; g < sample->n_groups; g++)
        {
          const gsize *starts = sample->starts + (gsize) c * sample->n_groups + g;
          const double n_in = starts[1] - starts[0];
          Weights *weights = self->weights + (gsize) g * sample->k + c;

          *weights = (Weights){ 1.0, 1.0 };
          if (n_in < n)
            *weights = (Weights){ 1.0 - delta, 1.0 + delta * n_in / (n - n_in) };
        }
    }
}

static double
get_silhouette (double a, double b)
{
  const double greater = MAX (a, b);

  return greater > 0.0 ? (b - a) / greater : 0.0;
}

/* Of a point of cluster @own, all weighing the same. */
static double
compute_whole (const Work *self, const double *totals, guint own)
{
  const double n_own = self->counts[own];
  double b = INFINITY;

  for (guint c = 0; c < self->sample->k; c++)
    if (c != own && self->counts[c] > 0.0)
      b = MIN (b, totals[c] / self->counts[c]);
  return get_silhouette (n_own > 1.0 ? totals[own] / (n_own - 1.0) : 0.0, b);
}

/* The same with group @g put back.
 * @sums: to the parts of that group
 * @own_weight: of the point itself, which has no distance from itself */
static double
compute_replicate (const Work *self, const double *totals, const double *sums, guint own, guint g,
                   double own_weight)
{
  const guint k = self->sample->k;
  const Weights *weights = self->weights + (gsize) g * k;
  double a = 0.0, b = INFINITY;

  for (guint c = 0; c < k; c++)
    {
      const double n = self->counts[c];
      const double sum = weights[c].in_group * sums[c] + weights[c].others * (totals[c] - sums[c]);

      if (c == own)
        a = n - own_weight > 0.0 ? sum / (n - own_weight) : 0.0;
      else if (n > 0.0 && sum < b * n)
        b = sum / n;
    }
  return get_silhouette (a, b);
}

/* Adds a point of part @part to the sums of its cluster: @values[0] as it is, @values[1 + g]
 * without group g.
 * @sums: n_groups x k */
static void
add_point (const Work *self, guint32 part, const double *sums, double *totals, double *values)
{
  const guint k = self->sample->k, n_groups = self->sample->n_groups;
  const guint own = part % k, group = part / k;

  for (guint c = 0; c < k; c++)
    totals[c] = 0.0;
  for (guint g = 0; g < n_groups; g++)
    for (guint c = 0; c < k; c++)
      totals[c] += sums[(gsize) g * k + c];
  values[0] += compute_whole (self, totals, own);
  for (guint g = 0; g < n_groups && n_groups > 1; g++)
    {
      const Weights *weights = self->weights + (gsize) g * k + own;
      const double weight = g == group ? weights->in_group : weights->others;

      values[1 + g] +=
          weight * compute_replicate (self, totals, sums + (gsize) g * k, own, g, weight);
    }
}

/* Points whose sums are turned together: those of one line of the cache. */
#define TURNED 8

static void
add_block (gsize block, gpointer user_data)
{
  const Work *self = user_data;
  const gsize k = self->sample->k, n_groups = self->sample->n_groups, n_parts = k * n_groups;
  const gsize n = ws_places_count (self->places, block);
  const double *sums = self->sums + block * n_parts * WS_PAIRS_SIDE;
  g_autofree double *turned = g_new (double, TURNED *n_parts);
  g_autofree double *totals = g_new (double, k);

  for (gsize first = 0; first < n; first += TURNED)
    {
      const gsize n_turned = MIN (TURNED, n - first);

      if (g_cancellable_is_cancelled (self->cancellable))
        return;
      for (gsize p = 0; p < n_parts; p++)
        for (gsize i = 0; i < n_turned; i++)
          turned[i * n_parts + p] = sums[p * WS_PAIRS_SIDE + first + i];
      for (gsize i = 0; i < n_turned; i++)
        {
          const guint32 part = self->parts[block * WS_PAIRS_SIDE + first + i], own = part % k;

          if (self->clustering->sizes[own] > 1)
            add_point (self, part, turned + i * n_parts, totals,
                       self->values + (block * k + own) * (n_groups + 1));
        }
    }
}

/* The sums of all blocks, into those of the first. */
static void
join_blocks (const Work *self)
{
  const gsize n_values = self->sample->k * (gsize) (self->sample->n_groups + 1);

  for (gsize block = 1; block < self->places->n_blocks; block++)
    for (gsize i = 0; i < n_values; i++)
      self->values[i] += self->values[block * n_values + i];
}

/* What the whole sample says of a cluster, and what it says without each group, both without their
 * bias: the least of several means that err is too small on average, more so with a group less.
 * @values: n_groups + 1 sums, made means */
static double
correct (double *values, double n, guint n_groups)
{
  double sum = 0.0;

  for (guint g = 0; g <= n_groups; g++)
    values[g] /= n;
  if (n_groups == 1)
    return values[0];
  for (guint g = 1; g <= n_groups; g++)
    sum += values[g] - values[0];
  return CLAMP (values[0] - (n_groups - 1.0) / n_groups * sum, -1.0, 1.0);
}

static void
finish (const Work *self, WsSilhouette *silhouette)
{
  const WsSilhouetteSample *sample = self->sample;
  const guint n_groups = sample->n_groups;
  g_autofree double *replicates = g_new0 (double, n_groups);
  double mean = 0.0, variance = 0.0;

  silhouette->mean = 0.0;
  for (guint c = 0; c < sample->k; c++)
    {
      const double n = self->counts[c];
      const double share = (double) self->clustering->sizes[c] / self->clustering->n;
      double *own = self->values + (gsize) c * (n_groups + 1);

      silhouette->of_cluster[c] = n > 0 ? correct (own, n, n_groups) : NAN;
      if (n > 0)
        silhouette->mean += share * silhouette->of_cluster[c];
      for (guint g = 0; g < n_groups && n > 0; g++)
        replicates[g] += share * own[1 + g];
    }
  for (guint g = 0; g < n_groups; g++)
    mean += replicates[g] / n_groups;
  for (guint g = 0; g < n_groups; g++)
    variance += (replicates[g] - mean) * (replicates[g] - mean);
  silhouette->standard_error = sqrt (variance * (n_groups - 1) / n_groups);
  silhouette->n_sampled = sample->n;
}

gboolean
ws_silhouette_average (WsSilhouette *self, const WsSilhouetteSample *sample,
                       const WsClustering *clustering, const WsPlaces *places, const guint32 *parts,
                       const double *sums, WsWork *work, GError **error)
{
  const guint k = sample->k;
  const gsize n_groups = sample->n_groups;
  g_autofree double *counts = g_new (double, k);
  g_autofree Weights *weights = g_new (Weights, k * n_groups);
  g_autofree double *values = g_new0 (double, places->n_blocks *k *(n_groups + 1));
  Work own = {
    sample, clustering, places, parts, sums, counts, weights, values, work->cancellable
  };

  for (guint c = 0; c < k; c++)
    counts[c] = ws_silhouette_sample_count (sample, c);
  if (n_groups > 1)
    list_weights (&own);
  ws_team_run (work->team, places->n_blocks, add_block, &own);
  if (g_cancellable_set_error_if_cancelled (work->cancellable, error))
    return FALSE;
  join_blocks (&own);
  self->of_cluster = g_new (double, k);
  finish (&own, self);
  return TRUE;
}
