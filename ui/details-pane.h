/* SPDX-License-Identifier: MIT */
/* All that is known of what is selected: of one matrix every value, of several their medians. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_DETAILS_PANE (ws_details_pane_get_type ())
G_DECLARE_FINAL_TYPE (WsDetailsPane, ws_details_pane, WS, DETAILS_PANE, GtkBox)

GtkWidget *ws_details_pane_new (void);
/* @items: (element-type WsResultItem). A single one is followed when its result is replaced; set
 * several ones again when any of theirs were. */
void ws_details_pane_set_items (WsDetailsPane *self, GPtrArray *items);

G_END_DECLS
