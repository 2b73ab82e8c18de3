/* SPDX-License-Identifier: MIT */
/* The strip at the bottom while tokens are being clustered, whatever view is shown. */
#pragma once

#include "cluster-session.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_CLUSTER_STRIP (ws_cluster_strip_get_type ())
G_DECLARE_FINAL_TYPE (WsClusterStrip, ws_cluster_strip, WS, CLUSTER_STRIP, GtkBox)

/* Its button activates win.cancel-clusters. @session: (nullable) */
void ws_cluster_strip_set_session (WsClusterStrip *self, WsClusterSession *session);

G_END_DECLS
