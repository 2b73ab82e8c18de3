/* SPDX-License-Identifier: MIT */
/* The folders of the Hub's cache: models--ORG--NAME/snapshots/COMMIT/... */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where @folder is the root of a cached model ("models--org--name" with "snapshots" in it), the
 * folder of the snapshot that it stands for: the one that refs/main names, else the only one. Any
 * other @folder stands for itself.
 * Returns: (transfer full): NULL with WS_ERROR_ARGUMENT (several snapshots and no usable refs/main:
 * the user must say which) or _NOT_FOUND (none). */
char *ws_hub_folder_resolve (const char *folder, GCancellable *cancellable, GError **error);

/* What the path of a folder within a snapshot says of the model; left alone where it says nothing.
 * @model_id: (inout) (transfer full): "org/name"
 * @revision: (inout) (transfer full): the commit */
void ws_hub_folder_parse (const char *folder, char **model_id, char **revision);

G_END_DECLS
