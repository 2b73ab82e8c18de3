/* SPDX-License-Identifier: MIT */
/* The columns of the table. */
#include "table-columns.h"

#include "cell-columns.h"
#include "column-title.h"

#include <glib/gi18n-lib.h>

/* Columns of the first look: titles short enough for their widths, in px with a font of 10 pt. All
 * together need no more than the middle of a window of 1280 px. */
static const struct
{
  const char *key;
  const char *title;
  int width;
  gboolean hidden;
} defaults[] = {
  { "layer_index", N_ ("Layer"), 58, FALSE },
  { "block_type", N_ ("Block"), 104, FALSE },
  { "param_name", N_ ("Name"), 240, TRUE },
  { "shape", N_ ("Shape"), 100, FALSE },
  { "dtype", N_ ("dtype"), 72, TRUE },
  { "actual_rank", N_ ("Rank"), 54, FALSE },
  { "rank_energy_90", N_ ("90 % rank"), 106, FALSE },
  { "stable_rank", N_ ("Stable"), 60, FALSE },
  { "erank", N_ ("Effective"), 74, FALSE },
  { "std", N_ ("Std"), 78, FALSE },
  { "state", N_ ("State"), -1, FALSE },
};

#define OTHER_WIDTH 110
/* No text makes its column wider than this, in the same px. */
#define MAX_FITTED 240
/* Headings are bold. */
#define BOLD_WIDTH 1.12

struct _WsTableColumns
{
  GtkColumnView *view; /* borrowed */
  WsResultList *list;  /* borrowed */
  WsRowColorFunc get_color;
  gpointer color_data;
  GPtrArray *columns; /* WsResultColumn */
  GPtrArray *faces;   /* Face, in the same order */
  GArray *found;      /* WsResultColumn *, while probing; else NULL */
};

/* A column as the view has it. */
typedef struct
{
  WsTableColumns *owner;
  const WsResultColumn *column;
  GtkColumnViewColumn *view_column;
  int least; /* width of the column for any model */
  int width; /* while it is visible; -1: as wide as it likes */
} Face;

static void
set_up_cell (Face *face, GtkListItem *list_item)
{
  gtk_list_item_set_child (list_item,
                           ws_result_cell_new (face->column, face->owner->list,
                                               face->owner->get_color, face->owner->color_data));
}

static void
bind_cell (Face *face, GtkListItem *list_item)
{
  ws_result_cell_set_row (WS_RESULT_CELL (gtk_list_item_get_child (list_item)),
                          gtk_list_item_get_item (list_item));
}

static void
unbind_cell (Face *face, GtkListItem *list_item)
{
  ws_result_cell_set_row (WS_RESULT_CELL (gtk_list_item_get_child (list_item)), NULL);
}

/* The view's sorter compares two probes by the columns that it is sorted by, first key first, until
 * one tells them apart. Each column says "smaller" the first time and notes itself, and "equal"
 * ever after: so the sign of the whole is the direction of the column noted last, and asking again
 * finds the next one. */
static int
compare_probes (gconstpointer a, gconstpointer b, gpointer data)
{
  Face *face = data;
  GArray *found = face->owner->found;

  if (found == NULL)
    return GTK_ORDERING_EQUAL;
  for (guint i = 0; i < found->len; i++)
    if (g_array_index (found, const WsResultColumn *, i) == face->column)
      return GTK_ORDERING_EQUAL;
  g_array_append_val (found, face->column);
  return GTK_ORDERING_SMALLER;
}

guint
ws_table_columns_get_sort (WsTableColumns *self, WsSortKey *keys)
{
  GtkSorter *sorter = gtk_column_view_get_sorter (self->view);
  g_autoptr (GObject) one = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GObject) other = g_object_new (G_TYPE_OBJECT, NULL);
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (WsResultColumn *));
  guint n = 0;

  self->found = found;
  while (n < WS_MAX_SORT_KEYS)
    {
      GtkOrdering ordering = gtk_sorter_compare (sorter, one, other);

      if (ordering == GTK_ORDERING_EQUAL || found->len == n)
        break;
      keys[n].column = g_array_index (found, const WsResultColumn *, n);
      keys[n].descending = ordering == GTK_ORDERING_LARGER;
      n++;
    }
  self->found = NULL;
  return n;
}

