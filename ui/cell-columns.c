/* SPDX-License-Identifier: MIT */
/* Columns of a column view from a table in C. */
#include "cell-columns.h"

#include "chart/palette.h"
#include "column-title.h"
#include "swatch.h"
#include "theme.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Of the widest common interface font of 10 pt, DejaVu Sans. */
#define DIGIT_WIDTH 8.5
/* As in the style sheet. */
#define CELL_PADDING 8
#define SWATCH_ROOM 18

GtkWidget *
ws_cell_new_number (void)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 1);
  gtk_widget_add_css_class (label, "numeric");
  return label;
}

GtkWidget *
ws_cell_new_name (void)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), ws_swatch_new ());
  gtk_box_append (GTK_BOX (box), label);
  return box;
}

void
ws_cell_get_cluster_color (guint cluster, GdkRGBA *color)
{
  WsColor drawn = ws_palette_get_cluster (cluster, ws_theme_get_dark (ws_theme_get_default ()));

  *color = (GdkRGBA){ (float) drawn.r, (float) drawn.g, (float) drawn.b, 1 };
}

void
ws_cell_set_name (GtkWidget *cell, int cluster, const char *name, const char *tooltip)
{
  GtkWidget *label = gtk_widget_get_last_child (cell);
  GdkRGBA color;

  if (cluster >= 0)
    ws_cell_get_cluster_color ((guint) cluster, &color);
  ws_swatch_set_color (WS_SWATCH (gtk_widget_get_first_child (cell)), cluster >= 0 ? &color : NULL);
  gtk_label_set_text (GTK_LABEL (label), name);
  gtk_widget_set_tooltip_text (cell, tooltip != NULL ? tooltip : name);
}

int
ws_cell_width (GtkWidget *widget, int width)
{
  PangoContext *context = gtk_widget_get_pango_context (widget);
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  double digit = (double) pango_font_metrics_get_approximate_digit_width (metrics) / PANGO_SCALE;

  pango_font_metrics_unref (metrics);
  return width < 0 ? width : (int) ceil (width * MAX (1, digit / DIGIT_WIDTH));
}

int
ws_cell_measure (GtkWidget *view, const char *text, gboolean has_swatch)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (view, text);
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  return width + 2 * CELL_PADDING + (has_swatch ? SWATCH_ROOM : 0) + 1;
}

/* What is unknown comes last upwards; downwards GTK turns the comparison round, so that it is
 * first.
 */
static int
compare_items (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const WsCellColumn *column = user_data;
  double value_a = column->get ((gpointer) a), value_b = column->get ((gpointer) b);

  if (isnan (value_a) || isnan (value_b))
    return isnan (value_a) - isnan (value_b);
  return (value_a > value_b) - (value_a < value_b);
}

static const WsCellColumn *
get_column (GtkSignalListItemFactory *factory)
{
  return g_object_get_data (G_OBJECT (factory), "column");
}

static void
set_up_cell (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer owner)
{
  gtk_list_item_set_child (list_item, get_column (factory)->make ());
}

static void
bind_cell (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer owner)
{
  get_column (factory)->fill (owner, gtk_list_item_get_child (list_item),
                              gtk_list_item_get_item (list_item));
}

static void
append_column (GtkColumnView *view, const WsCellColumn *column, gpointer owner)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) view_column = NULL;

  g_object_set_data (G_OBJECT (factory), "column", (gpointer) column);
  g_signal_connect (factory, "setup", G_CALLBACK (set_up_cell), owner);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cell), owner);
  view_column = gtk_column_view_column_new (_ (column->title), factory);
  gtk_column_view_column_set_resizable (view_column, TRUE);
  gtk_column_view_column_set_expand (view_column, column->width < 0);
  gtk_column_view_column_set_fixed_width (view_column,
                                          ws_cell_width (GTK_WIDGET (view), column->width));
  if (column->get != NULL)
    {
      g_autoptr (GtkSorter) sorter =
          GTK_SORTER (gtk_custom_sorter_new (compare_items, (gpointer) column, NULL));

      gtk_column_view_column_set_sorter (view_column, sorter);
    }
  gtk_column_view_append_column (view, view_column);
}

void
ws_cell_columns_append (GtkColumnView *view, const WsCellColumn *columns, guint n_columns,
                        gpointer owner)
{
  for (guint i = 0; i < n_columns; i++)
    append_column (view, &columns[i], owner);
}

void
ws_cell_columns_dress (GtkColumnView *view, const WsCellColumn *columns, guint n_columns)
{
  GtkWidget *title = ws_column_title_get_first (view);

  for (guint i = 0; title != NULL && i < n_columns; i++)
    {
      if (columns[i].tooltip != NULL)
        gtk_widget_set_tooltip_text (title, _ (columns[i].tooltip));
      if (columns[i].make == ws_cell_new_number)
        ws_column_title_align (title);
      title = gtk_widget_get_next_sibling (title);
    }
}
