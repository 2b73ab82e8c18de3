/* SPDX-License-Identifier: MIT */
/* The folders of a target, its parts and its records:
 *
 *   CACHE/.locks/models--org--name/HASH.lock
 *   CACHE/models--org--name/
 *     blobs/HASH, blobs/HASH.weightscope.part
 *     snapshots/COMMIT/PATH -> ../../blobs/HASH
 *     refs/REVISION, trees/COMMIT.json
 *     .weightscope/COMMIT.part, of a part: the weights that were left out
 *
 *   FOLDER/PATH
 *   FOLDER/.cache/huggingface/download/PATH.metadata, PATH.lock, HASH.weightscope.part
 *   FOLDER/.cache/huggingface/trees/COMMIT.json
 *   FOLDER/.cache/huggingface/weightscope.part, of a part
 */
#define _GNU_SOURCE /* syncfs */
#include "hub/target.h"

#include "base/error.h"
#include "base/part-note.h"
#include "hub/cached-model.h"
#include "hub/digest.h"
#include "hub/file-choice.h"
#include "hub/safe-folder.h"
#include "hub/target-private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define CACHE_TAG                                                                                  \
  "Signature: 8a477f597d28d172789f06886806bc55\n"                                                  \
  "# This file is a cache directory tag created by weightscope.\n"                                 \
  "# For information about cache directory tags, see:\n"                                           \
  "#\thttps://bford.info/cachedir/\n"
#define NEVER 1e9

/* Opening */

/* The folder @path, made if need be; links are the user's own. */
static int
open_root (const char *path, GError **error)
{
  int fd;

  if (g_mkdir_with_parents (path, 0777) != 0)
    {
      ws_error_set_errno (error, errno, _ ("cannot create the folder"), path);
      return -1;
    }
  fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    ws_error_set_errno (error, errno, _ ("cannot open the folder"), path);
  return fd;
}

/* (transfer full) */
static char *
make_model_name (const char *id)
{
  g_auto (GStrv) words = g_strsplit (id, "/", -1);
  g_autofree char *name = g_strjoinv ("--", words);

  return g_strconcat ("models--", name, NULL);
}

static gboolean
is_true (const char *name)
{
  const char *value = g_getenv (name);
  const char *const words[] = { "1", "on", "yes", "true", NULL };
  g_autofree char *lower = value ? g_ascii_strdown (value, -1) : NULL;

  return lower && g_strv_contains (words, lower);
}

/* Asked once, before there are threads. A disk that cannot be written to says nothing of links. */
static gboolean
probe_links (int folder)
{
  g_autofree char *name = ws_safe_folder_make_name ();

  if (is_true ("HF_HUB_DISABLE_SYMLINKS"))
    return FALSE;
  if (symlinkat ("probe", folder, name) == 0)
    {
      unlinkat (folder, name, 0);
      return TRUE;
    }
  return errno == EROFS || errno == EACCES || errno == ENOSPC || errno == EDQUOT;
}

static gboolean
open_cache (WsTarget *self, const WsHubSettings *settings, const WsHubListing *listing,
            GError **error)
{
  g_autofree char *name = make_model_name (listing->id);
  g_autofree char *locks_path = g_strconcat (".locks/", name, NULL);
  g_auto (WsFd) cache = open_root (settings->cache_folder, error);
  g_auto (WsFd) snapshot = -1;

  if (cache < 0)
    return FALSE;
  if (faccessat (cache, "CACHEDIR.TAG", F_OK, 0) != 0)
    ws_safe_folder_write (cache, "CACHEDIR.TAG", CACHE_TAG, strlen (CACHE_TAG), NULL);
  self->is_cache = TRUE;
  self->root_path = g_build_filename (settings->cache_folder, name, NULL);
  self->root = open_root (self->root_path, error);
  if (self->root < 0)
    return FALSE;
  self->prefix = g_strdup_printf ("snapshots/%s/", listing->commit);
  self->folder = g_build_filename (self->root_path, "snapshots", listing->commit, NULL);
  self->parts = ws_safe_folder_open (self->root, "blobs", TRUE, error);
  if (self->parts < 0)
    return FALSE;
  snapshot = ws_safe_folder_open (self->root, self->prefix, TRUE, error);
  if (snapshot < 0)
    return FALSE;
  self->has_links = probe_links (snapshot);
  self->locks = ws_safe_folder_open (cache, locks_path, TRUE, NULL);
  return TRUE;
}

static gboolean
open_folder (WsTarget *self, const char *folder, GError **error)
{
  self->root_path = g_strdup (folder);
  self->folder = g_strdup (folder);
  self->prefix = g_strdup ("");
  self->root = open_root (folder, error);
  if (self->root < 0)
    return FALSE;
  self->parts = ws_safe_folder_open (self->root, WS_TARGET_NOTES "download", TRUE, error);
  return self->parts >= 0 &&
         _ws_target_write (self, WS_TARGET_NOTES "CACHEDIR.TAG", CACHE_TAG, error) &&
         _ws_target_write (self, WS_TARGET_NOTES ".gitignore", "*", error);
}

