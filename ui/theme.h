/* SPDX-License-Identifier: MIT */
/* Light or dark: loads the style sheets and says which palette is on. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* In the order of the setting "color-scheme". */
typedef enum
{
  WS_COLOR_SCHEME_SYSTEM,
  WS_COLOR_SCHEME_LIGHT,
  WS_COLOR_SCHEME_DARK,
} WsColorScheme;

#define WS_TYPE_THEME (ws_theme_get_type ())
G_DECLARE_FINAL_TYPE (WsTheme, ws_theme, WS, THEME, GObject)

/* The theme of the default display, made on first use: needs a display. Its property "dark"
 * notifies; charts draw with the palette it says. (transfer none) */
WsTheme *ws_theme_get_default (void);
gboolean ws_theme_get_dark (WsTheme *self);

G_END_DECLS
