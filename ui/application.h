/* SPDX-License-Identifier: MIT */
/* The program: one instance, one window, its command line. */
#pragma once

#include "model-session.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_APPLICATION (ws_application_get_type ())
G_DECLARE_FINAL_TYPE (WsApplication, ws_application, WS, APPLICATION, GtkApplication)

WsApplication *ws_application_new (void);

/* Messages of the desktop, for a person who is elsewhere; choosing them shows the model. */
void ws_application_notify_finished (WsApplication *self, WsModelSession *session);
void ws_application_notify_fetched (WsApplication *self, const char *name, const char *folder);

G_END_DECLS
