/* SPDX-License-Identifier: MIT */
/* What a clustering is worth, without looking at pairs of points. */
#pragma once

#include "cluster/kmeans.h"
#include "spectra/team.h"

G_BEGIN_DECLS

/* All are of Euclidean distances to the means of the members, which are computed here: the centres
 * of a clustering are rounded, and may be those before its last step. NAN where the definition
 * divides by nothing: k = 1, k = n, all points in one place. */
typedef struct
{
  /* (SSB / (k - 1)) / (SSW / (n - k)): Calinski & Harabasz, Comm. Stat. 3(1), 1974. The greater the
   * better; INFINITY when each cluster is one place. It is fitted to the data that it judges: no
   * level of significance follows. */
  double calinski_harabasz;
  /* The same without the clusters of one member, whose points stay in the grand mean: the "F ratio"
   * of the program that this one follows. Equal to the above when there are none. */
  double f_ratio_seed;
  /* Mean over the clusters of the greatest (s_i + s_j) / |c_i - c_j|, s being the mean distance of
   * the members to their centre: Davies & Bouldin, IEEE TPAMI 1(2), 1979. The smaller the better.
   * Of two clusters with the same centre nothing is said. */
  double davies_bouldin;
} WsCriteria;

/* Takes 8 k d bytes, and reads the points twice.
 * @clustering: labels below k, sizes theirs
 * @team: (nullable): the same bits without
 * Errors: cancelled, or no memory. */
gboolean ws_criteria_compute (WsCriteria *self, const WsPoints *points,
                              const WsClustering *clustering, WsTeam *team,
                              GCancellable *cancellable, GError **error);

G_END_DECLS
