/* SPDX-License-Identifier: MIT */
/* A row of tokens, each in its pill; as many as there is room for. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_TOKEN_PILLS (ws_token_pills_get_type ())
G_DECLARE_FINAL_TYPE (WsTokenPills, ws_token_pills, WS, TOKEN_PILLS, GtkWidget)

GtkWidget *ws_token_pills_new (void);
/* @labels: (nullable) ended by NULL; valid UTF-8 on one line each; @tooltips: of each */
void ws_token_pills_set_labels (WsTokenPills *self, const char *const *labels,
                                const char *const *tooltips);

G_END_DECLS
