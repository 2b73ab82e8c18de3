/* SPDX-License-Identifier: MIT */
/* Tokens as a list for a view: the items are made when they are looked at, so that 150,000 of them
 * cost nothing. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define WS_TYPE_TOKEN_ITEM (ws_token_item_get_type ())
G_DECLARE_FINAL_TYPE (WsTokenItem, ws_token_item, WS, TOKEN_ITEM, GObject)

guint32 ws_token_item_get_point (WsTokenItem *self);

#define WS_TYPE_TOKEN_LIST (ws_token_list_get_type ())
G_DECLARE_FINAL_TYPE (WsTokenList, ws_token_list, WS, TOKEN_LIST, GObject)

/* A GListModel of WsTokenItem, which grows by itself until all are in it. */
WsTokenList *ws_token_list_new (void);
/* @points: (element-type guint32) (nullable): none; a reference is kept, it must not change. */
void ws_token_list_set_points (WsTokenList *self, GArray *points);
/* Where @point stands; FALSE: nowhere, or not yet. */
gboolean ws_token_list_find (WsTokenList *self, guint32 point, guint *position);

G_END_DECLS
