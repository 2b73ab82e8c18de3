/* SPDX-License-Identifier: MIT */
/* The page of the embedding: how its tokens fall into clusters. */
#pragma once

#include "chart/elbow-chart.h"
#include "chart/token-map.h"
#include "cluster-session.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_EMBEDDINGS_PAGE (ws_embeddings_page_get_type ())
G_DECLARE_FINAL_TYPE (WsEmbeddingsPage, ws_embeddings_page, WS, EMBEDDINGS_PAGE, GtkBox)

/* @session: (nullable) */
void ws_embeddings_page_set_session (WsEmbeddingsPage *self, WsClusterSession *session);
WsClusterSession *ws_embeddings_page_get_session (WsEmbeddingsPage *self);

void ws_embeddings_page_show_details (WsEmbeddingsPage *self, gboolean visible);
void ws_embeddings_page_focus_search (WsEmbeddingsPage *self);

/* The charts as they are shown, for files. (transfer full) */
WsElbowChart *ws_embeddings_page_dup_elbow (WsEmbeddingsPage *self);
WsTokenMap *ws_embeddings_page_dup_map (WsEmbeddingsPage *self);

/* The shares of the panes, which outlive the window. */
void ws_embeddings_page_save_state (WsEmbeddingsPage *self);

G_END_DECLS
