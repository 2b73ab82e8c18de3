/* SPDX-License-Identifier: MIT */
/* How much nearer the points are to their own cluster than to the next one. */
#pragma once

#include "cluster/kmeans.h"
#include "cluster/pairs.h"

G_BEGIN_DECLS

/* Points that are looked at unless told otherwise: all pairs of 10,000 take a second or two, the
 * first time. */
#define WS_SILHOUETTE_N_SAMPLE 10000

/* Of a point, (b - a) / max (a, b): a its mean distance to the other members of its cluster, b to
 * the members of the nearest other one; 0 in a cluster of one member, and where all are in one
 * place. Rousseeuw, J. Comp. Appl. Math. 20, 1987. In [-1, 1]; about 0: no structure. */
typedef struct
{
  double mean;           /* over all points; NAN: not defined (k = 1) */
  double standard_error; /* of the mean, for its being of a sample; 0: all points were looked at */
  guint64 n_sampled;     /* points that were looked at */
  guint k;
  double *of_cluster; /* (owned) k means; NULL when the mean is not defined; NAN: an empty one */
} WsSilhouette;

/* Looks at all pairs of min (n, @n_sample) points; exact, as is said above, when that is n. A
 * sample is drawn from all points, the same for any clustering of them. A cluster of which that has
 * less than a two-hundredth of the sample (or less than 1 / 2k, or than 2 points) is given so many,
 * as far as it has them, which makes the sample that much larger. Both the means and the distances
 * are then of the sample, and every point counts for those of its cluster that it stands for. A
 * jackknife over groups of the sample tells the standard error, because one point of the sample
 * takes part in the values of all others, and corrects the bias of the least of several sampled
 * means.
 * Distances are in float64 when it is exact, else in float32: an error of 1e-5, far below the
 * standard error, for those of points nearer to each other than a sixteenth of their distance from
 * the mean of all are measured in float64 first.
 * @n_sample: 0: all points
 * @seed: of the sample
 * @team: (nullable): the same bits without
 * Errors: cancelled (within 0.5 s), or no memory. @self is then left cleared. */
gboolean ws_silhouette_compute (WsSilhouette *self, const WsPoints *points,
                                const WsClustering *clustering, guint64 n_sample, guint64 seed,
                                WsTeam *team, GCancellable *cancellable, GError **error);
/* The same for one of several clusterings of the points of @pairs, which know sample and seed.
 * Advances @work by ws_pairs_estimate_first_work and ws_pairs_estimate_work. */
gboolean ws_silhouette_compute_from (WsSilhouette *self, WsPairs *pairs,
                                     const WsClustering *clustering, WsWork *work, GError **error);
void ws_silhouette_clear (WsSilhouette *self);

/* Bytes that ws_silhouette_compute takes beside the points.
 * @n_threads: those of the team */
guint64 ws_silhouette_get_required_bytes (gsize n, gsize d, guint k, guint64 n_sample,
                                          guint n_threads);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsSilhouette, ws_silhouette_clear)

G_END_DECLS
