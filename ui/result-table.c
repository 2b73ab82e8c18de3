/* SPDX-License-Identifier: MIT */
/* The table of matrices. */
#include "result-table.h"

#include "base/format.h"
#include "chart/palette.h"
#include "column-chooser.h"
#include "filter-bar.h"
#include "result-copy.h"
#include "show-in-files.h"
#include "table-columns.h"
#include "theme.h"
#include <glib/gi18n-lib.h>

/* Where the keyboard opens the menu, in the view. */
#define MENU_X 60
#define MENU_Y 34

struct _WsResultTable
{
  GtkBox parent_instance;

  WsFilterBar *filter_bar;
  GtkLabel *count_label;
  GtkDropDown *group_menu;
  WsColumnChooser *column_chooser;
  GtkStack *stack;
  GtkLabel *nothing_label;
  GtkWidget *clear_button;
  GtkWidget *rows_box;
  GtkColumnView *view;
  GMenuModel *row_menu;
  GtkWidget *menu; /* popover, made when first needed */

  WsResultList *list;
  WsTableColumns *columns;
  WsMetricOptions options;
  GHashTable *places; /* WsResultItem, borrowed -> its place among the first selected ones */
  WsRowColorFunc color_func;
  gpointer color_data;
};

enum
{
  SELECTION_CHANGED,
  RECOMPUTE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (WsResultTable, ws_result_table, GTK_TYPE_BOX)

static gboolean
get_color (WsResultItem *item, GdkRGBA *color, gpointer data)
{
  WsResultTable *self = data;
  gpointer place;
  WsColor series;

  if (!g_hash_table_lookup_extended (self->places, item, NULL, &place))
    return FALSE;
  if (self->color_func != NULL)
    return self->color_func (item, color, self->color_data);
  if (GPOINTER_TO_UINT (place) >= WS_PALETTE_SERIES)
    return FALSE;
  series =
      ws_palette_get_series (GPOINTER_TO_UINT (place), ws_theme_get_dark (ws_theme_get_default ()));
  *color = (GdkRGBA){ series.r, series.g, series.b, 1 };
  return TRUE;
}

/* Filter, order, groups */

static void
show_count (WsResultTable *self)
{
  guint n = ws_result_list_get_n_matching (self->list);
  guint n_total = ws_result_list_get_n_total (self->list);
  g_autofree char *matching = ws_format_count (n);
  g_autofree char *total = ws_format_count (n_total);
  /* Translators: rows that match the filter, and all rows. */
  g_autofree char *text =
      g_strdup_printf (ngettext ("%s of %s row", "%s of %s rows", n_total), matching, total);

  gtk_label_set_text (self->count_label, text);
  gtk_label_set_text (self->nothing_label, n_total > 0 ? _ ("No tensor matches the filter.")
                                                       : _ ("There are no tensors here."));
  gtk_widget_set_visible (self->clear_button, n_total > 0);
  gtk_stack_set_visible_child_name (self->stack, n > 0 ? "rows" : "nothing");
}

static void
total_changed (WsResultTable *self)
{
  ws_table_columns_fit (self->columns);
  show_count (self);
}

static void
filter_changed (WsResultTable *self)
{
  g_auto (GStrv) texts = ws_filter_bar_dup_texts (self->filter_bar);
  g_autoptr (GError) error = NULL;
  g_autofree char *sentence = NULL;

  if (!ws_result_list_set_filters (self->list, (const char *const *) texts, &self->options, &error))
    sentence = g_strdup_printf (_ ("This filter is not understood: %s."), error->message);
  ws_filter_bar_set_error (self->filter_bar, sentence);
}

/* GTK keeps its place by a row, which may now be anywhere: right for one that was chosen, else the
 * first ones are wanted. */
static void
scroll_to_top (WsResultTable *self)
{
  GtkWidget *rows = gtk_widget_get_last_child (GTK_WIDGET (self->view));

  if (ws_result_list_get_n_matching (self->list) > 0 && g_hash_table_size (self->places) == 0)
    gtk_widget_activate_action (rows, "list.scroll-to-item", "u", 0);
}

static void
sort_changed (WsResultTable *self)
{
  WsSortKey keys[WS_MAX_SORT_KEYS];
  guint n_keys = ws_table_columns_get_sort (self->columns, keys);

  ws_result_list_set_sort (self->list, keys, n_keys);
  scroll_to_top (self);
}

static void
group_changed (WsResultTable *self)
{
  /* The items of the menu are in the order of WsGroupBy. */
  ws_result_list_set_group_by (self->list, gtk_drop_down_get_selected (self->group_menu));
  ws_table_columns_fit (self->columns);
  scroll_to_top (self);
}

static void
pointer_entered (WsResultTable *self)
{
  ws_result_list_set_held (self->list, TRUE);
}

static void
pointer_left (WsResultTable *self)
{
  ws_result_list_set_held (self->list, FALSE);
}

/* Rows */

static void
remember_places (WsResultTable *self)
{
  g_autoptr (GPtrArray) items = ws_result_list_dup_selected (self->list);

  g_hash_table_remove_all (self->places);
  for (guint i = 0; i < items->len; i++)
    g_hash_table_insert (self->places, g_ptr_array_index (items, i), GUINT_TO_POINTER (i));
}

static void
selection_changed (WsResultTable *self)
{
  g_autoptr (GPtrArray) items = ws_result_list_dup_selected (self->list);

  remember_places (self);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "table.copy-names", items->len > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "table.recompute", items->len > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "table.show-file", items->len > 0);
  g_signal_emit (self, signals[SELECTION_CHANGED], 0);
}

