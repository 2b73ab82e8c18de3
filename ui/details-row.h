/* SPDX-License-Identifier: MIT */
/* A line of the details: what, how much, and on demand how that is defined. Lines stand in
 * sections. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_DETAILS_ROW (ws_details_row_get_type ())
G_DECLARE_FINAL_TYPE (WsDetailsRow, ws_details_row, WS, DETAILS_ROW, GtkBox)

/* @help: (nullable) shown as tooltip and by the button "?". */
GtkWidget *ws_details_row_new (const char *title, const char *help);
/* @aside: (nullable) muted, behind the value. @tooltip: (nullable) of the value. */
void ws_details_row_set_value (WsDetailsRow *self, const char *value, const char *aside,
                               const char *tooltip);

/* Appends a section to @sections: a title, and room for rows. (transfer none) */
GtkWidget *ws_details_add_section (GtkBox *sections, const char *title);
/* Appends a row to @section. (transfer none) */
WsDetailsRow *ws_details_add_row (GtkWidget *section, const char *title, const char *help);

G_END_DECLS
