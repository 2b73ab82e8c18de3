/* SPDX-License-Identifier: MIT */
/* The file in which unfinished downloads are remembered over the end of the program:
 *
 * {"version": 1,
 *  "downloads": [{"id", "revision"?, "commit", "folder"?, "paths": [...],
 *                 "n_bytes", "n_bytes_done", "is_paused"}, ...]} */
#include "download-memory.h"

#include "base/atomic-file.h"
#include "base/folder.h"
#include "base/json-reader.h"

#include <json-glib/json-glib.h>

#define VERSION 1

static GMutex mutex;
static guint written_age; /* with the mutex */

void
ws_remembered_download_free (gpointer data)
{
  WsRememberedDownload *self = data;

  g_clear_pointer (&self->order, ws_download_order_free);
  g_free (self);
}

static char *
dup_path (void)
{
  g_autofree char *folder = ws_folder_dup_data ();

  return g_build_filename (folder, "downloads.json", NULL);
}

/* Reading: the file may have been damaged, or written by a later version. */

static const char *
get_string (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : NULL;
}

static guint64
get_count (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  gint64 value = node != NULL && json_node_get_value_type (node) == G_TYPE_INT64
                     ? json_node_get_int (node)
                     : 0;

  return MAX (value, 0);
}

/* (transfer full): NULL if one of them may not be a path. */
static char **
read_paths (JsonObject *object)
{
  JsonNode *node = json_object_get_member (object, "paths");
  g_autoptr (GStrvBuilder) paths = g_strv_builder_new ();
  guint n = 0;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return NULL;
  for (n = 0; n < json_array_get_length (json_node_get_array (node)); n++)
    {
      JsonNode *element = json_array_get_element (json_node_get_array (node), n);

      if (json_node_get_value_type (element) != G_TYPE_STRING ||
          !ws_hub_path_check (json_node_get_string (element), NULL))
        return NULL;
      g_strv_builder_add (paths, json_node_get_string (element));
    }
  return n > 0 ? g_strv_builder_end (paths) : NULL;
}

static gboolean
is_id (const char *text)
{
  g_auto (WsHubName) name = { 0 };

  return text != NULL && ws_hub_name_parse (&name, text, "", NULL) && g_str_equal (name.id, text);
}

/* (transfer full) (nullable) */
static WsRememberedDownload *
read_download (JsonNode *node)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *id = object != NULL ? get_string (object, "id") : NULL;
  const char *commit = object != NULL ? get_string (object, "commit") : NULL;
  const char *revision, *folder;
  g_auto (GStrv) paths = NULL;
  WsRememberedDownload *self;

  if (!is_id (id) || commit == NULL || !ws_hub_is_commit (commit) ||
      (paths = read_paths (object)) == NULL)
    return NULL;
  revision = get_string (object, "revision");
  folder = get_string (object, "folder");
  if ((revision != NULL && !ws_hub_revision_check (revision, NULL)) ||
      (folder != NULL && !g_path_is_absolute (folder)))
    return NULL;
  self = g_new0 (WsRememberedDownload, 1);
  self->order = g_new0 (WsDownloadOrder, 1);
  *self->order = (WsDownloadOrder){ .id = g_strdup (id),
                                    .revision = g_strdup (revision),
                                    .commit = g_strdup (commit),
                                    .folder = g_strdup (folder),
                                    .paths = g_steal_pointer (&paths),
                                    .n_bytes = get_count (object, "n_bytes") };
  self->n_bytes_done = get_count (object, "n_bytes_done");
  self->is_paused = json_object_get_boolean_member_with_default (object, "is_paused", FALSE);
  return self;
}

static void
read_document (JsonNode *root, GPtrArray *downloads)
{
  JsonObject *object =
      root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_get_object (root) : NULL;
  JsonNode *list = object != NULL ? json_object_get_member (object, "downloads") : NULL;
  guint n = list != NULL && JSON_NODE_HOLDS_ARRAY (list)
                ? json_array_get_length (json_node_get_array (list))
                : 0;

  if (object == NULL || get_count (object, "version") != VERSION)
    return;
  for (guint i = 0; i < n; i++)
    {
      WsRememberedDownload *download =
          read_download (json_array_get_element (json_node_get_array (list), i));

      if (download != NULL)
        g_ptr_array_add (downloads, download);
    }
}

GPtrArray *
ws_download_memory_read (void)
{
  GPtrArray *downloads = g_ptr_array_new_with_free_func (ws_remembered_download_free);
  g_autofree char *path = dup_path ();
  g_autofree char *text = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  gsize n_bytes;

  /* json-glib must not see what nests deeply. */
  if (g_file_get_contents (path, &text, &n_bytes, NULL) && ws_json_check (text, n_bytes, NULL) &&
      json_parser_load_from_data (parser, text, n_bytes, NULL))
    read_document (json_parser_get_root (parser), downloads);
  return downloads;
}

/* Writing */

static void
add_optional (JsonBuilder *builder, const char *name, const char *value)
{
  if (value == NULL)
    return;
  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
add_download (JsonBuilder *builder, const WsRememberedDownload *download)
{
  const WsDownloadOrder *order = download->order;

  json_builder_begin_object (builder);
  add_optional (builder, "id", order->id);
  add_optional (builder, "revision", order->revision);
  add_optional (builder, "commit", order->commit);
  add_optional (builder, "folder", order->folder);
  json_builder_set_member_name (builder, "paths");
  json_builder_begin_array (builder);
  for (char **path = order->paths; *path != NULL; path++)
    json_builder_add_string_value (builder, *path);
  json_builder_end_array (builder);
  json_builder_set_member_name (builder, "n_bytes");
  json_builder_add_int_value (builder, order->n_bytes);
  json_builder_set_member_name (builder, "n_bytes_done");
  json_builder_add_int_value (builder, download->n_bytes_done);
  json_builder_set_member_name (builder, "is_paused");
  json_builder_add_boolean_value (builder, download->is_paused);
  json_builder_end_object (builder);
}

char *
ws_download_memory_print (GPtrArray *downloads)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "version");
  json_builder_add_int_value (builder, VERSION);
  json_builder_set_member_name (builder, "downloads");
  json_builder_begin_array (builder);
  for (guint i = 0; i < downloads->len; i++)
    add_download (builder, g_ptr_array_index (downloads, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  return json_to_string (root, TRUE);
}

gboolean
ws_download_memory_write (const char *text, guint age, GError **error)
{
  g_autofree char *path = dup_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);
  g_autoptr (WsAtomicFile) file = NULL;

  if (age <= written_age)
    return TRUE;
  g_mkdir_with_parents (folder, 0700); /* what fails here fails again below, with a sentence */
  file = ws_atomic_file_open (path, error);
  if (file == NULL)
    return FALSE;
  fputs (text, ws_atomic_file_get_stream (file));
  if (!ws_atomic_file_commit (file, error))
    return FALSE;
  written_age = age;
  return TRUE;
}