static void
row_activated (WsResultTable *self, guint position)
{
  g_autoptr (GObject) row = g_list_model_get_item (G_LIST_MODEL (self->list), position);

  if (WS_IS_RESULT_GROUP (row))
    ws_result_list_set_expanded (self->list, WS_RESULT_GROUP (row),
                                 !ws_result_group_get_expanded (WS_RESULT_GROUP (row)));
}

/* The heading that is the whole selection; NULL if there is none. */
static WsResultGroup *
dup_selected_group (WsResultTable *self)
{
  g_autoptr (GtkBitset) selection =
      gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->list));
  g_autoptr (GObject) row = NULL;

  if (gtk_bitset_get_size (selection) != 1)
    return NULL;
  row = g_list_model_get_item (G_LIST_MODEL (self->list), gtk_bitset_get_minimum (selection));
  return WS_IS_RESULT_GROUP (row) ? WS_RESULT_GROUP (g_steal_pointer (&row)) : NULL;
}

/* The row under a point of the view; NULL between and beside them. */
static gpointer
get_row_at (WsResultTable *self, double x, double y)
{
  GtkWidget *widget = gtk_widget_pick (GTK_WIDGET (self->view), x, y, GTK_PICK_DEFAULT);
  GtkWidget *cell;

  /* The padding of a cell belongs to GTK's widget round ours. */
  if (widget != NULL && WS_IS_RESULT_CELL (gtk_widget_get_first_child (widget)))
    widget = gtk_widget_get_first_child (widget);
  if (widget == NULL)
    return NULL;
  cell =
      WS_IS_RESULT_CELL (widget) ? widget : gtk_widget_get_ancestor (widget, WS_TYPE_RESULT_CELL);
  return cell != NULL ? ws_result_cell_get_row (WS_RESULT_CELL (cell)) : NULL;
}

static gboolean
focus_view (gpointer data)
{
  WsResultTable *self = data;

  if (self->view != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (self->view));
  return G_SOURCE_REMOVE;
}

/* A popover that closes leaves the focus nowhere; while it says so, it still holds the pointer. */
static void
menu_closed (WsResultTable *self)
{
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, focus_view, g_object_ref (self), g_object_unref);
}

/* The popover is a child of the box round the view: a column view does not lay out a child that it
 * does not know. */
static void
show_menu (WsResultTable *self, double x, double y)
{
  double box_x, box_y;

  if (self->menu == NULL)
    {
      self->menu = gtk_popover_menu_new_from_model (self->row_menu);
      gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
      gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
      gtk_widget_set_parent (self->menu, self->rows_box);
      g_signal_connect_swapped (self->menu, "closed", G_CALLBACK (menu_closed), self);
    }
  gtk_widget_translate_coordinates (GTK_WIDGET (self->view), self->rows_box, x, y, &box_x, &box_y);
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu), &(GdkRectangle){ box_x, box_y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

static void
menu_released (WsResultTable *self, int n_press, double x, double y)
{
  gpointer row = get_row_at (self, x, y);
  guint position;

  if (row == NULL)
    return;
  if (ws_result_list_find (self->list, row, &position) &&
      !gtk_selection_model_is_selected (GTK_SELECTION_MODEL (self->list), position))
    gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->list), position, TRUE);
  show_menu (self, x, y);
}

