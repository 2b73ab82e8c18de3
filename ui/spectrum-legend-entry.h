/* SPDX-License-Identifier: MIT */
/* A line of the chart's legend: a sample, the name, the marked rank. A button. */
#pragma once

#include "spectrum-plot.h"

G_BEGIN_DECLS

#define WS_TYPE_SPECTRUM_LEGEND_ENTRY (ws_spectrum_legend_entry_get_type ())
G_DECLARE_FINAL_TYPE (WsSpectrumLegendEntry, ws_spectrum_legend_entry, WS, SPECTRUM_LEGEND_ENTRY,
                      GtkButton)

/* For curve @curve of @plot, which outlives it. */
GtkWidget *ws_spectrum_legend_entry_new (WsSpectrumPlot *plot, guint curve);

/* Call when the chart's marker or visibility has changed. */
void ws_spectrum_legend_entry_update (WsSpectrumLegendEntry *self);
guint ws_spectrum_legend_entry_get_curve (WsSpectrumLegendEntry *self);

G_END_DECLS
