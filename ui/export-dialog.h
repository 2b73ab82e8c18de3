/* SPDX-License-Identifier: MIT */
/* Asks how a figure is to be, shows it, and saves it. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_EXPORT_DIALOG (ws_export_dialog_get_type ())
G_DECLARE_FINAL_TYPE (WsExportDialog, ws_export_dialog, WS, EXPORT_DIALOG, GtkWindow)

/* What a chart does to become a figure. */
typedef struct
{
  gpointer (*copy) (gconstpointer chart); /* to be drawn on another thread */
  GDestroyNotify free_chart;
  void (*draw) (gpointer chart, cairo_t *cr, double width, double height);
  void (*set_font) (gpointer chart, const char *family, double size);
  void (*set_legend) (gpointer chart, gboolean legend);       /* NULL: it has none */
  void (*set_resolution) (gpointer chart, double resolution); /* NULL: it has no pixels */
  /* Writes the numbers beside the figure, on a thread; NULL: there are none. */
  gboolean (*save_data) (const char *path, gpointer data, GError **error);
  gpointer (*ref_data) (gpointer data); /* from any thread, as are the others */
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
