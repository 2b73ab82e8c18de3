/* SPDX-License-Identifier: MIT */
/* The titles of a column view. GTK 4.8 gives no access to their widgets: they stand in the order of
 * the columns, each with a box round its label. To be called when the view is mapped. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The widget of the first title; the next ones are its siblings. (nullable) */
GtkWidget *ws_column_title_get_first (GtkColumnView *view);
/* Moves a title to the side on which its numbers end, the arrow of the sorting before it. */
void ws_column_title_align (GtkWidget *title);

G_END_DECLS
