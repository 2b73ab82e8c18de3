/* SPDX-License-Identifier: MIT */
/* What to do when the Hub says no. */
#pragma once

#include "hub/hub.h"

G_BEGIN_DECLS

/* Adds to @error, of asking @hub for the model @id, what may help: names that are near to it, and
 * where a token is taken from and made. May ask the Hub once, for 3 s at most. */
void cli_explain_refusal (GError **error, WsHub *hub, const char *id, GCancellable *cancellable);

G_END_DECLS
