/* SPDX-License-Identifier: MIT */
/* A download in the popover: in total and for each file in work, with its buttons. */
#pragma once

#include "download-list.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_DOWNLOAD_ROW (ws_download_row_get_type ())
G_DECLARE_FINAL_TYPE (WsDownloadRow, ws_download_row, WS, DOWNLOAD_ROW, GtkListBoxRow)

/* Its buttons act on @item and @list; Open activates win.open-path. */
GtkWidget *ws_download_row_new (WsDownloadItem *item, WsDownloadList *list);

G_END_DECLS
