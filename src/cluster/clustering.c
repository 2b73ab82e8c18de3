/* SPDX-License-Identifier: MIT */
/* The points in k groups. */
#include "cluster/kmeans-private.h"

#include "cluster/points-private.h"

#include <string.h>

WsClustering *
ws_clustering_ref (WsClustering *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
ws_clustering_unref (WsClustering *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->ref_count))
    return;
  g_free (self->labels);
  g_free (self->centroids);
  g_free (self->distances);
  g_free (self->sizes);
  g_free (self);
}

typedef struct
{
  guint cluster;
  guint64 size;
  gsize first; /* its lowest member */
} Rank;

static int
compare_ranks (gconstpointer a, gconstpointer b)
{
  const Rank *x = a, *y = b;

  if (x->size != y->size)
    return x->size > y->size ? -1 : 1;
  return x->first < y->first ? -1 : x->first > y->first;
}

/* (transfer full): the old number of each new one. */
static Rank *
rank_clusters (const WsLloyd *lloyd)
{
  Rank *ranks = g_new (Rank, lloyd->k);

  for (guint c = 0; c < lloyd->k; c++)
    ranks[c] = (Rank){ .cluster = c, .size = lloyd->sizes[c] };
  for (gsize i = lloyd->rows->n; i-- > 0;)
    ranks[lloyd->labels[i]].first = i;
  qsort (ranks, lloyd->k, sizeof *ranks, compare_ranks);
  return ranks;
}

static void
renumber (WsLloyd *lloyd, float *centroids, guint64 *sizes)
{
  const gsize d = lloyd->rows->d;
  g_autofree Rank *ranks = rank_clusters (lloyd);
  g_autofree guint32 *numbers = g_new (guint32, lloyd->k);

  for (guint c = 0; c < lloyd->k; c++)
    {
      memcpy (centroids + c * d, lloyd->centroids + ranks[c].cluster * d, d * sizeof (float));
      sizes[c] = ranks[c].size;
      numbers[ranks[c].cluster] = c;
    }
  for (gsize i = 0; i < lloyd->rows->n; i++)
    lloyd->labels[i] = numbers[lloyd->labels[i]];
}

WsClustering *
_ws_clustering_take (WsLloyd *lloyd, WsWork *work, GError **error)
{
  const gsize n = lloyd->rows->n, d = lloyd->rows->d;
  float *centroids = _ws_points_allocate (lloyd->k, d, error);
  float *distances = centroids ? _ws_points_allocate (n, 1, error) : NULL;
  double inertia;
  WsClustering *self;

  if (distances == NULL || !ws_lloyd_measure (lloyd, distances, &inertia, work, error))
    {
      g_free (centroids);
      g_free (distances);
      return NULL;
    }
  self = g_new (WsClustering, 1);
  *self = (WsClustering){ .k = lloyd->k,
                          .n = n,
                          .d = d,
                          .distances = distances,
                          .inertia = inertia,
                          .n_iterations = lloyd->n_iterations,
                          .converged = lloyd->converged,
                          .ref_count = 1 };
  self->sizes = g_new (guint64, self->k);
  renumber (lloyd, centroids, self->sizes);
  self->centroids = centroids;
  self->labels = g_steal_pointer (&lloyd->labels);
  return self;
}
