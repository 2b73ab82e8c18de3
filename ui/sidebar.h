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
/* No model open, and none that was. */
gboolean ws_sidebar_is_empty (WsSidebar *self);
/* Marks the session that is shown; does not emit model-chosen. */
void ws_sidebar_select (WsSidebar *self, WsModelSession *session);

G_END_DECLS
