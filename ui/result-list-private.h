/* SPDX-License-Identifier: MIT */
/* What the two files of the list of results share. */
#pragma once

#include "result-list.h"

G_BEGIN_DECLS

struct _WsResultList
{
  GObject parent_instance;

  GListModel *source;
  GPtrArray *items;                     /* WsResultItem, all, in natural order */
  double *text_ranks[WS_COLUMN_METRIC]; /* of text columns, made when first sorted by */

  GPtrArray *filters; /* WsFilter; all must hold */
  gboolean *matches;  /* of each item */
  WsSortKey keys[WS_MAX_SORT_KEYS];
  guint n_keys;
  guint *order; /* indices of items, sorted */
  WsGroupBy group_by;
  GPtrArray *groups;      /* WsResultGroup, in their order */
  GPtrArray *item_groups; /* the group of each item, borrowed; empty while not grouped */

  GPtrArray *rows;      /* what is shown: WsResultItem or WsResultGroup */
  GHashTable *selected; /* see result-selection.h */
  guint n_matching;

  const WsTensor *current; /* borrowed: only compared */

  gboolean held;
  gboolean stale; /* results have changed since the rows were put in order */
  guint refresh_id;
};

/* result-list.c */
void ws_result_list_tell_selected (WsResultList *self);

/* result-list-selection.c */
void ws_result_list_init_selection (GtkSelectionModelInterface *iface);

G_END_DECLS
