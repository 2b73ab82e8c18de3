/* SPDX-License-Identifier: MIT */
/* A share of a whole as a short bar, with a tick for comparison. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_MINI_BAR (ws_mini_bar_get_type ())
G_DECLARE_FINAL_TYPE (WsMiniBar, ws_mini_bar, WS, MINI_BAR, GtkWidget)

GtkWidget *ws_mini_bar_new (void);
/* Both in [0, 1]. @share: NAN draws nothing. @tick: NAN draws no tick. */
void ws_mini_bar_set_values (WsMiniBar *self, double share, double tick);
/* @color: (nullable): that of the style */
void ws_mini_bar_set_color (WsMiniBar *self, const GdkRGBA *color);

G_END_DECLS
