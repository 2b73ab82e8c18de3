/* SPDX-License-Identifier: MIT */
/* Where a model is saved: the cache shared with huggingface_hub, or a folder; how full it is. */
#pragma once

#include "disk-room.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_DESTINATION (ws_destination_get_type ())
G_DECLARE_FINAL_TYPE (WsDestination, ws_destination, WS, DESTINATION, GtkBox)

/* Signal: changed (): another place, or more is known of it. The place is remembered in the
 * settings. */

void ws_destination_set_listing (WsDestination *self, WsHubListing *listing);

/* For a model of this name: below the folder that was chosen. (transfer full): NULL: the cache */
char *ws_destination_dup_folder (WsDestination *self);
/* (nullable): until it is known */
const WsDiskRoom *ws_destination_get_room (WsDestination *self);

G_END_DECLS
