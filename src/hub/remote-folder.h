/* SPDX-License-Identifier: MIT */
/* A model on the Hub as a folder of files, none of which is here: what is read comes by ranges. */
#pragma once

#include "base/folder.h"
#include "hub/hub.h"

G_BEGIN_DECLS

/* Asks which commit is meant and for the list of its files. Both are kept (head-cache.h): a list
 * never changes; the commit is asked for each time, and where the Hub cannot be reached the last
 * answer counts, with a warning. So a model that was looked at before opens without a network.
 * Files that the shared cache of the Hub has whole are read from there; and where the Hub cannot be
 * reached and was never asked, the snapshot in it is what there is of the model.
 *
 * @text: as ws_hub_name_parse; a path in it is a folder within the model, or a file
 * @revision: (nullable): where @text names none; NULL: main
 * @n_max_bytes: as ws_remote_pool_new
 * @name: (out) (transfer full) (nullable): the file that @text names
 *
 * Returns: (transfer full): its path is "hf:org/name@commit[/folder]", with the id that the model
 *   has now; a warning tells of another one. NULL with WS_HUB_ERROR or G_IO_ERROR_CANCELLED. */
WsFolder *ws_remote_folder_open (WsHub *hub, const char *text, const char *revision,
                                 guint64 n_max_bytes, char **name, GCancellable *cancellable,
                                 GError **error);

G_END_DECLS
