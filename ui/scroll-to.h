/* SPDX-License-Identifier: MIT */
/* Bringing a row of a column view into sight. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Once the view has been laid out: GTK 4.8 loses the rows of one that is scrolled before. A later
 * call replaces an earlier one. */
void ws_scroll_to_row (GtkColumnView *view, guint position);

G_END_DECLS
