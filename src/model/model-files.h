/* SPDX-License-Identifier: MIT */
/* Which files a path stands for: a folder, an index, or one checkpoint file. */
#pragma once

#include "base/folder.h"
#include "model/shard-index.h"

G_BEGIN_DECLS

typedef struct
{
  const WsFolder *folder; /* of all the files */
  GPtrArray *names;       /* (element-type utf8) the files, in order; some may not be there */
  /* The names are shards of one checkpoint, by its index or by their own "-00001-of-00002". */
  gboolean sharded;
  /* One shard alone, by the wish of the user: what it lacks lies in its sisters. */
  gboolean is_part;
  char *index_name;   /* NULL: none */
  WsShardIndex index; /* members NULL if index_name is */
} WsModelFiles;

/* Looks for the files of the checkpoint in @folder, which is held by the caller, or of the one that
 * the file @name of it is or names. @self: zeroed. @name: (nullable)
 * Returns: FALSE with @error set: WS_ERROR_NOT_FOUND (a folder without checkpoint), _UNSUPPORTED (a
 * folder with other formats only), _ARGUMENT (a folder with several), _FORMAT (the index), or
 * G_IO_ERROR. */
gboolean ws_model_files_find (WsModelFiles *self, const WsFolder *folder, const char *name,
                              GCancellable *cancellable, GError **error);
void ws_model_files_clear (WsModelFiles *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsModelFiles, ws_model_files_clear)

G_END_DECLS
