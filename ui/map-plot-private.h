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
  GArray *history;    /* (element-type WsChartView) views to go back to */
  gboolean wheeling;  /* many small zooms go back in one */
  gboolean zoomed;
  WsMapDrag drag;

  WsMapReadoutFunc readout;
  gpointer readout_data;
  int chosen;
  int hovered; /* under the pointer, or where the keys went; -1: none */
  guint leave_timeout;

  gboolean has_box; /* while one is drawn with the mouse */
  double box_x0, box_y0, box_x1, box_y1;
  double pan_x, pan_y; /* how far the view was moved in this gesture */
  GArray *lasso;       /* (element-type double) while one is drawn: x and y in turn */
};

/* map-plot.c */
void ws_map_plot_set_hovered (WsMapPlot *self, int index);
void ws_map_plot_choose (WsMapPlot *self, int index);
void ws_map_plot_finish_lasso (WsMapPlot *self);
/* Remembers the present view for going back. */
void ws_map_plot_push_view (WsMapPlot *self);
/* NULL: everything */
void ws_map_plot_show_view (WsMapPlot *self, const WsChartView *view);
void ws_map_plot_go_back (WsMapPlot *self);

/* map-plot-input.c */
void ws_map_plot_add_controllers (WsMapPlot *self);

G_END_DECLS
