/* SPDX-License-Identifier: MIT */
/* Clusters as JSON: all but what there is a number of for each token. */
#pragma once

#include "analysis/record.h"
#include <stdio.h>

G_BEGIN_DECLS

/* {"record": ..., "embedding": ..., "clusters": [...]}; the record comes first. Unknown is null.
 * With SOURCE_DATE_EPOCH set, measured times are unknown.
 * @n_members: of each cluster, the nearest
 * Returns: FALSE with @error when @stream fails. */
gboolean ws_cluster_write_json (FILE *stream, const WsClusterStudy *study,
                                const WsRecordInput *record, guint n_members, GError **error);

G_END_DECLS
