/* SPDX-License-Identifier: MIT */
/* The folders of the Hub's cache:
 *
 *   models--ORG--NAME/refs/main              the commit that "main" was, in hexadecimal
 *   models--ORG--NAME/snapshots/COMMIT/...   the files, mostly links
 *   models--ORG--NAME/blobs/...              what the links point to
 */
#include "model/hub-folder.h"

#include "base/error.h"
#include "base/folder.h"
#include "base/format.h"
#include "base/source.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define ROOT_PREFIX "models--"
#define SNAPSHOTS "snapshots"

#define COMMIT_LENGTH 40
/* A commit and an end of line; a larger file is something else. */
#define MAX_REF_BYTES 64
/* More than anyone keeps; a sentence has an end. */
#define MAX_SHOWN 12

static gboolean
is_commit (const char *text)
{
  gsize length = strspn (text, "0123456789abcdef");

  return length == COMMIT_LENGTH && text[length] == '\0';
}

/* The commit that refs/main names; NULL if there is none. What is no commit is not used: it would
 * become part of a path. (transfer full) */
static char *
read_main (const char *root, GCancellable *cancellable)
{
  g_autofree char *path = g_build_filename (root, "refs", "main", NULL);
  g_autoptr (WsSource) source = ws_source_open_file (path, NULL);
  g_autofree char *bytes = NULL;
  g_autofree char *text = NULL;
  gsize n_bytes;

  if (!source || !(bytes = ws_source_read_all (source, MAX_REF_BYTES, &n_bytes, cancellable, NULL)))
    return NULL;
  text = g_strstrip (g_strndup (bytes, n_bytes));
  return is_commit (text) ? g_steal_pointer (&text) : NULL;
}

static void
fail_several (const char *root, GPtrArray *names, GError **error)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; i < MIN (names->len, MAX_SHOWN); i++)
    {
      g_autofree char *shown = ws_format_name (names->pdata[i]);

      g_string_append_printf (list, "%s'" SNAPSHOTS "/%s'", i > 0 ? ", " : "", shown);
    }
  if (names->len > MAX_SHOWN)
    g_string_append (list, ", …");
  g_set_error (error, WS_ERROR, WS_ERROR_ARGUMENT,
               _ ("folder '%s' holds several snapshots (%s): name the one to open"), root,
               list->str);
}

static char *
choose_snapshot (const char *root, const char *snapshots, GCancellable *cancellable, GError **error)
{
  g_autofree char *commit = read_main (root, cancellable);
  g_autoptr (GPtrArray) names = ws_folder_list (snapshots, TRUE, cancellable, error);

  if (!names)
    return NULL;
  if (commit && g_ptr_array_find_with_equal_func (names, commit, g_str_equal, NULL))
    return g_build_filename (snapshots, commit, NULL);
  if (names->len == 1)
    return g_build_filename (snapshots, names->pdata[0], NULL);
  if (names->len > 1)
    fail_several (root, names, error);
  else
    g_set_error (error, WS_ERROR, WS_ERROR_NOT_FOUND, _ ("folder '%s' holds no snapshot"),
                 snapshots);
  return NULL;
}

char *
ws_hub_folder_resolve (const char *folder, GCancellable *cancellable, GError **error)
{
  g_autofree char *name = g_path_get_basename (folder);
  g_autofree char *snapshots = g_build_filename (folder, SNAPSHOTS, NULL);

  if (!g_str_has_prefix (name, ROOT_PREFIX) || !g_file_test (snapshots, G_FILE_TEST_IS_DIR))
    return g_strdup (folder);
  return choose_snapshot (folder, snapshots, cancellable, error);
}

void
ws_hub_folder_parse (const char *folder, char **model_id, char **revision)
{
  g_auto (GStrv) parts = g_strsplit (folder, G_DIR_SEPARATOR_S, -1);

  for (guint i = 0; parts[i] && parts[i + 1] && parts[i + 2]; i++)
    {
      if (!g_str_has_prefix (parts[i], ROOT_PREFIX) || strcmp (parts[i + 1], SNAPSHOTS) != 0 ||
          !is_commit (parts[i + 2]))
        continue;
      g_auto (GStrv) names = g_strsplit (parts[i] + strlen (ROOT_PREFIX), "--", 2);
      g_free (*model_id);
      *model_id = g_strjoinv ("/", names);
      g_free (*revision);
      *revision = g_strdup (parts[i + 2]);
    }
}
