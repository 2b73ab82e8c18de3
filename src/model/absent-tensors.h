/* SPDX-License-Identifier: MIT */
/* What an index tells of the tensors in shards that are not there. */
#pragma once

#include "model/shard-index.h"

G_BEGIN_DECLS

/* @is_missing: for each shard of @index
 * Returns: how many tensors are in those. */
guint ws_absent_tensors_count (const WsShardIndex *index, const guint8 *is_missing);

/* (nullable): the first of those shards that holds a token embedding. Borrowed. */
const char *ws_absent_tensors_find_embedding (const WsShardIndex *index, const guint8 *is_missing);

G_END_DECLS
