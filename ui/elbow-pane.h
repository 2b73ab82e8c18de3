/* SPDX-License-Identifier: MIT */
/* The pane of the elbow chart: its quantity, the curve as it grows, the verdict below it. */
#pragma once

#include "chart/elbow-chart.h"
#include "cluster-session.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_ELBOW_PANE (ws_elbow_pane_get_type ())
G_DECLARE_FINAL_TYPE (WsElbowPane, ws_elbow_pane, WS, ELBOW_PANE, GtkBox)

/* @session: (nullable) */
void ws_elbow_pane_set_session (WsElbowPane *self, WsClusterSession *session);

/* As it is shown, for a file. (transfer full) */
WsElbowChart *ws_elbow_pane_dup_chart (WsElbowPane *self);

G_END_DECLS
