/* SPDX-License-Identifier: MIT */
/* The spectrum chart as a widget: draws it, reads points out, zooms; by mouse and by keys. */
#pragma once

#include "chart/spectrum-chart.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_SPECTRUM_PLOT (ws_spectrum_plot_get_type ())
G_DECLARE_FINAL_TYPE (WsSpectrumPlot, ws_spectrum_plot, WS, SPECTRUM_PLOT, GtkWidget)

/* Property "zoomed": whether less than everything is shown. */

/* The chart that is drawn; borrowed. Call ws_spectrum_plot_update after changing it. */
WsSpectrumChart *ws_spectrum_plot_get_chart (WsSpectrumPlot *self);
/* Draws anew, and tells screen readers. Read-out and earlier views are forgotten if @reset. */
void ws_spectrum_plot_update (WsSpectrumPlot *self, gboolean reset);

/* Shows everything. */
void ws_spectrum_plot_fit (WsSpectrumPlot *self);

G_END_DECLS
