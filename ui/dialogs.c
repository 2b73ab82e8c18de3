/* SPDX-License-Identifier: MIT */
/* Dialogs of the desktop, asked asynchronously. The only file with calls that GTK 4.10 replaced. */
#include "dialogs.h"

#include "analysis/record.h"
#include "settings.h"

#include "config.h"
#include <glib/gi18n-lib.h>

#define PART "part"

typedef struct
{
  WsFileChosen chosen;
  gpointer user_data;
  gboolean has_parts; /* GTK warns who asks in vain */
} Question;

static void
question_free (gpointer data, GClosure *closure)
{
  g_free (data);
}

static void
on_response (GtkNativeDialog *dialog, int response, gpointer user_data)
{
  Question *question = user_data;
  g_autoptr (GFile) file = NULL;
  const char *part = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  if (question->has_parts)
    part = gtk_file_chooser_get_choice (GTK_FILE_CHOOSER (dialog), PART);
  question->chosen (file, part, question->user_data);
  /* A native dialog is not kept alive by being shown: this reference was that of ask(). */
  g_object_unref (dialog);
}

static void
add_filter (GtkFileChooser *chooser, const char *name, const char *pattern)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  gtk_file_filter_add_pattern (filter, pattern);
  gtk_file_chooser_add_filter (chooser, filter);
}

static void
add_parts (GtkFileChooser *chooser, const WsFileParts *parts)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  g_autoptr (GPtrArray) titles = g_ptr_array_new ();

  for (const WsFilePart *part = parts->parts; part->id != NULL; part++)
    {
      g_ptr_array_add (ids, (gpointer) part->id);
      g_ptr_array_add (titles, (gpointer) part->title);
    }
  g_ptr_array_add (ids, NULL);
  g_ptr_array_add (titles, NULL);
  gtk_file_chooser_add_choice (chooser, PART, parts->label, (const char **) ids->pdata,
                               (const char **) titles->pdata);
}

static void
ask (GtkWindow *parent, GtkFileChooserAction action, const char *title, const char *accept,
     const char *name, const WsFileKind *kinds, const WsFileParts *parts, GFile *folder,
     WsFileChosen chosen, gpointer user_data)
{
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new (title, parent, action, accept, _ ("_Cancel"));
  Question *question = g_new0 (Question, 1);

  question->chosen = chosen;
  question->user_data = user_data;
  question->has_parts = parts != NULL;
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  if (folder != NULL)
    gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (dialog), folder, NULL);
  if (name != NULL)
    gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  for (const WsFileKind *kind = kinds; kind != NULL && kind->name != NULL; kind++)
    add_filter (GTK_FILE_CHOOSER (dialog), kind->name, kind->pattern);
  if (kinds != NULL && action == GTK_FILE_CHOOSER_ACTION_OPEN)
    add_filter (GTK_FILE_CHOOSER (dialog), _ ("All Files"), "*");
  if (parts != NULL)
    add_parts (GTK_FILE_CHOOSER (dialog), parts);
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_response), question, question_free, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

void
ws_dialogs_open_file (GtkWindow *parent, const char *title, const WsFileKind *kinds,
                      WsFileChosen chosen, gpointer user_data)
{
  ask (parent, GTK_FILE_CHOOSER_ACTION_OPEN, title, _ ("_Open"), NULL, kinds, NULL, NULL, chosen,
       user_data);
}

void
ws_dialogs_open_folder (GtkWindow *parent, const char *title, WsFileChosen chosen,
                        gpointer user_data)
{
  ask (parent, GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, title, _ ("_Open"), NULL, NULL, NULL, NULL,
       chosen, user_data);
}

/* Recent folders, with which the chooser would begin, may be none: then its button does nothing. */
static GFile *
find_documents (void)
{
  const char *documents = g_get_user_special_dir (G_USER_DIRECTORY_DOCUMENTS);

  if (documents == NULL || !g_file_test (documents, G_FILE_TEST_IS_DIR))
    documents = g_get_home_dir ();
  return g_file_new_for_path (documents);
}

void
ws_dialogs_save_folder (GtkWindow *parent, const char *title, WsFileChosen chosen,
                        gpointer user_data)
{
  g_autoptr (GFile) folder = find_documents ();

  ask (parent, GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, title, _ ("_Save"), NULL, NULL, NULL, folder,
       chosen, user_data);
}

void
ws_dialogs_save_file (GtkWindow *parent, const char *title, const char *name,
                      const WsFileKind *kinds, const WsFileParts *parts, WsFileChosen chosen,
                      gpointer user_data)
{
  ask (parent, GTK_FILE_CHOOSER_ACTION_SAVE, title, _ ("_Save"), name, kinds, parts, NULL, chosen,
       user_data);
}

typedef struct
{
  WsAnswered answered;
  gpointer user_data;
  GDestroyNotify destroy;
} Inquiry;

static void
inquiry_free (gpointer data, GClosure *closure)
{
  Inquiry *inquiry = data;

  inquiry->destroy (inquiry->user_data);
  g_free (inquiry);
}

static void
on_answer (GtkDialog *dialog, int response, Inquiry *inquiry)
{
  gtk_widget_set_visible (GTK_WIDGET (dialog), FALSE);
  if (response >= 0)
    inquiry->answered (response, inquiry->user_data);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

void
ws_dialogs_ask (GtkWindow *parent, const char *question, const char *explanation, const char *first,
                const char *second, WsAnswered answered, gpointer user_data, GDestroyNotify destroy)
{
  GtkWidget *dialog =
      gtk_message_dialog_new (parent, GTK_DIALOG_MODAL | GTK_DIALOG_DESTROY_WITH_PARENT,
                              GTK_MESSAGE_QUESTION, GTK_BUTTONS_NONE, "%s", question);
  Inquiry *inquiry = g_new0 (Inquiry, 1);

  gtk_message_dialog_format_secondary_text (GTK_MESSAGE_DIALOG (dialog), "%s", explanation);
  gtk_dialog_add_button (GTK_DIALOG (dialog), _ ("_Cancel"), GTK_RESPONSE_CANCEL);
  if (second != NULL)
    gtk_dialog_add_button (GTK_DIALOG (dialog), second, 1);
  gtk_dialog_add_button (GTK_DIALOG (dialog), first, 0);
  gtk_dialog_set_default_response (GTK_DIALOG (dialog), 0);
  *inquiry = (Inquiry){ answered, user_data, destroy };
  g_signal_connect_data (dialog, "response", G_CALLBACK (on_answer), inquiry, inquiry_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
ws_dialogs_show_folder (GtkWindow *parent, const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *uri = g_filename_to_uri (folder, NULL, NULL);

  if (uri != NULL)
    gtk_show_uri (parent, uri, GDK_CURRENT_TIME);
}

void
ws_dialogs_show_about (GtkWindow *parent)
{
  g_autofree char *facts = ws_record_get_build_facts ();

  gtk_show_about_dialog (parent, "program-name", "Weightscope", "version", WS_VERSION,
                         "logo-icon-name", WS_APPLICATION_ID, "comments",
                         _ ("A microscope for the weights of language models"), "license-type",
                         GTK_LICENSE_MIT_X11, "system-information", facts, NULL);
}
