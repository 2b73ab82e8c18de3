/* SPDX-License-Identifier: MIT */
/* Asks for a token of the Hub, tries it, and has it kept. */
#pragma once

#include "hub/hub.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_TOKEN_PANE (ws_token_pane_get_type ())
G_DECLARE_FINAL_TYPE (WsTokenPane, ws_token_pane, WS, TOKEN_PANE, GtkBox)

/* Signal: signed-in (): the Hub knows the token, and it is used from now on. */

/* Whether a token may be what helps. */
gboolean ws_token_pane_can_help (const GError *error);

/* Shows the pane for a model of @id that was refused with @error, one that a token may help with.
 * @hub: who was asked */
void ws_token_pane_show (WsTokenPane *self, WsHub *hub, const char *id, const GError *error);

G_END_DECLS
