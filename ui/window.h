/* SPDX-License-Identifier: MIT */
/* The window: a sidebar of models, and the page of the one that is chosen.
 *
 * Widgets inside reach it by actions: win.open-path (s), win.close-model (s, a path),
 * win.toggle-run, win.cancel-run, win.export-table, win.get-model, win.show-downloads; and to tell
 * the person something win.saved (ss, a sentence on what was just written and its path) and
 * win.report-error (s, a sentence). */
#pragma once

#include "download-list.h"
#include "model-session.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_WINDOW (ws_window_get_type ())
G_DECLARE_FINAL_TYPE (WsWindow, ws_window, WS, WINDOW, GtkApplicationWindow)

WsWindow *ws_window_new (GtkApplication *application);

/* Opens a folder, an index file or a checkpoint, or shows it if it is open already. */
void ws_window_open_path (WsWindow *self, const char *path);
void ws_window_open_sample (WsWindow *self);

/* The session that is shown; NULL on the empty page. */
WsModelSession *ws_window_get_session (WsWindow *self);

WsDownloadList *ws_window_get_downloads (WsWindow *self);

G_END_DECLS
