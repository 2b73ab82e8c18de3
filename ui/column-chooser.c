/* SPDX-License-Identifier: MIT */
/* Which columns the table shows. */
#include "column-chooser.h"

#include <glib/gi18n-lib.h>

struct _WsColumnChooser
{
  GtkPopover parent_instance;

  GtkWidget *search;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (WsColumnChooser, ws_column_chooser, GTK_TYPE_POPOVER)

/* Title and key are searched, ignoring case. */
static gboolean
matches_search (GtkListBoxRow *row, gpointer data)
{
  WsColumnChooser *self = data;
  g_autofree char *needle =
      g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->search)), -1);

  return strstr (g_object_get_data (G_OBJECT (row), "haystack"), needle) != NULL;
}

static void
search_changed (WsColumnChooser *self)
{
  gtk_list_box_invalidate_filter (self->list);
}

void
ws_column_chooser_add (WsColumnChooser *self, const WsResultColumn *column,
                       GtkColumnViewColumn *view_column)
{
  GtkWidget *check = gtk_check_button_new_with_label (column->title);
  GtkWidget *row = gtk_list_box_row_new ();
  g_autofree char *text = g_strdup_printf ("%s %s", column->title, column->key);

  g_return_if_fail (WS_IS_COLUMN_CHOOSER (self));

  gtk_widget_set_tooltip_text (check, column->tooltip);
  g_object_bind_property (view_column, "visible", check, "active",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), check);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_focusable (row, FALSE);
  g_object_set_data_full (G_OBJECT (row), "haystack", g_utf8_casefold (text, -1), g_free);
  gtk_list_box_append (self->list, row);
}

static void
ws_column_chooser_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), WS_TYPE_COLUMN_CHOOSER);
  G_OBJECT_CLASS (ws_column_chooser_parent_class)->dispose (object);
}

static void
ws_column_chooser_class_init (WsColumnChooserClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = ws_column_chooser_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/column-chooser.ui");
  gtk_widget_class_bind_template_child (widget_class, WsColumnChooser, search);
  gtk_widget_class_bind_template_child (widget_class, WsColumnChooser, list);
  gtk_widget_class_bind_template_callback (widget_class, search_changed);
}

static void
ws_column_chooser_init (WsColumnChooser *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_filter_func (self->list, matches_search, self, NULL);
}
