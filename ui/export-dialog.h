/* SPDX-License-Identifier: MIT */
/* Asks how a figure is to be, shows it, and saves it. */
#pragma once

#include "analysis/result.h"
#include "chart/spectrum-chart.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_EXPORT_DIALOG (ws_export_dialog_get_type ())
G_DECLARE_FINAL_TYPE (WsExportDialog, ws_export_dialog, WS, EXPORT_DIALOG, GtkWindow)

/* What the figure shows. */
typedef struct
{
  GPtrArray *results; /* (element-type WsResult) with spectra, at least one */
  WsSpectrumQuantity quantity;
  gboolean log_x, log_y;
  double marker;
  int isolated;            /* the only curve shown; -1: all */
  const WsChartView *view; /* NULL: everything */
} WsExportSubject;

/* Copies what it needs of @subject. What was written is told to the action "win.saved" of @parent.
 */
void ws_export_dialog_show (GtkWindow *parent, const WsExportSubject *subject);

G_END_DECLS
