/* SPDX-License-Identifier: MIT */
/* The columns of a column view made from ws_result_columns_new, and what it is sorted by: GTK 4.8
 * cannot be asked. */
#pragma once

#include "result-cell.h"

G_BEGIN_DECLS

typedef struct _WsTableColumns WsTableColumns;

/* Appends all columns to @view, the default ones visible, and offers all by @offer.
 * @list, @color_data: borrowed for the life of @view. */
WsTableColumns *ws_table_columns_new (GtkColumnView *view, WsResultList *list,
                                      WsRowColorFunc get_color, gpointer color_data);
void ws_table_columns_free (WsTableColumns *self);

/* (element-type WsResultColumn) (transfer none) */
GPtrArray *ws_table_columns_get_all (WsTableColumns *self);
/* (nullable) (transfer none) */
GtkColumnViewColumn *ws_table_columns_get_view_column (WsTableColumns *self, const char *key);
/* The visible ones as they stand, left to right. (element-type WsResultColumn) (transfer full) */
GPtrArray *ws_table_columns_dup_visible (WsTableColumns *self);
/* What the view is sorted by. @keys: room for WS_MAX_SORT_KEYS. Returns: how many. */
guint ws_table_columns_get_sort (WsTableColumns *self, WsSortKey *keys);
/* Makes room for the longest that is said of a tensor of the list before anything is computed, and
 * for the headings; a width that a person chose stays. */
void ws_table_columns_fit (WsTableColumns *self);
/* Gives the header buttons their tooltips and aligns numeric titles with their numbers. */
void ws_table_columns_dress_header (WsTableColumns *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsTableColumns, ws_table_columns_free)

G_END_DECLS
