/* SPDX-License-Identifier: MIT */
/* The pane beside the charts: the chosen token with its neighbours, and facts of the embedding. */
#pragma once

#include "cluster-session.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_EMBEDDING_DETAILS (ws_embedding_details_get_type ())
G_DECLARE_FINAL_TYPE (WsEmbeddingDetails, ws_embedding_details, WS, EMBEDDING_DETAILS, GtkBox)

/* @session: (nullable) */
void ws_embedding_details_set_session (WsEmbeddingDetails *self, WsClusterSession *session);

G_END_DECLS
