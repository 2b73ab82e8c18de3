/* SPDX-License-Identifier: MIT */
/* Clusters as CSV: the clusters themselves, the tokens, the curve over k. C locale always. */
#pragma once

#include "analysis/cluster-run.h"
#include <stdio.h>

G_BEGIN_DECLS

/* A cluster as tables tell it. Distances are those of the space that was clustered in. */
typedef struct
{
  guint64 size;
  double share;            /* of the points */
  double average_distance; /* of the members to the centre */
  double greatest_distance;
  double inertia;      /* sum of the squared distances */
  double silhouette;   /* NAN: unknown */
  guint64 n_untrained; /* members that are possibly untrained */
  guint32 *members;    /* (owned) the nearest, the nearest first: points */
  guint n_members;
} WsClusterSummary;

/* Of the clustering that was chosen, k elements in the order of the clusters; empty while there is
 * none.
 * @n_members: at most so many of each
 * (transfer full) (element-type WsClusterSummary) */
GArray *ws_cluster_summaries_new (const WsClusterStudy *study, guint n_members);
/* What people know the members by, separated by spaces. (transfer full) */
char *ws_cluster_summary_dup_text (const WsClusterSummary *self, const WsClusterStudy *study);

/* Which rows are possibly untrained: n_rows elements, 0 or 1. (transfer full) */
guint8 *ws_cluster_study_dup_untrained (const WsClusterStudy *study);

/* cluster_id, size, percentage, avg_distance, silhouette_score, meaningful_text; then inertia,
 * max_distance, possibly_untrained, representative_ids.
 * Returns: FALSE with @error when @stream fails; so do the others. */
gboolean ws_cluster_write_summary (FILE *stream, const WsClusterStudy *study, guint n_members,
                                   GError **error);
/* token_id, token, cluster_id, distance; then label, kind, norm, x, y, possibly_untrained: a row
 * for every row of the matrix. One that is not finite is in no cluster. */
gboolean ws_cluster_write_tokens (FILE *stream, const WsClusterStudy *study, GError **error);
/* k, inertia, f_ratio, silhouette, seconds; then silhouette_standard_error, silhouette_sample,
 * f_ratio_seed, davies_bouldin, n_iterations, converged, chosen. With SOURCE_DATE_EPOCH set,
 * measured times are unknown. */
gboolean ws_cluster_write_curve (FILE *stream, const WsClusterStudy *study, GError **error);

G_END_DECLS
