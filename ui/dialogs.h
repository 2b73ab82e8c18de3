/* SPDX-License-Identifier: MIT */
/* Dialogs of the desktop, asked asynchronously. The only file with calls that GTK 4.10 replaced. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct
{
  const char *name;    /* translated, "PDF" */
  const char *pattern; /* "*.pdf" */
} WsFileKind;

/* Called on the answer; @file is NULL if the person thought better of it. */
typedef void (*WsFileChosen) (GFile *file, gpointer user_data);

/* @kinds: (nullable) ended by a row of NULL; an "all files" row is added when opening.
 * @user_data is kept until @chosen was called, by the caller. */
void ws_dialogs_open_file (GtkWindow *parent, const char *title, const WsFileKind *kinds,
                           WsFileChosen chosen, gpointer user_data);
void ws_dialogs_open_folder (GtkWindow *parent, const char *title, WsFileChosen chosen,
                             gpointer user_data);
/* @name: proposed. The desktop asks before an existing file is replaced. */
void ws_dialogs_save_file (GtkWindow *parent, const char *title, const char *name,
                           const WsFileKind *kinds, WsFileChosen chosen, gpointer user_data);

/* Shows the folder of @path in the file manager. */
void ws_dialogs_show_folder (GtkWindow *parent, const char *path);

void ws_dialogs_show_about (GtkWindow *parent);

G_END_DECLS
