/* SPDX-License-Identifier: MIT */
/* Where the note on a part of a model is, and what it says. */
#include "base/part-note.h"

#include "base/source.h"

#include <string.h>

#define SNAPSHOTS "snapshots"
/* Paths of 10,000 shards. */
#define MAX_BYTES ((guint64) 8 << 20)

char *
ws_part_note_make_cache_path (const char *commit)
{
  return g_strconcat (".weightscope/", commit, ".part", NULL);
}

/* Of a snapshot. (transfer full): NULL if @folder is none. */
static char *
find_in_cache (const char *folder)
{
  g_autofree char *absolute = g_canonicalize_filename (folder, NULL);
  g_autofree char *commit = g_path_get_basename (absolute);
  g_autofree char *snapshots = g_path_get_dirname (absolute);
  g_autofree char *name = g_path_get_basename (snapshots);
  g_autofree char *root = g_path_get_dirname (snapshots);
  g_autofree char *path = ws_part_note_make_cache_path (commit);

  return strcmp (name, SNAPSHOTS) == 0 ? g_build_filename (root, path, NULL) : NULL;
}

char **
ws_part_note_read (const char *folder)
{
  g_autofree char *in_cache = find_in_cache (folder);
  g_autofree char *path =
      in_cache ? g_steal_pointer (&in_cache) : g_build_filename (folder, WS_PART_NOTE, NULL);
  g_autoptr (WsSource) source = ws_source_open_file (path, NULL);
  g_autofree char *bytes = NULL;
  g_autofree char *text = NULL;
  gsize n_bytes;

  bytes = source ? ws_source_read_all (source, MAX_BYTES, &n_bytes, NULL, NULL) : NULL;
  if (bytes == NULL)
    return NULL;
  text = g_strndup (bytes, n_bytes);
  return g_strsplit (text, "\n", -1);
}
