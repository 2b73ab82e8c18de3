/* SPDX-License-Identifier: MIT */
/* The tokens nearest to one token by cosine, found on a thread. */
#pragma once

#include "cluster-session.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_NEIGHBOUR_LIST (ws_neighbour_list_get_type ())
G_DECLARE_FINAL_TYPE (WsNeighbourList, ws_neighbour_list, WS, NEIGHBOUR_LIST, GtkBox)

GtkWidget *ws_neighbour_list_new (void);
/* Looks for them at once where the weights are here; asks first where they are to be read from
 * elsewhere. @session: (nullable) @point: -1: none */
void ws_neighbour_list_set_point (WsNeighbourList *self, WsClusterSession *session, int point);

G_END_DECLS
