/* SPDX-License-Identifier: MIT */
/* NAME holds the bytes at their places, NAME.json says which are there:
 *
 *   {"version": 1, "n_bytes": 1000, "done": [[0, 400], [600, 1000]], "sums": [81985529216486895]}
 *
 * The record is written after the bytes, so that it never claims what a killed program had not
 * written. What a power failure takes away is found by the hash, and where it was by the sums,
 * which may be missing. */
#define _GNU_SOURCE /* fallocate, sync_file_range */
#include "hub/part.h"

#include "base/error.h"
#include "base/format.h"
#include "base/json-reader.h"
#include "hub/safe-folder.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/vfs.h>
#include <unistd.h>

#define MAX_RECORD_BYTES (1 << 20)
/* What the disk is given at once: where its queue is full, that waits. */
#define SYNC_BYTES ((guint64) 1 << 20)
/* statfs(2) */
#define TMPFS_MAGIC 0x01021994

struct _WsPart
{
  int folder; /* borrowed */
  char *name, *record_name;
  char *shown; /* instead of the name, in sentences */
  int fd, lock;
  guint64 n_bytes;
  WsSegments found; /* done by an earlier run */
  WsSums sums;      /* of that */
  gboolean has_sums;
  gboolean keep_record;
  gboolean is_gone; /* not ours: another's, moved, or discarded */
};

static char *
make_record_name (const char *name)
{
  return g_strconcat (name, ".json", NULL);
}

/* The record */

/* "[400, 600]", of which the bracket was read. */
static gboolean
read_span (WsJsonReader *reader, WsSpan *span)
{
  return ws_json_reader_next (reader, NULL) == WS_JSON_NUMBER &&
         ws_json_reader_get_u64 (reader, &span->begin) &&
         ws_json_reader_next (reader, NULL) == WS_JSON_NUMBER &&
         ws_json_reader_get_u64 (reader, &span->end) &&
         ws_json_reader_next (reader, NULL) == WS_JSON_ARRAY_END;
}

static gboolean
read_spans (WsJsonReader *reader, WsSegments *segments)
{
  WsJsonEvent event;
  WsSpan span;

  if (ws_json_reader_next (reader, NULL) != WS_JSON_ARRAY_BEGIN)
    return FALSE;
  while ((event = ws_json_reader_next (reader, NULL)) == WS_JSON_ARRAY_BEGIN)
    if (!read_span (reader, &span) || !ws_segments_add_done (segments, span))
      return FALSE;
  return event == WS_JSON_ARRAY_END;
}

static gboolean
read_sums (WsJsonReader *reader, WsSums *sums)
{
  if (ws_json_reader_next (reader, NULL) != WS_JSON_ARRAY_BEGIN)
    return FALSE;
  for (guint i = 0; i < sums->n; i++)
    if (ws_json_reader_next (reader, NULL) != WS_JSON_NUMBER ||
        !ws_json_reader_get_u64 (reader, &sums->values[i]))
      return FALSE;
  return ws_json_reader_next (reader, NULL) == WS_JSON_ARRAY_END;
}

static gboolean
read_number (WsJsonReader *reader, guint64 expected)
{
  guint64 value;

  return ws_json_reader_next (reader, NULL) == WS_JSON_NUMBER &&
         ws_json_reader_get_u64 (reader, &value) && value == expected;
}

static gboolean
read_member (WsJsonReader *reader, WsSegments *segments, WsSums *sums, gboolean *has_sums)
{
  const char *key = ws_json_reader_get_text (reader, NULL);

  if (strcmp (key, "version") == 0)
    return read_number (reader, 1);
  if (strcmp (key, "n_bytes") == 0)
    return read_number (reader, segments->n_bytes);
  if (strcmp (key, "done") == 0)
    return read_spans (reader, segments);
  if (strcmp (key, "sums") == 0)
    return *has_sums = read_sums (reader, sums);
  return FALSE;
}

gboolean
ws_part_parse_record (const char *text, gsize n_bytes, WsSegments *segments, WsSums *sums,
                      gboolean *has_sums)
{
  g_auto (WsJsonReader) reader = { 0 };
  WsJsonEvent event;

  *has_sums = FALSE;
  if (!ws_json_reader_init (&reader, text, n_bytes, NULL) ||
      ws_json_reader_next (&reader, NULL) != WS_JSON_OBJECT_BEGIN)
    return FALSE;
  while ((event = ws_json_reader_next (&reader, NULL)) == WS_JSON_KEY)
    if (!read_member (&reader, segments, sums, has_sums))
      return FALSE;
  return event == WS_JSON_OBJECT_END && ws_json_reader_next (&reader, NULL) == WS_JSON_END;
}

