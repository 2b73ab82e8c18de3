/* SPDX-License-Identifier: MIT */
/* The map of tokens as a widget: read-out, zoom, pan, lasso, by mouse and by keys. */
#pragma once

#include "chart-input.h"
#include "chart/token-map.h"

G_BEGIN_DECLS

#define WS_TYPE_MAP_PLOT (ws_map_plot_get_type ())
G_DECLARE_FINAL_TYPE (WsMapPlot, ws_map_plot, WS, MAP_PLOT, GtkWidget)

/* Property that notifies: zoomed. Signals, of what a person did:
 *   point-chosen (int)      the index of a point; -1: a click on none
 *   lasso (GArray *)        (element-type guint32) the points inside, ascending */
GtkWidget *ws_map_plot_new (void);

/* Owned by the plot; call ws_map_plot_update after changing it. */
WsTokenMap *ws_map_plot_get_map (WsMapPlot *self);
/* @reset: shows everything again; for other points. */
void ws_map_plot_update (WsMapPlot *self, gboolean reset);
/* Everything; can be gone back from. */
void ws_map_plot_fit (WsMapPlot *self);
void ws_map_plot_set_drag (WsMapPlot *self, WsChartDrag drag);
/* The point that is read out while the pointer is at none; -1: none. */
void ws_map_plot_set_chosen (WsMapPlot *self, int index);
/* The point that is read out; -1: none. */
int ws_map_plot_get_pointed (WsMapPlot *self);

/* Adds WsReadoutRow to @rows for the point at @index; the texts stay valid until the next call. */
typedef void (*WsMapReadoutFunc) (guint32 index, GArray *rows, gpointer user_data);
void ws_map_plot_set_readout_func (WsMapPlot *self, WsMapReadoutFunc func, gpointer user_data);

G_END_DECLS
