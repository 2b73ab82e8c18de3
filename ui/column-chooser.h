/* SPDX-License-Identifier: MIT */
/* Which columns the table shows: a searchable list of check boxes. */
#pragma once

#include "result-column.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_COLUMN_CHOOSER (ws_column_chooser_get_type ())
G_DECLARE_FINAL_TYPE (WsColumnChooser, ws_column_chooser, WS, COLUMN_CHOOSER, GtkPopover)

/* Offers @view_column under the full title of @column. */
void ws_column_chooser_add (WsColumnChooser *self, const WsResultColumn *column,
                            GtkColumnViewColumn *view_column);

G_END_DECLS