static DIR *
list_parts (WsTarget *self)
{
  const int fd = openat (self->parts, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  return fd >= 0 ? fdopendir (fd) : NULL;
}

/* Removes what killed programs have left and nobody can go on with. */
static void
sweep (WsTarget *self)
{
  DIR *folder = list_parts (self);

  if (folder == NULL)
    return;
  for (struct dirent *entry; (entry = readdir (folder)) != NULL;)
    if (g_str_has_prefix (entry->d_name, ".weightscope-") &&
        g_str_has_suffix (entry->d_name, WS_PART_SUFFIX))
      ws_part_delete (self->parts, entry->d_name);
  closedir (folder);
}

WsTarget *
ws_target_open (const WsHubSettings *settings, const WsHubListing *listing, const char *folder,
                GError **error)
{
  g_autoptr (WsTarget) self = g_new0 (WsTarget, 1);

  self->root = self->parts = self->locks = -1;
  self->commit = g_strdup (listing->commit);
  if (folder ? !open_folder (self, folder, error) : !open_cache (self, settings, listing, error))
    return NULL;
  sweep (self);
  return g_steal_pointer (&self);
}

void
ws_target_free (WsTarget *self)
{
  if (self == NULL)
    return;
  ws_fd_close (self->root);
  ws_fd_close (self->parts);
  ws_fd_close (self->locks);
  g_free (self->commit);
  g_free (self->root_path);
  g_free (self->prefix);
  g_free (self->folder);
  g_free (self);
}

const char *
ws_target_get_folder (const WsTarget *self)
{
  return self->folder;
}

/* Parts */

static const WsHubFile *
get_first (GPtrArray *files)
{
  return g_ptr_array_index (files, 0);
}

static char *
make_part_name (GPtrArray *files)
{
  return g_strconcat (ws_digest_get_listed (get_first (files)), WS_PART_SUFFIX, NULL);
}

char *
_ws_target_make_note_path (const WsHubFile *file, const char *suffix)
{
  return g_strconcat (WS_TARGET_NOTES "download/", file->path, suffix, NULL);
}

/* The lock by which huggingface_hub keeps its own processes apart.
 * Returns: -1 with @error set if another has it; -1 without if there cannot be one. */
static int
take_lock (WsTarget *self, GPtrArray *files, GError **error)
{
  const WsHubFile *file = get_first (files);
  g_autofree char *path = self->is_cache ? g_strconcat (ws_digest_get_listed (file), ".lock", NULL)
                                         : _ws_target_make_note_path (file, ".lock");
  const char *name;
  g_auto (WsFd) folder = -1;
  g_auto (WsFd) lock = -1;

  if (self->is_cache && self->locks < 0)
    return -1;
  folder = ws_safe_folder_open_parent (self->is_cache ? self->locks : self->root, path, TRUE, &name,
                                       NULL);
  if (folder < 0)
    return -1;
  lock = openat (folder, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0664);
  if (lock >= 0 && flock (lock, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, _ ("another program is fetching '%s'"),
                   file->path);
      return -1;
    }
  return g_steal_fd (&lock);
}

WsPart *
ws_target_open_part (WsTarget *self, GPtrArray *files, gboolean alone, GError **error)
{
  const WsHubFile *file = get_first (files);
  const gboolean is_small = file->n_bytes <= WS_SMALL_BYTES;
  g_autofree char *name = make_part_name (files);
  g_autofree char *random = ws_safe_folder_make_name ();
  g_autofree char *own_name = g_strconcat (random, WS_PART_SUFFIX, NULL);
  g_autoptr (GError) failure = NULL;
  g_auto (WsFd) lock = -1;
  WsPart *part;

  /* of a small one, two programs fetch a copy each rather than wait */
  if (alone || is_small)
    return ws_part_open (self->parts, own_name, file->path, file->n_bytes, FALSE, error);
  lock = take_lock (self, files, &failure);
  if (failure)
    {
      g_propagate_error (error, g_steal_pointer (&failure));
      return NULL;
    }
  part = ws_part_open (self->parts, name, file->path, file->n_bytes, TRUE, error);
  if (part)
    ws_part_hold (part, g_steal_fd (&lock));
  return part;
}

guint64
ws_target_get_n_missing (WsTarget *self, GPtrArray *files)
{
  const guint64 n_bytes = get_first (files)->n_bytes;
  const guint n_copies = self->is_cache && self->has_links ? 1 : files->len;
  g_autofree char *name = make_part_name (files);

  return n_copies * n_bytes - MIN (ws_part_get_n_reserved (self->parts, name), n_bytes);
}

guint64
ws_target_get_n_kept (WsTarget *self, GPtrArray *files)
{
  g_autofree char *name = make_part_name (files);

  return ws_part_get_n_done (self->parts, name, get_first (files)->n_bytes);
}

double
ws_target_get_part_age (WsTarget *self, GPtrArray *files)
{
  const char *hash = ws_digest_get_listed (get_first (files));
  DIR *folder = list_parts (self);
  double age = NEVER;

  if (folder == NULL)
    return age;
  for (struct dirent *entry; (entry = readdir (folder)) != NULL;)
    {
      struct stat status;

      /* ours begin with the hash, as huggingface_hub's do in the cache; elsewhere it is within */
      if (strstr (entry->d_name, hash) != NULL &&
          fstatat (self->parts, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0)
        age = MIN (age, g_get_real_time () / 1e6 - status.st_mtime);
    }
  closedir (folder);
  return age;
}

void
ws_target_delete_part (WsTarget *self, GPtrArray *files)
{
  g_autofree char *name = make_part_name (files);

  ws_part_delete (self->parts, name);
}

guint64
ws_target_get_n_free (WsTarget *self)
{
  struct statvfs status;

  return fstatvfs (self->root, &status) == 0 ? (guint64) status.f_bavail * status.f_frsize
                                             : G_MAXUINT64;
}

/* Records */

gboolean
_ws_target_write (WsTarget *self, const char *path, const char *text, GError **error)
{
  const gsize n_bytes = strlen (text);
  struct stat status;
  g_auto (WsFd) fd = ws_safe_folder_open_file (self->root, path, &status);

  if (fd >= 0 && (gsize) status.st_size == n_bytes)
    {
      g_autofree char *found = g_malloc (n_bytes + 1);

      if (read (fd, found, n_bytes) == (gssize) n_bytes && memcmp (found, text, n_bytes) == 0)
        return TRUE;
    }
  return ws_safe_folder_write (self->root, path, text, n_bytes, error);
}

static void
build_file (JsonBuilder *builder, const WsHubFile *file)
{
  json_builder_set_member_name (builder, file->path);
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "size");
  json_builder_add_int_value (builder, file->n_bytes);
  json_builder_set_member_name (builder, "blob_id");
  json_builder_add_string_value (builder, file->git_oid);
  if (file->sha256)
    {
      json_builder_set_member_name (builder, "lfs_sha256");
      json_builder_add_string_value (builder, file->sha256);
      json_builder_set_member_name (builder, "lfs_size");
      json_builder_add_int_value (builder, file->n_bytes);
    }
  json_builder_end_object (builder);
}

/* The listing, as huggingface_hub keeps it. */
static gboolean
write_tree (WsTarget *self, const WsHubListing *listing, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;
  g_autofree char *path =
      g_strdup_printf ("%strees/%s.json", self->is_cache ? "" : WS_TARGET_NOTES, listing->commit);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "format_version");
  json_builder_add_int_value (builder, 1);
  json_builder_set_member_name (builder, "files");
  json_builder_begin_object (builder);
  for (guint i = 0; i < listing->files->len; i++)
    build_file (builder, g_ptr_array_index (listing->files, i));
  json_builder_end_object (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);
  return _ws_target_write (self, path, text, error);
}

