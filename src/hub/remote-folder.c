/* SPDX-License-Identifier: MIT */
/* The files of a commit, or of a folder within it, opened one by one. */
#include "hub/remote-folder.h"

#include "base/format.h"
#include "hub/cached-model.h"
#include "hub/remote-names.h"
#include "hub/remote-source.h"

#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  WsRemotePool *pool;
  WsHubListing *listing;
  char *prefix; /* of the paths within: "" or "folder/" */
} Remote;

static void
free_remote (gpointer data)
{
  Remote *self = data;

  ws_remote_pool_unref (self->pool);
  ws_hub_listing_unref (self->listing);
  g_free (self->prefix);
  g_free (self);
}

/* The name of a file that lies in the folder itself, and is not hidden; else NULL. */
static const char *
get_name_within (const Remote *self, const WsHubFile *file)
{
  const char *name = file->path + strlen (self->prefix);

  return g_str_has_prefix (file->path, self->prefix) && name[0] != '.' && !strchr (name, '/')
             ? name
             : NULL;
}

/* The paths of a listing are sorted, and so are those with one beginning. */
static GPtrArray *
list_remote (gpointer data, GCancellable *cancellable, GError **error)
{
  const Remote *self = data;
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < self->listing->files->len; i++)
    {
      const char *name = get_name_within (self, g_ptr_array_index (self->listing->files, i));

      if (name)
        g_ptr_array_add (names, g_strdup (name));
    }
  return names;
}

static WsSource *
open_remote (gpointer data, const char *name, GCancellable *cancellable, GError **error)
{
  const Remote *self = data;
  g_autofree char *path = g_strconcat (self->prefix, name, NULL);
  const WsHubFile *file = ws_hub_listing_find (self->listing, path);
  WsSource *source;

  if (file == NULL)
    {
      g_autofree char *shown = ws_format_name (path);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("there is no file '%s' in '%s'"),
                   shown, self->listing->id);
      return NULL;
    }
  source = ws_cached_model_open_file (ws_hub_get_settings (ws_remote_pool_get_hub (self->pool)),
                                      self->listing->id, self->listing->commit, file);
  if (source)
    return source;
  return ws_remote_source_new (self->pool,
                               ws_remote_file_new (ws_remote_pool_get_hub (self->pool),
                                                   self->listing->id, self->listing->commit, file),
                               name, file->n_bytes);
}

static const WsFolderKind remote_kind = { list_remote, open_remote, free_remote };

/* What was downloaded of the model. @failure: why the Hub could not be asked */
static WsFolder *
open_snapshot (WsHub *hub, const WsHubName *words, const GError *failure, char **name)
{
  const WsHubSettings *settings = ws_hub_get_settings (hub);
  g_autofree char *commit = ws_cached_model_find_commit (settings, words);
  g_autofree char *snapshot =
      commit ? ws_cached_model_dup_snapshot (settings, words->id, commit) : NULL;
  g_autofree char *path = NULL;
  WsFolder *folder;

  if (snapshot == NULL || !g_file_test (snapshot, G_FILE_TEST_IS_DIR))
    return NULL;
  path = g_build_filename (snapshot, words->path, NULL);
  if (words->path && !g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      g_autofree char *file = g_steal_pointer (&path);

      *name = g_path_get_basename (file);
      path = g_path_get_dirname (file);
    }
  folder = ws_folder_new_local (path);
  folder->model_id = g_strdup (words->id);
  folder->revision = g_steal_pointer (&commit);
  if (!g_error_matches (failure, WS_HUB_ERROR, WS_HUB_ERROR_OFFLINE))
    g_ptr_array_add (
        folder->warnings,
        g_strdup_printf (_ ("This is the model as it was downloaded: %s."), failure->message));
  return folder;
}

static gboolean
has_folder (const WsHubListing *listing, const char *prefix)
{
  for (guint i = 0; i < listing->files->len; i++)
    if (g_str_has_prefix (((WsHubFile *) g_ptr_array_index (listing->files, i))->path, prefix))
      return TRUE;
  return FALSE;
}

