/* SPDX-License-Identifier: MIT */
/* The list of tokens: members of a cluster, what was drawn round, what a search found. */
#pragma once

#include "cluster-session.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_TOKEN_TABLE (ws_token_table_get_type ())
G_DECLARE_FINAL_TYPE (WsTokenTable, ws_token_table, WS, TOKEN_TABLE, GtkBox)

/* @session: (nullable) */
void ws_token_table_set_session (WsTokenTable *self, WsClusterSession *session);
void ws_token_table_focus_search (WsTokenTable *self);
/* Rows are WsTokenItem, in the order of the table. */
GtkSelectionModel *ws_token_table_get_selection (WsTokenTable *self);

G_END_DECLS
