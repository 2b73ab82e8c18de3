/* SPDX-License-Identifier: MIT */
/* The views of a model, switched in the header: which one is shown, and whose the keys are. */
#include "window-private.h"

#include "settings.h"

#define MATRICES "matrices"
#define EMBEDDINGS "embeddings"

static gboolean
is_view (const char *name)
{
  return g_strcmp0 (name, MATRICES) == 0 || g_strcmp0 (name, EMBEDDINGS) == 0;
}

const char *
ws_window_get_view (WsWindow *self)
{
  /* The buttons ask while the window is being built. */
  return self->views != NULL ? gtk_stack_get_visible_child_name (self->views) : MATRICES;
}

gboolean
ws_window_shows_embeddings (WsWindow *self)
{
  return g_strcmp0 (ws_window_get_view (self), EMBEDDINGS) == 0;
}

/* Where the keys go in a view that was just switched to. */
static void
focus_view (WsWindow *self)
{
  if (ws_window_shows_embeddings (self))
    gtk_widget_child_focus (GTK_WIDGET (self->embeddings), GTK_DIR_TAB_FORWARD);
  else
    gtk_widget_grab_focus (GTK_WIDGET (ws_result_table_get_view (self->table)));
}

void
ws_window_set_view (WsWindow *self, const char *name)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  gboolean had_focus;

  g_return_if_fail (WS_IS_WINDOW (self));
  if (!is_view (name) || g_str_equal (name, ws_window_get_view (self)))
    return;
  had_focus = focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->views));
  gtk_stack_set_visible_child_name (self->views, name);
  ws_window_show_clusters (self);
  ws_window_fit_panes (self);
  ws_window_update_actions (self);
  if (had_focus)
    focus_view (self);
  g_object_notify (G_OBJECT (self), "view");
}

void
ws_window_restore_view (WsWindow *self)
{
  g_autofree char *name = g_settings_get_string (ws_settings_get_default (), "view");

  ws_window_set_view (self, name);
}

void
ws_window_save_view (WsWindow *self)
{
  g_settings_set_string (ws_settings_get_default (), "view", ws_window_get_view (self));
}
