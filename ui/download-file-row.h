/* SPDX-License-Identifier: MIT */
/* A file that is being fetched: its name, its bar, what it waits for. */
#pragma once

#include "fetch-run.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_DOWNLOAD_FILE_ROW (ws_download_file_row_get_type ())
G_DECLARE_FINAL_TYPE (WsDownloadFileRow, ws_download_file_row, WS, DOWNLOAD_FILE_ROW, GtkBox)

GtkWidget *ws_download_file_row_new (void);
void ws_download_file_row_show (WsDownloadFileRow *self, const WsFileNews *file);

G_END_DECLS
