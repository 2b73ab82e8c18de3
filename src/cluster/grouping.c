/* SPDX-License-Identifier: MIT */
/* Places into groups: with the products of all pairs at hand, what a place is away from the mean of
 * a group follows from sums of products, whatever the number of columns.
 *
 *   |x_i - mean_c|² = G_ii - 2 T_ic / W_c + Q_c / W_c²,
 *   T_ic = sum of w_j G_ij over j in c,  Q_c = sum of w_i T_ic over i in c,  W_c = sum of w_i
 *
 * Source of the moves: Hartigan, Clustering Algorithms, 1975, chapter 4. */
#include "cluster/coarse.h"

#include "cluster/random.h"

#include <math.h>

#define MOST_PASSES 100
#define MOST_CANDIDATES 16
/* Gains below it are rounding. */
#define LEAST_GAIN 1e-13

typedef struct
{
  const WsCoarse *coarse;
  guint k;
  guint32 *labels;   /* m */
  guint *counts;     /* k: places */
  double *weights;   /* k: W */
  double *sums;      /* k x m: T */
  double *squares;   /* k: Q */
  double *distances; /* m: squared, to the nearest centre while seeding */
  double *candidate; /* m */
  double *best;      /* m */
  double inertia;
} Grouping;

static double
get_product (const Grouping *self, guint i, guint j)
{
  return self->coarse->products[(gsize) i * self->coarse->m + j];
}

static double
get_sq_distance (const Grouping *self, guint i, guint c)
{
  const double weight = self->weights[c];
  const double square = get_product (self, i, i) -
                        2 * self->sums[(gsize) c * self->coarse->m + i] / weight +
                        self->squares[c] / (weight * weight);

  return MAX (square, 0);
}

/* Adds place @i to group @c, or takes it away: @sign -1. */
static void
move_place (Grouping *self, guint i, guint c, double sign)
{
  const guint m = self->coarse->m;
  const double weight = sign * self->coarse->weights[i];
  const double *products = self->coarse->products + (gsize) i * m;
  double *sums = self->sums + (gsize) c * m;

  self->squares[c] += 2 * weight * sums[i] + weight * weight * products[i];
  self->weights[c] += weight;
  self->counts[c] += sign;
  for (guint j = 0; j < m; j++)
    sums[j] += weight * products[j];
}

/* k-means++ */

/* What each place would be away from the nearest centre if place @c were one.
 * Returns: the inertia. */
static double
try_centre (const Grouping *self, guint c, double *distances)
{
  double inertia = 0;

  for (guint i = 0; i < self->coarse->m; i++)
    {
      const double square =
          get_product (self, i, i) - 2 * get_product (self, i, c) + get_product (self, c, c);

      distances[i] = CLAMP (square, 0, self->distances[i]);
      inertia += self->coarse->weights[i] * distances[i];
    }
  return inertia;
}

static guint
draw_place (const Grouping *self, double total, double u)
{
  const guint m = self->coarse->m;
  double sum = 0;

  for (guint i = 0; i < m; i++)
    {
      sum += self->coarse->weights[i] * self->distances[i];
      if (sum > u * total)
        return i;
    }
  return MIN ((guint) (u * m), m - 1);
}

static void
set_distances (Grouping *self, guint c, const double *distances)
{
  for (guint i = 0; i < self->coarse->m; i++)
    {
      if (distances[i] < self->distances[i] || c == 0)
        self->labels[i] = c;
      self->distances[i] = distances[i];
    }
}

/* The first centre by chance, each next one of some candidates. */
static void
seed_groups (Grouping *self, guint64 seed, guint64 stream)
{
  const guint m = self->coarse->m, n_candidates = MIN (2 + (guint) log (self->k), MOST_CANDIDATES);
  guint64 counter = 0;
  double total = 0;

  for (guint i = 0; i < m; i++)
    {
      self->distances[i] = 1;
      total += self->coarse->weights[i];
    }
  for (guint c = 0; c < self->k; c++)
    {
      double least = INFINITY;

      for (guint t = 0; t < (c == 0 ? 1 : n_candidates); t++)
        {
          const guint place =
              draw_place (self, total, ws_random_get_uniform (seed, stream, counter++));
          double inertia;

          if (c == 0)
            for (guint i = 0; i < m; i++)
              self->distances[i] = INFINITY;
          inertia = try_centre (self, place, self->candidate);
          if (inertia >= least)
            continue;
          least = inertia;
          for (guint i = 0; i < m; i++)
            self->best[i] = self->candidate[i];
        }
      set_distances (self, c, self->best);
      total = least;
    }
}

/* Moves */

