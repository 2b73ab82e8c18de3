/* SPDX-License-Identifier: MIT */
/* What a folder holds, in an order that does not depend on the file system; and folders that are
 * not of the file system at all. */
#pragma once

#include "base/source.h"

G_BEGIN_DECLS

/* Names in @path, sorted by bytes, without hidden ones (macOS leaves "._model.safetensors").
 * @only_folders: TRUE to leave out all but folders and links to them.
 * Returns: (element-type utf8) (transfer full): NULL with @error set (G_IO_ERROR). */
GPtrArray *ws_folder_list (const char *path, gboolean only_folders, GCancellable *cancellable,
                           GError **error);

/* A kind of folder, as a table of what it can do. @data: what ws_folder_new was given. */
typedef struct
{
  /* As ws_folder_list_names. */
  GPtrArray *(*list) (gpointer data, GCancellable *cancellable, GError **error);
  /* As ws_folder_open. */
  WsSource *(*open) (gpointer data, const char *name, GCancellable *cancellable, GError **error);
  void (*free) (gpointer data);
} WsFolderKind;

/* Files with names, wherever they lie: whoever reads a model never knows whether it is a disk or a
 * server. Ref-counted; what it can do may be asked of it on any thread. */
typedef struct
{
  const WsFolderKind *kind;
  gpointer data;
  char *path;          /* (owned): for messages, and to open it again */
  char *model_id;      /* (owned) (nullable): whose files they are, where the place tells */
  char *revision;      /* (owned) (nullable): the commit, likewise */
  GPtrArray *warnings; /* (element-type utf8) (owned): translated sentences for people */
  gatomicrefcount ref_count;
} WsFolder;

/* @kind: static; @data: (transfer full). The other members are empty. */
WsFolder *ws_folder_new (const WsFolderKind *kind, gpointer data, const char *path);
/* The folder @path of the file system; nothing is looked at yet. */
WsFolder *ws_folder_new_local (const char *path);
WsFolder *ws_folder_ref (WsFolder *self);
void ws_folder_unref (WsFolder *self);

/* Names of the files, sorted by bytes, without hidden ones.
 * Returns: (element-type utf8) (transfer full): NULL with @error set. */
GPtrArray *ws_folder_list_names (const WsFolder *self, GCancellable *cancellable, GError **error);
/* The file @name of the folder. G_IO_ERROR_NOT_FOUND: there is none.
 * Returns: (transfer full): NULL with @error set. */
WsSource *ws_folder_open (const WsFolder *self, const char *name, GCancellable *cancellable,
                          GError **error);

/* @path if it is a folder, else the nearest one above it: where it would be made, so on whose disk.
 * (transfer full): absolute */
char *ws_folder_dup_nearest (const char *path);

/* Where the program keeps what it found out: $WEIGHTSCOPE_DATA, by default weightscope in the data
 * folder of the user. (transfer full) */
char *ws_folder_dup_data (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsFolder, ws_folder_unref)

G_END_DECLS
