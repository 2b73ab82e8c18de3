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

G_END_DECLS
