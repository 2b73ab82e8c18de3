/* SPDX-License-Identifier: MIT */
/* A short confirmation over the content, gone after a while. */
#include "toast.h"

#include "dialogs.h"

/* Long enough to read a file name and reach for the button. */
#define SHOWN_SECONDS 8

struct _WsToast
{
  GtkWidget parent_instance;

  GtkRevealer *revealer;
  GtkLabel *label;
  GtkWidget *show_folder;
  GtkButton *act;
  char *path;
  guint timeout;
};

G_DEFINE_FINAL_TYPE (WsToast, ws_toast, GTK_TYPE_WIDGET)

static void
hide (WsToast *self)
{
  g_clear_handle_id (&self->timeout, g_source_remove);
  gtk_revealer_set_reveal_child (self->revealer, FALSE);
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
}

static gboolean
on_timeout (gpointer user_data)
{
  WsToast *self = user_data;

  self->timeout = 0;
  hide (self);
  return G_SOURCE_REMOVE;
}

static void
on_show_folder (WsToast *self)
{
  ws_dialogs_show_folder (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), self->path);
  hide (self);
}

static void
ws_toast_dispose (GObject *object)
{
  WsToast *self = WS_TOAST (object);

  g_clear_handle_id (&self->timeout, g_source_remove);
  g_clear_pointer (&self->path, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), WS_TYPE_TOAST);
  G_OBJECT_CLASS (ws_toast_parent_class)->dispose (object);
}

static void
ws_toast_class_init (WsToastClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ws_toast_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/toast.ui");
  gtk_widget_class_bind_template_child (widget_class, WsToast, revealer);
  gtk_widget_class_bind_template_child (widget_class, WsToast, label);
  gtk_widget_class_bind_template_child (widget_class, WsToast, show_folder);
  gtk_widget_class_bind_template_child (widget_class, WsToast, act);
  gtk_widget_class_bind_template_callback (widget_class, on_show_folder);
  gtk_widget_class_bind_template_callback (widget_class, hide);
}

static void
ws_toast_init (WsToast *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
}

static void
show (WsToast *self, const char *text)
{
  gtk_label_set_text (self->label, text);
  gtk_widget_set_can_target (GTK_WIDGET (self), TRUE);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
  g_clear_handle_id (&self->timeout, g_source_remove);
  self->timeout = g_timeout_add_seconds (SHOWN_SECONDS, on_timeout, self);
}

void
ws_toast_show (WsToast *self, const char *text, const char *path)
{
  g_free (self->path);
  self->path = g_strdup (path);
  gtk_widget_set_visible (self->show_folder, path != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->act), FALSE);
  show (self, text);
}

void
ws_toast_show_action (WsToast *self, const char *text, const char *label, const char *action,
                      const char *target)
{
  gtk_button_set_label (self->act, label);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->act), "s", target);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->act), action);
  gtk_widget_set_visible (self->show_folder, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->act), TRUE);
  show (self, text);
}

void
ws_toast_end_action (WsToast *self, const char *action, const char *target)
{
  GtkActionable *act = GTK_ACTIONABLE (self->act);
  GVariant *own = gtk_actionable_get_action_target_value (act);

  if (gtk_widget_get_visible (GTK_WIDGET (self->act)) && own != NULL &&
      g_strcmp0 (gtk_actionable_get_action_name (act), action) == 0 &&
      g_strcmp0 (g_variant_get_string (own, NULL), target) == 0)
    hide (self);
}
