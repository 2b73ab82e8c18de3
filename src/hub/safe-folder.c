/* SPDX-License-Identifier: MIT */
/* Paths walked name by name with openat and O_NOFOLLOW. */
#include "hub/safe-folder.h"

#include "base/error.h"
#include "base/write.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FOLDER_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#define MAX_LINK 4096

void
ws_fd_close (WsFd fd)
{
  if (fd >= 0)
    close (fd);
}

static int
open_step (int folder, const char *name, gboolean create)
{
  int fd = openat (folder, name, FOLDER_FLAGS);

  if (fd >= 0 || errno != ENOENT || !create)
    return fd;
  if (mkdirat (folder, name, 0777) != 0 && errno != EEXIST) /* less the umask */
    return -1;
  return openat (folder, name, FOLDER_FLAGS);
}

int
ws_safe_folder_open (int root, const char *path, gboolean create, GError **error)
{
  g_auto (GStrv) names = g_strsplit (path, "/", -1);
  g_auto (WsFd) folder = openat (root, ".", FOLDER_FLAGS);

  for (guint i = 0; folder >= 0 && names[i] != NULL; i++)
    if (names[i][0] != '\0')
      {
        const int next = open_step (folder, names[i], create);
        const int saved_errno = errno;

        ws_fd_close (folder);
        folder = next;
        errno = saved_errno;
      }
  if (folder < 0)
    {
      /* of a link, with O_DIRECTORY, the kernel says that it is no folder */
      ws_error_set_errno (error, errno,
                          errno == ELOOP || errno == ENOTDIR
                              ? _ ("a link or a file stands in the way of the folder")
                              : _ ("cannot open the folder"),
                          path);
      return -1;
    }
  return g_steal_fd (&folder);
}

int
ws_safe_folder_open_parent (int root, const char *path, gboolean create, const char **name,
                            GError **error)
{
  const char *slash = strrchr (path, '/');
  g_autofree char *parent = slash ? g_strndup (path, slash - path) : g_strdup ("");

  *name = slash ? slash + 1 : path;
  return ws_safe_folder_open (root, parent, create, error);
}

int
ws_safe_folder_open_file (int root, const char *path, struct stat *status)
{
  const char *name;
  g_auto (WsFd) folder = ws_safe_folder_open_parent (root, path, FALSE, &name, NULL);
  g_auto (WsFd) fd = -1;

  if (folder < 0)
    return -1;
  /* O_NONBLOCK: a pipe would hold us up */
  fd = openat (folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0 || fstat (fd, status) != 0 || !S_ISREG (status->st_mode))
    return -1;
  return g_steal_fd (&fd);
}

char *
ws_safe_folder_make_name (void)
{
  return g_strdup_printf (".weightscope-%08x%08x", g_random_int (), g_random_int ());
}

/* A new file @name in @folder. */
static gboolean
write_new (int folder, const char *name, const char *text, gsize n_bytes)
{
  g_auto (WsFd) fd = openat (folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

  return fd >= 0 && ws_write_all (fd, text, n_bytes);
}

/* After @is_made, a file or link @temporary: gives it its @name, or removes it. */
static gboolean
put_in_place (int folder, const char *temporary, const char *name, gboolean is_made,
              const char *path, GError **error)
{
  int saved_errno;

  if (is_made && renameat (folder, temporary, folder, name) == 0)
    return TRUE;
  saved_errno = errno;
  unlinkat (folder, temporary, 0);
  ws_error_set_errno (error, saved_errno, _ ("cannot write"), path);
  return FALSE;
}

gboolean
ws_safe_folder_write (int root, const char *path, const char *text, gsize n_bytes, GError **error)
{
  const char *name;
  g_auto (WsFd) folder = ws_safe_folder_open_parent (root, path, TRUE, &name, error);
  g_autofree char *temporary = ws_safe_folder_make_name ();

  if (folder < 0)
    return FALSE;
  return put_in_place (folder, temporary, name, write_new (folder, temporary, text, n_bytes), path,
                       error);
}

void
ws_safe_folder_remove (int root, const char *path)
{
  const char *name;
  g_auto (WsFd) folder = ws_safe_folder_open_parent (root, path, FALSE, &name, NULL);

  if (folder >= 0)
    unlinkat (folder, name, 0);
}

static gboolean
is_link_to (int folder, const char *name, const char *target)
{
  char text[MAX_LINK];
  const gssize n = readlinkat (folder, name, text, sizeof text);

  return n >= 0 && (gsize) n == strlen (target) && memcmp (text, target, n) == 0;
}

gboolean
ws_safe_folder_link (int root, const char *path, const char *target, GError **error)
{
  const char *name;
  g_auto (WsFd) folder = ws_safe_folder_open_parent (root, path, TRUE, &name, error);
  g_autofree char *temporary = ws_safe_folder_make_name ();

  if (folder < 0)
    return FALSE;
  if (is_link_to (folder, name, target))
    return TRUE;
  return put_in_place (folder, temporary, name, symlinkat (target, folder, temporary) == 0, path,
                       error);
}
