/* SPDX-License-Identifier: MIT */
/* The program: one instance, one window, its command line. */
#include "application.h"

#include "analysis/record.h"
#include "hub-access.h"
#include "settings.h"
#include "theme.h"
#include "window.h"

#include <glib/gi18n-lib.h>

struct _WsApplication
{
  GtkApplication parent_instance;
};

G_DEFINE_FINAL_TYPE (WsApplication, ws_application, GTK_TYPE_APPLICATION)

static const struct
{
  const char *action;
  const char *accels[3];
} accelerators[] = {
  { "win.open-file", { "<Control>o" } },
  { "win.open-folder", { "<Control><Shift>o" } },
  { "win.get-model", { "<Control>d" } },
  { "win.run", { "F5", "<Control>r" } },
  { "win.toggle-run", { "<Control>period" } },
  { "win.export-table", { "<Control><Shift>e" } },
  { "win.filter", { "<Control>f", "<Control>l" } },
  { "win.export-figure", { "<Control>e" } },
  { "win.view::matrices", { "<Control>1" } },
  { "win.view::embeddings", { "<Control>2" } },
  { "win.toggle-sidebar", { "F9" } },
  { "win.toggle-details", { "<Control>i" } },
  { "win.toggle-fullscreen", { "F11" } },
  { "win.preferences", { "<Control>comma" } },
  { "window.close", { "<Control>w" } },
  { "app.quit", { "<Control>q" } },
};

static WsWindow *
get_window (WsApplication *self)
{
  for (GList *link = gtk_application_get_windows (GTK_APPLICATION (self)); link != NULL;
       link = link->next)
    if (WS_IS_WINDOW (link->data))
      return link->data;
  return ws_window_new (GTK_APPLICATION (self));
}

/* Closing, not destroying: the window saves its state. */
static void
on_quit (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  gtk_window_close (GTK_WINDOW (get_window (user_data)));
}

static void
on_show_model (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  WsWindow *window = get_window (user_data);

  ws_window_open_path (window, g_variant_get_string (parameter, NULL));
  gtk_window_present (GTK_WINDOW (window));
}

static gpointer
ref_window (gconstpointer window, gpointer user_data)
{
  return g_object_ref ((gpointer) window);
}

/* One may go with another. */
static void
close_modal_dialogs (GtkWindow *parent)
{
  g_autoptr (GList) toplevels = gtk_window_list_toplevels ();
  GList *windows = g_list_copy_deep (toplevels, ref_window, NULL);

  for (GList *link = windows; link != NULL; link = link->next)
    if (gtk_window_get_transient_for (link->data) == parent && gtk_window_get_modal (link->data) &&
        gtk_widget_get_visible (link->data))
      gtk_window_close (link->data);
  g_list_free_full (windows, g_object_unref);
}

/* While a modal dialog is open GTK does not listen when the desktop wants the window below closed,
 * as from a list of windows or at the end of the session: the program would stay. A hook comes
 * before GTK looks. */
static gboolean
on_surface_event (GSignalInvocationHint *hint, guint n_values, const GValue *values,
                  gpointer user_data)
{
  GtkNative *native = gtk_native_get_for_surface (g_value_get_object (&values[0]));

  if (native != NULL && WS_IS_WINDOW (native) &&
      gdk_event_get_event_type (g_value_peek_pointer (&values[1])) == GDK_DELETE)
    close_modal_dialogs (GTK_WINDOW (native));
  return TRUE;
}

static void
listen_to_the_desktop (void)
{
  g_autoptr (GTypeClass) surface_class = g_type_class_ref (GDK_TYPE_SURFACE);

  g_signal_add_emission_hook (g_signal_lookup ("event", GDK_TYPE_SURFACE), 0, on_surface_event,
                              NULL, NULL);
}

static void
ws_application_startup (GApplication *application)
{
  const GActionEntry actions[] = {
    { "quit", on_quit },
    { "show-model", on_show_model, "s" },
  };

  G_APPLICATION_CLASS (ws_application_parent_class)->startup (application);
  g_action_map_add_action_entries (G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions),
                                   application);
  for (gsize i = 0; i < G_N_ELEMENTS (accelerators); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (application), accelerators[i].action,
                                           accelerators[i].accels);
  gtk_window_set_default_icon_name (WS_APPLICATION_ID);
  listen_to_the_desktop ();
  ws_theme_get_default ();
  ws_hub_access_init ();
}

static void
ws_application_activate (GApplication *application)
{
  gtk_window_present (GTK_WINDOW (get_window (WS_APPLICATION (application))));
}

