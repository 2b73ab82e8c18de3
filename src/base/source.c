/* SPDX-License-Identifier: MIT */
/* Sources over a file (pread, never mmap: a file that shrinks must not kill us) and over memory. */
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
  char *name;
  guint64 n_bytes;
  GBytes *bytes; /* NULL: a file */
  int fd;        /* -1: not a file */
  WsFileIdentity identity;
};

static WsSource *
source_new (char *name, guint64 n_bytes)
{
  WsSource *self = g_new0 (WsSource, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->name = name;
  self->n_bytes = n_bytes;
  self->fd = -1;
  return self;
}

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

  WsSource *self = source_new (g_filename_display_basename (path), status.st_size);
  self->fd = fd;
  self->identity.path = realpath (path, NULL);
  if (!self->identity.path) /* renamed since it was opened */
    self->identity.path = g_canonicalize_filename (path, NULL);
  self->identity.n_bytes = status.st_size;
  self->identity.mtime_nsec =
      (gint64) status.st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000) + status.st_mtim.tv_nsec;
  self->identity.inode = status.st_ino;
  return self;
}

WsSource *
ws_source_new_bytes (const char *name, GBytes *bytes)
{
  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (bytes != NULL, NULL);

  WsSource *self = source_new (g_strdup (name), g_bytes_get_size (bytes));
  self->bytes = g_bytes_ref (bytes);
  return self;
}

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
  if (self->fd >= 0)
    close (self->fd);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  free (self->identity.path); /* from realpath */
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
  return self->fd >= 0 ? &self->identity : NULL;
}

/* Reads at most one piece. Returns: bytes read, more than 0; or -1 with @error set. */
static gssize
read_piece (WsSource *self, guint64 offset, void *dst, gsize n_bytes, GError **error)
{
  if (self->bytes)
    {
      memcpy (dst, (const guint8 *) g_bytes_get_data (self->bytes, NULL) + offset, n_bytes);
      return n_bytes;
    }

  gssize n_read;
  do
    n_read = pread (self->fd, dst, n_bytes, offset);
  while (n_read < 0 && errno == EINTR);

  if (n_read < 0)
    ws_error_set_errno (error, errno, _ ("cannot read"), self->name);
  if (n_read == 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
                   _ ("'%s' has become shorter while it was open: nothing at byte %" PRIu64
                      ", it had %" PRIu64 " bytes"),
                   self->name, offset, self->n_bytes);
      return -1;
    }
  return n_read;
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

  guint8 *next = dst;
  while (n_bytes > 0)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      gssize n_read = read_piece (self, offset, next, MIN (n_bytes, PIECE_SIZE), error);
      if (n_read < 0)
        return FALSE;
      next += n_read;
      offset += n_read;
      n_bytes -= n_read;
    }
  return TRUE;
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

  if (self->fd < 0 || offset >= self->n_bytes)
    return;
  n_bytes = MIN (n_bytes, self->n_bytes - offset);
  for (guint64 i = 0; i < n_bytes; i += ADVICE_SIZE)
    posix_fadvise (self->fd, offset + i, MIN (ADVICE_SIZE, n_bytes - i), POSIX_FADV_WILLNEED);
}
