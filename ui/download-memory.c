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

#include <fcntl.h>
#include <json-glib/json-glib.h>
#include <sys/file.h>
#include <unistd.h>

#define VERSION 1

static GMutex mutex;      /* guards what follows */
static guint written_age; /* of what was written last */
/* (element-type utf8) (owned): keys of the downloads that this process has read or written last:
 * what else is in the file is another one's */
static GHashTable *known;

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

/* (transfer full) */
static GPtrArray *
read_file (const char *path)
{
  GPtrArray *downloads = g_ptr_array_new_with_free_func (ws_remembered_download_free);
  g_autofree char *text = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  gsize n_bytes;

  /* json-glib must not see what nests deeply. */
  if (g_file_get_contents (path, &text, &n_bytes, NULL) && ws_json_check (text, n_bytes, NULL) &&
      json_parser_load_from_data (parser, text, n_bytes, NULL))
    read_document (json_parser_get_root (parser), downloads);
  return downloads;
}

/* What tells a download from others. (transfer full) */
static char *
make_key (const WsRememberedDownload *download)
{
  const WsDownloadOrder *order = download->order;
  g_autofree char *paths = g_strjoinv ("\n", order->paths);

  return g_strjoin ("\n", order->id, order->commit, order->folder ? order->folder : "", paths,
                    NULL);
}

/* With the mutex. */
static void
learn (GPtrArray *downloads)
{
  if (known == NULL)
    known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < downloads->len; i++)
    g_hash_table_add (known, make_key (g_ptr_array_index (downloads, i)));
}

GPtrArray *
ws_download_memory_read (void)
{
  g_autofree char *path = dup_path ();
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);
  GPtrArray *downloads = read_file (path);

  learn (downloads);
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

static char *
print (GPtrArray *downloads)
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

static gboolean
write_text (const char *path, const char *text, GError **error)
{
  g_autoptr (WsAtomicFile) file = ws_atomic_file_open (path, error);

  if (file == NULL)
    return FALSE;
  fputs (text, ws_atomic_file_get_stream (file));
  return ws_atomic_file_commit (file, error);
}

/* Held while the file is read and written again. -1: there cannot be one, which is gone on without.
 */
static int
take_lock (const char *path)
{
  g_autofree char *lock_path = g_strconcat (path, ".lock", NULL);
  const int fd = open (lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (fd >= 0)
    flock (fd, LOCK_EX);
  return fd;
}

/* @downloads, and what another program, with a window of its own, remembers. With the mutex.
 * (transfer full) */
static char *
merge (GPtrArray *downloads, const char *path)
{
  g_autoptr (GPtrArray) found = read_file (path);
  g_autoptr (GPtrArray) all = g_ptr_array_new ();

  learn (downloads);
  for (guint i = 0; i < downloads->len; i++)
    g_ptr_array_add (all, g_ptr_array_index (downloads, i));
  for (guint i = 0; i < found->len; i++)
    {
      g_autofree char *key = make_key (g_ptr_array_index (found, i));

      if (!g_hash_table_contains (known, key))
        g_ptr_array_add (all, g_ptr_array_index (found, i));
    }
  return print (all);
}

gboolean
ws_download_memory_write (GPtrArray *downloads, guint age, GError **error)
{
  g_autofree char *path = dup_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);
  g_autofree char *text = NULL;
  gboolean ok;
  int lock;

  if (age <= written_age)
    return TRUE;
  g_mkdir_with_parents (folder, 0700); /* what fails here fails again below, with a sentence */
  lock = take_lock (path);
  text = merge (downloads, path);
  ok = write_text (path, text, error);
  if (lock >= 0)
    close (lock);
  if (ok)
    {
      written_age = age;
      g_hash_table_remove_all (known);
      learn (downloads);
    }
  return ok;
}
