/* SPDX-License-Identifier: MIT */
/* Studies as far as they are known at some moment. */
#pragma once

#include "analysis/cluster-run.h"

G_BEGIN_DECLS

/* The same study with an empty curve, which its owner may still change: a study never changes once
 * it is shared. */
WsClusterStudy *ws_cluster_snapshot_new (const WsClusterStudy *study);

G_END_DECLS
