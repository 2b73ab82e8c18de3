/* SPDX-License-Identifier: MIT */
/* Files put in place, and those that are in place recognised. */
#define _GNU_SOURCE /* copy_file_range */
#include "base/error.h"
#include "hub/digest.h"
#include "hub/safe-folder.h"
#include "hub/target-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MAX_NOTE_BYTES 512
/* Some file systems keep whole seconds. */
#define CLOCK_SECONDS 1.0

static const WsHubFile *
get_file (GPtrArray *files, guint i)
{
  return g_ptr_array_index (files, i);
}

static char *
make_file_path (WsTarget *self, const WsHubFile *file)
{
  return g_strconcat (self->prefix, file->path, NULL);
}

static char *
make_blob_path (const WsHubFile *file)
{
  return g_strconcat ("blobs/", ws_digest_get_listed (file), NULL);
}

/* A plain folder's notes */

/* Three lines: commit, hash, and when the file was known to have it. */
static gboolean
write_note (WsTarget *self, const WsHubFile *file, GError **error)
{
  g_autofree char *path = _ws_target_make_note_path (file, ".metadata");
  char seconds[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *text = NULL;

  g_ascii_formatd (seconds, sizeof seconds, "%.6f", g_get_real_time () / 1e6);
  text = g_strdup_printf ("%s\n%s\n%s\n", self->commit, ws_digest_get_listed (file), seconds);
  return ws_safe_folder_write (self->root, path, text, strlen (text), error);
}

/* Whether @file was known to have its hash, and was not written to since then. */
static gboolean
is_vouched_for (WsTarget *self, const WsHubFile *file, const struct stat *status)
{
  g_autofree char *path = _ws_target_make_note_path (file, ".metadata");
  struct stat note_status;
  g_auto (WsFd) fd = ws_safe_folder_open_file (self->root, path, &note_status);
  char text[MAX_NOTE_BYTES + 1];
  gssize n = fd >= 0 ? read (fd, text, MAX_NOTE_BYTES) : -1;
  g_auto (GStrv) lines = NULL;

  if (n <= 0)
    return FALSE;
  text[n] = '\0';
  lines = g_strsplit (text, "\n", 4);
  return g_strv_length (lines) >= 3 &&
         strcmp (g_strstrip (lines[1]), ws_digest_get_listed (file)) == 0 &&
         status->st_mtim.tv_sec + status->st_mtim.tv_nsec / 1e9 - CLOCK_SECONDS <=
             g_ascii_strtod (lines[2], NULL);
}

/* What is there */

/* Whether a file stands at @path and is @file. */
static gboolean
is_right (WsTarget *self, const char *path, const WsHubFile *file, GCancellable *cancellable,
          GError **error)
{
  struct stat status;
  g_auto (WsFd) fd = ws_safe_folder_open_file (self->root, path, &status);

  if (fd < 0 || (guint64) status.st_size != file->n_bytes)
    return FALSE;
  if (file->n_bytes > WS_SMALL_BYTES && (self->is_cache || is_vouched_for (self, file, &status)))
    return TRUE;
  return ws_digest_check_file (file, fd, cancellable, error);
}

/* Copying */

static gboolean
copy_bytes (int source, int target, guint64 n_bytes)
{
  while (n_bytes > 0)
    {
      char buffer[16384];
      gssize n = copy_file_range (source, NULL, target, NULL, n_bytes, 0);

      /* between file systems, and on some of them */
      if (n < 0 && (errno == EXDEV || errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP))
        {
          n = read (source, buffer, MIN (sizeof buffer, n_bytes));
          if (n > 0)
            n = write (target, buffer, n);
        }
      if (n <= 0 && !(n < 0 && errno == EINTR))
        return FALSE;
      n_bytes -= MAX (n, 0);
    }
  return TRUE;
}

/* The file at @from, which is right, also at @to. */
static gboolean
copy_file (WsTarget *self, const char *from, const char *to, GError **error)
{
  struct stat status;
  const char *name;
  g_autofree char *temporary = ws_safe_folder_make_name ();
  g_auto (WsFd) source = ws_safe_folder_open_file (self->root, from, &status);
  g_auto (WsFd) folder = ws_safe_folder_open_parent (self->root, to, TRUE, &name, error);
  g_auto (WsFd) target = -1;
  int saved_errno;

  if (folder < 0)
    return FALSE;
  target = openat (folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  errno = EIO; /* a source that is not there, or ends early */
  if (source >= 0 && target >= 0 && copy_bytes (source, target, status.st_size) &&
      fdatasync (target) == 0 && renameat (folder, temporary, folder, name) == 0)
    return TRUE;
  saved_errno = errno;
  unlinkat (folder, temporary, 0);
  ws_error_set_errno (error, saved_errno, _ ("cannot write"), to);
  return FALSE;
}

/* In place */

/* Links all @files to their contents. */
static gboolean
link_files (WsTarget *self, GPtrArray *files, GError **error)
{
  for (guint i = 0; i < files->len; i++)
    {
      const WsHubFile *file = get_file (files, i);
      g_autofree char *path = make_file_path (self, file);
      g_autofree char *blob = make_blob_path (file);
      g_autoptr (GString) target = g_string_new (NULL);

      for (const char *c = path; *c != '\0'; c++)
        if (*c == '/')
          g_string_append (target, "../");
      g_string_append (target, blob);
      if (!ws_safe_folder_link (self->root, path, target->str, error))
        return FALSE;
    }
  return TRUE;
}

/* All @files from @source, a path below the root; those at @source itself or in @right are. */
static gboolean
copy_files (WsTarget *self, GPtrArray *files, const char *source, const gboolean *right,
            GError **error)
{
  for (guint i = 0; i < files->len; i++)
    {
      const WsHubFile *file = get_file (files, i);
      g_autofree char *path = make_file_path (self, file);

      if (!(right && right[i]) && strcmp (path, source) != 0 &&
          !copy_file (self, source, path, error))
        return FALSE;
      if (!self->is_cache && !write_note (self, file, error))
        return FALSE;
    }
  return TRUE;
}

/* From the files themselves, where some of them are right. */
static gboolean
adopt_files (WsTarget *self, GPtrArray *files, gboolean *found, GCancellable *cancellable,
             GError **error)
{
  g_autofree gboolean *right = g_new0 (gboolean, files->len);
  g_autofree char *source = NULL;
  g_autoptr (GError) failure = NULL;

  for (guint i = 0; i < files->len && !failure; i++)
    {
      g_autofree char *path = make_file_path (self, get_file (files, i));

      right[i] = is_right (self, path, get_file (files, i), cancellable, &failure);
      if (right[i] && source == NULL)
        source = g_steal_pointer (&path);
    }
  if (failure)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  *found = source != NULL;
  return source == NULL || copy_files (self, files, source, right, error);
}

gboolean
ws_target_adopt (WsTarget *self, GPtrArray *files, gboolean *found, GCancellable *cancellable,
                 GError **error)
{
  g_autofree char *blob = make_blob_path (get_file (files, 0));
  g_autoptr (GError) failure = NULL;

  *found = self->is_cache && is_right (self, blob, get_file (files, 0), cancellable, &failure);
  if (failure)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
  if (!*found)
    return adopt_files (self, files, found, cancellable, error);
  return self->has_links ? link_files (self, files, error)
                         : copy_files (self, files, blob, NULL, error);
}

gboolean
ws_target_place (WsTarget *self, GPtrArray *files, WsPart *part, GError **error)
{
  const WsHubFile *first = get_file (files, 0);
  g_autofree char *path = self->has_links ? make_blob_path (first) : make_file_path (self, first);
  const char *name;
  g_auto (WsFd) folder = ws_safe_folder_open_parent (self->root, path, TRUE, &name, error);

  if (folder < 0 || !ws_part_move (part, folder, name, error))
    return FALSE;
  return self->has_links ? link_files (self, files, error)
                         : copy_files (self, files, path, NULL, error);
}
