/* SPDX-License-Identifier: MIT */
/* Any bytes are an error or an index of plain file names in which every tensor is found. */
#include "fuzz.h"

#include "model/shard-index.h"

#include <string.h>

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t n_bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new_static (data, n_bytes);
  g_autoptr (WsSource) source = ws_source_new_bytes ("fuzz", bytes);
  g_auto (WsShardIndex) index = { 0 };
  gboolean is_read = ws_shard_index_read (&index, source, NULL, &error);

  g_assert (is_read == (error == NULL));
  if (!is_read)
    return 0;
  for (guint i = 0; i < index.shards->len; i++)
    g_assert (!strpbrk (index.shards->pdata[i], "/\\"));
  for (guint i = 0; i < index.entries->len; i++)
    {
      const WsShardEntry *entry = &g_array_index (index.entries, WsShardEntry, i);

      g_assert (entry->shard < index.shards->len);
      g_assert (ws_shard_index_find (&index, entry->tensor) == entry);
    }
  return 0;
}
