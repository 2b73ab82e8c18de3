/* SPDX-License-Identifier: MIT */
/* The window: a sidebar of models, and the page of the one that is chosen. */
#include "window.h"

#include "empty-page.h"
#include "theme.h"
#include "window-private.h"

#include <glib/gi18n-lib.h>

enum
{
  PROP_0,
  PROP_VIEW,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (WsWindow, ws_window, GTK_TYPE_APPLICATION_WINDOW)

static void
show_title (WsWindow *self)
{
  const char *title =
      self->session != NULL ? ws_model_session_get_title (self->session) : "Weightscope";

  gtk_label_set_text (self->title, title);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->title), title);
  gtk_window_set_title (GTK_WINDOW (self), title);
}

/* All warnings of a model in one banner; errors of single tensors are in their rows. */
static void
show_warnings (WsWindow *self)
{
  GPtrArray *warnings = ws_model_session_get_warnings (self->session);
  g_autoptr (GString) text = g_string_new (NULL);

  if (warnings->len == 0)
    return;
  for (guint i = 0; i < warnings->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "",
                            (const char *) g_ptr_array_index (warnings, i));
  ws_banner_show (self->banner, WS_BANNER_WARNING, text->str);
}

static void
show_page (WsWindow *self)
{
  const char *page = "empty";

  if (self->session != NULL)
    page = ws_model_session_get_model (self->session) != NULL ? "model" : "opening";
  gtk_stack_set_visible_child_name (self->pages, page);
  show_title (self);
  ws_window_show_clusters (self);
  ws_window_fit_panes (self);
  ws_window_update_actions (self);
  /* What had the focus is hidden; GTK would give it to the first text that can be selected. */
  if (self->session == NULL)
    gtk_widget_grab_focus (self->empty_page);
}

static void
on_opened (WsWindow *self)
{
  show_page (self);
}

static void
disconnect_session (WsWindow *self)
{
  ws_window_disconnect_matrices (self);
  g_signal_handlers_disconnect_by_func (self->session, on_opened, self);
  g_signal_handlers_disconnect_by_func (self->session, show_warnings, self);
  g_signal_handlers_disconnect_by_func (self->session, ws_window_update_actions, self);
}

static void
connect_session (WsWindow *self)
{
  g_signal_connect_swapped (self->session, "opened", G_CALLBACK (on_opened), self);
  g_signal_connect_swapped (self->session, "warning", G_CALLBACK (show_warnings), self);
  g_signal_connect_swapped (self->session, "notify::state", G_CALLBACK (ws_window_update_actions),
                            self);
  ws_window_connect_matrices (self);
}

void
ws_window_show_session (WsWindow *self, WsModelSession *session)
{
  if (self->session == session)
    return;
  if (self->session != NULL)
    disconnect_session (self);
  g_set_object (&self->session, session);
  ws_banner_hide (self->banner);
  ws_progress_strip_set_session (self->strip, session);
  ws_run_estimate_set_session (self->estimate, session);
  ws_sidebar_select (self->sidebar, session);
  if (session != NULL)
    {
      g_autofree char *opening =
          g_strdup_printf (_ ("Opening %s…"), ws_model_session_get_title (session));

      gtk_label_set_text (self->opening_label, opening);
      connect_session (self);
      show_warnings (self);
    }
  show_page (self);
}

static gboolean
ws_window_close_request (GtkWindow *window)
{
  ws_window_save_state (WS_WINDOW (window));
  return GTK_WINDOW_CLASS (ws_window_parent_class)->close_request (window);
}

static void
ws_window_realize (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (ws_window_parent_class)->realize (widget);
  g_signal_connect_object (gtk_native_get_surface (GTK_NATIVE (widget)), "layout",
                           G_CALLBACK (ws_window_fit_panes), widget, G_CONNECT_SWAPPED);
}