static void
sum_groups (Grouping *self)
{
  const guint m = self->coarse->m;

  for (guint c = 0; c < self->k; c++)
    {
      self->counts[c] = 0;
      self->weights[c] = self->squares[c] = 0;
      for (guint i = 0; i < m; i++)
        self->sums[(gsize) c * m + i] = 0;
    }
  for (guint i = 0; i < m; i++)
    move_place (self, i, self->labels[i], 1);
}

/* The group in which place @i costs least. */
static guint
find_group (const Grouping *self, guint i)
{
  const guint own = self->labels[i];
  const double weight = self->coarse->weights[i];
  const double rest = self->weights[own] - weight;
  const double kept = weight * self->weights[own] / rest * get_sq_distance (self, i, own);
  double least = kept - LEAST_GAIN * MAX (kept, weight * get_product (self, i, i));
  guint best = own;

  for (guint c = 0; c < self->k; c++)
    if (c != own)
      {
        const double cost = self->weights[c] > 0
                                ? weight * self->weights[c] / (self->weights[c] + weight) *
                                      get_sq_distance (self, i, c)
                                : 0;

        if (cost < least)
          {
            least = cost;
            best = c;
          }
      }
  return best;
}

static void
improve_groups (Grouping *self)
{
  guint n_moved = 1;

  for (guint pass = 0; pass < MOST_PASSES && n_moved > 0; pass++)
    {
      n_moved = 0;
      for (guint i = 0; i < self->coarse->m; i++)
        {
          const guint own = self->labels[i];
          const guint best = self->counts[own] > 1 ? find_group (self, i) : own;

          if (best == own)
            continue;
          move_place (self, i, own, -1);
          move_place (self, i, best, 1);
          self->labels[i] = best;
          n_moved++;
        }
    }
}

static void
measure_groups (Grouping *self)
{
  sum_groups (self);
  self->inertia = 0;
  for (guint i = 0; i < self->coarse->m; i++)
    self->inertia += self->coarse->weights[i] * get_sq_distance (self, i, self->labels[i]);
}

static void
run_start (Grouping *self, guint64 seed, guint64 stream)
{
  const gsize m = self->coarse->m, k = self->k;
  g_autofree double *room = g_new (double, k *m + 2 * k + 3 * m);
  g_autofree guint *counts = g_new (guint, k);

  self->counts = counts;
  self->sums = room;
  self->weights = room + k * m;
  self->squares = self->weights + k;
  self->distances = self->squares + k;
  self->candidate = self->distances + m;
  self->best = self->candidate + m;
  seed_groups (self, seed, stream);
  sum_groups (self);
  improve_groups (self);
  measure_groups (self);
}

typedef struct
{
  const WsCoarse *coarse;
  guint k;
  guint64 seed, stream;
  guint32 *labels;  /* of each start: m */
  double *inertias; /* of each start */
  GCancellable *cancellable;
} Search;

static void
try_start (gsize index, gpointer user_data)
{
  Search *self = user_data;
  Grouping grouping = { .coarse = self->coarse,
                        .k = self->k,
                        .labels = self->labels + index * self->coarse->m };

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  run_start (&grouping, self->seed, self->stream + index);
  self->inertias[index] = grouping.inertia;
}

/* The means of groups; in place of one that has no place, the first place: then there are no more
 * different ones. */
static void
get_means (const WsCoarse *self, guint k, const guint32 *labels, float *centroids)
{
  const gsize d = self->d;
  g_autofree double *sums = g_new (double, d);

  for (guint c = 0; c < k; c++)
    {
      double weight = 0;

      for (gsize j = 0; j < d; j++)
        sums[j] = 0;
      for (guint i = 0; i < self->m; i++)
        if (labels[i] == c)
          {
            weight += self->weights[i];
            for (gsize j = 0; j < d; j++)
              sums[j] += self->weights[i] * self->centroids[i * d + j];
          }
      for (gsize j = 0; j < d; j++)
        centroids[c * d + j] = weight > 0 ? sums[j] / weight : self->centroids[j];
    }
}

gboolean
ws_coarse_group (const WsCoarse *self, guint k, guint n_init, guint64 seed, guint64 stream,
                 float *centroids, WsWork *work, GError **error)
{
  g_autofree guint32 *labels = g_new (guint32, (gsize) n_init * self->m);
  g_autofree double *inertias = g_new (double, n_init);
  Search search = { .coarse = self,
                    .k = k,
                    .seed = seed,
                    .stream = stream,
                    .labels = labels,
                    .inertias = inertias,
                    .cancellable = work->cancellable };
  guint best = 0;

  ws_team_run (work->team, n_init, try_start, &search);
  if (g_cancellable_set_error_if_cancelled (work->cancellable, error))
    return FALSE;
  for (guint i = 1; i < n_init; i++)
    if (inertias[i] < inertias[best])
      best = i;
  get_means (self, k, labels + (gsize) best * self->m, centroids);
  return TRUE;
}
