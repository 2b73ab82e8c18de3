/* SPDX-License-Identifier: MIT */
/* The window's actions on the model that is shown, and what its buttons say. */
#include "window-private.h"

#include "dialogs.h"
#include "preferences.h"

#include <glib/gi18n-lib.h>

static void
on_toggle_run (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  WsWindow *self = WS_WINDOW (widget);

  if (ws_model_session_get_state (self->session) == WS_SESSION_RUNNING)
    ws_model_session_pause (self->session);
  else
    ws_window_run (self, NULL);
}

/* F5 and Ctrl+R: go on with what the view is of, whatever it was; never pause. */
static void
on_run (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  WsWindow *self = WS_WINDOW (widget);

  if (ws_window_shows_embeddings (self))
    ws_window_run_clusters (self);
  else
    ws_window_run (self, NULL);
}

static void
on_cancel_run (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ws_model_session_cancel (WS_WINDOW (widget)->session);
}

static void
on_export_table (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  WsWindow *self = WS_WINDOW (widget);

  if (ws_window_shows_embeddings (self))
    ws_window_export_clusters (self);
  else
    ws_window_export_table (self);
}

static void
on_export_report (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ws_window_export_report (WS_WINDOW (widget));
}

static void
on_export_figure (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  WsWindow *self = WS_WINDOW (widget);

  if (ws_window_shows_embeddings (self))
    ws_window_export_map (self);
  else
    ws_spectrum_view_export (self->chart);
}

static void
on_filter (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  WsWindow *self = WS_WINDOW (widget);

  if (ws_window_shows_embeddings (self))
    ws_embeddings_page_focus_search (self->embeddings);
  else
    ws_result_table_focus_filter (self->table);
}

static void
on_saved (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  const char *text, *path;

  g_variant_get (parameter, "(&s&s)", &text, &path);
  ws_toast_show (WS_WINDOW (widget)->toast, text, path);
}

static void
on_report_error (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ws_banner_show (WS_WINDOW (widget)->banner, WS_BANNER_ERROR,
                  g_variant_get_string (parameter, NULL));
}

static void
on_toggle_sidebar (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ws_window_toggle_sidebar (WS_WINDOW (widget));
}

static void
on_toggle_details (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ws_window_toggle_details (WS_WINDOW (widget));
}

static void
on_toggle_fullscreen (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  if (gtk_window_is_fullscreen (GTK_WINDOW (widget)))
    gtk_window_unfullscreen (GTK_WINDOW (widget));
  else
    gtk_window_fullscreen (GTK_WINDOW (widget));
}

static void
on_preferences (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ws_preferences_show (GTK_WINDOW (widget));
}

static void
on_about (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ws_dialogs_show_about (GTK_WINDOW (widget));
}

void
ws_window_class_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.toggle-run", NULL, on_toggle_run);
  gtk_widget_class_install_action (widget_class, "win.run", NULL, on_run);
  gtk_widget_class_install_action (widget_class, "win.cancel-run", NULL, on_cancel_run);
  gtk_widget_class_install_action (widget_class, "win.export-table", NULL, on_export_table);
  gtk_widget_class_install_action (widget_class, "win.export-figure", NULL, on_export_figure);
  gtk_widget_class_install_action (widget_class, "win.export-report", NULL, on_export_report);
  gtk_widget_class_install_action (widget_class, "win.filter", NULL, on_filter);
  gtk_widget_class_install_action (widget_class, "win.saved", "(ss)", on_saved);
  gtk_widget_class_install_action (widget_class, "win.report-error", "s", on_report_error);
  gtk_widget_class_install_action (widget_class, "win.toggle-sidebar", NULL, on_toggle_sidebar);
  gtk_widget_class_install_action (widget_class, "win.toggle-details", NULL, on_toggle_details);
  gtk_widget_class_install_action (widget_class, "win.toggle-fullscreen", NULL,
                                   on_toggle_fullscreen);
  gtk_widget_class_install_action (widget_class, "win.preferences", NULL, on_preferences);
  gtk_widget_class_install_action (widget_class, "win.about", NULL, on_about);
}

/* The one primary button in its three states. */
static void
update_run_button (WsWindow *self, WsSessionState state, guint n_pending)
{
  const char *icon = "ws-start-symbolic", *label = _ ("Analyse");
  g_autofree char *tooltip = NULL;
  g_autofree char *hint = ws_run_estimate_dup_text (self->estimate);

  if (state == WS_SESSION_RUNNING)
    {
      icon = "ws-pause-symbolic";
      label = _ ("Pause");
      tooltip = g_strdup (_ ("Finish the matrices in work and wait (Ctrl+.)"));
    }
  else if (n_pending == 0)
    {
      tooltip = g_strdup (_ ("Every matrix is analysed"));
    }
  else
    {
      if (state == WS_SESSION_PAUSED || ws_model_session_count_computed (self->session) > 0)
        label = _ ("Resume");
      tooltip = g_strdup_printf (
          ngettext ("%u matrix left (F5)", "%u matrices left (F5)", n_pending), n_pending);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->run_hint), hint != NULL);
  gtk_label_set_text (self->run_hint, hint != NULL ? hint : "");
  gtk_image_set_from_icon_name (self->run_icon, icon);
  gtk_label_set_text (self->run_label, label);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->run_button), tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->run_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  if (state == WS_SESSION_READY && n_pending > 0)
    gtk_widget_add_css_class (GTK_WIDGET (self->run_button), "suggested-action");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->run_button), "suggested-action");
}

void
ws_window_update_actions (WsWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean opened = self->session != NULL && ws_model_session_get_model (self->session) != NULL;
  WsSessionState state = opened ? ws_model_session_get_state (self->session) : WS_SESSION_OPENING;
  guint n_pending = opened ? ws_model_session_count_pending (self->session) : 0;
  gboolean embeddings = opened && ws_window_shows_embeddings (self);
  gboolean running = state == WS_SESSION_RUNNING;
  gboolean paused = state == WS_SESSION_PAUSED;
  gboolean startable = paused || (state == WS_SESSION_READY && n_pending > 0);

  ws_window_update_embedding_actions (self);
  gtk_widget_action_set_enabled (widget, "win.toggle-run", running || startable);
  gtk_widget_action_set_enabled (widget, "win.run",
                                 embeddings ? ws_window_can_run_clusters (self) : startable);
  gtk_widget_action_set_enabled (widget, "win.cancel-run", running || paused);
  gtk_widget_action_set_enabled (widget, "win.export-table",
                                 embeddings ? ws_window_has_clusters (self) : opened);
  gtk_widget_action_set_enabled (widget, "win.export-figure",
                                 embeddings ? ws_window_has_map (self) : opened);
  gtk_widget_action_set_enabled (widget, "win.export-report", opened);
  gtk_widget_action_set_enabled (widget, "win.filter", opened);
  gtk_widget_action_set_enabled (widget, "win.view", opened);
  gtk_widget_set_visible (self->view_switcher, opened);
  /* The run of the matrices: on the other view it has its strip. */
  gtk_widget_set_visible (GTK_WIDGET (self->run_button), opened && !embeddings);
  gtk_widget_set_visible (GTK_WIDGET (self->run_hint), FALSE);
  gtk_widget_set_visible (self->details_button, opened);
  gtk_widget_action_set_enabled (widget, "win.toggle-details", opened);
  if (opened && !embeddings)
    update_run_button (self, state, n_pending);
}
