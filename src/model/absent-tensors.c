/* SPDX-License-Identifier: MIT */
/* Tensors that are known by name only. */
#include "model/absent-tensors.h"

#include "model/block-type.h"

static const WsShardEntry *
get_entry (const WsShardIndex *index, guint i)
{
  return &g_array_index (index->entries, WsShardEntry, i);
}

guint
ws_absent_tensors_count (const WsShardIndex *index, const guint8 *is_missing)
{
  guint n = 0;

  for (guint i = 0; i < index->entries->len; i++)
    n += is_missing[get_entry (index, i)->shard];
  return n;
}

const char *
ws_absent_tensors_find_embedding (const WsShardIndex *index, const guint8 *is_missing)
{
  const guint n = index->entries->len;
  g_autofree WsBlockInput *inputs = g_new0 (WsBlockInput, n + 1);
  g_autofree WsBlockClass *classes = g_new0 (WsBlockClass, n + 1);
  const char *found = NULL;

  for (guint i = 0; i < n; i++)
    inputs[i].name = get_entry (index, i)->tensor;
  ws_block_types_classify (inputs, n, 0, classes);
  for (guint i = 0; i < n; i++)
    {
      const guint shard = get_entry (index, i)->shard;

      if (found == NULL && is_missing[shard] && classes[i].type == WS_BLOCK_EMBEDDING)
        found = g_ptr_array_index (index->shards, shard);
      ws_block_class_clear (&classes[i]);
    }
  return found;
}
