/* SPDX-License-Identifier: MIT */
/* What a folder holds, in an order that does not depend on the file system. */
#include "base/folder.h"

#include <string.h>

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

GPtrArray *
ws_folder_list (const char *path, gboolean only_folders, GCancellable *cancellable, GError **error)
{
  g_autoptr (GFile) folder = g_file_new_for_path (path);
  g_autoptr (GFileEnumerator) children = g_file_enumerate_children (
      folder,
      only_folders ? G_FILE_ATTRIBUTE_STANDARD_NAME "," G_FILE_ATTRIBUTE_STANDARD_TYPE
                   : G_FILE_ATTRIBUTE_STANDARD_NAME,
      G_FILE_QUERY_INFO_NONE, cancellable, error);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);

  if (!children)
    return NULL;
  for (;;)
    {
      GFileInfo *info = NULL;

      if (!g_file_enumerator_iterate (children, &info, NULL, cancellable, error))
        return NULL;
      if (!info)
        break;
      if (g_file_info_get_name (info)[0] != '.' &&
          (!only_folders || g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY))
        g_ptr_array_add (names, g_strdup (g_file_info_get_name (info)));
    }
  g_ptr_array_sort (names, compare_names);
  return g_steal_pointer (&names);
}

char *
ws_folder_dup_nearest (const char *path)
{
  char *nearest = g_canonicalize_filename (path, NULL);

  while (!g_file_test (nearest, G_FILE_TEST_IS_DIR) && !g_str_equal (nearest, "/"))
    {
      char *parent = g_path_get_dirname (nearest);

      g_free (nearest);
      nearest = parent;
    }
  return nearest;
}

char *
ws_folder_dup_data (void)
{
  const char *named = g_getenv ("WEIGHTSCOPE_DATA");

  return named != NULL && *named != '\0'
             ? g_strdup (named)
             : g_build_filename (g_get_user_data_dir (), "weightscope", NULL);
}

WsFolder *
ws_folder_new (const WsFolderKind *kind, gpointer data, const char *path)
{
  WsFolder *self = g_new0 (WsFolder, 1);

  self->kind = kind;
  self->data = data;
  self->path = g_strdup (path);
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  g_atomic_ref_count_init (&self->ref_count);
  return self;
}

WsFolder *
ws_folder_ref (WsFolder *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
ws_folder_unref (WsFolder *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  self->kind->free (self->data);
  g_free (self->path);
  g_free (self->model_id);
  g_free (self->revision);
  g_ptr_array_unref (self->warnings);
  g_free (self);
}

GPtrArray *
ws_folder_list_names (const WsFolder *self, GCancellable *cancellable, GError **error)
{
  return self->kind->list (self->data, cancellable, error);
}

WsSource *
ws_folder_open (const WsFolder *self, const char *name, GCancellable *cancellable, GError **error)
{
  return self->kind->open (self->data, name, cancellable, error);
}

static GPtrArray *
list_local (gpointer data, GCancellable *cancellable, GError **error)
{
  return ws_folder_list (data, FALSE, cancellable, error);
}

static WsSource *
open_local (gpointer data, const char *name, GCancellable *cancellable, GError **error)
{
  g_autofree char *path = g_build_filename (data, name, NULL);

  return ws_source_open_file (path, error);
}

static const WsFolderKind local_kind = { list_local, open_local, g_free };

WsFolder *
ws_folder_new_local (const char *path)
{
  return ws_folder_new (&local_kind, g_strdup (path), path);
}
