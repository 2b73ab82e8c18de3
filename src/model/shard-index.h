/* SPDX-License-Identifier: MIT */
/* model.safetensors.index.json: which tensor lies in which shard. */
#pragma once

#include "base/source.h"

G_BEGIN_DECLS

typedef struct
{
  char *tensor; /* its name */
  guint shard;  /* into the shards */
} WsShardEntry;

typedef struct
{
  GPtrArray *shards; /* (element-type utf8) plain file names, sorted, each once */
  GArray *entries;   /* (element-type WsShardEntry) sorted by tensor, each once */
} WsShardIndex;

/* Reads the index in @source. @self: zeroed. Its total_size is wrong in the wild and not looked
 * at. Shards are plain file names: no folder can be left through them.
 * Returns: FALSE with @error set (WS_ERROR_FORMAT naming the index, or G_IO_ERROR). */
gboolean ws_shard_index_read (WsShardIndex *self, WsSource *source, GCancellable *cancellable,
                              GError **error);
void ws_shard_index_clear (WsShardIndex *self);

/* The entry of the tensor called @name; NULL if there is none. */
const WsShardEntry *ws_shard_index_find (const WsShardIndex *self, const char *name);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsShardIndex, ws_shard_index_clear)

G_END_DECLS
