/* SPDX-License-Identifier: MIT */
/* Files without names, from Linux's O_TMPFILE, or unlinked as soon as they are made. */
#define _GNU_SOURCE /* O_TMPFILE, fallocate */
#include "base/spill-file.h"

#include "base/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* Of a disk, left to others: a judgement. */
#define SPARE_BYTES ((guint64) 1 << 30)
/* Cancel within 0.1 s on a slow disk. */
#define CHUNK ((gsize) 1 << 20)

struct _WsSpillFile
{
  int fd;
};

static int
open_nameless (const char *folder)
{
  g_autofree char *path = NULL;
  int fd = open (folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

  if (fd >= 0)
    return fd;
  path = g_build_filename (folder, ".weightscope-XXXXXX", NULL);
  fd = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);
  if (fd >= 0)
    g_unlink (path);
  return fd;
}

WsSpillFile *
ws_spill_file_new (const char *folder)
{
  g_autofree char *nearest = ws_folder_dup_nearest (folder);
  const int fd = open_nameless (nearest);
  WsSpillFile *self;

  if (fd < 0)
    return NULL;
  self = g_new0 (WsSpillFile, 1);
  self->fd = fd;
  return self;
}

void
ws_spill_file_free (WsSpillFile *self)
{
  if (self == NULL)
    return;
  close (self->fd);
  g_free (self);
}

static guint64
get_room (const struct statvfs *disk)
{
  const guint64 n_free = (guint64) disk->f_bavail * disk->f_frsize;

  return n_free - MIN (n_free, SPARE_BYTES);
}

/* The longest file that may be written (ulimit -f): to go beyond it is a signal that kills. */
static guint64
get_longest (void)
{
  struct rlimit limit;

  return getrlimit (RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY ? limit.rlim_cur
                                                                                  : G_MAXINT64;
}

guint64
ws_spill_file_get_room (const char *folder)
{
  g_autofree char *nearest = ws_folder_dup_nearest (folder);
  struct statvfs disk;

  if (access (nearest, W_OK | X_OK) != 0 || statvfs (nearest, &disk) != 0)
    return 0;
  return MIN (get_room (&disk), get_longest ());
}

static gboolean
reserve (WsSpillFile *self, guint64 offset, gsize n_bytes)
{
  struct statvfs disk;

  if (offset + n_bytes > get_longest () || fstatvfs (self->fd, &disk) != 0 ||
      get_room (&disk) < n_bytes)
    return FALSE;
  /* where the file system cannot do it, it will be told by writing */
  return fallocate (self->fd, 0, (off_t) offset, (off_t) n_bytes) == 0 || errno == EOPNOTSUPP ||
         errno == ENOSYS;
}

gboolean
ws_spill_file_write (WsSpillFile *self, guint64 offset, const void *bytes, gsize n_bytes,
                     GCancellable *cancellable)
{
  const guint8 *next = bytes;

  if (!reserve (self, offset, n_bytes))
    return FALSE;
  while (n_bytes > 0 && !g_cancellable_is_cancelled (cancellable))
    {
      const gssize n = pwrite (self->fd, next, MIN (n_bytes, CHUNK), (off_t) offset);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      next += n;
      offset += n;
      n_bytes -= n;
    }
  return n_bytes == 0;
}

gboolean
ws_spill_file_read (const WsSpillFile *self, guint64 offset, void *dst, gsize n_bytes)
{
  guint8 *next = dst;

  while (n_bytes > 0)
    {
      const gssize n = pread (self->fd, next, n_bytes, (off_t) offset);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      next += n;
      offset += n;
      n_bytes -= n;
    }
  return TRUE;
}

void
ws_spill_file_discard (WsSpillFile *self, guint64 offset, guint64 n_bytes)
{
  while (n_bytes > 0 && fallocate (self->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                                   (off_t) offset, (off_t) n_bytes) != 0)
    if (errno != EINTR)
      break;
}
