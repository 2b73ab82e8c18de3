/* SPDX-License-Identifier: MIT */
/* The pane of the map of tokens: what colours it, what dragging does, the map. */
#pragma once

#include "chart/token-map.h"
#include "cluster-session.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_MAP_PANE (ws_map_pane_get_type ())
G_DECLARE_FINAL_TYPE (WsMapPane, ws_map_pane, WS, MAP_PANE, GtkBox)

/* @session: (nullable) */
void ws_map_pane_set_session (WsMapPane *self, WsClusterSession *session);

/* As it is shown, for a file. (transfer full) */
WsTokenMap *ws_map_pane_dup_map (WsMapPane *self);

G_END_DECLS
