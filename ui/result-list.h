/* SPDX-License-Identifier: MIT */
/* The rows of the table: results that are filtered, sorted, grouped and selected. A list model
 * whose items are WsResultItem and, while grouped, WsResultGroup before the items below it.
 *
 * It is its own GtkSelectionModel, so that a selection survives sorting; what leaves the view is
 * no longer selected. A new result of an item is seen by its cells at once; rows move a little
 * later, all together, and not while the list is held. */
#pragma once

#include "analysis/filter.h"
#include "result-column.h"
#include "result-group.h"
#include "result-item.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct
{
  const WsResultColumn *column; /* borrowed for as long as it is sorted by */
  gboolean descending;
} WsSortKey;

/* More keys do not tell rows apart that these did not. */
#define WS_MAX_SORT_KEYS 4

#define WS_TYPE_RESULT_LIST (ws_result_list_get_type ())
G_DECLARE_FINAL_TYPE (WsResultList, ws_result_list, WS, RESULT_LIST, GObject)

/* Properties that notify: current, n-matching, n-total. Signal "selected-changed": what is
 * selected, or its order, is another. */
WsResultList *ws_result_list_new (void);

/* @source: (nullable) of WsResultItem, in their natural order; followed when it changes. */
void ws_result_list_set_source (WsResultList *self, GListModel *source);

/* Rows for which every text holds (grammar of analysis/filter.h), so that texts from different
 * places do not widen each other. Returns: FALSE with WS_ERROR_ARGUMENT; the old filter stays. */
gboolean ws_result_list_set_filters (WsResultList *self, const char *const *texts,
                                     const WsMetricOptions *options, GError **error);

/* First key first; rows that are equal in all stay in their natural order; unknown values come
 * last, ascending or descending. No key: natural order. */
void ws_result_list_set_sort (WsResultList *self, const WsSortKey *keys, guint n_keys);

void ws_result_list_set_group_by (WsResultList *self, WsGroupBy group_by);
WsGroupBy ws_result_list_get_group_by (WsResultList *self);
void ws_result_list_set_expanded (WsResultList *self, WsResultGroup *group, gboolean expanded);
void ws_result_list_set_all_expanded (WsResultList *self, gboolean expanded);

/* While held, new results do not move rows. Letting go moves those that are due. */
void ws_result_list_set_held (WsResultList *self, gboolean held);
/* Filters and sorts by the results of now, held or not. */
void ws_result_list_refresh (WsResultList *self);

/* The tensor in work now; NULL: none. */
void ws_result_list_set_current (WsResultList *self, const WsTensor *tensor);
const WsTensor *ws_result_list_get_current (WsResultList *self);

guint ws_result_list_get_n_matching (WsResultList *self);
guint ws_result_list_get_n_total (WsResultList *self);
/* All of them, filtered or not, in natural order. (element-type WsResultItem) (transfer none) */
GPtrArray *ws_result_list_get_all (WsResultList *self);
/* In their order, also those without rows. (element-type WsResultGroup) (transfer none) */
GPtrArray *ws_result_list_get_groups (WsResultList *self);

/* Those that the filter leaves, below closed headings too, in the order of the rows.
 * (element-type WsResultItem) (transfer full) */
GPtrArray *ws_result_list_dup_matching (WsResultList *self);
/* In the order of the rows. Selecting a heading selects what is below it at that moment, closed or
 * not; it does not stand for what comes to be below it later.
 * (element-type WsResultItem) (transfer full) */
GPtrArray *ws_result_list_dup_selected (WsResultList *self);
/* Selects exactly those of @results (element-type WsResult) that are shown. */
void ws_result_list_select_results (WsResultList *self, GPtrArray *results);
/* FALSE if the item is not shown. */
gboolean ws_result_list_find (WsResultList *self, WsResultItem *item, guint *position);

G_END_DECLS
