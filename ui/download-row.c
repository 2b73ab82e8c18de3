/* SPDX-License-Identifier: MIT */
/* A download in the popover. */
#include "download-row.h"

#include "download-file-row.h"
#include "download-words.h"

#include "base/format.h"

#include <glib/gi18n-lib.h>

/* More are only counted. */
#define MAX_FILES 6

struct _WsDownloadRow
{
  GtkListBoxRow parent_instance;

  GtkLabel *title;
  GtkLabel *status;
  GtkProgressBar *bar;
  GtkButton *toggle;
  GtkWidget *open;
  GtkWidget *to_top;
  GtkWidget *cancel;
  GtkBox *files;
  GtkLabel *more;
  GtkWidget *question;
  GtkWidget *keep;
  WsDownloadItem *item;
  WsDownloadList *list; /* weak: it outlives its rows */
};

G_DEFINE_FINAL_TYPE (WsDownloadRow, ws_download_row, GTK_TYPE_LIST_BOX_ROW)

/* Files */

static void
show_files (WsDownloadRow *self)
{
  const WsFetchNews *news = ws_download_item_get_news (self->item);
  gboolean runs = ws_download_item_get_state (self->item) == WS_DOWNLOAD_RUNNING;
  guint n_files = runs && news != NULL ? news->files->len : 0;
  guint n_waiting =
      runs && news != NULL ? news->n_files - MIN (news->n_files_done + n_files, news->n_files) : 0;
  GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->files));

  for (guint i = 0; i < MIN (n_files, MAX_FILES); i++)
    {
      if (row == NULL)
        {
          row = ws_download_file_row_new ();
          gtk_box_append (self->files, row);
        }
      ws_download_file_row_show (WS_DOWNLOAD_FILE_ROW (row), g_ptr_array_index (news->files, i));
      gtk_widget_set_visible (row, TRUE);
      row = gtk_widget_get_next_sibling (row);
    }
  for (; row != NULL; row = gtk_widget_get_next_sibling (row))
    gtk_widget_set_visible (row, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->files), n_files > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->more), n_waiting > 0);
  if (n_waiting > 0)
    {
      g_autofree char *text = g_strdup_printf (
          ngettext ("%u more file is waiting", "%u more files are waiting", n_waiting), n_waiting);

      gtk_label_set_text (self->more, text);
    }
}

/* The one button that changes its meaning. */
static void
show_toggle (WsDownloadRow *self, WsDownloadState state)
{
  gboolean can_pause = state == WS_DOWNLOAD_RUNNING || state == WS_DOWNLOAD_QUEUED;
  gboolean again = state == WS_DOWNLOAD_FAILED || state == WS_DOWNLOAD_WAITING;
  const char *label = can_pause ? _ ("Pause") : again ? _ ("Try Again") : _ ("Resume");

  gtk_button_set_icon_name (self->toggle, can_pause ? "ws-pause-symbolic"
                                          : again   ? "ws-retry-symbolic"
                                                    : "ws-start-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->toggle), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->toggle), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  gtk_widget_set_visible (GTK_WIDGET (self->toggle),
                          can_pause || again || state == WS_DOWNLOAD_PAUSED);
}

static void
update (WsDownloadRow *self)
{
  WsDownloadState state = ws_download_item_get_state (self->item);
  g_autofree char *status = ws_download_words_describe (self->item);
  const GError *error = ws_download_item_get_error (self->item);

  gtk_label_set_text (self->status, status);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->status), error != NULL ? error->message : NULL);
  if (state == WS_DOWNLOAD_FAILED)
    gtk_widget_add_css_class (GTK_WIDGET (self->status), "warn-text");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->status), "warn-text");
  gtk_progress_bar_set_fraction (self->bar, ws_download_words_get_share (self->item));
  gtk_widget_set_visible (GTK_WIDGET (self->bar), state != WS_DOWNLOAD_DONE);
  if (ws_download_words_is_moving (self->item))
    gtk_widget_remove_css_class (GTK_WIDGET (self->bar), "paused");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->bar), "paused");
  show_toggle (self, state);
  gtk_widget_set_visible (
      self->open, ws_download_item_get_folder (self->item) != NULL &&
                      ws_download_order_has_weights (ws_download_item_get_order (self->item)));
  gtk_widget_set_visible (self->to_top, state == WS_DOWNLOAD_QUEUED);
  gtk_widget_set_sensitive (self->cancel, state != WS_DOWNLOAD_ENDING);
  show_files (self);
}