/* As in a tree: right opens a heading, left closes it. */
static gboolean
expand_selected (WsResultTable *self, gboolean expanded)
{
  g_autoptr (WsResultGroup) group = dup_selected_group (self);

  if (group == NULL)
    return GDK_EVENT_PROPAGATE;
  ws_result_list_set_expanded (self->list, group, expanded);
  return GDK_EVENT_STOP;
}

static gboolean
unselect (WsResultTable *self)
{
  GtkSelectionModel *model = GTK_SELECTION_MODEL (self->list);
  g_autoptr (GtkBitset) selection = gtk_selection_model_get_selection (model);

  if (gtk_bitset_is_empty (selection))
    return GDK_EVENT_PROPAGATE;
  gtk_selection_model_unselect_all (model);
  return GDK_EVENT_STOP;
}

/* The menu opens below the titles, where it hides few rows. */
static gboolean
key_pressed (WsResultTable *self, guint key, guint code, GdkModifierType modifiers)
{
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  gboolean plain = (modifiers & gtk_accelerator_get_default_mod_mask ()) == 0;

  if (key == GDK_KEY_Menu || (key == GDK_KEY_F10 && (modifiers & GDK_SHIFT_MASK) != 0))
    {
      show_menu (self, MENU_X, MENU_Y);
      return GDK_EVENT_STOP;
    }
  if (!plain)
    return GDK_EVENT_PROPAGATE;
  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_Right:
      return expand_selected (self, (key == GDK_KEY_Right) != rtl);
    case GDK_KEY_Escape:
      return unselect (self);
    case GDK_KEY_g:
      gtk_widget_activate (GTK_WIDGET (self->group_menu));
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

/* Actions */

/* The selected items; all that are shown where none is. */
static GPtrArray *
dup_copied_items (WsResultTable *self)
{
  g_autoptr (GPtrArray) items = ws_result_list_dup_selected (self->list);

  if (items->len > 0)
    return g_steal_pointer (&items);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->list)); i++)
    {
      gpointer row = g_list_model_get_item (G_LIST_MODEL (self->list), i);

      if (WS_IS_RESULT_ITEM (row))
        g_ptr_array_add (items, row);
      else
        g_object_unref (row);
    }
  return g_steal_pointer (&items);
}

char *
ws_result_table_dup_text (WsResultTable *self, WsTableFormat format)
{
  g_autoptr (GPtrArray) items = dup_copied_items (self);
  g_autoptr (GPtrArray) columns = ws_table_columns_dup_visible (self->columns);

  return ws_result_copy_table (items, columns, format);
}

char *
ws_result_table_dup_markdown (WsResultTable *self)
{
  g_autoptr (GPtrArray) items = dup_copied_items (self);
  g_autoptr (GPtrArray) columns = ws_table_columns_dup_visible (self->columns);

  return ws_result_copy_markdown (items, columns);
}

static char *
dup_names (WsResultTable *self)
{
  g_autoptr (GPtrArray) items = ws_result_list_dup_selected (self->list);

  return ws_result_copy_names (items);
}

static void
copy (GtkWidget *widget, const char *action, GVariant *parameter)
{
  WsResultTable *self = WS_RESULT_TABLE (widget);
  g_autofree char *text = NULL;

  if (g_str_equal (action, "table.copy"))
    text = ws_result_table_dup_text (self, WS_TABLE_TSV);
  else if (g_str_equal (action, "table.copy-json"))
    text = ws_result_table_dup_text (self, WS_TABLE_JSON);
  else if (g_str_equal (action, "table.copy-markdown"))
    text = ws_result_table_dup_markdown (self);
  else
    text = dup_names (self);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
}

static void
recompute (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_signal_emit (widget, signals[RECOMPUTE], 0);
}

static void
show_file (GtkWidget *widget, const char *action, GVariant *parameter)
{
  WsResultTable *self = WS_RESULT_TABLE (widget);
  g_autoptr (GPtrArray) items = ws_result_list_dup_selected (self->list);
  GtkRoot *root = gtk_widget_get_root (widget);
  const WsFileIdentity *file;

  if (items->len == 0)
    return;
  file = ws_source_get_identity (
      ws_result_item_get_result (g_ptr_array_index (items, 0))->tensor->source);
  if (file != NULL)
    ws_show_in_files (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, file->path);
}