static gboolean
write_ref (WsTarget *self, const WsHubListing *listing, const char *revision, GError **error)
{
  g_autofree char *path = g_strconcat ("refs/", revision, NULL);

  if (ws_hub_is_commit (revision))
    return TRUE;
  return ws_hub_revision_check (revision, error) &&
         _ws_target_write (self, path, listing->commit, error);
}

/* Whether the weights that are usually wanted are all there, for those who open the model: the note
 * of base/part-note.h, or none. */
static gboolean
write_part_note (WsTarget *self, const WsHubListing *listing, GError **error)
{
  const WsModelPlace place = { self->folder, NULL };
  g_autoptr (GPtrArray) rows = ws_choice_new (listing, WS_CHOICE_WEIGHTS, NULL, NULL);
  g_autoptr (GPtrArray) files = ws_choice_get_files (rows);
  g_autofree char *path =
      self->is_cache ? ws_part_note_make_cache_path (listing->commit) : g_strdup (WS_PART_NOTE);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < files->len; i++)
    {
      const WsHubFile *file = g_ptr_array_index (files, i);

      if (g_str_has_suffix (file->path, ".safetensors") && !ws_model_place_has (&place, file))
        g_string_append_printf (text, "%s\n", file->path);
    }
  if (text->len > 0)
    return _ws_target_write (self, path, text->str, error);
  ws_safe_folder_remove (self->root, path);
  return TRUE;
}

gboolean
ws_target_finish (WsTarget *self, const WsHubListing *listing, const char *revision, GError **error)
{
  /* a listing that we know to be incomplete must not pass for the whole one */
  if (listing->refusals->len == 0 && !write_tree (self, listing, error))
    return FALSE;
  if (self->is_cache && !write_ref (self, listing, revision ? revision : "main", error))
    return FALSE;
  if (!write_part_note (self, listing, error))
    return FALSE;
  syncfs (self->root);
  return TRUE;
}
