/* SPDX-License-Identifier: MIT */
/* What the window remembers, and how it shares its room. */
#include "details-pane.h"
#include "result-table.h"
#include "settings.h"
#include "sidebar.h"
#include "ui-harness.h"

static WsResultTable *
get_table (WsWindow *window)
{
  return WS_RESULT_TABLE (ui_get (window, WS_TYPE_RESULT_TABLE, NULL));
}

static WsWindow *
open_window (void)
{
  WsWindow *window = ui_window_new ();
  g_autofree char *path = ui_write_model ("state.safetensors", 1, 8, TRUE);

  ui_open (window, path);
  ui_settle ();
  return window;
}

/* As a person closes it: the state is saved. */
static void
close_window (WsWindow *window)
{
  gpointer weak = NULL;

  g_set_weak_pointer (&weak, window);
  gtk_window_close (GTK_WINDOW (window));
  while (weak != NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_sort_is_remembered (void)
{
  WsWindow *window = open_window ();
  WsSortKey keys[WS_MAX_SORT_KEYS];

  gtk_column_view_sort_by_column (ws_result_table_get_view (get_table (window)),
                                  ws_result_table_get_column (get_table (window), "std"),
                                  GTK_SORT_DESCENDING);
  close_window (window);
  window = open_window ();
  g_assert_cmpuint (ws_result_table_get_sort (get_table (window), keys), >=, 1);
  g_assert_cmpstr (keys[0].column->key, ==, "std");
  g_assert_true (keys[0].descending);
  g_settings_reset (ws_settings_get_default (), "sort-column");
  ui_window_free (window);
}

static void
test_groups_are_remembered (void)
{
  WsWindow *window = open_window ();
  WsResultList *list = ws_result_table_get_list (get_table (window));

  g_assert_cmpint (ws_result_list_get_group_by (list), ==, WS_GROUP_LAYER);
  ws_result_table_set_group_by (get_table (window), WS_GROUP_BLOCK);
  close_window (window);
  window = open_window ();
  list = ws_result_table_get_list (get_table (window));
  g_assert_cmpint (ws_result_list_get_group_by (list), ==, WS_GROUP_BLOCK);
  g_settings_reset (ws_settings_get_default (), "group-by");
  ui_window_free (window);
}

static void
test_columns_are_remembered (void)
{
  static const char *const wanted[] = { "block_type", "layer_index", "nuclear", NULL };
  WsWindow *window = open_window ();
  g_autoptr (GPtrArray) columns = NULL;

  ws_result_table_show_columns (get_table (window), wanted);
  close_window (window);
  window = open_window ();
  columns = ws_result_table_dup_visible_columns (get_table (window));
  g_assert_cmpuint (columns->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpstr (((WsResultColumn *) g_ptr_array_index (columns, i))->key, ==, wanted[i]);
  g_settings_reset (ws_settings_get_default (), "visible-columns");
  ui_window_free (window);
}

static gboolean
is_shown (WsWindow *window, GType type)
{
  return ui_find (window, type, NULL) != NULL;
}

static void
test_panes_are_remembered (void)
{
  WsWindow *window = open_window ();

  g_assert_true (is_shown (window, WS_TYPE_SIDEBAR));
  g_assert_true (is_shown (window, WS_TYPE_DETAILS_PANE));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.toggle-sidebar", NULL);
  close_window (window);
  window = open_window ();
  g_assert_false (is_shown (window, WS_TYPE_SIDEBAR));
  g_assert_true (is_shown (window, WS_TYPE_DETAILS_PANE));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.toggle-sidebar", NULL);
  close_window (window);
}

/* 800 px hold the table and one of its neighbours. */
static void
test_small_window_shows_one_neighbour (void)
{
  WsWindow *window;

  g_settings_set (ws_settings_get_default (), "window-size", "(ii)", 800, 500);
  window = open_window ();
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (window)), <=, 800);
  g_assert_true (is_shown (window, WS_TYPE_SIDEBAR));
  g_assert_false (is_shown (window, WS_TYPE_DETAILS_PANE));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.toggle-details", NULL);
  g_assert_false (is_shown (window, WS_TYPE_SIDEBAR));
  g_assert_true (is_shown (window, WS_TYPE_DETAILS_PANE));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.toggle-sidebar", NULL);
  g_assert_true (is_shown (window, WS_TYPE_SIDEBAR));
  g_assert_false (is_shown (window, WS_TYPE_DETAILS_PANE));
  g_settings_reset (ws_settings_get_default (), "window-size");
  ui_window_free (window);
}

static GtkAdjustment *
get_horizontal (WsWindow *window)
{
  GtkWidget *view = GTK_WIDGET (ws_result_table_get_view (get_table (window)));
  GtkWidget *scrolled = gtk_widget_get_ancestor (view, GTK_TYPE_SCROLLED_WINDOW);

  return gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (scrolled));
}

