/* SPDX-License-Identifier: MIT */
/* Where the files of a model come to lie: the cache that is shared with huggingface_hub, or a plain
 * folder. Both keep one copy of equal contents on the way, and write nothing outside. */
#pragma once

#include "hub/hub.h"
#include "hub/part.h"

G_BEGIN_DECLS

/* What is smaller is fetched by one request, has no record, and is checked by its hash whenever
 * it is met; what is larger is trusted by its size once it was checked. */
#define WS_SMALL_BYTES ((guint64) 8 << 20)

typedef struct _WsTarget WsTarget;

/* @folder: (nullable): a plain folder; NULL: the cache of @settings
 * Makes the folders. */
WsTarget *ws_target_open (const WsHubSettings *settings, const WsHubListing *listing,
                          const char *folder, GError **error);
void ws_target_free (WsTarget *self);
/* The folder to open when all is there. Borrowed. */
const char *ws_target_get_folder (const WsTarget *self);

/* In the following @files are those of one contents: (element-type WsHubFile), at least one. */

/* Puts @files in place from what is there already and right.
 * @found: (out): whether it was */
gboolean ws_target_adopt (WsTarget *self, GPtrArray *files, gboolean *found,
                          GCancellable *cancellable, GError **error);
/* The part of @files. Errors: G_IO_ERROR_BUSY: another program is fetching it.
 * @alone: whether not to wait for others: with a part that nobody else uses and that is not kept */
WsPart *ws_target_open_part (WsTarget *self, GPtrArray *files, gboolean alone, GError **error);
/* Puts @files in place from their part, whole and right. */
gboolean ws_target_place (WsTarget *self, GPtrArray *files, WsPart *part, GError **error);
/* Bytes that @files still need on the disk. */
guint64 ws_target_get_n_missing (WsTarget *self, GPtrArray *files);
/* Bytes that an earlier run has left of them. */
guint64 ws_target_get_n_kept (WsTarget *self, GPtrArray *files);
/* When another program, or we, last wrote a part of @files: seconds ago; a large number if there is
 * none. */
double ws_target_get_part_age (WsTarget *self, GPtrArray *files);
void ws_target_delete_part (WsTarget *self, GPtrArray *files);

/* Free for us on the disk. */
guint64 ws_target_get_n_free (WsTarget *self);
/* All that was wanted is there: says which commit it is of, and what was left out.
 * @revision: (nullable): as it was asked for */
gboolean ws_target_finish (WsTarget *self, const WsHubListing *listing, const char *revision,
                           GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsTarget, ws_target_free)

G_END_DECLS