/* Adds to @segments and @sums, which are empty, what the record says; nothing unless it can be
 * believed. Returns: whether it says anything of sums. */
static gboolean
read_record (int folder, const char *record_name, WsSegments *segments, WsSums *sums)
{
  struct stat status;
  g_auto (WsFd) fd = ws_safe_folder_open_file (folder, record_name, &status);
  g_autofree char *text = NULL;
  gboolean has_sums;
  gssize n;

  if (fd < 0 || status.st_size > MAX_RECORD_BYTES)
    return FALSE;
  text = g_malloc (status.st_size + 1);
  n = read (fd, text, status.st_size);
  if (n == status.st_size && ws_part_parse_record (text, n, segments, sums, &has_sums))
    return has_sums;
  ws_segments_forget (segments);
  ws_sums_forget (sums);
  return FALSE;
}

void
ws_part_record (WsPart *self, const GArray *done, const WsSums *sums)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (!self->keep_record || self->is_gone || done->len == 0)
    return;
  g_string_printf (text, "{\"version\": 1, \"n_bytes\": %" PRIu64 ", \"done\": [", self->n_bytes);
  for (guint i = 0; i < done->len; i++)
    {
      const WsSpan *span = &g_array_index (done, WsSpan, i);

      g_string_append_printf (text, "%s[%" PRIu64 ", %" PRIu64 "]", i > 0 ? ", " : "", span->begin,
                              span->end);
    }
  for (guint i = 0; sums && i < sums->n; i++)
    g_string_append_printf (text, "%s%" PRIu64, i > 0 ? ", " : "], \"sums\": [", sums->values[i]);
  g_string_append (text, "]}\n");
  ws_safe_folder_write (self->folder, self->record_name, text->str, text->len, NULL);
}

/* The file */

/* Whether the open file still has its name, and no other that would be written to as well. */
static gboolean
is_ours (const WsPart *self, struct stat *status)
{
  struct stat named;

  return fstat (self->fd, status) == 0 && S_ISREG (status->st_mode) && status->st_nlink == 1 &&
         fstatat (self->folder, self->name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
         named.st_ino == status->st_ino && named.st_dev == status->st_dev;
}

/* Returns: an errno value, or 0. */
static int
reserve_blocks (const WsPart *self)
{
  struct statfs disk;
  struct stat status;
  guint64 n_there;

  if (fstatfs (self->fd, &disk) != 0 || disk.f_type != TMPFS_MAGIC ||
      fstat (self->fd, &status) != 0)
    /* not posix_fallocate: where the file system cannot do it, that writes to every block */
    return fallocate (self->fd, 0, 0, self->n_bytes) == 0 ? 0 : errno;
  /* in memory reserving is as dear as writing, since every page is cleared: see that there is room
   */
  n_there = (guint64) status.st_blocks * 512;
  return (guint64) disk.f_bavail * disk.f_bsize + n_there < self->n_bytes ? ENOSPC : EOPNOTSUPP;
}

/* So that a full disk is known now and not at 95 %. */
static gboolean
reserve (WsPart *self, GError **error)
{
  int result = self->n_bytes > 0 ? reserve_blocks (self) : 0;

  if (result == EOPNOTSUPP || result == ENOSYS || result == EINVAL)
    result = ftruncate (self->fd, self->n_bytes) == 0 ? 0 : errno;
  if (result == 0)
    return TRUE;
  ws_error_set_errno (error, result, _ ("cannot reserve space for"), self->shown);
  return FALSE;
}

static gboolean
set_busy (const WsPart *self, GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, _ ("another download has '%s' open"),
               self->shown);
  return FALSE;
}