static void
clear_filter (GtkWidget *widget, const char *action, GVariant *parameter)
{
  ws_filter_bar_clear (WS_RESULT_TABLE (widget)->filter_bar);
}

/* Public */

void
ws_result_table_set_source (WsResultTable *self, GListModel *items)
{
  g_return_if_fail (WS_IS_RESULT_TABLE (self));

  ws_result_list_set_source (self->list, items);
  if (items != NULL)
    ws_table_columns_fit (self->columns);
  ws_filter_bar_set_source (self->filter_bar, items);
}

WsResultList *
ws_result_table_get_list (WsResultTable *self)
{
  return self->list;
}

GtkColumnView *
ws_result_table_get_view (WsResultTable *self)
{
  return self->view;
}

GtkColumnViewColumn *
ws_result_table_get_column (WsResultTable *self, const char *key)
{
  return ws_table_columns_get_view_column (self->columns, key);
}

GPtrArray *
ws_result_table_dup_selected (WsResultTable *self)
{
  g_return_val_if_fail (WS_IS_RESULT_TABLE (self), NULL);

  return ws_result_list_dup_selected (self->list);
}

void
ws_result_table_select_results (WsResultTable *self, GPtrArray *results)
{
  g_return_if_fail (WS_IS_RESULT_TABLE (self));

  ws_result_list_select_results (self->list, results);
}

void
ws_result_table_set_current (WsResultTable *self, const WsTensor *tensor)
{
  g_return_if_fail (WS_IS_RESULT_TABLE (self));

  ws_result_list_set_current (self->list, tensor);
}

void
ws_result_table_set_color_func (WsResultTable *self, WsRowColorFunc func, gpointer user_data)
{
  self->color_func = func;
  self->color_data = user_data;
}

void
ws_result_table_update_colors (WsResultTable *self)
{
  g_signal_emit_by_name (self->list, "selected-changed");
}

GPtrArray *
ws_result_table_dup_visible_columns (WsResultTable *self)
{
  return ws_table_columns_dup_visible (self->columns);
}

void
ws_result_table_show_columns (WsResultTable *self, const char *const *keys)
{
  g_autoptr (GPtrArray) shown = ws_table_columns_dup_visible (self->columns);
  guint place = 0;

  for (guint i = 0; i < shown->len; i++)
    {
      const WsResultColumn *column = g_ptr_array_index (shown, i);

      gtk_column_view_column_set_visible (
          ws_table_columns_get_view_column (self->columns, column->key), FALSE);
    }
  for (const char *const *key = keys; *key != NULL; key++)
    {
      GtkColumnViewColumn *column = ws_table_columns_get_view_column (self->columns, *key);

      if (column == NULL) /* of another version */
        continue;
      gtk_column_view_column_set_visible (column, TRUE);
      gtk_column_view_insert_column (self->view, place++, column);
    }
}

guint
ws_result_table_get_sort (WsResultTable *self, WsSortKey *keys)
{
  return ws_table_columns_get_sort (self->columns, keys);
}

void
ws_result_table_set_group_by (WsResultTable *self, WsGroupBy group_by)
{
  gtk_drop_down_set_selected (self->group_menu, group_by);
}

void
ws_result_table_set_filter (WsResultTable *self, const char *text)
{
  ws_filter_bar_set_text (self->filter_bar, text);
}

void
ws_result_table_focus_filter (WsResultTable *self)
{
  ws_filter_bar_focus (self->filter_bar);
}

static void
ws_result_table_dispose (GObject *object)
{
  WsResultTable *self = WS_RESULT_TABLE (object);

  /* A sorted view tells its sorter while it falls apart. */
  if (self->view != NULL)
    {
      g_signal_handlers_disconnect_by_data (gtk_column_view_get_sorter (self->view), self);
      g_signal_handlers_disconnect_by_data (self->list, self);
      gtk_column_view_set_model (self->view, NULL);
    }
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_clear_pointer (&self->columns, ws_table_columns_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), WS_TYPE_RESULT_TABLE);
  g_clear_object (&self->list);
  G_OBJECT_CLASS (ws_result_table_parent_class)->dispose (object);
}