/* GTK 4.8 counts the fixed widths of hidden columns into the width of its rows. */
static void
apply_width (Face *face)
{
  gboolean visible = gtk_column_view_column_get_visible (face->view_column);

  if (!visible)
    face->width = gtk_column_view_column_get_fixed_width (face->view_column);
  gtk_column_view_column_set_fixed_width (face->view_column, visible ? face->width : -1);
}

static int
find_default (const char *key)
{
  for (guint i = 0; i < G_N_ELEMENTS (defaults); i++)
    if (g_str_equal (defaults[i].key, key))
      return i;
  return -1;
}

static void
append_column (WsTableColumns *self, const WsResultColumn *column)
{
  Face *face = g_new0 (Face, 1);
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  int place = find_default (column->key);
  g_autoptr (GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (compare_probes, face, NULL));

  g_ptr_array_add (self->faces, face);
  face->owner = self;
  face->column = column;
  face->view_column =
      gtk_column_view_column_new (place >= 0 ? _ (defaults[place].title) : column->title, factory);
  g_signal_connect_swapped (factory, "setup", G_CALLBACK (set_up_cell), face);
  g_signal_connect_swapped (factory, "bind", G_CALLBACK (bind_cell), face);
  g_signal_connect_swapped (factory, "unbind", G_CALLBACK (unbind_cell), face);
  gtk_column_view_column_set_sorter (face->view_column, sorter);
  gtk_column_view_column_set_resizable (face->view_column, TRUE);
  gtk_column_view_column_set_expand (face->view_column, column->kind == WS_COLUMN_STATE);
  face->least = face->width =
      ws_cell_width (GTK_WIDGET (self->view), place >= 0 ? defaults[place].width : OTHER_WIDTH);
  if (place >= 0 && !defaults[place].hidden)
    gtk_column_view_column_set_fixed_width (face->view_column, face->width);
  else
    gtk_column_view_column_set_visible (face->view_column, FALSE);
  g_signal_connect_swapped (face->view_column, "notify::visible", G_CALLBACK (apply_width), face);
  gtk_column_view_append_column (self->view, face->view_column);
}

/* The columns of the first look in their order, then all others, the state last. */
static void
append_columns (WsTableColumns *self)
{
  for (guint i = 0; i + 1 < G_N_ELEMENTS (defaults); i++)
    {
      const WsResultColumn *column = ws_result_columns_find (self->columns, defaults[i].key);

      if (column != NULL)
        append_column (self, column);
    }
  for (guint i = 0; i < self->columns->len; i++)
    {
      const WsResultColumn *column = g_ptr_array_index (self->columns, i);

      if (find_default (column->key) < 0)
        append_column (self, column);
    }
  append_column (self, ws_result_columns_find (self->columns, "state"));
}

WsTableColumns *
ws_table_columns_new (GtkColumnView *view, WsResultList *list, WsRowColorFunc get_color,
                      gpointer color_data)
{
  WsTableColumns *self = g_new0 (WsTableColumns, 1);
  WsMetricOptions options;

  ws_metric_options_init (&options);
  self->view = view;
  self->list = list;
  self->get_color = get_color;
  self->color_data = color_data;
  self->columns = ws_result_columns_new (&options);
  self->faces = g_ptr_array_new_with_free_func (g_free);
  append_columns (self);
  return self;
}

static void
face_release (Face *face)
{
  g_signal_handlers_disconnect_by_data (face->view_column, face);
  gtk_column_view_column_set_factory (face->view_column, NULL);
  gtk_column_view_column_set_sorter (face->view_column, NULL);
  g_object_unref (face->view_column);
}

void
ws_table_columns_free (WsTableColumns *self)
{
  for (guint i = 0; i < self->faces->len; i++)
    face_release (g_ptr_array_index (self->faces, i));
  g_ptr_array_unref (self->faces);
  g_ptr_array_unref (self->columns);
  g_free (self);
}

GPtrArray *
ws_table_columns_get_all (WsTableColumns *self)
{
  return self->columns;
}

GtkColumnViewColumn *
ws_table_columns_get_view_column (WsTableColumns *self, const char *key)
{
  for (guint i = 0; i < self->faces->len; i++)
    {
      Face *face = g_ptr_array_index (self->faces, i);

      if (g_str_equal (face->column->key, key))
        return face->view_column;
    }
  return NULL;
}

