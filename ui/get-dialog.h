/* SPDX-License-Identifier: MIT */
/* Finds a model on the Hub and asks which of its files are wanted. */
#pragma once

#include "download-order.h"
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define WS_TYPE_GET_DIALOG (ws_get_dialog_get_type ())
G_DECLARE_FINAL_TYPE (WsGetDialog, ws_get_dialog, WS, GET_DIALOG, GtkWindow)

/* Signals, after which the dialog closes: ordered (const WsDownloadOrder *): the user wants this;
 * look-inside (const char *): what has this name is to be opened. */
WsGetDialog *ws_get_dialog_new (GtkWindow *parent);

/* Looks for @text as if it had been typed: words, a name, or an address. */
void ws_get_dialog_look_for (WsGetDialog *self, const char *text);

/* Shows the files of the model that @text names, ready to be fetched. */
void ws_get_dialog_fetch (WsGetDialog *self, const char *text);

G_END_DECLS
