/* SPDX-License-Identifier: MIT */
/* The window and the Hub: the dialog that gets a model, and what becomes of downloads. */
#include "window-private.h"

#include "application.h"
#include "get-dialog.h"

#include "base/format.h"

#include <glib/gi18n-lib.h>

static void
on_ordered (WsWindow *self, const WsDownloadOrder *order)
{
  ws_download_list_add (self->downloads, order);
  /* Where it goes on. */
  self->wants_sidebar = TRUE;
  ws_window_fit_panes (self);
}

static WsGetDialog *
show_dialog (WsWindow *self)
{
  if (self->get_dialog == NULL)
    {
      WsGetDialog *dialog = ws_get_dialog_new (GTK_WINDOW (self));

      g_set_weak_pointer (&self->get_dialog, dialog);
      g_signal_connect_object (dialog, "look-inside", G_CALLBACK (ws_window_open_path), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (dialog, "ordered", G_CALLBACK (on_ordered), self, G_CONNECT_SWAPPED);
    }
  gtk_window_present (GTK_WINDOW (self->get_dialog));
  return self->get_dialog;
}

WsDownloadList *
ws_window_get_downloads (WsWindow *self)
{
  g_return_val_if_fail (WS_IS_WINDOW (self), NULL);
  return self->downloads;
}

void
ws_window_look_on_hub (WsWindow *self, const char *text)
{
  ws_get_dialog_look_for (show_dialog (self), text);
}

void
ws_window_fetch_from_hub (WsWindow *self, const char *name)
{
  ws_get_dialog_fetch (show_dialog (self), name);
}

static void
on_get_model (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  show_dialog (WS_WINDOW (widget));
}

static void
on_show_downloads (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ws_downloads_button_popup (WS_WINDOW (widget)->downloads_button);
}

static void
on_finished (WsWindow *self, WsDownloadItem *item)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));
  const char *folder = ws_download_item_get_folder (item);
  g_autofree char *name = ws_format_name (ws_download_item_get_order (item)->id);
  g_autofree char *text = g_strdup_printf (_ ("%s is downloaded"), name);

  if (folder == NULL)
    return;
  if (!ws_download_order_has_weights (ws_download_item_get_order (item)))
    {
      ws_toast_show (self->toast, text, folder);
      return;
    }
  ws_toast_show_action (self->toast, text, _ ("Open"), "win.open-path", folder);
  if (!gtk_window_is_active (GTK_WINDOW (self)) && WS_IS_APPLICATION (application))
    ws_application_notify_fetched (WS_APPLICATION (application), name, folder);
}

/* The sidebar comes with the first download and goes with the last thing in it. */
static void
on_downloads_changed (WsWindow *self)
{
  ws_window_fit_panes (self);
}

void
ws_window_init_hub (WsWindow *self)
{
  GListModel *items;

  self->downloads = ws_download_list_new ();
  items = ws_download_list_get_items (self->downloads);
  ws_downloads_button_set_list (self->downloads_button, self->downloads);
  ws_sidebar_set_downloads (self->sidebar, items);
  g_signal_connect_object (items, "items-changed", G_CALLBACK (on_downloads_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->downloads, "finished", G_CALLBACK (on_finished), self,
                           G_CONNECT_SWAPPED);
}

void
ws_window_dispose_hub (WsWindow *self)
{
  g_clear_weak_pointer (&self->get_dialog);
  if (self->downloads != NULL)
    {
      g_signal_handlers_disconnect_by_data (ws_download_list_get_items (self->downloads), self);
      g_signal_handlers_disconnect_by_data (self->downloads, self);
      /* Whoever keeps it: nothing is fetched any more. */
      g_object_run_dispose (G_OBJECT (self->downloads));
    }
  g_clear_object (&self->downloads);
}

void
ws_window_class_install_hub_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.get-model", NULL, on_get_model);
  gtk_widget_class_install_action (widget_class, "win.show-downloads", NULL, on_show_downloads);
}
