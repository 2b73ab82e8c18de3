/* SPDX-License-Identifier: MIT */
/* A file of a model on the Hub that may be fetched, for lists. */
#pragma once

#include "hub/file-choice.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define WS_TYPE_FILE_ITEM (ws_file_item_get_type ())
G_DECLARE_FINAL_TYPE (WsFileItem, ws_file_item, WS, FILE_ITEM, GObject)

/* Property that notifies: chosen.
 * @row: borrowed; must outlive the item, or be replaced: chosen is written to it */
WsFileItem *ws_file_item_new (WsChoiceRow *row);
/* The same file in another choice. */
void ws_file_item_set_row (WsFileItem *self, WsChoiceRow *row);

const WsHubFile *ws_file_item_get_file (WsFileItem *self);
/* (nullable): of weights that nothing here can open: "GGUF" */
const char *ws_file_item_get_format (WsFileItem *self);
/* (nullable): why the choice leaves it out, translated */
const char *ws_file_item_get_reason (WsFileItem *self);
gboolean ws_file_item_get_chosen (WsFileItem *self);
void ws_file_item_set_chosen (WsFileItem *self, gboolean chosen);

G_END_DECLS
