/* SPDX-License-Identifier: MIT */
/* Small things from the Hub on the disk. */
#include "hub/head-cache.h"

#include "base/folder.h"

#include <glib/gstdio.h>
#include <string.h>
#include <utime.h>

#define HASH_LENGTH 64

/* (transfer full) */
static char *
dup_folder (void)
{
  g_autofree char *data = ws_folder_dup_data ();

  return g_build_filename (data, "hub", NULL);
}

static char *
dup_path (const char *key)
{
  g_autofree char *folder = dup_folder ();
  g_autofree char *name = g_compute_checksum_for_string (G_CHECKSUM_SHA256, key, -1);

  return g_build_filename (folder, name, NULL);
}

/* Of an entry: its key counts too, so that one in the place of another is damage. */
static char *
compute_hash (const char *key, const void *bytes, gsize n_bytes)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  g_checksum_update (checksum, (const guchar *) key, (gssize) strlen (key) + 1);
  g_checksum_update (checksum, bytes, (gssize) n_bytes);
  return g_strdup (g_checksum_get_string (checksum));
}

GBytes *
ws_head_cache_load (const char *key)
{
  g_autofree char *path = dup_path (key);
  g_autofree char *hash = NULL;
  g_autoptr (GBytes) all = NULL;
  char *text = NULL;
  gsize n_bytes;

  if (!g_file_get_contents (path, &text, &n_bytes, NULL))
    return NULL;
  all = g_bytes_new_take (text, n_bytes);
  if (n_bytes >= HASH_LENGTH)
    hash = compute_hash (key, text + HASH_LENGTH, n_bytes - HASH_LENGTH);
  if (hash == NULL || strncmp (hash, text, HASH_LENGTH) != 0)
    {
      g_unlink (path);
      return NULL;
    }
  g_utime (path, NULL); /* it was used */
  return g_bytes_new_from_bytes (all, HASH_LENGTH, n_bytes - HASH_LENGTH);
}

typedef struct
{
  char *path;
  guint64 n_bytes;
  gint64 mtime;
} Entry;

static void
entry_clear (gpointer data)
{
  g_free (((Entry *) data)->path);
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const Entry *first = a, *second = b;

  return (first->mtime > second->mtime) - (first->mtime < second->mtime);
}

/* Makes room for @n_bytes more. */
static void
make_room (const char *folder, gsize n_bytes)
{
  g_autoptr (GPtrArray) names = ws_folder_list (folder, FALSE, NULL, NULL);
  g_autoptr (GArray) entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  guint64 total = n_bytes;

  g_array_set_clear_func (entries, entry_clear);
  for (guint i = 0; names && i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (folder, names->pdata[i], NULL);
      GStatBuf status;

      if (g_stat (path, &status) != 0)
        continue;
      total += (guint64) status.st_size;
      g_array_append_vals (
          entries,
          &(Entry){ g_steal_pointer (&path), (guint64) status.st_size, (gint64) status.st_mtime },
          1);
    }
  if (total <= WS_HEAD_CACHE_MAX_BYTES)
    return;
  g_array_sort (entries, compare_entries);
  for (guint i = 0; i < entries->len && total > WS_HEAD_CACHE_MAX_BYTES; i++)
    {
      const Entry *entry = &g_array_index (entries, Entry, i);

      g_unlink (entry->path);
      total -= entry->n_bytes;
    }
}

void
ws_head_cache_save (const char *key, GBytes *bytes)
{
  g_autofree char *folder = dup_folder ();
  g_autofree char *path = dup_path (key);
  gsize n_bytes;
  const void *data = g_bytes_get_data (bytes, &n_bytes);
  g_autofree char *hash = NULL;
  g_autofree char *text = NULL;

  if (n_bytes > WS_HEAD_CACHE_MAX_ENTRY || g_mkdir_with_parents (folder, 0700) != 0)
    return;
  make_room (folder, n_bytes);
  hash = compute_hash (key, data, n_bytes);
  text = g_malloc (HASH_LENGTH + n_bytes);
  memcpy (text, hash, HASH_LENGTH);
  if (n_bytes > 0)
    memcpy (text + HASH_LENGTH, data, n_bytes);
  g_file_set_contents_full (path, text, (gssize) (HASH_LENGTH + n_bytes),
                            G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL);
}
