/* SPDX-License-Identifier: MIT */
/* A cell of the table: built once, then bound to one row after another. */
#pragma once

#include "result-list.h"

G_BEGIN_DECLS

/* The colour of the line of @item in the chart; FALSE if it has none. */
typedef gboolean (*WsRowColorFunc) (WsResultItem *item, GdkRGBA *color, gpointer user_data);

#define WS_TYPE_RESULT_CELL (ws_result_cell_get_type ())
G_DECLARE_FINAL_TYPE (WsResultCell, ws_result_cell, WS, RESULT_CELL, GtkWidget)

/* @column, @list, @color_data: borrowed, they outlive the cell. */
GtkWidget *ws_result_cell_new (const WsResultColumn *column, WsResultList *list,
                               WsRowColorFunc get_color, gpointer color_data);
/* @row: (nullable) a WsResultItem or a WsResultGroup; NULL lets go of the last one. */
void ws_result_cell_set_row (WsResultCell *self, gpointer row);
gpointer ws_result_cell_get_row (WsResultCell *self);

G_END_DECLS
