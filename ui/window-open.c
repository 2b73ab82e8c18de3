/* SPDX-License-Identifier: MIT */
/* The window's doors: files, folders, drops, paste, the sample, what was open before. */
#include "window-private.h"

#include "application.h"
#include "dialogs.h"
#include "settings.h"

#include <glib/gi18n-lib.h>

#define MAX_RECENT 8

static WsModelSession *
find_session (WsWindow *self, const char *path, guint *position)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->sessions));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (WsModelSession) session = g_list_model_get_item (G_LIST_MODEL (self->sessions), i);

      if (!g_str_equal (ws_model_session_get_path (session), path))
        continue;
      if (position != NULL)
        *position = i;
      return session; /* the list keeps it */
    }
  return NULL;
}

static void
remember (const char *path)
{
  GSettings *settings = ws_settings_get_default ();
  g_auto (GStrv) before = g_settings_get_strv (settings, "recent-models");
  g_autoptr (GPtrArray) after = g_ptr_array_new ();

  g_ptr_array_add (after, (char *) path);
  for (char **other = before; *other != NULL && after->len < MAX_RECENT; other++)
    if (!g_str_equal (*other, path))
      g_ptr_array_add (after, *other);
  g_ptr_array_add (after, NULL);
  g_settings_set_strv (settings, "recent-models", (const char *const *) after->pdata);
}

static void
forget (const char *path)
{
  GSettings *settings = ws_settings_get_default ();
  g_auto (GStrv) before = g_settings_get_strv (settings, "recent-models");
  g_autoptr (GPtrArray) after = g_ptr_array_new ();

  for (char **other = before; *other != NULL; other++)
    if (!g_str_equal (*other, path))
      g_ptr_array_add (after, *other);
  g_ptr_array_add (after, NULL);
  g_settings_set_strv (settings, "recent-models", (const char *const *) after->pdata);
}

/* Takes a session off the list and shows its neighbour. A run ends; its finished results are
 * in the store. */
static void
close_session (WsWindow *self, guint position)
{
  g_autoptr (WsModelSession) session =
      g_list_model_get_item (G_LIST_MODEL (self->sessions), position);
  g_autoptr (WsModelSession) next = NULL;
  guint n;

  g_signal_handlers_disconnect_by_data (session, self);
  g_list_store_remove (self->sessions, position);
  n = g_list_model_get_n_items (G_LIST_MODEL (self->sessions));
  if (session == self->session)
    {
      if (n > 0)
        next = g_list_model_get_item (G_LIST_MODEL (self->sessions), MIN (position, n - 1));
      ws_window_show_session (self, next);
    }
}

static void
on_opened (WsModelSession *session, WsWindow *self)
{
  remember (ws_model_session_get_path (session));
}

static void
on_failed (WsModelSession *session, const char *message, WsWindow *self)
{
  guint position;

  forget (ws_model_session_get_path (session));
  if (find_session (self, ws_model_session_get_path (session), &position) != NULL)
    close_session (self, position);
  ws_banner_show (self->banner, WS_BANNER_ERROR, message);
}

static void
on_finished (WsModelSession *session, WsWindow *self)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));

  if (!gtk_window_is_active (GTK_WINDOW (self)) && WS_IS_APPLICATION (application))
    ws_application_notify_finished (WS_APPLICATION (application), session);
}

void
ws_window_open_path (WsWindow *self, const char *path)
{
  g_autofree char *absolute = ws_model_session_make_path (path);
  WsModelSession *known = find_session (self, absolute, NULL);
  g_autoptr (WsModelSession) session = NULL;

  if (known != NULL)
    {
      ws_window_show_session (self, known);
      return;
    }
  session = ws_model_session_new (absolute);
  g_signal_connect (session, "opened", G_CALLBACK (on_opened), self);
  g_signal_connect (session, "failed", G_CALLBACK (on_failed), self);
  g_signal_connect (session, "finished", G_CALLBACK (on_finished), self);
  g_list_store_append (self->sessions, session);
  ws_window_show_session (self, session);
}

void
ws_window_open_sample (WsWindow *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = ws_model_find_sample (&error);

  if (path != NULL)
    ws_window_open_path (self, path);
  else
    ws_banner_show (self->banner, WS_BANNER_ERROR, error->message);
}

static void
open_file (WsWindow *self, GFile *file)
{
  g_autofree char *path = g_file_get_path (file);

  if (path != NULL)
    ws_window_open_path (self, path);
  else
    ws_banner_show (self->banner, WS_BANNER_ERROR, _ ("Only files on this machine can be opened."));
}

/* As the browser copies it from the address bar. */
static gboolean
names_hub (const char *text)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;

  return ws_hub_name_is_remote (text) || g_strcmp0 (host, "huggingface.co") == 0 ||
         g_strcmp0 (host, "hf.co") == 0;
}

