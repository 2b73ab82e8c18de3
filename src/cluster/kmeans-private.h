/* SPDX-License-Identifier: MIT */
/* From points to an iteration, and from its end to what is kept of it. */
#pragma once

#include "cluster/kmeans.h"
#include "cluster/lloyd.h"
#include "cluster/starts.h"

G_BEGIN_DECLS

/* Measures the points from their mean, rounded to float32. Returns: FALSE when there is no memory.
 */
gboolean _ws_rows_init (WsRows *self, const WsPoints *points, WsTeam *team, GError **error);
void _ws_rows_clear (WsRows *self);

/* Whether there can be @k clusters. Returns: FALSE with WS_ERROR_ARGUMENT. */
gboolean _ws_kmeans_check_k (const WsPoints *points, guint k, GError **error);

/* What _ws_kmeans_compute_from will do, as far as can be told. */
double _ws_kmeans_estimate_work (const WsRows *rows, const WsStarts *starts,
                                 const WsKmeansOptions *options);

/* @starts: of the same @rows and of the seed of @options; its sample may serve several k
 * @work: with nothing done */
WsClustering *_ws_kmeans_compute_from (const WsRows *rows, WsStarts *starts,
                                       const WsKmeansOptions *options, WsWork *work,
                                       GError **error);

/* Numbers the clusters by size, and takes the labels of @lloyd, which is of no use afterwards.
 * Returns: NULL with @error set when there is no memory. */
WsClustering *_ws_clustering_take (WsLloyd *lloyd, WsWork *work, GError **error);

G_END_DECLS