static void
ws_window_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_VIEW:
      g_value_set_string (value, ws_window_get_view (WS_WINDOW (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ws_window_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_VIEW:
      ws_window_set_view (WS_WINDOW (object), g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
ws_window_dispose (GObject *object)
{
  WsWindow *self = WS_WINDOW (object);

  ws_window_dispose_hub (self);
  ws_window_dispose_embeddings (self);
  if (self->session != NULL)
    disconnect_session (self);
  if (self->table != NULL)
    g_signal_handlers_disconnect_by_data (self->table, self);
  g_clear_object (&self->session);
  g_clear_object (&self->estimate);
  g_clear_pointer (&self->shown_results, g_ptr_array_unref);
  if (self->sessions != NULL)
    for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->sessions)); i++)
      {
        g_autoptr (WsModelSession) session =
            g_list_model_get_item (G_LIST_MODEL (self->sessions), i);

        g_signal_handlers_disconnect_by_data (session, self);
        ws_model_session_cancel (session);
        if (ws_cluster_session_peek (session) != NULL)
          ws_cluster_session_cancel (ws_cluster_session_peek (session));
      }
  g_clear_object (&self->sessions);
  gtk_widget_dispose_template (GTK_WIDGET (object), WS_TYPE_WINDOW);
  G_OBJECT_CLASS (ws_window_parent_class)->dispose (object);
}

static void
ws_window_class_init (WsWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->get_property = ws_window_get_property;
  G_OBJECT_CLASS (klass)->set_property = ws_window_set_property;
  G_OBJECT_CLASS (klass)->dispose = ws_window_dispose;
  widget_class->realize = ws_window_realize;
  GTK_WINDOW_CLASS (klass)->close_request = ws_window_close_request;

  properties[PROP_VIEW] =
      g_param_spec_string ("view", NULL, NULL, NULL,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);

  g_type_ensure (WS_TYPE_BANNER);
  g_type_ensure (WS_TYPE_CLUSTER_STRIP);
  g_type_ensure (WS_TYPE_DETAILS_PANE);
  g_type_ensure (WS_TYPE_DOWNLOADS_BUTTON);
  g_type_ensure (WS_TYPE_EMBEDDINGS_PAGE);
  g_type_ensure (WS_TYPE_EMPTY_PAGE);
  g_type_ensure (WS_TYPE_PROGRESS_STRIP);
  g_type_ensure (WS_TYPE_RESULT_TABLE);
  g_type_ensure (WS_TYPE_SIDEBAR);
  g_type_ensure (WS_TYPE_SPECTRUM_VIEW);
  g_type_ensure (WS_TYPE_TOAST);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/window.ui");
  gtk_widget_class_bind_template_child (widget_class, WsWindow, title);
  gtk_widget_class_bind_template_child (widget_class, WsWindow, run_button);
  gtk_widget_class_bind_template_child (widget_class, WsWindow, run_icon);
  gtk_widget_class_bind_template_child (widget_class, WsWindow, run_label);
  gtk_widget_class_bind_template_child (widget_class, WsWindow, run_hint);
  gtk_widget_class_bind_template_child (widget_class, WsWindow, sidebar_button);
  gtk_widget_class_bind_template_child (widget_class, WsWindow, details_button);
  gtk_widget_class_bind_template_child (widget_class, WsWindow, banner);
  gtk_widget_class_bind_template_child (widget_class, WsWindow, downloads_button);
  gtk_widget_class_bind_template_child (widget_class, WsWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, WsWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, WsWindow, empty_page);
  gtk_widget_class_bind_template_child (widget_class, WsWindow, opening_label);
  gtk_widget_class_bind_template_child (widget_class, WsWindow, view_switcher);
  gtk_widget_class_bind_template_child (widget_class, WsWindow, views);
  gtk_widget_class_bind_template_child (widget_class, WsWindow, table_and_chart);
  gtk_widget_class_bind_template_child (widget_class, WsWindow, table);
  gtk_widget_class_bind_template_child (widget_class, WsWindow, chart);
  gtk_widget_class_bind_template_child (widget_class, WsWindow, details);
  gtk_widget_class_bind_template_child (widget_class, WsWindow, embeddings);
  gtk_widget_class_bind_template_child (widget_class, WsWindow, drop_veil);
  gtk_widget_class_bind_template_child (widget_class, WsWindow, strip);
  gtk_widget_class_bind_template_child (widget_class, WsWindow, cluster_strip);
  gtk_widget_class_bind_template_child (widget_class, WsWindow, toast);
  ws_window_class_install_actions (widget_class);
  gtk_widget_class_install_property_action (widget_class, "win.view", "view");
  ws_window_class_install_embedding_actions (widget_class);
  ws_window_class_install_open_actions (widget_class);
  ws_window_class_install_hub_actions (widget_class);
}

static void
ws_window_init (WsWindow *self)
{
  ws_theme_get_default ();
  gtk_widget_init_template (GTK_WIDGET (self));
  self->estimate = ws_run_estimate_new ();
  g_signal_connect_object (self->estimate, "changed", G_CALLBACK (ws_window_update_actions), self,
                           G_CONNECT_SWAPPED);
  self->sessions = g_list_store_new (WS_TYPE_MODEL_SESSION);
  ws_sidebar_set_sessions (self->sidebar, G_LIST_MODEL (self->sessions));
  g_signal_connect_swapped (self->sidebar, "model-chosen", G_CALLBACK (ws_window_show_session),
                            self);
  ws_window_init_matrices (self);
  ws_window_init_hub (self);
  ws_window_restore_state (self);
  ws_window_accept_drops (self);
  show_page (self);
}

WsWindow *
ws_window_new (GtkApplication *application)
{
  return g_object_new (WS_TYPE_WINDOW, "application", application, NULL);
}

WsModelSession *
ws_window_get_session (WsWindow *self)
{
  g_return_val_if_fail (WS_IS_WINDOW (self), NULL);
  return self->session;
}
