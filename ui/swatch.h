/* SPDX-License-Identifier: MIT */
/* A small square in the colour of a line, or nothing of the same size. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_SWATCH (ws_swatch_get_type ())
G_DECLARE_FINAL_TYPE (WsSwatch, ws_swatch, WS, SWATCH, GtkWidget)

GtkWidget *ws_swatch_new (void);
/* @color: (nullable) NULL draws nothing. */
void ws_swatch_set_color (WsSwatch *self, const GdkRGBA *color);

G_END_DECLS
