/* SPDX-License-Identifier: MIT */
/* The table of the clusters of one k. */
#pragma once

#include "cluster-session.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_CLUSTER_TABLE (ws_cluster_table_get_type ())
G_DECLARE_FINAL_TYPE (WsClusterTable, ws_cluster_table, WS, CLUSTER_TABLE, GtkBox)

/* @session: (nullable) */
void ws_cluster_table_set_session (WsClusterTable *self, WsClusterSession *session);
/* Rows are WsClusterItem, in the order of the table. */
GtkSelectionModel *ws_cluster_table_get_selection (WsClusterTable *self);

G_END_DECLS
