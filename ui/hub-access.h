/* SPDX-License-Identifier: MIT */
/* The Hub as this program asks it: environment, preferences, and the user's token. */
#pragma once

#include "hub/hub.h"

G_BEGIN_DECLS

/* Main thread, once: follows the preferences. */
void ws_hub_access_init (void);

/* Any thread; may block at the first call, for the keyring. The same object until something
 * changes. (transfer full) */
WsHub *ws_hub_access_dup_hub (GCancellable *cancellable);

/* Any thread: a token that the user has entered goes before all others, and is kept for the next
 * start (ws_token_store_save). Blocks.
 * Returns: FALSE with @error set: it could not be kept; it is used all the same. */
gboolean ws_hub_access_take_token (const char *token, GCancellable *cancellable, GError **error);

G_END_DECLS
