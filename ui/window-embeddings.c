/* SPDX-License-Identifier: MIT */
/* The Embeddings page in the window: whose clusters it shows, and its actions. */
#include "window-private.h"

#include "base/format.h"
#include "dialogs.h"
#include "settings.h"

#include <glib/gi18n-lib.h>

static WsClusterSession *
get_clusters (WsWindow *self)
{
  return ws_embeddings_page_get_session (self->embeddings);
}

static void
disconnect_clusters (WsWindow *self)
{
  if (self->clusters != NULL)
    g_signal_handlers_disconnect_by_data (self->clusters, self);
  g_clear_object (&self->clusters);
}

static void
connect_clusters (WsWindow *self, WsClusterSession *clusters)
{
  if (self->clusters == clusters)
    return;
  disconnect_clusters (self);
  g_set_object (&self->clusters, clusters);
  ws_cluster_strip_set_session (self->cluster_strip, clusters);
  if (clusters == NULL)
    return;
  g_signal_connect_swapped (clusters, "notify::state", G_CALLBACK (ws_window_update_actions), self);
  g_signal_connect_swapped (clusters, "study-changed", G_CALLBACK (ws_window_update_actions), self);
  g_signal_connect_swapped (clusters, "setup-changed", G_CALLBACK (ws_window_update_actions), self);
}

void
ws_window_show_clusters (WsWindow *self)
{
  gboolean opened = self->session != NULL && ws_model_session_get_model (self->session) != NULL;
  WsClusterSession *clusters = NULL;

  /* What a model has of clusters is looked up when it is asked for; a run goes on behind the other
   * view. */
  if (opened && ws_window_shows_embeddings (self))
    clusters = ws_cluster_session_get (self->session);
  else if (opened)
    clusters = ws_cluster_session_peek (self->session);
  if (clusters == NULL || ws_window_shows_embeddings (self))
    ws_embeddings_page_set_session (self->embeddings, clusters);
  connect_clusters (self, clusters);
}

void
ws_window_dispose_embeddings (WsWindow *self)
{
  disconnect_clusters (self);
}

/* The question before a run that reads much from the Hub. */

static void
on_answered (int answer, gpointer user_data)
{
  WsClusterSession *clusters = user_data;

  if (answer == 0)
    ws_cluster_session_run (clusters);
}

static void
ask (WsWindow *self, WsClusterSession *clusters, guint64 n_bytes)
{
  g_autofree char *size = ws_format_bytes (n_bytes);
  g_autofree char *question = g_strdup_printf (_ ("Read %s from the Hub?"), size);

  ws_dialogs_ask (GTK_WINDOW (self), question,
                  _ ("The results are kept, the weights are not: they would have to be read again "
                     "for anything else. A download keeps them."),
                  _ ("_Cluster"), NULL, on_answered, g_object_ref (clusters), g_object_unref);
}

void
ws_window_run_clusters (WsWindow *self)
{
  WsClusterSession *clusters = get_clusters (self);
  const WsTensor *tensor = ws_cluster_session_get_options (clusters)->tensor;
  guint64 allowed = g_settings_get_uint64 (ws_settings_get_default (), "ask-traffic");

  if (ws_cluster_session_get_state (clusters) != WS_CLUSTERS_READY || tensor == NULL)
    return;
  if (ws_source_is_remote (tensor->source) && allowed > 0 && tensor->n_bytes > allowed)
    ask (self, clusters, tensor->n_bytes);
  else
    ws_cluster_session_run (clusters);
}

static void
on_toggle_clusters (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  WsWindow *self = WS_WINDOW (widget);

  if (ws_cluster_session_get_state (self->clusters) == WS_CLUSTERS_RUNNING)
    ws_cluster_session_cancel (self->clusters);
  else
    ws_window_run_clusters (self);
}

static void
on_cancel_clusters (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ws_cluster_session_cancel (WS_WINDOW (widget)->clusters);
}

static void
on_export_elbow (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ws_window_export_elbow (WS_WINDOW (widget));
}

static void
on_export_map (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ws_window_export_map (WS_WINDOW (widget));
}

static void
on_export_clusters (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ws_window_export_clusters (WS_WINDOW (widget));
}

void
ws_window_class_install_embedding_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.toggle-clusters", NULL, on_toggle_clusters);
  gtk_widget_class_install_action (widget_class, "win.cancel-clusters", NULL, on_cancel_clusters);
  gtk_widget_class_install_action (widget_class, "win.export-elbow", NULL, on_export_elbow);
  gtk_widget_class_install_action (widget_class, "win.export-map", NULL, on_export_map);
  gtk_widget_class_install_action (widget_class, "win.export-clusters", NULL, on_export_clusters);
}

gboolean
ws_window_can_run_clusters (WsWindow *self)
{
  return self->clusters != NULL &&
         ws_cluster_session_get_state (self->clusters) == WS_CLUSTERS_READY &&
         ws_cluster_session_get_options (self->clusters)->tensor != NULL &&
         !ws_cluster_session_is_complete (self->clusters);
}

gboolean
ws_window_has_clusters (WsWindow *self)
{
  return self->clusters != NULL && ws_cluster_session_get_curve (self->clusters)->len > 0;
}

gboolean
ws_window_has_map (WsWindow *self)
{
  return self->clusters != NULL && ws_cluster_session_get_projection (self->clusters) != NULL;
}

void
ws_window_update_embedding_actions (WsWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean running = self->clusters != NULL &&
                     ws_cluster_session_get_state (self->clusters) == WS_CLUSTERS_RUNNING;

  gtk_widget_action_set_enabled (widget, "win.toggle-clusters",
                                 running || ws_window_can_run_clusters (self));
  gtk_widget_action_set_enabled (widget, "win.cancel-clusters", running);
  gtk_widget_action_set_enabled (widget, "win.export-elbow", ws_window_has_clusters (self));
  gtk_widget_action_set_enabled (widget, "win.export-map", ws_window_has_map (self));
  gtk_widget_action_set_enabled (widget, "win.export-clusters", ws_window_has_clusters (self));
}
