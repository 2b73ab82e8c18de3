/* SPDX-License-Identifier: MIT */
/* A model that a search on the Hub found. */
#pragma once

#include "hub/hub.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_MODEL_ROW (ws_model_row_get_type ())
G_DECLARE_FINAL_TYPE (WsModelRow, ws_model_row, WS, MODEL_ROW, GtkListBoxRow)

GtkWidget *ws_model_row_new (const WsHubModel *model);
const char *ws_model_row_get_id (WsModelRow *self);

G_END_DECLS
