/* SPDX-License-Identifier: MIT */
/* The pane of the spectrum chart: its settings, its legend, the plot. */
#pragma once

#include "analysis/result.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_SPECTRUM_VIEW (ws_spectrum_view_get_type ())
G_DECLARE_FINAL_TYPE (WsSpectrumView, ws_spectrum_view, WS, SPECTRUM_VIEW, GtkBox)

GtkWidget *ws_spectrum_view_new (void);

/* Shows the spectra of @results (element-type WsResult; NULL: none); those without one are left
 * out. What is shown already stays as it is zoomed when the same come again. */
void ws_spectrum_view_set_results (WsSpectrumView *self, GPtrArray *results);

/* The colour of the line of @result, for its row in the table. FALSE: it has none here. */
gboolean ws_spectrum_view_get_color (WsSpectrumView *self, const WsResult *result, GdkRGBA *color);

/* Asks how and where to save the figure. Does nothing while there is none. */
void ws_spectrum_view_export (WsSpectrumView *self);

G_END_DECLS
