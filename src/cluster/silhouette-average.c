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
  const double *sums;
  double *totals;   /* k: sums of a point over the groups of each cluster */
  Weights *weights; /* n_groups x k */
} Work;

static double
get_delta (const Work *self, guint cluster)
{
  const double n = ws_silhouette_sample_count (self->sample, cluster);
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
      const double n = ws_silhouette_sample_count (sample, c), delta = get_delta (self, c);

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
  const double greater = fmax (a, b);

  return greater > 0.0 ? (b - a) / greater : 0.0;
}

/* Of a point of cluster @own, all weighing the same. */
static double
compute_whole (const Work *self, guint own)
{
  double a = 0.0, b = INFINITY;

  for (guint c = 0; c < self->sample->k; c++)
    {
      const double n = ws_silhouette_sample_count (self->sample, c);

      if (c == own)
        a = n > 1 ? self->totals[c] / (n - 1) : 0.0;
      else if (n > 0)
        b = fmin (b, self->totals[c] / n);
    }
  return get_silhouette (a, b);
}

/* The same with group @g put back.
 * @own_weight: of the point itself, which has no distance from itself */
static double
compute_replicate (const Work *self, const double *sums, guint own, guint g, double own_weight)
{
  const WsSilhouetteSample *sample = self->sample;
  double a = 0.0, b = INFINITY;

  for (guint c = 0; c < sample->k; c++)
    {
      const double n = ws_silhouette_sample_count (sample, c);
      const Weights *weights = self->weights + (gsize) g * sample->k + c;
      const double in_group = sums[(gsize) c * sample->n_groups + g];
      const double sum =
          weights->in_group * in_group + weights->others * (self->totals[c] - in_group);

      if (c != own)
        b = n > 0 ? fmin (b, sum / n) : b;
      else if (n - own_weight > 0.0)
        a = sum / (n - own_weight);
    }
  return get_silhouette (a, b);
}

/* Adds one point to the sums of its cluster: @values[0] as it is, @values[1 + g] without group g.
 */
static void
add_point (Work *self, gsize i, guint own, guint group, double *values)
{
  const WsSilhouetteSample *sample = self->sample;
  const double *sums = self->sums + i * sample->k * sample->n_groups;

  for (guint c = 0; c < sample->k; c++)
    {
      self->totals[c] = 0.0;
      for (guint g = 0; g < sample->n_groups; g++)
        self->totals[c] += sums[(gsize) c * sample->n_groups + g];
    }
  values[0] += compute_whole (self, own);
  for (guint g = 0; g < sample->n_groups && sample->n_groups > 1; g++)
    {
      const Weights *weights = self->weights + (gsize) g * sample->k + own;
      const double weight = g == group ? weights->in_group : weights->others;

      values[1 + g] += weight * compute_replicate (self, sums, own, g, weight);
    }
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

/* @values: n_groups + 1 of each cluster */
static void
finish (const Work *self, double *values, WsSilhouette *silhouette)
{
  const WsSilhouetteSample *sample = self->sample;
  const guint n_groups = sample->n_groups;
  g_autofree double *replicates = g_new0 (double, n_groups);
  double mean = 0.0, variance = 0.0;

  silhouette->mean = 0.0;
  for (guint c = 0; c < sample->k; c++)
    {
      const double n = ws_silhouette_sample_count (sample, c);
      const double share = (double) self->clustering->sizes[c] / self->clustering->n;
      double *own = values + c * (gsize) (n_groups + 1);

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

void
ws_silhouette_average (WsSilhouette *self, const WsSilhouetteSample *sample,
                       const WsClustering *clustering, const double *sums)
{
  const guint k = sample->k, n_groups = sample->n_groups;
  g_autofree double *totals = g_new (double, k);
  g_autofree Weights *weights = g_new (Weights, (gsize) k * n_groups);
  g_autofree double *values = g_new0 (double, (gsize) k *(n_groups + 1));
  Work work = { sample, clustering, sums, totals, weights };

  if (n_groups > 1)
    list_weights (&work);
  for (guint c = 0; c < k; c++)
    for (guint g = 0; g < n_groups; g++)
      {
        const gsize *starts = sample->starts + (gsize) c * n_groups + g;

        for (gsize i = starts[0]; i < starts[1]; i++)
          if (clustering->sizes[c] > 1)
            add_point (&work, i, c, g, values + c * (n_groups + 1));
      }
  self->of_cluster = g_new (double, k);
  finish (&work, values, self);
}
