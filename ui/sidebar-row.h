/* SPDX-License-Identifier: MIT */
/* A model in the sidebar: its name, what it is, how far it is. */
#pragma once

#include "model-session.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_SIDEBAR_ROW (ws_sidebar_row_get_type ())
G_DECLARE_FINAL_TYPE (WsSidebarRow, ws_sidebar_row, WS, SIDEBAR_ROW, GtkListBoxRow)

/* A row of an open model; its button activates win.close-model with the path. */
GtkWidget *ws_sidebar_row_new_open (WsModelSession *session);
/* A row of a model that was open once. */
GtkWidget *ws_sidebar_row_new_recent (const char *path);

const char *ws_sidebar_row_get_path (WsSidebarRow *self);
/* NULL for a recent one. */
WsModelSession *ws_sidebar_row_get_session (WsSidebarRow *self);

G_END_DECLS
