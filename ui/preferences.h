/* SPDX-License-Identifier: MIT */
/* The few things that can be chosen; each takes effect at once. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_PREFERENCES (ws_preferences_get_type ())
G_DECLARE_FINAL_TYPE (WsPreferences, ws_preferences, WS, PREFERENCES, GtkWindow)

void ws_preferences_show (GtkWindow *parent);

G_END_DECLS
