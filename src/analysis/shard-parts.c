/* SPDX-License-Identifier: MIT */
/* The parts of a model and their shards. Names alone tell: no header is read. */
#include "analysis/shard-parts.h"

#include "hub/cached-model.h"
#include "hub/remote-source.h"
#include "model/block-type.h"
#include "model/shard-index.h"

#include <string.h>

#define MAX_INDEX_BYTES ((guint64) 8 << 20)

void
ws_shard_parts_clear (WsShardParts *self)
{
  g_clear_pointer (&self->embeddings, g_strfreev);
  g_clear_pointer (&self->layer, g_strfreev);
}

/* The usual name, else the first. */
static const WsHubFile *
find_index (const WsHubListing *listing)
{
  const WsHubFile *found = ws_hub_listing_find (listing, "model.safetensors.index.json");

  for (guint i = 0; found == NULL && i < listing->files->len; i++)
    {
      const WsHubFile *file = g_ptr_array_index (listing->files, i);

      if (!strchr (file->path, '/') && g_str_has_suffix (file->path, ".safetensors.index.json"))
        found = file;
    }
  return found;
}

static gboolean
read_index (WsShardIndex *index, WsHub *hub, const WsHubListing *listing, const WsHubFile *file,
            GCancellable *cancellable, GError **error)
{
  g_autoptr (WsRemotePool) pool = ws_remote_pool_new (hub, 0);
  g_autoptr (WsSource) source =
      ws_cached_model_open_file (ws_hub_get_settings (hub), listing->id, listing->commit, file);

  if (source == NULL)
    source =
        ws_remote_source_new (pool, ws_remote_file_new (hub, listing->id, listing->commit, file),
                              file->path, file->n_bytes);

  return ws_shard_index_read (index, source, cancellable, error);
}

/* All names of an index, and what they say. */
typedef struct
{
  const WsShardIndex *index;
  WsBlockClass *classes; /* (owned) */
  char *stack;           /* (owned): with the most layers */
} Names;

static void
names_clear (Names *self)
{
  for (guint i = 0; self->classes && i < self->index->entries->len; i++)
    ws_block_class_clear (&self->classes[i]);
  g_free (self->classes);
  g_free (self->stack);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Names, names_clear)

static void
names_init (Names *self, const WsShardIndex *index)
{
  const guint n = index->entries->len;
  g_autofree WsBlockInput *inputs = g_new0 (WsBlockInput, n + 1);
  int most = -1;

  *self = (Names){ .index = index, .classes = g_new0 (WsBlockClass, n + 1) };
  for (guint i = 0; i < n; i++)
    inputs[i].name = g_array_index (index->entries, WsShardEntry, i).tensor;
  ws_block_types_classify (inputs, n, 0, self->classes);
  for (guint i = 0; i < n; i++)
    if (self->classes[i].layer_index > most)
      {
        most = self->classes[i].layer_index;
        g_free (self->stack);
        self->stack = g_strdup (self->classes[i].stack);
      }
}

static gboolean
is_embedding (const Names *self, const WsBlockClass *class)
{
  return class->type == WS_BLOCK_EMBEDDING;
}

static gboolean
is_first_layer (const Names *self, const WsBlockClass *class)
{
  return class->layer_index == 0 && g_strcmp0 (class->stack, self->stack) == 0;
}

/* (transfer full) (nullable) */
static char **
find_shards (const Names *self, gboolean (*is_wanted) (const Names *, const WsBlockClass *))
{
  const GPtrArray *shards = self->index->shards;
  g_autofree gboolean *has = g_new0 (gboolean, shards->len + 1);
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();
  guint n = 0;

  for (guint i = 0; i < self->index->entries->len; i++)
    if (is_wanted (self, &self->classes[i]))
      has[g_array_index (self->index->entries, WsShardEntry, i).shard] = TRUE;
  for (guint i = 0; i < shards->len; i++)
    if (has[i])
      {
        g_strv_builder_add (paths, g_ptr_array_index (shards, i));
        n++;
      }
  return n > 0 && n < shards->len ? g_strv_builder_end (paths) : NULL;
}

gboolean
ws_shard_parts_read (WsShardParts *self, WsHub *hub, const WsHubListing *listing,
                     GCancellable *cancellable, GError **error)
{
  const WsHubFile *file = find_index (listing);
  g_auto (WsShardIndex) index = { 0 };
  g_auto (Names) names = { 0 };

  if (file == NULL || file->n_bytes > MAX_INDEX_BYTES)
    return TRUE;
  if (!read_index (&index, hub, listing, file, cancellable, error))
    return FALSE;
  names_init (&names, &index);
  self->embeddings = find_shards (&names, is_embedding);
  self->layer = find_shards (&names, is_first_layer);
  return TRUE;
}

static const char *const part_keys[] = {
  [WS_MODEL_PART_WEIGHTS] = "weights", [WS_MODEL_PART_EMBEDDINGS] = "embeddings",
  [WS_MODEL_PART_LAYER] = "one-layer", [WS_MODEL_PART_SMALL] = "small-files",
  [WS_MODEL_PART_ALL] = "all-files",
};

gboolean
ws_model_part_from_key (const char *key, WsModelPart *part)
{
  for (guint i = 0; i < G_N_ELEMENTS (part_keys); i++)
    if (strcmp (key, part_keys[i]) == 0)
      {
        *part = i;
        return TRUE;
      }
  return FALSE;
}

GPtrArray *
ws_shard_parts_choose (const WsShardParts *self, const WsHubListing *listing, WsModelPart part,
                       const char *const *exclude)
{
  const gboolean is_of_shards = part == WS_MODEL_PART_EMBEDDINGS || part == WS_MODEL_PART_LAYER;
  char **paths = part == WS_MODEL_PART_EMBEDDINGS ? self->embeddings : self->layer;
  const WsChoicePreset preset = part == WS_MODEL_PART_ALL     ? WS_CHOICE_ALL
                                : part == WS_MODEL_PART_SMALL ? WS_CHOICE_SMALL
                                                              : WS_CHOICE_WEIGHTS;
  GPtrArray *rows;

  if (is_of_shards && paths == NULL)
    return NULL;
  rows = ws_choice_new (listing, preset, NULL, exclude);
  if (is_of_shards)
    ws_choice_keep (rows, (const char *const *) paths);
  return rows;
}
