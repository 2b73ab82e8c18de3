/* SPDX-License-Identifier: MIT */
/* The bar of the Embeddings page: which matrix, how it is clustered, the run. */
#pragma once

#include "cluster-session.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_CLUSTER_TOOLBAR (ws_cluster_toolbar_get_type ())
G_DECLARE_FINAL_TYPE (WsClusterToolbar, ws_cluster_toolbar, WS, CLUSTER_TOOLBAR, GtkBox)

/* Its buttons activate win.toggle-clusters and the menu of exports.
 * @session: (nullable) */
void ws_cluster_toolbar_set_session (WsClusterToolbar *self, WsClusterSession *session);

G_END_DECLS
