/* SPDX-License-Identifier: MIT */
/* What is to be fetched, as it is remembered over the end of the program. */
#include "download-order.h"

WsDownloadOrder *
ws_download_order_new (WsHubListing *listing, const char *revision, GPtrArray *files,
                       guint64 n_bytes, const char *folder)
{
  WsDownloadOrder *self = g_new0 (WsDownloadOrder, 1);

  self->id = g_strdup (listing->id);
  self->revision = g_strdup (revision);
  self->commit = g_strdup (listing->commit);
  self->folder = g_strdup (folder);
  self->n_bytes = n_bytes;
  self->listing = ws_hub_listing_ref (listing);
  self->paths = g_new0 (char *, files->len + 1);
  for (guint i = 0; i < files->len; i++)
    self->paths[i] = g_strdup (((WsHubFile *) g_ptr_array_index (files, i))->path);
  return self;
}

WsDownloadOrder *
ws_download_order_copy (const WsDownloadOrder *self)
{
  WsDownloadOrder *copy = g_new0 (WsDownloadOrder, 1);

  *copy = (WsDownloadOrder){
    .id = g_strdup (self->id),
    .revision = g_strdup (self->revision),
    .commit = g_strdup (self->commit),
    .paths = g_strdupv (self->paths),
    .folder = g_strdup (self->folder),
    .n_bytes = self->n_bytes,
    .listing = self->listing != NULL ? ws_hub_listing_ref (self->listing) : NULL,
  };
  return copy;
}

void
ws_download_order_free (WsDownloadOrder *self)
{
  g_free (self->id);
  g_free (self->revision);
  g_free (self->commit);
  g_strfreev (self->paths);
  g_free (self->folder);
  g_clear_pointer (&self->listing, ws_hub_listing_unref);
  g_free (self);
}

gboolean
ws_download_order_has_weights (const WsDownloadOrder *self)
{
  for (char **path = self->paths; *path != NULL; path++)
    if (g_str_has_suffix (*path, ".safetensors"))
      return TRUE;
  return FALSE;
}

gboolean
ws_download_order_equal (const WsDownloadOrder *a, const WsDownloadOrder *b)
{
  return g_str_equal (a->id, b->id) && g_str_equal (a->commit, b->commit) &&
         g_strcmp0 (a->folder, b->folder) == 0 &&
         g_strv_equal ((const char *const *) a->paths, (const char *const *) b->paths);
}