/* A path or a file: URI, as file managers and terminals copy it; or a model on the Hub. */
static gboolean
open_text (WsWindow *self, const char *text)
{
  g_autofree char *line = g_strstrip (g_strdup (text));
  g_autoptr (GFile) file = NULL;

  line[strcspn (line, "\r\n")] = '\0';
  if (names_hub (line))
    {
      ws_window_look_on_hub (self, line);
      return TRUE;
    }
  if (!g_path_is_absolute (line) && !g_str_has_prefix (line, "file:"))
    return FALSE;
  file = g_file_new_for_commandline_arg (line);
  open_file (self, file);
  return TRUE;
}

/* Asking */

static void
on_file_chosen (GFile *file, const char *part, gpointer user_data)
{
  g_autoptr (WsWindow) self = user_data;

  if (file != NULL)
    open_file (self, file);
}

static void
on_open_file (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  const WsFileKind kinds[] = {
    { _ ("Models (safetensors, index)"), "*.safetensors*" },
    { NULL, NULL },
  };

  ws_dialogs_open_file (GTK_WINDOW (widget), _ ("Open a Checkpoint"), kinds, on_file_chosen,
                        g_object_ref (widget));
}

static void
on_open_folder (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ws_dialogs_open_folder (GTK_WINDOW (widget), _ ("Open the Folder of a Model"), on_file_chosen,
                          g_object_ref (widget));
}

static void
on_open_sample (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ws_window_open_sample (WS_WINDOW (widget));
}

static void
on_open_path (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  const char *path = g_variant_get_string (parameter, NULL);

  ws_toast_end_action (WS_WINDOW (widget)->toast, action_name, path);
  ws_window_open_path (WS_WINDOW (widget), path);
}

static void
on_close_model (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  WsWindow *self = WS_WINDOW (widget);
  guint position;

  if (find_session (self, g_variant_get_string (parameter, NULL), &position) != NULL)
    close_session (self, position);
}

static void
on_clipboard_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (WsWindow) self = user_data;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, NULL);

  if (text == NULL || !open_text (self, text))
    ws_toast_show (self->toast,
                   _ ("The clipboard holds no path of a file or folder, and no model on the Hub."),
                   NULL);
}

static void
on_paste (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (widget), NULL, on_clipboard_read,
                                 g_object_ref (widget));
}

/* Dropping */

static void
show_drop_target (WsWindow *self, gboolean hot)
{
  if (hot)
    gtk_widget_add_css_class (GTK_WIDGET (self), "dropping");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "dropping");
  gtk_widget_set_visible (self->drop_veil, hot && self->session != NULL);
}

static GdkDragAction
on_drop_enter (GtkDropTarget *target, double x, double y, WsWindow *self)
{
  show_drop_target (self, TRUE);
  return GDK_ACTION_COPY;
}

static void
on_drop_leave (GtkDropTarget *target, WsWindow *self)
{
  show_drop_target (self, FALSE);
}

static gboolean
on_drop (GtkDropTarget *target, const GValue *value, double x, double y, WsWindow *self)
{
  show_drop_target (self, FALSE);
  if (G_VALUE_HOLDS (value, GDK_TYPE_FILE_LIST))
    {
      g_autoptr (GSList) files = gdk_file_list_get_files (g_value_get_boxed (value));

      for (GSList *link = files; link != NULL; link = link->next)
        open_file (self, link->data);
      return files != NULL;
    }
  return open_text (self, g_value_get_string (value));
}

void
ws_window_accept_drops (WsWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY);

  gtk_drop_target_set_gtypes (target, (GType[]){ GDK_TYPE_FILE_LIST, G_TYPE_STRING }, 2);
  g_signal_connect (target, "enter", G_CALLBACK (on_drop_enter), self);
  g_signal_connect (target, "leave", G_CALLBACK (on_drop_leave), self);
  g_signal_connect (target, "drop", G_CALLBACK (on_drop), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

void
ws_window_class_install_open_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.open-file", NULL, on_open_file);
  gtk_widget_class_install_action (widget_class, "win.open-folder", NULL, on_open_folder);
  gtk_widget_class_install_action (widget_class, "win.open-sample", NULL, on_open_sample);
  gtk_widget_class_install_action (widget_class, "win.open-path", "s", on_open_path);
  gtk_widget_class_install_action (widget_class, "win.close-model", "s", on_close_model);
  gtk_widget_class_install_action (widget_class, "win.paste", NULL, on_paste);
  /* A binding, not an accelerator: a text field that has the focus pastes for itself. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_v, GDK_CONTROL_MASK, "win.paste",
                                       NULL);
}
