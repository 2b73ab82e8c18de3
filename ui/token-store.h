/* SPDX-License-Identifier: MIT */
/* Where the user's token of the Hub is kept: the keyring of the desktop, else the token file that
 * huggingface_hub reads too. Nowhere else. */
#pragma once

#include "hub/settings.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Both block: the keyring may ask for its password. */

/* From the keyring; NULL: none, or there is no keyring. (transfer full) */
char *ws_token_store_read (const char *endpoint, GCancellable *cancellable);

/* Keeps @token: in the keyring; where there is none, in settings->token_path, which only the user
 * may read (0600, in a folder of 0700 if it is made here).
 * @origin: (out): where it is now */
gboolean ws_token_store_save (const WsHubSettings *settings, const char *token,
                              WsTokenOrigin *origin, GCancellable *cancellable, GError **error);

G_END_DECLS
