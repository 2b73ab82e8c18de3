/* SPDX-License-Identifier: MIT */
/* A heading in the table: the rows below it, how many they are, and their medians. */
#pragma once

#include "result-column.h"
#include "result-item.h"
#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  WS_GROUP_NONE,
  WS_GROUP_LAYER, /* by number, no layer last */
  WS_GROUP_BLOCK,
  WS_GROUP_FILE,
  WS_GROUP_EXPERT,
} WsGroupBy;

#define WS_TYPE_RESULT_GROUP (ws_result_group_get_type ())
G_DECLARE_FINAL_TYPE (WsResultGroup, ws_result_group, WS, RESULT_GROUP, GObject)

/* The headings over @items (element-type WsResultItem), sorted, without members yet, all expanded.
 * Appends the heading of each item, borrowed, to @item_groups; nothing with WS_GROUP_NONE.
 * (element-type WsResultGroup) (transfer full) */
GPtrArray *ws_result_groups_new (GPtrArray *items, WsGroupBy group_by, GPtrArray *item_groups);

const char *ws_result_group_get_title (WsResultGroup *self);

/* The rows below, in their order. (element-type WsResultItem) (transfer none) */
GPtrArray *ws_result_group_get_members (WsResultGroup *self);
/* Middle of the known values of a column of numbers (mean of the two middle ones of an even
 * count); NAN if none is known. @items: (element-type WsResultItem). */
double ws_result_items_compute_median (GPtrArray *items, const WsResultColumn *column);
/* The same of the members, remembered until they change. */
double ws_result_group_get_median (WsResultGroup *self, const WsResultColumn *column);

gboolean ws_result_group_get_expanded (WsResultGroup *self);

/* For WsResultList. Signal "changed" tells cells to look again. */
void ws_result_group_set_expanded (WsResultGroup *self, gboolean expanded);
/* @members: (element-type WsResultItem) (transfer full) */
void ws_result_group_take_members (WsResultGroup *self, GPtrArray *members);
void ws_result_group_values_changed (WsResultGroup *self);

G_END_DECLS
