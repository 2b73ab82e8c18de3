/* SPDX-License-Identifier: MIT */
/* What the files of the silhouette share: the sample, and what becomes of its distances. */
#pragma once

#include "cluster/silhouette.h"

G_BEGIN_DECLS

/* Each cluster is cut into groups, of as many points as can be; a part is one group of one
 * cluster. */
typedef struct
{
  gsize n;
  guint k;
  guint n_groups;  /* 1: all points */
  guint32 *places; /* (owned) n, by cluster, then by group: of the points, see WsPlaces */
  gsize *starts;   /* (owned) k * n_groups + 1: where those of each part begin */
  guint32 *own;    /* (owned) n_own: points that the pairs do not share */
  gsize n_own;
} WsSilhouetteSample;

/* Of each cluster all points that @pairs share; of one that has few of them more, as far as there
 * are any: those that would be drawn next. So a cluster is represented by a sample of its own, and
 * those of two clusterings have most points in common: what differs is the clusterings.
 * @pairs: prepared */
void ws_silhouette_sample_init (WsSilhouetteSample *self, const WsClustering *clustering,
                                const WsPairs *pairs);
void ws_silhouette_sample_clear (WsSilhouetteSample *self);

guint ws_silhouette_sample_get_n_groups (gsize n, guint k, guint64 n_sample);
/* The least that is drawn of each cluster, if it has as many. */
guint64 ws_silhouette_sample_get_least (guint k, guint64 n_sample);
/* Points of a cluster. */
gsize ws_silhouette_sample_count (const WsSilhouetteSample *self, guint cluster);

/* @self: cleared, with k
 * @parts: of each place group * k + cluster of its point
 * @sums: for each block (n_groups * k) x WS_PAIRS_SIDE: of the distances from its points to those
 * of each part Errors: cancelled. */
gboolean ws_silhouette_average (WsSilhouette *self, const WsSilhouetteSample *sample,
                                const WsClustering *clustering, const WsPlaces *places,
                                const guint32 *parts, const double *sums, WsWork *work,
                                GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsSilhouetteSample, ws_silhouette_sample_clear)

G_END_DECLS
