/* SPDX-License-Identifier: MIT */
/* The button in the header bar that shows all downloads; hidden while there are none. */
#pragma once

#include "download-list.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_DOWNLOADS_BUTTON (ws_downloads_button_get_type ())
G_DECLARE_FINAL_TYPE (WsDownloadsButton, ws_downloads_button, WS, DOWNLOADS_BUTTON, GtkWidget)

void ws_downloads_button_set_list (WsDownloadsButton *self, WsDownloadList *list);
void ws_downloads_button_popup (WsDownloadsButton *self);

G_END_DECLS
