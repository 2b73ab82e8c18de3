/* SPDX-License-Identifier: MIT */
/* The button in the header bar that shows all downloads. */
#include "downloads-button.h"

#include "download-row.h"

#define CORNER 14

struct _WsDownloadsButton
{
  GtkWidget parent_instance;

  GtkMenuButton *button;
  GtkWidget *pause_all;
  GtkListBox *rows;
  WsDownloadList *list;
};

G_DEFINE_FINAL_TYPE (WsDownloadsButton, ws_downloads_button, GTK_TYPE_WIDGET)

static gboolean
can_pause (WsDownloadsButton *self)
{
  GListModel *items = ws_download_list_get_items (self->list);

  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr (WsDownloadItem) item = g_list_model_get_item (items, i);
      const WsDownloadState state = ws_download_item_get_state (item);

      if (state == WS_DOWNLOAD_QUEUED || state == WS_DOWNLOAD_RUNNING ||
          state == WS_DOWNLOAD_WAITING)
        return TRUE;
    }
  return FALSE;
}

static void
update_pause_all (WsDownloadsButton *self)
{
  gtk_widget_set_sensitive (self->pause_all, can_pause (self));
}

static GtkWidget *
create_row (gpointer item, gpointer user_data)
{
  WsDownloadsButton *self = user_data;

  /* once, though a row is made again when it moves */
  g_signal_handlers_disconnect_by_func (item, update_pause_all, self);
  g_signal_connect_object (item, "state-changed", G_CALLBACK (update_pause_all), self,
                           G_CONNECT_SWAPPED);
  return ws_download_row_new (item, self->list);
}

static void
update (WsDownloadsButton *self)
{
  GListModel *items = ws_download_list_get_items (self->list);

  update_pause_all (self);
  gtk_widget_set_visible (GTK_WIDGET (self), g_list_model_get_n_items (items) > 0);
  if (g_list_model_get_n_items (items) == 0)
    gtk_menu_button_popdown (self->button);
}

void
ws_downloads_button_set_list (WsDownloadsButton *self, WsDownloadList *list)
{
  GListModel *items = ws_download_list_get_items (list);

  g_return_if_fail (self->list == NULL);

  self->list = g_object_ref (list);
  gtk_list_box_bind_model (self->rows, items, create_row, self, NULL);
  g_signal_connect_object (items, "items-changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

void
ws_downloads_button_popup (WsDownloadsButton *self)
{
  if (gtk_widget_get_visible (GTK_WIDGET (self)))
    gtk_menu_button_popup (self->button);
}

static void
on_pause_all (WsDownloadsButton *self)
{
  GListModel *items = ws_download_list_get_items (self->list);

  /* From the last: what waits must not begin when the one before it stops. */
  for (guint i = g_list_model_get_n_items (items); i > 0; i--)
    {
      g_autoptr (WsDownloadItem) item = g_list_model_get_item (items, i - 1);

      ws_download_item_pause (item);
    }
}

static void
ws_downloads_button_dispose (GObject *object)
{
  WsDownloadsButton *self = WS_DOWNLOADS_BUTTON (object);

  if (self->rows != NULL)
    gtk_list_box_bind_model (self->rows, NULL, NULL, NULL, NULL);
  g_clear_object (&self->list);
  gtk_widget_dispose_template (GTK_WIDGET (object), WS_TYPE_DOWNLOADS_BUTTON);
  G_OBJECT_CLASS (ws_downloads_button_parent_class)->dispose (object);
}

static void
ws_downloads_button_class_init (WsDownloadsButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ws_downloads_button_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/downloads-button.ui");
  gtk_widget_class_bind_template_child (widget_class, WsDownloadsButton, button);
  gtk_widget_class_bind_template_child (widget_class, WsDownloadsButton, pause_all);
  gtk_widget_class_bind_template_child (widget_class, WsDownloadsButton, rows);
  gtk_widget_class_bind_template_callback (widget_class, on_pause_all);
}

static void
ws_downloads_button_init (WsDownloadsButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  /* The arrow clear of the round corner. */
  gtk_popover_set_offset (gtk_menu_button_get_popover (self->button), CORNER, 2);
}
