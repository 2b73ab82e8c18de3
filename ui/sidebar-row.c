/* SPDX-License-Identifier: MIT */
/* A model in the sidebar: its name, what it is, how far it is. */
#include "sidebar-row.h"

#include "base/format.h"
#include "hub/hub-name.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _WsSidebarRow
{
  GtkListBoxRow parent_instance;

  GtkLabel *title;
  GtkLabel *subtitle;
  GtkLabel *share;
  GtkImage *mark;
  GtkWidget *close;
  WsModelSession *session;
  char *path;
};

G_DEFINE_FINAL_TYPE (WsSidebarRow, ws_sidebar_row, GTK_TYPE_LIST_BOX_ROW)

static void
show_mark (WsSidebarRow *self, const char *icon, const char *tooltip)
{
  gtk_widget_set_visible (GTK_WIDGET (self->mark), icon != NULL);
  gtk_image_set_from_icon_name (self->mark, icon);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->mark), tooltip);
}

static void
update (WsSidebarRow *self)
{
  WsSessionState state = ws_model_session_get_state (self->session);
  const WsProgress *progress = ws_model_session_get_progress (self->session);
  g_autofree char *share = g_strdup_printf (_ ("%.0f %%"), 100 * progress->share);

  gtk_label_set_text (self->share, share);
  gtk_widget_set_visible (GTK_WIDGET (self->share), state == WS_SESSION_RUNNING);
  if (state == WS_SESSION_PAUSED)
    show_mark (self, "ws-pause-symbolic", _ ("Paused"));
  else if (state == WS_SESSION_READY && ws_model_session_count_pending (self->session) == 0)
    show_mark (self, "ws-done-symbolic", _ ("Analysed"));
  else
    show_mark (self, NULL, NULL);
}

static void
ws_sidebar_row_dispose (GObject *object)
{
  WsSidebarRow *self = WS_SIDEBAR_ROW (object);

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  g_clear_pointer (&self->path, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), WS_TYPE_SIDEBAR_ROW);
  G_OBJECT_CLASS (ws_sidebar_row_parent_class)->dispose (object);
}

static void
ws_sidebar_row_class_init (WsSidebarRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ws_sidebar_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/sidebar-row.ui");
  gtk_widget_class_bind_template_child (widget_class, WsSidebarRow, title);
  gtk_widget_class_bind_template_child (widget_class, WsSidebarRow, subtitle);
  gtk_widget_class_bind_template_child (widget_class, WsSidebarRow, share);
  gtk_widget_class_bind_template_child (widget_class, WsSidebarRow, mark);
  gtk_widget_class_bind_template_child (widget_class, WsSidebarRow, close);
}

static void
ws_sidebar_row_init (WsSidebarRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static WsSidebarRow *
row_new (const char *path)
{
  WsSidebarRow *self = g_object_new (WS_TYPE_SIDEBAR_ROW, NULL);
  g_autofree char *shown_path = ws_format_name (path);

  self->path = g_strdup (path);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), shown_path);
  return self;
}

static void
set_accessible_name (WsSidebarRow *self)
{
  const char *title = gtk_label_get_text (self->title);
  /* Translators: for screen readers; %s is the name of a model */
  g_autofree char *close_name = g_strdup_printf (_ ("Close %s"), title);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->close), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  close_name, -1);
}

GtkWidget *
ws_sidebar_row_new_open (WsModelSession *session)
{
  WsSidebarRow *self = row_new (ws_model_session_get_path (session));

  self->session = g_object_ref (session);
  g_object_bind_property (session, "title", self->title, "label", G_BINDING_SYNC_CREATE);
  g_object_bind_property (session, "subtitle", self->subtitle, "label", G_BINDING_SYNC_CREATE);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->close), "s", self->path);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->close), "win.close-model");
  g_signal_connect_swapped (session, "notify::title", G_CALLBACK (set_accessible_name), self);
  g_signal_connect_swapped (session, "notify::state", G_CALLBACK (update), self);
  g_signal_connect_swapped (session, "progress", G_CALLBACK (update), self);
  set_accessible_name (self);
  update (self);
  return GTK_WIDGET (self);
}

/* "hf:org/name@0123456..." is "name", "org on the Hub, 0123456". */
static void
split_remote (const char *path, char **name, char **place)
{
  g_auto (GStrv) parts = g_strsplit (path + strlen ("hf:"), "@", 2);
  g_autofree char *owner = g_path_get_dirname (parts[0]);
  gboolean owned = !g_str_equal (owner, ".");

  *name = g_path_get_basename (parts[0]);
  /* Translators: %s is who owns a model, %.7s the beginning of a commit */
  *place = g_strdup_printf (_ ("%s on the Hub · %.7s"), owned ? owner : *name,
                            parts[1] != NULL ? parts[1] : "main");
}

GtkWidget *
ws_sidebar_row_new_recent (const char *path)
{
  WsSidebarRow *self = row_new (path);
  g_autofree char *name = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *title = NULL;
  g_autofree char *subtitle = NULL;

  if (ws_hub_name_is_remote (path))
    {
      split_remote (path, &name, &folder);
    }
  else
    {
      name = g_path_get_basename (path);
      folder = g_path_get_dirname (path);
    }
  title = ws_format_name (name);
  subtitle = ws_format_name (folder);
  gtk_label_set_text (self->title, title);
  gtk_label_set_text (self->subtitle, subtitle);
  gtk_label_set_ellipsize (self->subtitle, PANGO_ELLIPSIZE_START);
  gtk_widget_set_visible (self->close, FALSE);
  set_accessible_name (self);
  return GTK_WIDGET (self);
}

const char *
ws_sidebar_row_get_path (WsSidebarRow *self)
{
  return self->path;
}

WsModelSession *
ws_sidebar_row_get_session (WsSidebarRow *self)
{
  return self->session;
}
