/* SPDX-License-Identifier: MIT */
/* How much is chosen, how much of it is here, and whether the rest fits. */
#include "hub-total.h"

#include "base/format.h"

#include <glib/gi18n-lib.h>

static gboolean
are_in_place (GPtrArray *files, const WsDiskRoom *room)
{
  gboolean has_weights = FALSE;

  for (guint i = 0; i < files->len; i++)
    {
      const WsHubFile *file = g_ptr_array_index (files, i);

      if (!g_hash_table_contains (room->in_place, file->path))
        return FALSE;
      has_weights |= g_str_has_suffix (file->path, ".safetensors");
    }
  return has_weights;
}

static guint64
count_missing (GPtrArray *files, const WsDiskRoom *room)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  guint64 n_bytes = 0;

  for (guint i = 0; i < files->len; i++)
    {
      const WsHubFile *file = g_ptr_array_index (files, i);

      if (g_hash_table_add (seen, file->sha256 != NULL ? file->sha256 : file->git_oid) &&
          !g_hash_table_contains (room->present, file->path))
        n_bytes += file->n_bytes;
    }
  return n_bytes;
}

WsHubTotal
ws_hub_total_count (WsFileList *list, const WsDiskRoom *room)
{
  g_autoptr (GPtrArray) files = ws_file_list_dup_chosen (list);
  WsHubTotal self = { 0 };

  if (room == NULL)
    return self;
  self.n_bytes_missing = count_missing (files, room);
  if (room->n_bytes_free < self.n_bytes_missing)
    self.n_bytes_lacking = self.n_bytes_missing - room->n_bytes_free;
  self.can_be_opened = are_in_place (files, room);
  return self;
}

static void
add_room (GString *text, const WsDiskRoom *room)
{
  g_autofree char *n_free = ws_format_bytes (room->n_bytes_free);

  g_string_append (text, " · ");
  if (room->disk != NULL)
    g_string_append_printf (text, _ ("%s free on %s"), n_free, room->disk);
  else
    g_string_append_printf (text, _ ("%s free"), n_free);
}

char *
ws_hub_total_describe (const WsHubTotal *self, WsFileList *files, const WsDiskRoom *room)
{
  const guint64 n_bytes = ws_file_list_get_n_bytes (files);
  g_autofree char *chosen = ws_format_bytes (n_bytes);
  g_autofree char *all = ws_format_bytes (ws_file_list_get_total (files));
  g_autofree char *here = ws_format_bytes (n_bytes - MIN (n_bytes, self->n_bytes_missing));
  g_autofree char *lacking = ws_format_bytes (self->n_bytes_lacking);
  g_autoptr (GString) text = g_string_new (NULL);

  /* Translators: bytes of the files that are chosen, of all files: "7.9 GB of 24 GB" */
  g_string_append_printf (text, _ ("%s of %s"), chosen, all);
  if (room != NULL && self->n_bytes_missing < n_bytes)
    {
      g_string_append (text, " · ");
      g_string_append_printf (text, _ ("%s already here"), here);
    }
  if (room != NULL && room->n_bytes_free != G_MAXUINT64)
    add_room (text, room);
  if (self->n_bytes_lacking == 0)
    return g_string_free (g_steal_pointer (&text), FALSE);
  /* Translators: %s are the sizes, as in "7.9 GB of 24 GB · 5 GB free on /home", and how much
   * does not fit */
  return g_strdup_printf (_ ("%s · %s too little"), text->str, lacking);
}
