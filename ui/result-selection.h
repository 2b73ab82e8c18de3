/* SPDX-License-Identifier: MIT */
/* Which rows of the table are selected: a set of rows (WsResultItem, WsResultGroup) and of what is
 * below the closed headings among them.
 *
 * A heading is a short way to select what is below it at that moment. It is selected while all of
 * that is, and never comes to stand for rows that nobody has selected. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What remains of @selection when @rows are shown. (element-type GObject, borrowed)
 * (transfer full) */
GHashTable *ws_result_selection_prune (GHashTable *selection, GPtrArray *rows);

/* Selects the rows whose position is in @mask and in @wanted, deselects those in @mask alone. */
void ws_result_selection_set (GHashTable *selection, GPtrArray *rows, GtkBitset *wanted,
                              GtkBitset *mask);

G_END_DECLS
