/* SPDX-License-Identifier: MIT */
/* One model on the Hub: its revisions, its files, where they will be, and what may be done. */
#pragma once

#include "download-order.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_HUB_PAGE (ws_hub_page_get_type ())
G_DECLARE_FINAL_TYPE (WsHubPage, ws_hub_page, WS, HUB_PAGE, GtkBox)

/* Signals: download (): the user wants what ws_hub_page_dup_order says; look-inside (const char *):
 * what has this name, or is in this folder, is to be opened, not fetched. */

/* Asks the Hub, and shows the answer or the error. @name: copied */
void ws_hub_page_load (WsHubPage *self, const WsHubName *name);
/* The same for whoever has seen the model: of a commit that a branch or tag stands at it becomes
 * that, and the button that fetches the files has the focus when they are listed. */
void ws_hub_page_load_to_fetch (WsHubPage *self, const WsHubName *name);
/* Says what to do first. */
void ws_hub_page_clear (WsHubPage *self);

/* (transfer full): NULL while there is nothing to fetch. */
WsDownloadOrder *ws_hub_page_dup_order (WsHubPage *self);

G_END_DECLS
