/* SPDX-License-Identifier: MIT */
/* From the end of an iteration to what is kept of it. */
#pragma once

#include "cluster/kmeans.h"
#include "cluster/lloyd.h"

G_BEGIN_DECLS

/* Numbers the clusters by size, and takes the labels of @lloyd, which is of no use afterwards.
 * Returns: NULL with @error set when there is no memory. */
WsClustering *_ws_clustering_take (WsLloyd *lloyd, WsTeam *team, GError **error);

G_END_DECLS