static const WsResultColumn *
find_column (WsTableColumns *self, GtkColumnViewColumn *view_column)
{
  for (guint i = 0; i < self->faces->len; i++)
    {
      Face *face = g_ptr_array_index (self->faces, i);

      if (face->view_column == view_column)
        return face->column;
    }
  g_return_val_if_reached (NULL);
}

GPtrArray *
ws_table_columns_dup_visible (WsTableColumns *self)
{
  GListModel *view_columns = gtk_column_view_get_columns (self->view);
  GPtrArray *visible = g_ptr_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (view_columns); i++)
    {
      g_autoptr (GtkColumnViewColumn) view_column = g_list_model_get_item (view_columns, i);

      if (gtk_column_view_column_get_visible (view_column))
        g_ptr_array_add (visible, (gpointer) find_column (self, view_column));
    }
  return visible;
}

/* The one with the most characters, which is the widest or nearly so. */
static char *
dup_longest (const WsResultColumn *column, GPtrArray *items)
{
  g_autofree char *longest = NULL;
  glong length = -1;

  for (guint i = 0; i < items->len; i++)
    {
      g_autofree char *text = ws_result_column_dup_cell (
          column, ws_result_item_get_result (g_ptr_array_index (items, i)));
      glong n = g_utf8_strlen (text, -1);

      if (n <= length)
        continue;
      length = n;
      g_free (longest);
      longest = g_steal_pointer (&text);
    }
  return g_steal_pointer (&longest);
}

/* Of the headings, which stand in the column of blocks. */
static int
measure_headings (Face *face)
{
  GPtrArray *groups = ws_result_list_get_groups (face->owner->list);
  const char *longest = "";

  for (guint i = 0; i < groups->len; i++)
    {
      const char *title = ws_result_group_get_title (g_ptr_array_index (groups, i));

      if (g_utf8_strlen (title, -1) > g_utf8_strlen (longest, -1))
        longest = title;
    }
  return (int) (BOLD_WIDTH * ws_cell_measure (GTK_WIDGET (face->owner->view), longest, TRUE));
}

static void
fit (Face *face)
{
  GtkWidget *view = GTK_WIDGET (face->owner->view);
  gboolean visible = gtk_column_view_column_get_visible (face->view_column);
  g_autofree char *longest = NULL;
  int width = face->least;

  if (visible && gtk_column_view_column_get_fixed_width (face->view_column) != face->width)
    return;
  longest = dup_longest (face->column, ws_result_list_get_all (face->owner->list));
  if (longest != NULL)
    width = MAX (width, ws_cell_measure (view, longest, face->column->kind == WS_COLUMN_BLOCK));
  if (face->column->kind == WS_COLUMN_BLOCK)
    width = MAX (width, measure_headings (face));
  face->width = MIN (width, MAX (face->least, ws_cell_width (view, MAX_FITTED)));
  if (visible)
    gtk_column_view_column_set_fixed_width (face->view_column, face->width);
}

void
ws_table_columns_fit (WsTableColumns *self)
{
  for (guint i = 0; i < self->faces->len; i++)
    {
      Face *face = g_ptr_array_index (self->faces, i);

      if (face->column->kind == WS_COLUMN_BLOCK || face->column->kind == WS_COLUMN_SHAPE ||
          face->column->kind == WS_COLUMN_DTYPE)
        fit (face);
    }
}

void
ws_table_columns_dress_header (WsTableColumns *self)
{
  GListModel *view_columns = gtk_column_view_get_columns (self->view);
  GtkWidget *title = ws_column_title_get_first (self->view);

  for (guint i = 0; title != NULL && i < g_list_model_get_n_items (view_columns); i++)
    {
      g_autoptr (GtkColumnViewColumn) view_column = g_list_model_get_item (view_columns, i);
      const WsResultColumn *column = find_column (self, view_column);

      gtk_widget_set_tooltip_text (title, column->tooltip);
      if (ws_result_column_is_numeric (column) && !ws_result_column_has_bar (column))
        ws_column_title_align (title);
      title = gtk_widget_get_next_sibling (title);
    }
}
