/* SPDX-License-Identifier: MIT */
/* What the two files of the plot share. */
#pragma once

#include "chart-input.h"
#include "spectrum-plot.h"

G_BEGIN_DECLS

struct _WsSpectrumPlot
{
  GtkWidget parent_instance;

  WsSpectrumChart *chart;
  GdkTexture *curves; /* the drawing without read-out; NULL: to be drawn */
  WsChartInput input;

  gboolean has_point;
  WsSpectrumPoint point; /* read out */
};

/* spectrum-plot.c */
void ws_spectrum_plot_set_point (WsSpectrumPlot *self, const WsSpectrumPoint *point);
void ws_spectrum_plot_redraw (WsSpectrumPlot *self);

/* spectrum-plot-input.c */
/* What mouse and keys do on the spectrum. */
extern const WsChartInputFuncs ws_spectrum_plot_input_funcs;

G_END_DECLS
