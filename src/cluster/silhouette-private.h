/* SPDX-License-Identifier: MIT */
/* What the files of the silhouette share: the sample, and what becomes of its distances. */
#pragma once

#include "cluster/silhouette.h"

G_BEGIN_DECLS

/* Each cluster is cut into groups, of as many points as can be; a part is one group of one
 * cluster: number cluster * n_groups + group. */
typedef struct
{
  gsize n;
  guint k;
  guint n_groups;  /* 1: all points */
  guint32 *points; /* (owned) n, by part */
  gsize *starts;   /* (owned) k * n_groups + 1: where the points of each part begin */
} WsSilhouetteSample;

/* See ws_silhouette_compute. */
void ws_silhouette_sample_init (WsSilhouetteSample *self, const WsClustering *clustering,
                                guint64 n_sample, guint64 seed);
void ws_silhouette_sample_clear (WsSilhouetteSample *self);

guint ws_silhouette_sample_get_n_groups (gsize n, guint k, guint64 n_sample);
/* Points of a cluster. */
gsize ws_silhouette_sample_count (const WsSilhouetteSample *self, guint cluster);

/* @self: cleared, with k
 * @sums: n x (k * n_groups): of the distances from each point of the sample to those of each part
 */
void ws_silhouette_average (WsSilhouette *self, const WsSilhouetteSample *sample,
                            const WsClustering *clustering, const double *sums);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsSilhouetteSample, ws_silhouette_sample_clear)

G_END_DECLS
