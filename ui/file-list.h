/* SPDX-License-Identifier: MIT */
/* The files of a model on the Hub, and which of them are to be fetched. */
#pragma once

#include "analysis/shard-parts.h"
#include "hub/file-choice.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_FILE_LIST (ws_file_list_get_type ())
G_DECLARE_FINAL_TYPE (WsFileList, ws_file_list, WS, FILE_LIST, GtkBox)

/* Signal: changed (): another choice. */

/* @choice: (element-type WsChoiceRow): a row for each file of @listing; changed by the user
 * @is_weights: whether it is that of WS_CHOICE_WEIGHTS */
void ws_file_list_set_listing (WsFileList *self, WsHubListing *listing, GPtrArray *choice,
                               gboolean is_weights);

/* What can be had without the rest: presets for what there is. @parts: copied */
void ws_file_list_set_parts (WsFileList *self, const WsShardParts *parts);

/* (element-type WsHubFile) (transfer container): of the listing */
GPtrArray *ws_file_list_dup_chosen (WsFileList *self);
/* Of the chosen ones, the same contents counted once, and of all. */
guint64 ws_file_list_get_n_bytes (WsFileList *self);
guint64 ws_file_list_get_total (WsFileList *self);

G_END_DECLS