static void
ws_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  WsWindow *window = get_window (WS_APPLICATION (application));

  for (int i = 0; i < n_files; i++)
    {
      g_autofree char *path = g_file_get_path (files[i]);
      g_autofree char *uri = g_file_get_uri (files[i]);

      ws_window_open_path (window, path != NULL ? path : uri);
    }
  gtk_window_present (GTK_WINDOW (window));
}

/* The word `sample` stands for the model shipped with the program. */
static gboolean
expand_sample (char **arguments, GError **error)
{
  for (char **argument = arguments + 1; *argument != NULL; argument++)
    {
      char *path;

      if (!g_str_equal (*argument, "sample"))
        continue;
      path = ws_model_find_sample (error);
      if (path == NULL)
        return FALSE;
      g_free (*argument);
      *argument = path;
    }
  return TRUE;
}

static gboolean
ws_application_local_command_line (GApplication *application, char ***arguments, int *exit_status)
{
  g_autoptr (GError) error = NULL;

  if (!expand_sample (*arguments, &error))
    {
      g_printerr ("weightscope: %s\n", error->message);
      *exit_status = 1;
      return TRUE;
    }
  return G_APPLICATION_CLASS (ws_application_parent_class)
      ->local_command_line (application, arguments, exit_status);
}

static int
ws_application_handle_local_options (GApplication *application, GVariantDict *options)
{
  g_autofree char *facts = NULL;

  if (!g_variant_dict_contains (options, "version"))
    return -1; /* go on */
  facts = ws_record_get_build_facts ();
  g_print ("%s%s", facts, g_str_has_suffix (facts, "\n") ? "" : "\n");
  return 0;
}

static void
ws_application_class_init (WsApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  application_class->startup = ws_application_startup;
  application_class->activate = ws_application_activate;
  application_class->open = ws_application_open;
  application_class->local_command_line = ws_application_local_command_line;
  application_class->handle_local_options = ws_application_handle_local_options;
}

static void
ws_application_init (WsApplication *self)
{
  const GOptionEntry options[] = {
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Show the version and build facts"), NULL },
    { NULL },
  };
  GApplication *application = G_APPLICATION (self);

  g_application_add_main_option_entries (application, options);
  g_application_set_option_context_parameter_string (application, _ ("[MODEL]"));
  g_application_set_option_context_summary (
      application,
      _ ("Looks inside a language model: the spectrum and rank of every weight matrix.\n"
         "MODEL is a folder, a checkpoint file, or the word sample."));
}

WsApplication *
ws_application_new (void)
{
  return g_object_new (WS_TYPE_APPLICATION, "application-id", WS_APPLICATION_ID, "flags",
                       G_APPLICATION_HANDLES_OPEN, "resource-base-path",
                       "/org/weightscope/Weightscope", NULL);
}

static char *
describe_finished (WsModelSession *session)
{
  guint n = g_list_model_get_n_items (ws_model_session_get_items (session));
  guint n_notes = ws_model_session_count_notes (session);
  g_autofree char *count = g_strdup_printf (ngettext ("%u tensor", "%u tensors", n), n);

  if (n_notes == 0)
    return g_steal_pointer (&count);
  /* Translators: %s is "253 tensors" */
  return g_strdup_printf (ngettext ("%s, %u with a note", "%s, %u with notes", n_notes), count,
                          n_notes);
}

/* @path: of the model that is shown when it is chosen */
static void
notify (WsApplication *self, const char *title, const char *body, const char *path)
{
  g_autoptr (GNotification) notification = NULL;

  /* Without a session bus nobody would hear it. */
  if (g_application_get_dbus_connection (G_APPLICATION (self)) == NULL)
    return;
  notification = g_notification_new (title);
  if (body != NULL)
    g_notification_set_body (notification, body);
  g_notification_set_default_action_and_target (notification, "app.show-model", "s", path);
  g_application_send_notification (G_APPLICATION (self), path, notification);
}

void
ws_application_notify_finished (WsApplication *self, WsModelSession *session)
{
  g_autofree char *title =
      g_strdup_printf (_ ("%s analysed"), ws_model_session_get_title (session));
  g_autofree char *body = describe_finished (session);

  notify (self, title, body, ws_model_session_get_path (session));
}

void
ws_application_notify_fetched (WsApplication *self, const char *name, const char *folder)
{
  g_autofree char *title = g_strdup_printf (_ ("%s is downloaded"), name);

  notify (self, title, NULL, folder);
}