/* Opens, locks, and starts anew what cannot be gone on with. */
static gboolean
open_file (WsPart *self, GError **error)
{
  struct stat status;

  self->fd = openat (self->folder, self->name,
                     O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0666);
  if (self->fd < 0)
    {
      ws_error_set_errno (error, errno, _ ("cannot create"), self->shown);
      return FALSE;
    }
  /* a file system without locks says so by another error, and is gone on with */
  if (flock (self->fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    return set_busy (self, error);
  if (!is_ours (self, &status))
    return set_busy (self, error);
  self->is_gone = FALSE;
  if ((guint64) status.st_size == self->n_bytes && self->keep_record)
    self->has_sums = read_record (self->folder, self->record_name, &self->found, &self->sums);
  return (self->found.done->len > 0 || ftruncate (self->fd, 0) == 0) && reserve (self, error);
}

WsPart *
ws_part_open (int folder, const char *name, const char *path, guint64 n_bytes, gboolean keep_record,
              GError **error)
{
  g_autoptr (WsPart) self = g_new0 (WsPart, 1);

  self->folder = folder;
  self->name = g_strdup (name);
  self->record_name = make_record_name (name);
  self->shown = ws_format_name (path);
  self->fd = self->lock = -1;
  self->n_bytes = n_bytes;
  ws_segments_init (&self->found, n_bytes, n_bytes);
  ws_sums_init (&self->sums, n_bytes);
  self->keep_record = keep_record;
  self->is_gone = TRUE;
  if (open_file (self, error))
    return g_steal_pointer (&self);
  if (self->found.done->len == 0)
    ws_part_discard (self);
  return NULL;
}

void
ws_part_free (WsPart *self)
{
  if (self == NULL)
    return;
  if (!self->keep_record)
    ws_part_discard (self);
  ws_fd_close (self->fd);
  ws_fd_close (self->lock);
  ws_segments_clear (&self->found);
  ws_sums_clear (&self->sums);
  g_free (self->name);
  g_free (self->record_name);
  g_free (self->shown);
  g_free (self);
}

void
ws_part_hold (WsPart *self, int fd)
{
  self->lock = fd;
}

int
ws_part_get_fd (const WsPart *self)
{
  return self->fd;
}

const GArray *
ws_part_get_done (const WsPart *self)
{
  return self->found.done;
}

const WsSums *
ws_part_get_sums (const WsPart *self)
{
  return self->has_sums || self->found.done->len == 0 ? &self->sums : NULL;
}

gboolean
ws_part_write (WsPart *self, guint64 offset, const void *bytes, gsize n_bytes, GError **error)
{
  const char *rest = bytes;

  while (n_bytes > 0)
    {
      const gssize n = pwrite (self->fd, rest, n_bytes, offset);

      if (n < 0 && errno != EINTR)
        {
          ws_error_set_errno (error, errno, _ ("cannot write"), self->shown);
          return FALSE;
        }
      rest += MAX (n, 0);
      offset += MAX (n, 0);
      n_bytes -= MAX (n, 0);
    }
  return TRUE;
}

guint64
ws_part_begin_sync (WsPart *self, guint64 offset, guint64 n_bytes, GCancellable *cancellable)
{
  const guint64 end = offset + n_bytes;

  while (offset < end && !g_cancellable_is_cancelled (cancellable))
    {
      const guint64 n = MIN (end - offset, SYNC_BYTES);

      /* that it cannot is no error: ws_part_move waits longer then */
      sync_file_range (self->fd, offset, n, SYNC_FILE_RANGE_WRITE);
      offset += n;
    }
  return offset;
}

gboolean
ws_part_move (WsPart *self, int folder, const char *name, GError **error)
{
  /* of small files, which are checked again whenever they are met, all are synced at the end */
  if ((self->keep_record && fdatasync (self->fd) != 0) ||
      renameat (self->folder, self->name, folder, name) != 0)
    {
      ws_error_set_errno (error, errno, _ ("cannot write"), self->shown);
      return FALSE;
    }
  self->is_gone = TRUE;
  if (self->keep_record)
    unlinkat (self->folder, self->record_name, 0);
  return TRUE;
}

void
ws_part_discard (WsPart *self)
{
  if (self->is_gone)
    return;
  self->is_gone = TRUE;
  unlinkat (self->folder, self->name, 0);
  if (self->keep_record)
    unlinkat (self->folder, self->record_name, 0);
}

guint64
ws_part_get_n_reserved (int folder, const char *name)
{
  struct stat status;

  if (fstatat (folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG (status.st_mode))
    return 0;
  return (guint64) status.st_blocks * 512;
}

guint64
ws_part_get_n_done (int folder, const char *name, guint64 n_bytes)
{
  g_autofree char *record_name = make_record_name (name);
  g_auto (WsSegments) segments = { 0 };
  g_auto (WsSums) sums = { 0 };

  ws_segments_init (&segments, n_bytes, n_bytes);
  ws_sums_init (&sums, n_bytes);
  read_record (folder, record_name, &segments, &sums);
  return ws_segments_get_n_done (&segments);
}

void
ws_part_delete (int folder, const char *name)
{
  g_autofree char *record_name = make_record_name (name);
  g_auto (WsFd) fd = openat (folder, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

  if (fd < 0 || (flock (fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK))
    return;
  unlinkat (folder, name, 0);
  unlinkat (folder, record_name, 0);
}
