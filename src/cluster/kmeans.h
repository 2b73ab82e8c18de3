/* SPDX-License-Identifier: MIT */
/* k-means: Lloyd's iteration from starts that are chosen on a sample. */
#pragma once

#include "cluster/points.h"

G_BEGIN_DECLS

/* The fall of the inertia in one iteration, relative to it, below which k-means has converged: what
 * is left to gain is of that order. */
#define WS_KMEANS_TOLERANCE 1e-5

/* Part of every key in a store: raise it when any number may change. */
#define WS_CLUSTER_METHOD_VERSION 4

/* The points in @k groups, none of them empty. Immutable once made. Clusters are numbered by size,
 * the greatest first; of equal ones the one with the lowest member first. */
typedef struct
{
  guint k;
  gsize n, d;
  guint32 *labels;  /* (owned) n: below k */
  float *centroids; /* (owned) k x d: the mean of the members, in the space of the points */
  float *distances; /* (owned) n: to the own centroid (not squared) */
  guint64 *sizes;   /* (owned) k: at least 1 */
  double inertia;   /* sum of the squared distances */
  guint n_iterations;
  gboolean converged; /* no point moved, or the inertia fell by less than WS_KMEANS_TOLERANCE;
                       * FALSE: stopped at n_iterations_max */
  double seconds;
  int ref_count; /* atomic */
} WsClustering;

WsClustering *ws_clustering_ref (WsClustering *self);
void ws_clustering_unref (WsClustering *self);

typedef struct
{
  guint k;                /* 1 … the number of different points */
  guint64 seed;           /* default 0 */
  guint n_init;           /* starts that are tried, see starts.h; default 20 */
  guint n_iterations_max; /* default 300 */
} WsKmeansOptions;

void ws_kmeans_options_init (WsKmeansOptions *self);

/* Bytes that ws_kmeans_compute takes beside the points. */
guint64 ws_kmeans_get_required_bytes (gsize n, gsize d, guint k);

/* A function of the points and the options alone on one kind of processor (the width of its vectors
 * decides the order of sums): the same bits for any @team.
 * A point is nearest to the centre with the least squared distance, of equal ones the first.
 * Products of float32 tell which where they can do so for certain, else differences in float64.
 * Centres are means rounded to float32: groups are told apart that are as far from each other as
 * some ten of its last digits. A cluster that lost all its points gets the point that is farthest
 * from its own centre.
 * @team, @share_func: (nullable)
 * Looks at @cancellable between blocks: under 0.5 s.
 * Errors: WS_ERROR_ARGUMENT: k is 0 or more than there are different points; G_IO_ERROR: cancelled,
 * no memory. */
WsClustering *ws_kmeans_compute (const WsPoints *points, const WsKmeansOptions *options,
                                 WsTeam *team, WsShareFunc share_func, gpointer user_data,
                                 GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsClustering, ws_clustering_unref)

G_END_DECLS
