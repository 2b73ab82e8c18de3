/* SPDX-License-Identifier: MIT */
/* The layout of the cache as target.c writes it, read. */
#include "hub/cached-model.h"

#include "hub/digest.h"
#include "hub/hub-private.h"

#include <glib/gstdio.h>

/* A commit and an end of line. */
#define MAX_REF_BYTES 64
/* A list of half a million files. */
#define MAX_TREE_BYTES ((guint64) 128 << 20)

/* Of the model in the shared cache. (transfer full) */
static char *
dup_root (const WsHubSettings *settings, const char *id)
{
  g_auto (GStrv) parts = g_strsplit (id, "/", -1);
  g_autofree char *joined = g_strjoinv ("--", parts);
  g_autofree char *name = g_strconcat ("models--", joined, NULL);

  return g_build_filename (settings->cache_folder, name, NULL);
}

char *
ws_cached_model_dup_snapshot (const WsHubSettings *settings, const char *id, const char *commit)
{
  g_autofree char *root = dup_root (settings, id);

  return g_build_filename (root, "snapshots", commit, NULL);
}

/* (transfer full) (nullable) */
static char *
read_file (const char *path, guint64 max_bytes, gsize *n_bytes)
{
  g_autoptr (WsSource) source = ws_source_open_file (path, NULL);

  return source ? ws_source_read_all (source, max_bytes, n_bytes, NULL, NULL) : NULL;
}

char *
ws_cached_model_find_commit (const WsHubSettings *settings, const WsHubName *name)
{
  const char *revision = name->revision ? name->revision : "main";
  g_autofree char *root = dup_root (settings, name->id);
  g_autofree char *path = g_build_filename (root, "refs", revision, NULL);
  g_autofree char *bytes = NULL;
  g_autofree char *text = NULL;
  gsize n_bytes;

  if (ws_hub_is_commit (revision))
    return g_strdup (revision);
  bytes = read_file (path, MAX_REF_BYTES, &n_bytes);
  text = bytes ? g_strstrip (g_strndup (bytes, n_bytes)) : NULL;
  return text && ws_hub_is_commit (text) ? g_steal_pointer (&text) : NULL;
}

WsHubListing *
ws_cached_model_read_listing (const WsHubSettings *settings, const char *id, const char *commit)
{
  g_autofree char *root = dup_root (settings, id);
  g_autofree char *name = g_strconcat (commit, ".json", NULL);
  g_autofree char *path = g_build_filename (root, "trees", name, NULL);
  g_autoptr (WsHubListing) listing = _ws_hub_listing_new (id, commit);
  g_auto (WsListingBuilder) builder = { 0 };
  g_autofree char *bytes = NULL;
  gsize n_bytes;

  bytes = read_file (path, MAX_TREE_BYTES, &n_bytes);
  _ws_listing_builder_init (&builder, listing);
  if (bytes == NULL || !_ws_listing_builder_add_tree (&builder, bytes, n_bytes, NULL))
    return NULL;
  _ws_listing_builder_sort (&builder);
  return g_steal_pointer (&listing);
}

void
ws_model_place_init (WsModelPlace *self, const WsHubSettings *settings, const WsHubListing *listing,
                     const char *folder)
{
  g_autofree char *root = dup_root (settings, listing->id);

  *self = (WsModelPlace){ 0 };
  if (folder)
    self->folder = g_strdup (folder);
  else
    {
      self->folder = ws_cached_model_dup_snapshot (settings, listing->id, listing->commit);
      self->blobs = g_build_filename (root, "blobs", NULL);
    }
}

void
ws_model_place_clear (WsModelPlace *self)
{
  g_clear_pointer (&self->folder, g_free);
  g_clear_pointer (&self->blobs, g_free);
}

static gboolean
is_whole (const char *folder, const char *name, const WsHubFile *file)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  GStatBuf status;

  return g_stat (path, &status) == 0 && S_ISREG (status.st_mode) &&
         (guint64) status.st_size == file->n_bytes;
}

gboolean
ws_model_place_has (const WsModelPlace *self, const WsHubFile *file)
{
  return is_whole (self->folder, file->path, file);
}

gboolean
ws_model_place_has_contents (const WsModelPlace *self, const WsHubFile *file)
{
  return ws_model_place_has (self, file) ||
         (self->blobs && is_whole (self->blobs, ws_digest_get_listed (file), file));
}

WsSource *
ws_cached_model_open_file (const WsHubSettings *settings, const char *id, const char *commit,
                           const WsHubFile *file)
{
  g_autofree char *snapshot = ws_cached_model_dup_snapshot (settings, id, commit);
  g_autofree char *path = g_build_filename (snapshot, file->path, NULL);

  return is_whole (snapshot, file->path, file) ? ws_source_open_file (path, NULL) : NULL;
}