static void
test_first_window_shows_every_column (void)
{
  WsWindow *window = open_window ();
  GtkAdjustment *horizontal = get_horizontal (window);

  g_assert_cmpfloat (gtk_adjustment_get_upper (horizontal), <=,
                     gtk_adjustment_get_page_size (horizontal));
  ui_window_free (window);
}

static gboolean
has_width (gpointer widget)
{
  return gtk_widget_get_width (widget) > 0;
}

/* What a wider window has more of is for the table and the chart. */
static void
test_details_keep_their_width (void)
{
  int widths[2];

  for (guint i = 0; i < 2; i++)
    {
      WsWindow *window;
      GtkWidget *details;

      g_settings_set (ws_settings_get_default (), "window-size", "(ii)", i == 0 ? 1100 : 1270, 600);
      window = open_window ();
      details = ui_get (window, WS_TYPE_DETAILS_PANE, NULL);
      ui_wait (has_width, details, "the details have a width");
      widths[i] = gtk_widget_get_width (details);
      ui_window_free (window);
    }
  g_assert_cmpint (widths[0], ==, widths[1]);
  g_settings_reset (ws_settings_get_default (), "window-size");
}

/* What is wide with large text leaves a window of the usual size to the table. */
static void
test_large_text_makes_room_for_the_table (void)
{
  GtkSettings *settings = gtk_settings_get_default ();
  g_autofree char *font = NULL;
  WsWindow *window;

  g_object_get (settings, "gtk-font-name", &font, NULL);
  g_object_set (settings, "gtk-font-name", "Sans 20", NULL);
  g_settings_set (ws_settings_get_default (), "window-size", "(ii)", 1270, 600);
  window = open_window ();
  g_assert_cmpint (gtk_widget_get_width (GTK_WIDGET (window)), <=, 1270);
  g_assert_false (is_shown (window, WS_TYPE_DETAILS_PANE));
  ui_window_free (window);
  g_settings_reset (ws_settings_get_default (), "window-size");
  g_object_set (settings, "gtk-font-name", font, NULL);
}

static void
test_recent_model_is_offered (void)
{
  WsWindow *window = open_window ();

  close_window (window);
  window = ui_window_new ();
  g_assert_null (ws_window_get_session (window));
  ui_get (window, GTK_TYPE_LABEL, "state.safetensors");
  ui_window_free (window);
}

int
main (int argc, char *argv[])
{
  int status = ui_test_init (&argc, &argv);

  if (status >= 0)
    return status;
  g_test_add_func ("/window-state/sort-is-remembered", test_sort_is_remembered);
  g_test_add_func ("/window-state/groups-are-remembered", test_groups_are_remembered);
  g_test_add_func ("/window-state/columns-are-remembered", test_columns_are_remembered);
  g_test_add_func ("/window-state/panes-are-remembered", test_panes_are_remembered);
  g_test_add_func ("/window-state/small-window-shows-one-neighbour",
                   test_small_window_shows_one_neighbour);
  g_test_add_func ("/window-state/first-window-shows-every-column",
                   test_first_window_shows_every_column);
  g_test_add_func ("/window-state/details-keep-their-width", test_details_keep_their_width);
  g_test_add_func ("/window-state/large-text-makes-room-for-the-table",
                   test_large_text_makes_room_for_the_table);
  g_test_add_func ("/window-state/recent-model-is-offered", test_recent_model_is_offered);
  return ui_test_run ();
}