/* Buttons */

static void
on_toggle (WsDownloadRow *self)
{
  WsDownloadState state = ws_download_item_get_state (self->item);

  if (state == WS_DOWNLOAD_RUNNING || state == WS_DOWNLOAD_QUEUED)
    ws_download_item_pause (self->item);
  else
    ws_download_item_resume (self->item);
}

static void
on_open (WsDownloadRow *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.open-path", "s",
                              ws_download_item_get_folder (self->item));
}

static void
on_to_top (WsDownloadRow *self)
{
  ws_download_list_move_to_top (self->list, self->item);
}

/* What is complete only leaves the list; of the rest something is kept or lost: ask. */
static void
on_cancel (WsDownloadRow *self)
{
  if (ws_download_item_get_state (self->item) == WS_DOWNLOAD_DONE)
    {
      ws_download_list_dismiss (self->list, self->item);
      return;
    }
  gtk_widget_set_visible (self->question, TRUE);
  gtk_widget_grab_focus (self->keep);
}

static void
on_keep (WsDownloadRow *self)
{
  ws_download_item_cancel (self->item, FALSE);
}

static void
on_delete (WsDownloadRow *self)
{
  ws_download_item_cancel (self->item, TRUE);
}

static void
on_back (WsDownloadRow *self)
{
  gtk_widget_set_visible (self->question, FALSE);
}

static void
ws_download_row_dispose (GObject *object)
{
  WsDownloadRow *self = WS_DOWNLOAD_ROW (object);

  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_clear_object (&self->item);
  g_clear_weak_pointer (&self->list);
  gtk_widget_dispose_template (GTK_WIDGET (object), WS_TYPE_DOWNLOAD_ROW);
  G_OBJECT_CLASS (ws_download_row_parent_class)->dispose (object);
}

static void
ws_download_row_class_init (WsDownloadRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ws_download_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/download-row.ui");
  gtk_widget_class_bind_template_child (widget_class, WsDownloadRow, title);
  gtk_widget_class_bind_template_child (widget_class, WsDownloadRow, status);
  gtk_widget_class_bind_template_child (widget_class, WsDownloadRow, bar);
  gtk_widget_class_bind_template_child (widget_class, WsDownloadRow, toggle);
  gtk_widget_class_bind_template_child (widget_class, WsDownloadRow, open);
  gtk_widget_class_bind_template_child (widget_class, WsDownloadRow, to_top);
  gtk_widget_class_bind_template_child (widget_class, WsDownloadRow, cancel);
  gtk_widget_class_bind_template_child (widget_class, WsDownloadRow, files);
  gtk_widget_class_bind_template_child (widget_class, WsDownloadRow, more);
  gtk_widget_class_bind_template_child (widget_class, WsDownloadRow, question);
  gtk_widget_class_bind_template_child (widget_class, WsDownloadRow, keep);
  gtk_widget_class_bind_template_callback (widget_class, on_toggle);
  gtk_widget_class_bind_template_callback (widget_class, on_open);
  gtk_widget_class_bind_template_callback (widget_class, on_to_top);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel);
  gtk_widget_class_bind_template_callback (widget_class, on_keep);
  gtk_widget_class_bind_template_callback (widget_class, on_delete);
  gtk_widget_class_bind_template_callback (widget_class, on_back);
}

static void
ws_download_row_init (WsDownloadRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
ws_download_row_new (WsDownloadItem *item, WsDownloadList *list)
{
  WsDownloadRow *self = g_object_new (WS_TYPE_DOWNLOAD_ROW, NULL);
  g_autofree char *title = ws_format_name (ws_download_item_get_order (item)->id);

  self->item = g_object_ref (item);
  g_set_weak_pointer (&self->list, list);
  gtk_label_set_text (self->title, title);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->title), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bar), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  -1);
  g_signal_connect_swapped (item, "progress", G_CALLBACK (update), self);
  update (self);
  return GTK_WIDGET (self);
}
