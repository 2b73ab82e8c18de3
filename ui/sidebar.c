/* SPDX-License-Identifier: MIT */
/* The list of models: open ones, and those opened before. */
#include "sidebar.h"

#include "settings.h"
#include "sidebar-download.h"
#include "sidebar-row.h"

struct _WsSidebar
{
  GtkBox parent_instance;

  GtkWidget *models_title;
  GtkListBox *models;
  GtkWidget *downloads_title;
  GtkListBox *download_rows;
  GtkWidget *recent_title;
  GtkListBox *recent;
  GListModel *sessions;
  GListModel *downloads;
};

enum
{
  MODEL_CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WsSidebar, ws_sidebar, GTK_TYPE_BOX)

static void
on_model_selected (WsSidebar *self, WsSidebarRow *row)
{
  if (row != NULL)
    g_signal_emit (self, signals[MODEL_CHOSEN], 0, ws_sidebar_row_get_session (row));
}

static void
on_recent_activated (WsSidebar *self, WsSidebarRow *row)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.open-path", "s",
                              ws_sidebar_row_get_path (row));
}

static gboolean
is_open (WsSidebar *self, const char *path)
{
  guint n = g_list_model_get_n_items (self->sessions);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (WsModelSession) session = g_list_model_get_item (self->sessions, i);

      if (g_str_equal (ws_model_session_get_path (session), path))
        return TRUE;
    }
  return FALSE;
}

static void
fill_recent (WsSidebar *self)
{
  g_auto (GStrv) paths = g_settings_get_strv (ws_settings_get_default (), "recent-models");
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->recent))) != NULL)
    gtk_list_box_remove (self->recent, row);
  for (char **path = paths; *path != NULL; path++)
    if (!is_open (self, *path))
      gtk_list_box_append (self->recent, ws_sidebar_row_new_recent (*path));
  gtk_widget_set_visible (self->recent_title,
                          gtk_widget_get_first_child (GTK_WIDGET (self->recent)) != NULL);
}

static void
update (WsSidebar *self)
{
  gtk_widget_set_visible (self->models_title, g_list_model_get_n_items (self->sessions) > 0);
  fill_recent (self);
}

static void
update_downloads (WsSidebar *self)
{
  gboolean any = g_list_model_get_n_items (self->downloads) > 0;

  gtk_widget_set_visible (self->downloads_title, any);
  gtk_widget_set_visible (GTK_WIDGET (self->download_rows), any);
}

static void
on_download_activated (WsSidebar *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.show-downloads", NULL);
}

static GtkWidget *
create_download_row (gpointer item, gpointer user_data)
{
  return ws_sidebar_download_new (item);
}

static GtkWidget *
create_row (gpointer item, gpointer user_data)
{
  return ws_sidebar_row_new_open (item);
}

static void
ws_sidebar_dispose (GObject *object)
{
  WsSidebar *self = WS_SIDEBAR (object);

  if (self->sessions != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->sessions, self);
      g_signal_handlers_disconnect_by_data (ws_settings_get_default (), self);
    }
  g_clear_object (&self->sessions);
  if (self->downloads != NULL)
    g_signal_handlers_disconnect_by_data (self->downloads, self);
  g_clear_object (&self->downloads);
  gtk_widget_dispose_template (GTK_WIDGET (object), WS_TYPE_SIDEBAR);
  G_OBJECT_CLASS (ws_sidebar_parent_class)->dispose (object);
}

static void
ws_sidebar_class_init (WsSidebarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ws_sidebar_dispose;
  signals[MODEL_CHOSEN] = g_signal_new ("model-chosen", WS_TYPE_SIDEBAR, G_SIGNAL_RUN_LAST, 0, NULL,
                                        NULL, NULL, G_TYPE_NONE, 1, WS_TYPE_MODEL_SESSION);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, WsSidebar, models_title);
  gtk_widget_class_bind_template_child (widget_class, WsSidebar, models);
  gtk_widget_class_bind_template_child (widget_class, WsSidebar, downloads_title);
  gtk_widget_class_bind_template_child (widget_class, WsSidebar, download_rows);
  gtk_widget_class_bind_template_child (widget_class, WsSidebar, recent_title);
  gtk_widget_class_bind_template_child (widget_class, WsSidebar, recent);
  gtk_widget_class_bind_template_callback (widget_class, on_model_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_recent_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_download_activated);
}

static void
ws_sidebar_init (WsSidebar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
ws_sidebar_set_sessions (WsSidebar *self, GListModel *sessions)
{
  g_return_if_fail (self->sessions == NULL);

  self->sessions = g_object_ref (sessions);
  gtk_list_box_bind_model (self->models, sessions, create_row, NULL, NULL);
  g_signal_connect_swapped (sessions, "items-changed", G_CALLBACK (update), self);
  g_signal_connect_swapped (ws_settings_get_default (), "changed::recent-models",
                            G_CALLBACK (update), self);
  update (self);
}

void
ws_sidebar_set_downloads (WsSidebar *self, GListModel *downloads)
{
  g_return_if_fail (self->downloads == NULL);

  self->downloads = g_object_ref (downloads);
  gtk_list_box_bind_model (self->download_rows, downloads, create_download_row, NULL, NULL);
  g_signal_connect_swapped (downloads, "items-changed", G_CALLBACK (update_downloads), self);
  update_downloads (self);
}

gboolean
ws_sidebar_is_empty (WsSidebar *self)
{
  return g_list_model_get_n_items (self->sessions) == 0 &&
         g_list_model_get_n_items (self->downloads) == 0 &&
         gtk_widget_get_first_child (GTK_WIDGET (self->recent)) == NULL;
}

void
ws_sidebar_select (WsSidebar *self, WsModelSession *session)
{
  GtkListBoxRow *row;

  g_signal_handlers_block_by_func (self->models, on_model_selected, self);
  gtk_list_box_unselect_all (self->models);
  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->models, i)) != NULL; i++)
    if (ws_sidebar_row_get_session (WS_SIDEBAR_ROW (row)) == session)
      gtk_list_box_select_row (self->models, row);
  g_signal_handlers_unblock_by_func (self->models, on_model_selected, self);
}
