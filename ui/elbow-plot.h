/* SPDX-License-Identifier: MIT */
/* The elbow chart as a widget: a click or an arrow key chooses a k. */
#pragma once

#include "chart/elbow-chart.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_ELBOW_PLOT (ws_elbow_plot_get_type ())
G_DECLARE_FINAL_TYPE (WsElbowPlot, ws_elbow_plot, WS, ELBOW_PLOT, GtkWidget)

/* Signal: k-chosen (guint) by a person; the caller sets it in the chart. */
GtkWidget *ws_elbow_plot_new (void);

/* Owned by the plot; call ws_elbow_plot_update after changing it. */
WsElbowChart *ws_elbow_plot_get_chart (WsElbowPlot *self);
/* @chosen: what ws_elbow_chart_set_chosen was told */
void ws_elbow_plot_update (WsElbowPlot *self, guint chosen);

G_END_DECLS
