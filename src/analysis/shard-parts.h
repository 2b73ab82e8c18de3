/* SPDX-License-Identifier: MIT */
/* Which files of a model on the Hub hold a part of it, told by its index before any is fetched. */
#pragma once

#include "hub/hub.h"

G_BEGIN_DECLS

/* Paths, NULL-ended; NULL where the part is spread over all files, or nothing tells where it is. */
typedef struct
{
  char **embeddings; /* (owned) (nullable): of the token embedding */
  char **layer;      /* (owned) (nullable): of the first layer of the longest stack */
} WsShardParts;

/* Reads the index at the root of @listing. @self: zeroed; stays so if there is no index, one shard
 * only, or an index of more than 8 MiB, which is not read for this.
 * Returns: FALSE with @error set: WS_HUB_ERROR, WS_ERROR_FORMAT, G_IO_ERROR_CANCELLED */
gboolean ws_shard_parts_read (WsShardParts *self, WsHub *hub, const WsHubListing *listing,
                              GCancellable *cancellable, GError **error);
void ws_shard_parts_clear (WsShardParts *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsShardParts, ws_shard_parts_clear)

G_END_DECLS
