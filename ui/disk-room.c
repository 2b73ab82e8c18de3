/* SPDX-License-Identifier: MIT */
/* How much room there is where a model is to be saved, and what of it is there already. */
#include "disk-room.h"

#include "hub-access.h"

#include "base/folder.h"
#include "hub/cached-model.h"

#include <gio/gunixmounts.h>

WsDiskRoom *
ws_disk_room_new (WsHubListing *listing, const char *folder)
{
  WsDiskRoom *self = g_new0 (WsDiskRoom, 1);

  self->listing = ws_hub_listing_ref (listing);
  self->folder = g_strdup (folder);
  self->present = g_hash_table_new (g_str_hash, g_str_equal);
  self->in_place = g_hash_table_new (g_str_hash, g_str_equal);
  self->n_bytes_free = G_MAXUINT64;
  return self;
}

void
ws_disk_room_free (WsDiskRoom *self)
{
  g_free (self->folder);
  g_free (self->disk);
  g_free (self->model_folder);
  g_hash_table_unref (self->present);
  g_hash_table_unref (self->in_place);
  ws_hub_listing_unref (self->listing);
  g_free (self);
}

static gboolean
find_present (WsDiskRoom *room, const WsHubSettings *settings, GCancellable *cancellable,
              GError **error)
{
  g_auto (WsModelPlace) place = { 0 };

  ws_model_place_init (&place, settings, room->listing, room->folder);
  for (guint i = 0; i < room->listing->files->len; i++)
    {
      const WsHubFile *file = g_ptr_array_index (room->listing->files, i);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (ws_model_place_has (&place, file))
        g_hash_table_add (room->in_place, file->path);
      if (ws_model_place_has_contents (&place, file))
        g_hash_table_add (room->present, file->path);
    }
  room->model_folder = g_steal_pointer (&place.folder);
  return TRUE;
}

static void
find_free (WsDiskRoom *room, const char *folder, GCancellable *cancellable)
{
  g_autofree char *nearest = ws_folder_dup_nearest (folder);
  g_autoptr (GFile) file = g_file_new_for_path (nearest);
  g_autoptr (GFileInfo) info =
      g_file_query_filesystem_info (file, G_FILE_ATTRIBUTE_FILESYSTEM_FREE, cancellable, NULL);
  g_autoptr (GUnixMountEntry) mount = g_unix_mount_for (nearest, NULL);

  if (info != NULL && g_file_info_has_attribute (info, G_FILE_ATTRIBUTE_FILESYSTEM_FREE))
    room->n_bytes_free = g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_FILESYSTEM_FREE);
  if (mount != NULL)
    room->disk = g_strdup (g_unix_mount_get_mount_path (mount));
}

gboolean
ws_disk_room_execute (WsJob *job, gpointer data, GError **error)
{
  WsDiskRoom *room = data;
  GCancellable *cancellable = ws_job_get_cancellable (job);
  g_autoptr (WsHub) hub = ws_hub_access_dup_hub (cancellable);
  const WsHubSettings *settings = ws_hub_get_settings (hub);

  find_free (room, room->folder != NULL ? room->folder : settings->cache_folder, cancellable);
  return find_present (room, settings, cancellable, error);
}
