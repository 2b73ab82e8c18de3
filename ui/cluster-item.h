/* SPDX-License-Identifier: MIT */
/* A cluster as a row of the table. Immutable. */
#pragma once

#include "cluster-rows.h"
#include <gio/gio.h>

G_BEGIN_DECLS

#define WS_TYPE_CLUSTER_ITEM (ws_cluster_item_get_type ())
G_DECLARE_FINAL_TYPE (WsClusterItem, ws_cluster_item, WS, CLUSTER_ITEM, GObject)

WsClusterItem *ws_cluster_item_new (WsClusterRows *rows, guint cluster);

guint ws_cluster_item_get_cluster (WsClusterItem *self);
const WsClusterRow *ws_cluster_item_get_row (WsClusterItem *self);
const char *ws_cluster_item_get_name (WsClusterItem *self);
gsize ws_cluster_item_get_n_members (WsClusterItem *self);
/* From its centre outwards; as many as n_members. */
const guint32 *ws_cluster_item_get_members (WsClusterItem *self);
/* Of the greatest cluster. */
gsize ws_cluster_item_get_largest (WsClusterItem *self);

G_END_DECLS
