/* SPDX-License-Identifier: MIT */
/* A row of the table: a result that a list model can hold. */
#pragma once

#include "analysis/result.h"
#include <glib-object.h>

G_BEGIN_DECLS

#define WS_TYPE_RESULT_ITEM (ws_result_item_get_type ())
G_DECLARE_FINAL_TYPE (WsResultItem, ws_result_item, WS, RESULT_ITEM, GObject)

WsResultItem *ws_result_item_new (WsResult *result);

/* Never NULL; borrowed: valid until it is replaced. Take a reference to keep it. */
WsResult *ws_result_item_get_result (WsResultItem *self);

/* The same matrix, known better. Emits notify::result. */
void ws_result_item_replace_result (WsResultItem *self, WsResult *result);

G_END_DECLS
