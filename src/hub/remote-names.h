/* SPDX-License-Identifier: MIT */
/* What a name on the Hub stands for, asked for or remembered: the commit, and its files. */
#pragma once

#include "hub/hub.h"

G_BEGIN_DECLS

/* The files of the commit that @name means.
 * @warnings: (element-type utf8): sentences for people are added
 * Returns: (transfer full): its id is the one that the model has now; NULL with WS_HUB_ERROR or
 *   G_IO_ERROR_CANCELLED */
WsHubListing *ws_remote_listing_open (WsHub *hub, const WsHubName *name, GPtrArray *warnings,
                                      GCancellable *cancellable, GError **error);

/* Keeps what the Hub has just said of @name: @listing, for ws_remote_listing_recall. */
void ws_remote_listing_keep (WsHub *hub, const WsHubName *name, const WsHubListing *listing);
/* What @name stands for by what was kept, and by what the shared cache notes after a download: that
 * first, for its files may be there. Asks nobody. (transfer full) (nullable) */
WsHubListing *ws_remote_listing_recall (WsHub *hub, const WsHubName *name);

/* Whether @failure says nothing of the model, only of the way to it. */
gboolean ws_remote_is_of_network (const GError *failure);

G_END_DECLS
