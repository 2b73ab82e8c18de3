/* SPDX-License-Identifier: MIT */
/* Asks how a figure is to be, shows it, and saves it. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_EXPORT_DIALOG (ws_export_dialog_get_type ())
G_DECLARE_FINAL_TYPE (WsExportDialog, ws_export_dialog, WS, EXPORT_DIALOG, GtkWindow)

/* Of a chart: as the functions of these names in chart/spectrum-chart.h, which are cast to them. */
typedef gpointer (*WsChartCopyFunc) (gconstpointer chart);
typedef void (*WsChartFontFunc) (gpointer chart, const char *family, double size);
typedef void (*WsChartLegendFunc) (gpointer chart, gboolean legend);
typedef void (*WsChartResolutionFunc) (gpointer chart, double resolution);
typedef void (*WsChartPaintFunc) (gpointer chart, cairo_t *cr, double width, double height);
typedef gpointer (*WsRefFunc) (gpointer data);
typedef gboolean (*WsSaveFunc) (const char *path, gpointer data, GError **error);

/* What a chart does to become a figure. */
typedef struct
{
  WsChartCopyFunc copy; /* to be drawn on another thread */
  GDestroyNotify free_chart;
  WsChartPaintFunc draw;
  WsChartFontFunc set_font;
  WsChartLegendFunc set_legend;         /* NULL: it has none */
  WsChartResolutionFunc set_resolution; /* NULL: it has no pixels */
  WsSaveFunc
      save_data;      /* writes the numbers beside the figure, on a thread; NULL: there are none */
  WsRefFunc ref_data; /* from any thread, as are the others */
  GDestroyNotify unref_data;
} WsExportKind;

typedef struct
{
  const WsExportKind *kind; /* static */
  gpointer chart;           /* (owned) in the theme for paper */
  gpointer data;            /* (owned) of save_data */
  char *name;               /* (owned) proposed for the file, without an extension */
} WsExportFigure;

/* Takes the members of @figure. What was written is told to the action "win.saved" of @parent. */
void ws_export_dialog_show (GtkWindow *parent, WsExportFigure *figure);

G_END_DECLS
