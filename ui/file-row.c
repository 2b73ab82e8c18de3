/* SPDX-License-Identifier: MIT */
/* A file in the check list. */
#include "file-row.h"

#include "base/format.h"

#include <glib/gi18n-lib.h>

#define LONG_NAME 28

struct _WsFileRow
{
  GtkWidget parent_instance;

  GtkCheckButton *check;
  GtkLabel *name;
  GtkLabel *reason;
  GtkLabel *size;
  WsFileItem *item;
  GBinding *binding;
};

enum
{
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WsFileRow, ws_file_row, GTK_TYPE_WIDGET)

/* Why the file should rather not be fetched. (transfer full) */
static char *
describe (WsFileRow *self)
{
  const char *reason = ws_file_item_get_reason (self->item);
  const char *format = ws_file_item_get_format (self->item);

  if (ws_file_item_get_chosen (self->item) || reason == NULL)
    /* Translators: %s is the name of a format of files, "GGUF" */
    return format != NULL ? g_strdup_printf (_ ("%s: cannot be opened here"), format)
                          : g_strdup ("");
  return g_strdup (reason);
}

/* What is not fetched steps back; its reason goes when a person wants it all the same, but for that
 * it cannot be opened. */
static void
update (WsFileRow *self)
{
  g_autofree char *reason = describe (self);
  gboolean chosen = ws_file_item_get_chosen (self->item);

  if (chosen)
    gtk_widget_remove_css_class (GTK_WIDGET (self), "dim");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self), "dim");
  gtk_label_set_text (self->reason, reason);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->reason), *reason != '\0' ? reason : NULL);
}

static void
on_chosen (WsFileRow *self)
{
  update (self);
  g_signal_emit (self, signals[CHOSEN], 0);
}

static void
forget_item (WsFileRow *self)
{
  if (self->item == NULL)
    return;
  g_clear_pointer (&self->binding, g_binding_unbind);
  g_signal_handlers_disconnect_by_data (self->item, self);
  g_clear_object (&self->item);
}

void
ws_file_row_set_item (WsFileRow *self, WsFileItem *item)
{
  const WsHubFile *file;
  g_autofree char *name = NULL;
  g_autofree char *size = NULL;

  forget_item (self);
  if (item == NULL)
    return;
  self->item = g_object_ref (item);
  file = ws_file_item_get_file (item);
  name = ws_format_name (file->path);
  size = ws_format_bytes (file->n_bytes);
  gtk_label_set_text (self->name, name);
  /* A shorter one is never cut. */
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name),
                               g_utf8_strlen (name, -1) > LONG_NAME ? name : NULL);
  gtk_label_set_text (self->size, size);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->check), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
  self->binding = g_object_bind_property (item, "chosen", self->check, "active",
                                          G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  g_signal_connect_swapped (item, "notify::chosen", G_CALLBACK (on_chosen), self);
  update (self);
}

static void
ws_file_row_dispose (GObject *object)
{
  forget_item (WS_FILE_ROW (object));
  gtk_widget_dispose_template (GTK_WIDGET (object), WS_TYPE_FILE_ROW);
  G_OBJECT_CLASS (ws_file_row_parent_class)->dispose (object);
}

static void
ws_file_row_class_init (WsFileRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ws_file_row_dispose;
  signals[CHOSEN] = g_signal_new ("chosen", WS_TYPE_FILE_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/file-row.ui");
  gtk_widget_class_bind_template_child (widget_class, WsFileRow, check);
  gtk_widget_class_bind_template_child (widget_class, WsFileRow, name);
  gtk_widget_class_bind_template_child (widget_class, WsFileRow, reason);
  gtk_widget_class_bind_template_child (widget_class, WsFileRow, size);
}

static void
ws_file_row_init (WsFileRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
ws_file_row_new (void)
{
  return g_object_new (WS_TYPE_FILE_ROW, NULL);
}
