/* SPDX-License-Identifier: MIT */
/* Write beside, sync, rename: a reader sees the old file or the whole new one, never a half. */
#include "base/atomic-file.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct _WsAtomicFile
{
  char *path;      /* the final name, as given: for messages */
  char *target;    /* the same with links followed, so that a link stays a link */
  char *temporary; /* NULL once renamed */
  FILE *stream;    /* NULL once closed */
};

/* Renaming over a folder fails, over a device it would succeed: `--out /dev/null` as root. */
gboolean
ws_atomic_file_can_replace (const char *path, GError **error)
{
  struct stat status;

  if (stat (path, &status) != 0 || S_ISREG (status.st_mode))
    return TRUE;
  if (S_ISDIR (status.st_mode))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY,
                 _ ("cannot write '%s': it is a folder"), path);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE,
                 _ ("cannot write '%s': it is a device, pipe or socket, not a file"), path);
  return FALSE;
}

static char *
follow_links (const char *path)
{
  char *resolved = realpath (path, NULL);
  char *target = g_strdup (resolved ? resolved : path); /* NULL: not there yet */

  free (resolved);
  return target;
}

WsAtomicFile *
ws_atomic_file_open (const char *path, GError **error)
{
  g_return_val_if_fail (path != NULL, NULL);

  if (!ws_atomic_file_can_replace (path, error))
    return NULL;

  g_autoptr (WsAtomicFile) self = g_new0 (WsAtomicFile, 1);
  self->path = g_strdup (path);
  self->target = follow_links (path);

  /* Not made from the final name, which may already be as long as names can be. */
  g_autofree char *folder = g_path_get_dirname (self->target);
  g_autofree char *temporary = g_build_filename (folder, ".weightscope-XXXXXX", NULL);
  int fd = g_mkstemp_full (temporary, O_WRONLY | O_CLOEXEC, 0666); /* less the umask */
  if (fd < 0)
    {
      ws_error_set_errno (error, errno, _ ("cannot create"), path);
      return NULL;
    }
  self->temporary = g_steal_pointer (&temporary);
  self->stream = fdopen (fd, "w");
  if (!self->stream)
    {
      ws_error_set_errno (error, errno, _ ("cannot create"), path);
      close (fd);
      return NULL;
    }
  return g_steal_pointer (&self);
}

FILE *
ws_atomic_file_get_stream (WsAtomicFile *self)
{
  return self->stream;
}

/* Everything in the stream is on the disk. A failed write of long ago has left only the stream's
 * error flag, not its errno. */
static gboolean
sync_stream (WsAtomicFile *self, GError **error)
{
  if (fflush (self->stream) != 0)
    {
      ws_error_set_errno (error, errno, _ ("cannot write"), self->path);
      return FALSE;
    }
  if (ferror (self->stream))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                   _ ("cannot write '%s': an earlier write failed (the disk may be full)"),
                   self->path);
      return FALSE;
    }
  if (g_fsync (fileno (self->stream)) != 0 && errno != EINVAL) /* EINVAL: cannot be synced */
    {
      ws_error_set_errno (error, errno, _ ("cannot write"), self->path);
      return FALSE;
    }
  return TRUE;
}

/* Makes the new name durable. Not an error when it fails: the file stands, whole. */
static void
sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    return;
  g_fsync (fd);
  close (fd);
}

static void
remove_temporary (WsAtomicFile *self)
{
  if (self->temporary)
    g_unlink (self->temporary);
  g_clear_pointer (&self->temporary, g_free);
}

gboolean
ws_atomic_file_commit (WsAtomicFile *self, GError **error)
{
  g_return_val_if_fail (self != NULL && self->stream != NULL, FALSE);

  gboolean synced = sync_stream (self, error);
  gboolean closed = fclose (g_steal_pointer (&self->stream)) == 0;
  gboolean renamed = synced && closed && g_rename (self->temporary, self->target) == 0;

  if (!renamed)
    {
      if (synced)
        ws_error_set_errno (error, errno, _ ("cannot write"), self->path);
      remove_temporary (self);
      return FALSE;
    }
  g_clear_pointer (&self->temporary, g_free);
  sync_folder (self->target);
  return TRUE;
}

void
ws_atomic_file_free (WsAtomicFile *self)
{
  if (!self)
    return;
  if (self->stream)
    fclose (self->stream);
  remove_temporary (self);
  g_free (self->target);
  g_free (self->path);
  g_free (self);
}
