/* SPDX-License-Identifier: MIT */
/* Which matrix is clustered, and what its rows are called. */
#pragma once

#include "analysis/cluster-run.h"

G_BEGIN_DECLS

/* A study of which no more is known than what needs no weights: tensor, kind, vocabulary. A
 * vocabulary that cannot be read is a note, not an error.
 * Returns: (transfer full): NULL with @error as ws_cluster_run_execute. */
WsClusterStudy *_ws_cluster_study_open (WsModel *model, const WsClusterOptions *options,
                                        GCancellable *cancellable, GError **error);

G_END_DECLS
