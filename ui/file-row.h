/* SPDX-License-Identifier: MIT */
/* A file in the check list: whether it is fetched, its name, why not, its size. */
#pragma once

#include "file-item.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_FILE_ROW (ws_file_row_get_type ())
G_DECLARE_FINAL_TYPE (WsFileRow, ws_file_row, WS, FILE_ROW, GtkWidget)

/* Signal: chosen (): its item was chosen, or is no more. */
GtkWidget *ws_file_row_new (void);
/* @item: (nullable): none for now, the row will be used for another */
void ws_file_row_set_item (WsFileRow *self, WsFileItem *item);

G_END_DECLS
