/* SPDX-License-Identifier: MIT */
/* A download in the sidebar: its name, how far it is, and the button that pauses it. */
#pragma once

#include "download-item.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_SIDEBAR_DOWNLOAD (ws_sidebar_download_get_type ())
G_DECLARE_FINAL_TYPE (WsSidebarDownload, ws_sidebar_download, WS, SIDEBAR_DOWNLOAD, GtkListBoxRow)

GtkWidget *ws_sidebar_download_new (WsDownloadItem *item);

G_END_DECLS
