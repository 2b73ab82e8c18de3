/* SPDX-License-Identifier: MIT */
/* What the window shows when no model is open: what to do first. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_EMPTY_PAGE (ws_empty_page_get_type ())
G_DECLARE_FINAL_TYPE (WsEmptyPage, ws_empty_page, WS, EMPTY_PAGE, GtkBox)

G_END_DECLS
