/* SPDX-License-Identifier: MIT */
/* What the two files of the map share. */
#pragma once

#include "map-plot.h"

G_BEGIN_DECLS

struct _WsMapPlot
{
  GtkWidget parent_instance;

  WsTokenMap *map;
  GdkTexture *points; /* the drawing without read-out; NULL: to be drawn */
  WsChartInput input;

  WsMapReadoutFunc readout;
  gpointer readout_data;
  int chosen;
  int hovered; /* under the pointer, or where the keys went; -1: none */
};

/* map-plot.c */
void ws_map_plot_set_hovered (WsMapPlot *self, int index);
void ws_map_plot_choose (WsMapPlot *self, int index);
/* Tells of the points inside. */
void ws_map_plot_close_lasso (WsMapPlot *self, const double *corners, gsize n_corners);
void ws_map_plot_redraw (WsMapPlot *self);

/* map-plot-input.c */
/* What mouse and keys do on the map. */
extern const WsChartInputFuncs ws_map_plot_input_funcs;

G_END_DECLS
