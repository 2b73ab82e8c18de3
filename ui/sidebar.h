/* SPDX-License-Identifier: MIT */
/* The list of models: open ones, and those opened before. */
#pragma once

#include "model-session.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_SIDEBAR (ws_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (WsSidebar, ws_sidebar, WS, SIDEBAR, GtkBox)

/* Signals: model-chosen (WsModelSession *); recent models activate win.open-path.
 * @sessions: of WsModelSession, followed when it changes. */
void ws_sidebar_set_sessions (WsSidebar *self, GListModel *sessions);
/* @downloads: of WsDownloadItem, followed when it changes. A row that is chosen activates
 * win.show-downloads. */
void ws_sidebar_set_downloads (WsSidebar *self, GListModel *downloads);
/* No model open, none that was, and no download. */
gboolean ws_sidebar_is_empty (WsSidebar *self);
/* Marks the session that is shown; does not emit model-chosen. */
void ws_sidebar_select (WsSidebar *self, WsModelSession *session);

G_END_DECLS
