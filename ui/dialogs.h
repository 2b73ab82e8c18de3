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

typedef struct
{
  const char *id;
  const char *title; /* translated, "Selected rows" */
} WsFilePart;

/* Of what is saved, all or a part. */
typedef struct
{
  const char *label;       /* of the choice, translated: "Rows" */
  const WsFilePart *parts; /* ended by a row of NULL; the first is proposed */
} WsFileParts;

/* Called on the answer; @file is NULL if the person thought better of it. @part: the id of the
 * part chosen; NULL if there was no choice. */
typedef void (*WsFileChosen) (GFile *file, const char *part, gpointer user_data);

/* @kinds: (nullable) ended by a row of NULL; an "all files" row is added when opening.
 * @user_data is kept until @chosen was called, by the caller. */
void ws_dialogs_open_file (GtkWindow *parent, const char *title, const WsFileKind *kinds,
                           WsFileChosen chosen, gpointer user_data);
void ws_dialogs_open_folder (GtkWindow *parent, const char *title, WsFileChosen chosen,
                             gpointer user_data);
/* The folder to put something into; begins in that of the person's documents. */
void ws_dialogs_save_folder (GtkWindow *parent, const char *title, WsFileChosen chosen,
                             gpointer user_data);
/* @name: proposed. The desktop asks before an existing file is replaced. @parts: (nullable) */
void ws_dialogs_save_file (GtkWindow *parent, const char *title, const char *name,
                           const WsFileKind *kinds, const WsFileParts *parts, WsFileChosen chosen,
                           gpointer user_data);

/* 0 for the first answer, 1 for the second; not called when the person thought better of it, or
 * when the parent is gone. */
typedef void (*WsAnswered) (int answer, gpointer user_data);

/* Asks, with one or two answers beside Cancel.
 * @first, @second: translated, with mnemonics; the first is the usual one; @second: (nullable)
 * @destroy: of @user_data, after the answer or without one */
void ws_dialogs_ask (GtkWindow *parent, const char *question, const char *explanation,
                     const char *first, const char *second, WsAnswered answered, gpointer user_data,
                     GDestroyNotify destroy);

/* Shows the folder of @path in the file manager. */
void ws_dialogs_show_folder (GtkWindow *parent, const char *path);

void ws_dialogs_show_about (GtkWindow *parent);

G_END_DECLS
