/* SPDX-License-Identifier: MIT */
/* Sources by their kinds: over a file (pread, never mmap: a file that shrinks must not kill us) and
 * over memory. */
#include "base/source.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* 4 MiB: cancel within some 50 ms on a slow disk, and no cost on a fast one. */
#define PIECE_SIZE ((gsize) 4 << 20)

/* Linux reads no more for one advice than the read-ahead of the disk, and 128 KiB is the least that
 * disks are set up with: of more in one call the rest would be forgotten. */
#define ADVICE_SIZE ((guint64) 128 << 10)

struct _WsSource
{
  gatomicrefcount ref_count;
  const WsSourceKind *kind;
  gpointer data;
  char *name;
  guint64 n_bytes;
  gboolean has_identity;
  WsFileIdentity identity;
};

WsSource *
ws_source_new (const WsSourceKind *kind, gpointer data, const char *name, guint64 n_bytes,
               const WsFileIdentity *identity)
{
  WsSource *self = g_new0 (WsSource, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->kind = kind;
  self->data = data;
  self->name = g_strdup (name);
  self->n_bytes = n_bytes;
  if (identity != NULL)
    {
      self->has_identity = TRUE;
      self->identity = *identity;
      self->identity.path = g_strdup (identity->path);
    }
  return self;
}

/* Files */

typedef struct
{
  int fd;
  char *name;
  guint64 n_bytes; /* when it was opened */
} File;

static void
free_file (gpointer data)
{
  File *file = data;

  close (file->fd);
  g_free (file->name);
  g_free (file);
}

/* Reads at most one piece. Returns: bytes read, more than 0; or -1 with @error set. */
static gssize
read_piece (const File *file, guint64 offset, void *dst, gsize n_bytes, GError **error)
{
  gssize n_read;

  do
    n_read = pread (file->fd, dst, n_bytes, offset);
  while (n_read < 0 && errno == EINTR);

  if (n_read < 0)
    ws_error_set_errno (error, errno, _ ("cannot read"), file->name);
  if (n_read == 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
                   _ ("'%s' has become shorter while it was open: nothing at byte %" PRIu64
                      ", it had %" PRIu64 " bytes"),
                   file->name, offset, file->n_bytes);
      return -1;
    }
  return n_read;
}

static gboolean
read_file (gpointer data, guint64 offset, void *dst, gsize n_bytes, GCancellable *cancellable,
           GError **error)
{
  guint8 *next = dst;

  while (n_bytes > 0)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      gssize n_read = read_piece (data, offset, next, MIN (n_bytes, PIECE_SIZE), error);
      if (n_read < 0)
        return FALSE;
      next += n_read;
      offset += n_read;
      n_bytes -= n_read;
    }
  return TRUE;
}

static void
prefetch_file (gpointer data, guint64 offset, guint64 n_bytes)
{
  const File *file = data;

  for (guint64 i = 0; i < n_bytes; i += ADVICE_SIZE)
    posix_fadvise (file->fd, offset + i, MIN (ADVICE_SIZE, n_bytes - i), POSIX_FADV_WILLNEED);
}

static const WsSourceKind file_kind = { read_file, prefetch_file, free_file };

/* Refuses what has no fixed bytes at offsets. */
static gboolean
check_is_regular (const struct stat *status, const char *path, GError **error)
{
  if (S_ISREG (status->st_mode))
    return TRUE;
  if (S_ISDIR (status->st_mode))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY,
                 _ ("cannot read '%s': it is a folder, not a file"), path);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
                 _ ("cannot read '%s': it is a device, pipe or socket, not a file"), path);
  return FALSE;
}

WsSource *
ws_source_open_file (const char *path, GError **error)
{
  g_return_val_if_fail (path != NULL, NULL);

  /* Not blocking: opening a pipe that nobody writes to would wait for ever. */
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    {
      ws_error_set_errno (error, errno, _ ("cannot open"), path);
      return NULL;
    }

  struct stat status;
  if (fstat (fd, &status) != 0)
    {
      ws_error_set_errno (error, errno, _ ("cannot look at"), path);
      close (fd);
      return NULL;
    }
  if (!check_is_regular (&status, path, error))
    {
      close (fd);
      return NULL;
    }

  g_autofree char *resolved = realpath (path, NULL); /* from malloc, which g_free is */
  g_autofree char *canonical = g_canonicalize_filename (path, NULL);
  g_autofree char *name = g_filename_display_basename (path);
  const WsFileIdentity identity = {
    .path = resolved ? resolved : canonical, /* NULL if renamed since it was opened */
    .n_bytes = status.st_size,
    .mtime_nsec =
        (gint64) status.st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000) + status.st_mtim.tv_nsec,
    .inode = status.st_ino,
  };
  File *file = g_new0 (File, 1);
  *file = (File){ fd, g_strdup (name), status.st_size };
  return ws_source_new (&file_kind, file, name, status.st_size, &identity);
}

