/* SPDX-License-Identifier: MIT */
/* Shows a file in the file manager, by the freedesktop interface org.freedesktop.FileManager1. */
#include "show-in-files.h"

typedef struct
{
  GtkWindow *parent; /* (owned) (nullable) */
  GFile *file;
} Request;

static void
request_free (Request *request)
{
  g_clear_object (&request->parent);
  g_object_unref (request->file);
  g_free (request);
}

static void
show_items_finished (GObject *source, GAsyncResult *result, gpointer data)
{
  Request *request = data;
  g_autoptr (GVariant) reply =
      g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);

  if (reply == NULL)
    {
      g_autoptr (GFile) folder = g_file_get_parent (request->file);
      g_autofree char *uri = g_file_get_uri (folder);

      gtk_show_uri (request->parent, uri, GDK_CURRENT_TIME);
    }
  request_free (request);
}

void
ws_show_in_files (GtkWindow *parent, const char *path)
{
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autofree char *uri = g_file_get_uri (file);
  Request *request;

  if (bus == NULL)
    return;
  request = g_new0 (Request, 1);
  request->parent = parent != NULL ? g_object_ref (parent) : NULL;
  request->file = g_steal_pointer (&file);
  g_dbus_connection_call (bus, "org.freedesktop.FileManager1", "/org/freedesktop/FileManager1",
                          "org.freedesktop.FileManager1", "ShowItems",
                          g_variant_new ("(^ass)", (const char *[]){ uri, NULL }, ""), NULL,
                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, show_items_finished, request);
}
