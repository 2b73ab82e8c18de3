/* SPDX-License-Identifier: MIT */
/* The titles of a column view. */
#include "column-title.h"

GtkWidget *
ws_column_title_get_first (GtkColumnView *view)
{
  return gtk_widget_get_first_child (gtk_widget_get_first_child (GTK_WIDGET (view)));
}

void
ws_column_title_align (GtkWidget *title)
{
  GtkWidget *box = gtk_widget_get_first_child (title);
  GtkWidget *label = box != NULL ? gtk_widget_get_first_child (box) : NULL;

  if (label == NULL || !GTK_IS_LABEL (label))
    return;
  gtk_widget_set_halign (box, GTK_ALIGN_END);
  gtk_widget_insert_before (label, box, NULL);
}
