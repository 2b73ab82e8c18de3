/* SPDX-License-Identifier: MIT */
/* Bringing a row of a column view into sight. */
#include "scroll-to.h"

#define WISH_KEY "ws-scroll-to"

typedef struct
{
  GtkColumnView *view;
  guint position;
  guint source;
} Wish;

static void
wish_free (gpointer data)
{
  Wish *wish = data;

  g_source_remove (wish->source);
  g_free (wish);
}

static gboolean
scroll (gpointer data)
{
  Wish *wish = data;
  GtkColumnView *view = wish->view;
  guint n = g_list_model_get_n_items (G_LIST_MODEL (gtk_column_view_get_model (view)));

  if (wish->position < n && gtk_widget_get_mapped (GTK_WIDGET (view)))
    gtk_widget_activate_action (gtk_widget_get_last_child (GTK_WIDGET (view)),
                                "list.scroll-to-item", "u", wish->position);
  g_object_set_data (G_OBJECT (view), WISH_KEY, NULL);
  return G_SOURCE_REMOVE;
}

void
ws_scroll_to_row (GtkColumnView *view, guint position)
{
  Wish *wish = g_new0 (Wish, 1);

  wish->view = view;
  wish->position = position;
  /* Below drawing, which lays out first. */
  wish->source = g_idle_add_full (G_PRIORITY_LOW, scroll, wish, NULL);
  g_object_set_data_full (G_OBJECT (view), WISH_KEY, wish, wish_free);
}