/* Memory */

static gboolean
read_bytes (gpointer data, guint64 offset, void *dst, gsize n_bytes, GCancellable *cancellable,
            GError **error)
{
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  memcpy (dst, (const guint8 *) g_bytes_get_data (data, NULL) + offset, n_bytes);
  return TRUE;
}

static void
free_bytes (gpointer data)
{
  g_bytes_unref (data);
}

static const WsSourceKind bytes_kind = { read_bytes, NULL, free_bytes };

WsSource *
ws_source_new_bytes (const char *name, GBytes *bytes)
{
  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (bytes != NULL, NULL);

  return ws_source_new (&bytes_kind, g_bytes_ref (bytes), name, g_bytes_get_size (bytes), NULL);
}

/* All kinds */

WsSource *
ws_source_ref (WsSource *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
ws_source_unref (WsSource *self)
{
  if (!self || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  self->kind->free (self->data);
  g_free (self->identity.path);
  g_free (self->name);
  g_free (self);
}

const char *
ws_source_get_name (const WsSource *self)
{
  return self->name;
}

guint64
ws_source_get_n_bytes (const WsSource *self)
{
  return self->n_bytes;
}

const WsFileIdentity *
ws_source_get_identity (const WsSource *self)
{
  return self->has_identity ? &self->identity : NULL;
}

gboolean
ws_source_read (WsSource *self, guint64 offset, void *dst, gsize n_bytes, GCancellable *cancellable,
                GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (offset > self->n_bytes || n_bytes > self->n_bytes - offset)
    {
      g_set_error (
          error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
          _ ("cannot read %zu bytes at byte %" PRIu64 " of '%s': it has %" PRIu64 " bytes"),
          n_bytes, offset, self->name, self->n_bytes);
      return FALSE;
    }

  return n_bytes == 0 || self->kind->read (self->data, offset, dst, n_bytes, cancellable, error);
}

char *
ws_source_read_all (WsSource *self, gsize max_bytes, gsize *n_bytes, GCancellable *cancellable,
                    GError **error)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->n_bytes > max_bytes)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                   _ ("cannot read '%s': it has %" PRIu64 " bytes, more than %zu"), self->name,
                   self->n_bytes, max_bytes);
      return NULL;
    }
  g_autofree char *bytes = g_try_malloc (self->n_bytes + 1); /* + 1: never NULL when empty */
  if (!bytes)
    {
      ws_error_set_errno (error, ENOMEM, _ ("cannot read"), self->name);
      return NULL;
    }
  if (!ws_source_read (self, 0, bytes, self->n_bytes, cancellable, error))
    return NULL;
  *n_bytes = self->n_bytes;
  return g_steal_pointer (&bytes);
}

void
ws_source_prefetch (WsSource *self, guint64 offset, guint64 n_bytes)
{
  g_return_if_fail (self != NULL);

  if (self->kind->prefetch != NULL && offset < self->n_bytes && n_bytes > 0)
    self->kind->prefetch (self->data, offset, MIN (n_bytes, self->n_bytes - offset));
}

void
ws_source_keep (WsSource *self, guint64 offset, guint64 n_bytes)
{
  g_return_if_fail (self != NULL);

  if (self->kind->keep != NULL)
    self->kind->keep (self->data, offset, n_bytes);
}

void
ws_source_forget (WsSource *self, guint64 offset, guint64 n_bytes)
{
  g_return_if_fail (self != NULL);

  if (self->kind->forget != NULL)
    self->kind->forget (self->data, offset, n_bytes);
}

guint64
ws_source_get_room (const WsSource *self)
{
  return self->kind->get_room != NULL ? self->kind->get_room (self->data) : 0;
}

guint64
ws_source_get_n_ahead (const WsSource *self)
{
  return self->kind->n_ahead;
}

guint64
ws_source_get_n_at_once (const WsSource *self)
{
  return self->kind->n_at_once;
}

gboolean
ws_source_is_remote (const WsSource *self)
{
  return self->kind->n_ahead > 0;
}
