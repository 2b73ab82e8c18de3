/* SPDX-License-Identifier: MIT */
/* A file that is being fetched. */
#include "download-file-row.h"

#include "amounts.h"
#include "download-words.h"

#include "base/format.h"

struct _WsDownloadFileRow
{
  GtkBox parent_instance;

  GtkLabel *name;
  GtkLabel *amount;
  GtkProgressBar *bar;
  GtkLabel *status;
};

G_DEFINE_FINAL_TYPE (WsDownloadFileRow, ws_download_file_row, GTK_TYPE_BOX)

void
ws_download_file_row_show (WsDownloadFileRow *self, const WsFileNews *file)
{
  g_autofree char *name = ws_format_name (file->path);
  g_autofree char *amount = ws_amounts_format_share (file->n_bytes_done, file->n_bytes);
  g_autofree char *status = ws_download_words_describe_file (file);
  gboolean moves = file->state == WS_FILE_FETCHING || file->state == WS_FILE_CHECKING;

  gtk_label_set_text (self->name, name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name), name);
  gtk_label_set_text (self->amount, amount);
  gtk_progress_bar_set_fraction (
      self->bar, file->n_bytes > 0 ? (double) file->n_bytes_done / file->n_bytes : 0);
  if (moves)
    gtk_widget_remove_css_class (GTK_WIDGET (self->bar), "paused");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->bar), "paused");
  gtk_label_set_text (self->status, status);
  gtk_widget_set_visible (GTK_WIDGET (self->status), status[0] != '\0');
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->status), file->message);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bar), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
}

static void
ws_download_file_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), WS_TYPE_DOWNLOAD_FILE_ROW);
  G_OBJECT_CLASS (ws_download_file_row_parent_class)->dispose (object);
}

static void
ws_download_file_row_class_init (WsDownloadFileRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ws_download_file_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/download-file-row.ui");
  gtk_widget_class_bind_template_child (widget_class, WsDownloadFileRow, name);
  gtk_widget_class_bind_template_child (widget_class, WsDownloadFileRow, amount);
  gtk_widget_class_bind_template_child (widget_class, WsDownloadFileRow, bar);
  gtk_widget_class_bind_template_child (widget_class, WsDownloadFileRow, status);
}

static void
ws_download_file_row_init (WsDownloadFileRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
ws_download_file_row_new (void)
{
  return g_object_new (WS_TYPE_DOWNLOAD_FILE_ROW, NULL);
}
