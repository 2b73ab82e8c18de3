/* SPDX-License-Identifier: MIT */
/* A download in the sidebar. */
#include "sidebar-download.h"

#include "download-words.h"
#include "show-in-files.h"

#include "base/format.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _WsSidebarDownload
{
  GtkListBoxRow parent_instance;

  GtkLabel *title;
  GtkLabel *subtitle;
  GtkProgressBar *bar;
  GtkButton *toggle;
  WsDownloadItem *item;
};

G_DEFINE_FINAL_TYPE (WsSidebarDownload, ws_sidebar_download, GTK_TYPE_LIST_BOX_ROW)

static gboolean
can_be_opened (WsSidebarDownload *self)
{
  return ws_download_order_has_weights (ws_download_item_get_order (self->item));
}

static void
show_toggle (WsSidebarDownload *self)
{
  WsDownloadState state = ws_download_item_get_state (self->item);
  const char *icon = "ws-retry-symbolic", *label = _ ("Try Again");

  if (state == WS_DOWNLOAD_RUNNING || state == WS_DOWNLOAD_QUEUED)
    {
      icon = "ws-pause-symbolic";
      label = _ ("Pause");
    }
  else if (state == WS_DOWNLOAD_PAUSED)
    {
      icon = "ws-start-symbolic";
      label = _ ("Resume");
    }
  else if (state == WS_DOWNLOAD_DONE)
    {
      icon = "ws-done-symbolic";
      label = can_be_opened (self) ? _ ("Open") : _ ("Show in Files");
    }
  gtk_button_set_icon_name (self->toggle, icon);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->toggle), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->toggle), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  gtk_widget_set_sensitive (GTK_WIDGET (self->toggle), state != WS_DOWNLOAD_ENDING);
}

static void
update (WsSidebarDownload *self)
{
  g_autofree char *text = ws_download_words_describe_shortly (self->item);
  g_autofree char *whole = ws_download_words_describe (self->item);

  gtk_label_set_text (self->subtitle, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->subtitle), whole);
  gtk_widget_set_visible (GTK_WIDGET (self->bar),
                          ws_download_item_get_state (self->item) != WS_DOWNLOAD_DONE);
  gtk_progress_bar_set_fraction (self->bar, ws_download_words_get_share (self->item));
  if (ws_download_words_is_moving (self->item))
    gtk_widget_remove_css_class (GTK_WIDGET (self->bar), "paused");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->bar), "paused");
  show_toggle (self);
}

static void
on_toggle (WsSidebarDownload *self)
{
  WsDownloadState state = ws_download_item_get_state (self->item);

  if (state == WS_DOWNLOAD_RUNNING || state == WS_DOWNLOAD_QUEUED)
    ws_download_item_pause (self->item);
  else if (state == WS_DOWNLOAD_DONE && !can_be_opened (self))
    ws_show_in_files (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                      ws_download_item_get_folder (self->item));
  else if (state == WS_DOWNLOAD_DONE)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.open-path", "s",
                                ws_download_item_get_folder (self->item));
  else
    ws_download_item_resume (self->item);
}

static void
ws_sidebar_download_dispose (GObject *object)
{
  WsSidebarDownload *self = WS_SIDEBAR_DOWNLOAD (object);

  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_clear_object (&self->item);
  gtk_widget_dispose_template (GTK_WIDGET (object), WS_TYPE_SIDEBAR_DOWNLOAD);
  G_OBJECT_CLASS (ws_sidebar_download_parent_class)->dispose (object);
}

static void
ws_sidebar_download_class_init (WsSidebarDownloadClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ws_sidebar_download_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/sidebar-download.ui");
  gtk_widget_class_bind_template_child (widget_class, WsSidebarDownload, title);
  gtk_widget_class_bind_template_child (widget_class, WsSidebarDownload, subtitle);
  gtk_widget_class_bind_template_child (widget_class, WsSidebarDownload, bar);
  gtk_widget_class_bind_template_child (widget_class, WsSidebarDownload, toggle);
  gtk_widget_class_bind_template_callback (widget_class, on_toggle);
}

static void
ws_sidebar_download_init (WsSidebarDownload *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
ws_sidebar_download_new (WsDownloadItem *item)
{
  WsSidebarDownload *self = g_object_new (WS_TYPE_SIDEBAR_DOWNLOAD, NULL);
  const char *id = ws_download_item_get_order (item)->id;
  const char *slash = strrchr (id, '/');

  self->item = g_object_ref (item);
  gtk_label_set_text (self->title, slash != NULL ? slash + 1 : id);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->title), id);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, id, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bar), GTK_ACCESSIBLE_PROPERTY_LABEL, id,
                                  -1);
  g_signal_connect_swapped (item, "progress", G_CALLBACK (update), self);
  update (self);
  return GTK_WIDGET (self);
}