static void
ws_result_table_finalize (GObject *object)
{
  WsResultTable *self = WS_RESULT_TABLE (object);

  g_hash_table_unref (self->places);
  G_OBJECT_CLASS (ws_result_table_parent_class)->finalize (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "table.copy", NULL, copy);
  gtk_widget_class_install_action (widget_class, "table.copy-markdown", NULL, copy);
  gtk_widget_class_install_action (widget_class, "table.copy-json", NULL, copy);
  gtk_widget_class_install_action (widget_class, "table.copy-names", NULL, copy);
  gtk_widget_class_install_action (widget_class, "table.recompute", NULL, recompute);
  gtk_widget_class_install_action (widget_class, "table.show-file", NULL, show_file);
  gtk_widget_class_install_action (widget_class, "table.clear-filter", NULL, clear_filter);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "table.copy",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                       "table.copy-markdown", NULL);
}

static void
ws_result_table_class_init (WsResultTableClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = ws_result_table_dispose;
  object_class->finalize = ws_result_table_finalize;
  signals[SELECTION_CHANGED] =
      g_signal_new ("selection-changed", WS_TYPE_RESULT_TABLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 0);
  signals[RECOMPUTE] = g_signal_new ("recompute", WS_TYPE_RESULT_TABLE, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 0);
  install_actions (widget_class);

  g_type_ensure (WS_TYPE_FILTER_BAR);
  g_type_ensure (WS_TYPE_COLUMN_CHOOSER);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/weightscope/Weightscope/result-table.ui");
  gtk_widget_class_bind_template_child (widget_class, WsResultTable, filter_bar);
  gtk_widget_class_bind_template_child (widget_class, WsResultTable, count_label);
  gtk_widget_class_bind_template_child (widget_class, WsResultTable, group_menu);
  gtk_widget_class_bind_template_child (widget_class, WsResultTable, column_chooser);
  gtk_widget_class_bind_template_child (widget_class, WsResultTable, stack);
  gtk_widget_class_bind_template_child (widget_class, WsResultTable, nothing_label);
  gtk_widget_class_bind_template_child (widget_class, WsResultTable, clear_button);
  gtk_widget_class_bind_template_child (widget_class, WsResultTable, rows_box);
  gtk_widget_class_bind_template_child (widget_class, WsResultTable, view);
  gtk_widget_class_bind_template_child (widget_class, WsResultTable, row_menu);
  gtk_widget_class_bind_template_callback (widget_class, filter_changed);
  gtk_widget_class_bind_template_callback (widget_class, group_changed);
  gtk_widget_class_bind_template_callback (widget_class, pointer_entered);
  gtk_widget_class_bind_template_callback (widget_class, pointer_left);
  gtk_widget_class_bind_template_callback (widget_class, row_activated);
  gtk_widget_class_bind_template_callback (widget_class, menu_released);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed);
}

static void
offer_columns (WsResultTable *self)
{
  GPtrArray *columns = ws_table_columns_get_all (self->columns);

  for (guint i = 0; i < columns->len; i++)
    {
      const WsResultColumn *column = g_ptr_array_index (columns, i);

      ws_column_chooser_add (self->column_chooser, column,
                             ws_table_columns_get_view_column (self->columns, column->key));
    }
}

static void
ws_result_table_init (WsResultTable *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  ws_metric_options_init (&self->options);
  self->places = g_hash_table_new (NULL, NULL);
  self->list = ws_result_list_new ();
  self->columns = ws_table_columns_new (self->view, self->list, get_color, self);
  offer_columns (self);
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (self->list));
  gtk_column_view_sort_by_column (self->view, ws_result_table_get_column (self, "layer_index"),
                                  GTK_SORT_ASCENDING);
  g_signal_connect_object (gtk_column_view_get_sorter (self->view), "changed",
                           G_CALLBACK (sort_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "selected-changed", G_CALLBACK (selection_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "notify::n-matching", G_CALLBACK (show_count), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "notify::n-total", G_CALLBACK (total_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_swapped (self->view, "map", G_CALLBACK (ws_table_columns_dress_header),
                            self->columns);
  show_count (self);
  selection_changed (self);
}

GtkWidget *
ws_result_table_new (void)
{
  return g_object_new (WS_TYPE_RESULT_TABLE, NULL);
}
