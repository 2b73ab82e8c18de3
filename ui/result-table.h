/* SPDX-License-Identifier: MIT */
/* The table of matrices: columns, filter bar, groups, selection, copying. */
#pragma once

#include "export/table.h"
#include "result-cell.h"

G_BEGIN_DECLS

#define WS_TYPE_RESULT_TABLE (ws_result_table_get_type ())
G_DECLARE_FINAL_TYPE (WsResultTable, ws_result_table, WS, RESULT_TABLE, GtkBox)

/* Signals:
 *   selection-changed ()   ws_result_table_dup_selected has news
 *   recompute ()           the selected rows shall be computed again
 * Actions: table.copy, table.copy-markdown, table.copy-json, table.copy-names, table.recompute,
 * table.show-file, table.clear-filter. */
GtkWidget *ws_result_table_new (void);

/* @items: (nullable) of WsResultItem, in the order of ws_result_compare. */
void ws_result_table_set_source (WsResultTable *self, GListModel *items);
/* For saved states and tests. (transfer none) */
WsResultList *ws_result_table_get_list (WsResultTable *self);
GtkColumnView *ws_result_table_get_view (WsResultTable *self);
/* (nullable) (transfer none) the column of @key, a key of the CSV. */
GtkColumnViewColumn *ws_result_table_get_column (WsResultTable *self, const char *key);

/* In the order of the rows. (element-type WsResultItem) (transfer full) */
GPtrArray *ws_result_table_dup_selected (WsResultTable *self);
/* Selects exactly those of @results (element-type WsResult) that are shown. */
void ws_result_table_select_results (WsResultTable *self, GPtrArray *results);

/* The tensor in work now; NULL: none. */
void ws_result_table_set_current (WsResultTable *self, const WsTensor *tensor);

/* @func: (nullable) without one, the first eight selected rows get the series of the palette. */
void ws_result_table_set_color_func (WsResultTable *self, WsRowColorFunc func, gpointer user_data);

/* The colour function has news. */
void ws_result_table_update_colors (WsResultTable *self);

/* The columns that are shown, left to right. (element-type WsResultColumn) (transfer full) */
GPtrArray *ws_result_table_dup_visible_columns (WsResultTable *self);
/* Shows exactly those of @keys, in that order. */
void ws_result_table_show_columns (WsResultTable *self, const char *const *keys);
/* @keys: room for WS_MAX_SORT_KEYS. Returns: how many it is sorted by. */
guint ws_result_table_get_sort (WsResultTable *self, WsSortKey *keys);

/* As if chosen in the menu. */
void ws_result_table_set_group_by (WsResultTable *self, WsGroupBy group_by);

void ws_result_table_set_filter (WsResultTable *self, const char *text);
void ws_result_table_focus_filter (WsResultTable *self);

/* Visible columns of the selected rows, or of all where none is selected, for the clipboard.
 * (transfer full) */
char *ws_result_table_dup_text (WsResultTable *self, WsTableFormat format);
char *ws_result_table_dup_markdown (WsResultTable *self);

G_END_DECLS
