/* SPDX-License-Identifier: MIT */
/* What the two files of the plot share. */
#pragma once

#include "spectrum-plot.h"

G_BEGIN_DECLS

struct _WsSpectrumPlot
{
  GtkWidget parent_instance;

  WsSpectrumChart *chart;
  GdkTexture *curves; /* the drawing without read-out; NULL: to be drawn */
  GArray *history;    /* (element-type WsChartView) views to go back to */
  gboolean wheeling;  /* many small zooms go back in one */
  gboolean zoomed;

  gboolean has_point;
  WsSpectrumPoint point; /* read out */
  guint leave_timeout;

  gboolean has_box; /* while one is drawn with the mouse */
  double box_x0, box_y0, box_x1, box_y1;
  double pan_x, pan_y; /* how far the view was moved in this gesture */
};

/* spectrum-plot.c */
void ws_spectrum_plot_set_point (WsSpectrumPlot *self, const WsSpectrumPoint *point);
/* Remembers the present view for going back. */
void ws_spectrum_plot_push_view (WsSpectrumPlot *self);
/* NULL: everything */
void ws_spectrum_plot_show_view (WsSpectrumPlot *self, const WsChartView *view);
void ws_spectrum_plot_go_back (WsSpectrumPlot *self);

/* spectrum-plot-input.c */
void ws_spectrum_plot_add_controllers (WsSpectrumPlot *self);

G_END_DECLS