/* What @path within the model is: a file in a folder, or a folder. */
static gboolean
split_path (const WsHubListing *listing, const char *path, char **prefix, char **name,
            GError **error)
{
  const char *slash = strrchr (path, '/');
  g_autofree char *shown = NULL;

  if (ws_hub_listing_find (listing, path))
    {
      *prefix = slash ? g_strndup (path, (gsize) (slash - path) + 1) : g_strdup ("");
      *name = g_strdup (slash ? slash + 1 : path);
      return TRUE;
    }
  *prefix = g_strconcat (path, g_str_has_suffix (path, "/") ? "" : "/", NULL);
  if (has_folder (listing, *prefix))
    return TRUE;
  shown = ws_format_name (path);
  g_set_error (error, WS_HUB_ERROR, WS_HUB_ERROR_NO_FILE,
               _ ("there is no file or folder '%s' in '%s'"), shown, listing->id);
  g_clear_pointer (prefix, g_free);
  return FALSE;
}

/* What its files are called tells that none could be opened, and where there are others. */
static gboolean
check_format (WsHub *hub, const WsHubListing *listing, GCancellable *cancellable, GError **error)
{
  g_autofree char *sentence = ws_hub_describe_pickles (hub, listing, cancellable);

  if (sentence == NULL)
    return TRUE;
  if (!g_cancellable_set_error_if_cancelled (cancellable, error))
    g_set_error_literal (error, WS_HUB_ERROR, WS_HUB_ERROR_NO_FILE, sentence);
  return FALSE;
}

/* "hf:org/name@commit/folder" */
static char *
make_path (const WsHubListing *listing, const char *prefix)
{
  char *path = g_strconcat ("hf:", listing->id, "@", listing->commit, *prefix != '\0' ? "/" : "",
                            prefix, NULL);

  if (*prefix != '\0')
    path[strlen (path) - 1] = '\0';
  return path;
}

/* @warnings: (transfer full) */
static WsFolder *
new_folder (WsHub *hub, WsHubListing *listing, const char *prefix, guint64 n_max_bytes,
            GPtrArray *warnings)
{
  g_autofree char *path = make_path (listing, prefix);
  Remote *remote = g_new0 (Remote, 1);
  WsFolder *folder = ws_folder_new (&remote_kind, remote, path);

  remote->pool = ws_remote_pool_new (hub, n_max_bytes);
  remote->listing = ws_hub_listing_ref (listing);
  remote->prefix = g_strdup (prefix);
  folder->model_id = g_strdup (listing->id);
  folder->revision = g_strdup (listing->commit);
  g_ptr_array_unref (folder->warnings);
  folder->warnings = warnings;
  return folder;
}

WsFolder *
ws_remote_folder_open (WsHub *hub, const char *text, const char *revision, guint64 n_max_bytes,
                       char **name, GCancellable *cancellable, GError **error)
{
  g_auto (WsHubName) words = { 0 };
  g_autoptr (GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (WsHubListing) listing = NULL;
  g_autoptr (GError) failure = NULL;
  g_autofree char *prefix = NULL;
  WsFolder *folder = NULL;

  *name = NULL;
  if (!ws_hub_name_parse (&words, text, ws_hub_get_settings (hub)->endpoint, error) ||
      (revision && !words.revision && !ws_hub_revision_check (revision, error)))
    return NULL;
  if (!words.revision)
    words.revision = g_strdup (revision);
  listing = ws_remote_listing_open (hub, &words, warnings, cancellable, &failure);
  if (listing && !words.path && !check_format (hub, listing, cancellable, error))
    return NULL;
  if (listing && words.path && !split_path (listing, words.path, &prefix, name, error))
    return NULL;
  if (listing)
    return new_folder (hub, listing, prefix ? prefix : "", n_max_bytes,
                       g_steal_pointer (&warnings));
  if (ws_remote_is_of_network (failure))
    folder = open_snapshot (hub, &words, failure, name);
  if (folder != NULL)
    return folder;
  if (ws_remote_is_of_network (failure))
    /* Translators: a model, then why the Hub cannot be asked */
    g_prefix_error (&failure, _ ("'%s' is not on this machine; "), words.id);
  g_propagate_error (error, g_steal_pointer (&failure));
  return NULL;
}
