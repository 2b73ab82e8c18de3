/* SPDX-License-Identifier: MIT */
/* A short confirmation over the content, gone after a while. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_TOAST (ws_toast_get_type ())
G_DECLARE_FINAL_TYPE (WsToast, ws_toast, WS, TOAST, GtkWidget)

/* @path: (nullable) a file just written: then there is a button that shows its folder. */
void ws_toast_show (WsToast *self, const char *text, const char *path);

/* The same with a button that activates @action with @target, a text. */
void ws_toast_show_action (WsToast *self, const char *text, const char *label, const char *action,
                           const char *target);

/* The person has done by other means what such a button would do. */
void ws_toast_end_action (WsToast *self, const char *action, const char *target);

G_END_DECLS
