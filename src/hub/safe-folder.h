/* SPDX-License-Identifier: MIT */
/* Folders and files below a folder that is held open; no link on the way is ever followed, so that
 * nothing planted there leads out of it. */
#pragma once

#include <gio/gio.h>
#include <sys/stat.h>

G_BEGIN_DECLS

/* A file descriptor that is closed when it goes out of scope. */
typedef int WsFd;
void ws_fd_close (WsFd fd);
G_DEFINE_AUTO_CLEANUP_FREE_FUNC (WsFd, ws_fd_close, -1)

/* The folder @path below @root ("a/b"; "" for itself); made, with all on the way, if @create.
 * Returns: -1 with @error set (G_IO_ERROR). */
int ws_safe_folder_open (int root, const char *path, gboolean create, GError **error);
/* The same for the folder that @path, of a file, is in.
 * @name: (out): the file's own name, within @path */
int ws_safe_folder_open_parent (int root, const char *path, gboolean create, const char **name,
                                GError **error);

/* A file for reading. Returns: -1 if there is none, or anything but a file. */
int ws_safe_folder_open_file (int root, const char *path, struct stat *status);

/* Writes beside and renames; what stood there, a link too, is replaced. */
gboolean ws_safe_folder_write (int root, const char *path, const char *text, gsize n_bytes,
                               GError **error);
/* Removes the file @path, if it is there. */
void ws_safe_folder_remove (int root, const char *path);
/* @path becomes a link to @target, unless it is one already. */
gboolean ws_safe_folder_link (int root, const char *path, const char *target, GError **error);

/* A name that nothing has. (transfer full) */
char *ws_safe_folder_make_name (void);

G_END_DECLS
