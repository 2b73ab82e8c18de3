/* SPDX-License-Identifier: MIT */
/* The strip at the bottom while a model is being analysed. */
#pragma once

#include "model-session.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_PROGRESS_STRIP (ws_progress_strip_get_type ())
G_DECLARE_FINAL_TYPE (WsProgressStrip, ws_progress_strip, WS, PROGRESS_STRIP, GtkBox)

/* @session: (nullable): whose run is shown. The strip is visible only while there is one. Its
 * buttons activate win.toggle-run and win.cancel-run. */
void ws_progress_strip_set_session (WsProgressStrip *self, WsModelSession *session);

G_END_DECLS
