/* SPDX-License-Identifier: MIT */
/* What a folder holds, in an order that does not depend on the file system. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Names in @path, sorted by bytes, without hidden ones (macOS leaves "._model.safetensors").
 * @only_folders: TRUE to leave out all but folders and links to them.
 * Returns: (element-type utf8) (transfer full): NULL with @error set (G_IO_ERROR). */
GPtrArray *ws_folder_list (const char *path, gboolean only_folders, GCancellable *cancellable,
                           GError **error);

/* Where the program keeps what it found out: $WEIGHTSCOPE_DATA, by default weightscope in the data
 * folder of the user. (transfer full) */
char *ws_folder_dup_data (void);

G_END_DECLS
