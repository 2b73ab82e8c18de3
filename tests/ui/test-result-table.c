/* SPDX-License-Identifier: MIT */
/* The table as a person uses it: columns, filter, groups, selection, copying. */
#include "column-chooser.h"
#include "fake-results.h"
#include "result-table.h"
#include "settings.h"
#include "theme.h"
#include "ui-harness.h"
#include <math.h>

typedef struct
{
  FakeResults *fake;
  GListStore *items;
  GtkWidget *table;
  GtkWindow *window;
} Fixture;

static gboolean
is_laid_out (gpointer widget)
{
  return gtk_widget_get_width (widget) > 0;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->fake = fake_results_new ();
  fake_results_add_model (fixture->fake, GPOINTER_TO_UINT (data));
  fake_results_add (fixture->fake, -1, WS_BLOCK_EMBEDDING, "model.embed_tokens.weight", 151936,
                    2560, NAN, 0.03125);
  fixture->items = fake_results_dup_items (fixture->fake);
  fixture->table = ws_result_table_new ();
  ws_result_table_set_source (WS_RESULT_TABLE (fixture->table), G_LIST_MODEL (fixture->items));
  fixture->window = GTK_WINDOW (gtk_window_new ());
  gtk_window_set_default_size (fixture->window, 900, 420);
  gtk_window_set_child (fixture->window, fixture->table);
  gtk_window_present (fixture->window);
  ui_wait (is_laid_out, fixture->table, "the table has a size");
  ui_settle ();
}

static gboolean
is_gone (gpointer weak)
{
  return *(gpointer *) weak == NULL;
}

static gboolean
count_down (gpointer turns)
{
  return (*(guint *) turns)-- == 0;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gpointer weak = fixture->table;

  g_object_add_weak_pointer (G_OBJECT (fixture->table), &weak);
  gtk_window_destroy (fixture->window);
  ui_wait (is_gone, &weak, "nothing keeps the table alive");
  g_object_unref (fixture->items);
  fake_results_free (fixture->fake);
}

static WsResultTable *
get_table (Fixture *fixture)
{
  return WS_RESULT_TABLE (fixture->table);
}

static const WsResult *
get_row (Fixture *fixture, guint position)
{
  g_autoptr (WsResultItem) item = g_list_model_get_item (
      G_LIST_MODEL (ws_result_table_get_list (get_table (fixture))), position);

  return ws_result_item_get_result (item);
}

static void
sort_by (Fixture *fixture, const char *key, GtkSortType direction)
{
  gtk_column_view_sort_by_column (ws_result_table_get_view (get_table (fixture)),
                                  ws_result_table_get_column (get_table (fixture), key), direction);
}

static void
select_rows (Fixture *fixture, guint position, guint n)
{
  gtk_selection_model_select_range (
      GTK_SELECTION_MODEL (ws_result_table_get_list (get_table (fixture))), position, n, TRUE);
}

/* "N of M rows" is there. */
typedef struct
{
  GtkWidget *table;
  const char *count;
} Count;

static gboolean
is_counted (gpointer data)
{
  Count *count = data;

  return ui_find (count->table, GTK_TYPE_LABEL, count->count) != NULL;
}

static void
wait_for_count (Fixture *fixture, const char *count)
{
  Count wanted = { fixture->table, count };

  ui_wait (is_counted, &wanted, count);
}

static void
filter (Fixture *fixture, const char *text, const char *count)
{
  ws_result_table_set_filter (get_table (fixture), text);
  wait_for_count (fixture, count);
}

/* What the table looks like, for those who want to see: into $UI_TEST_PICTURES. */
static void
take_picture (Fixture *fixture, const char *name)
{
  const char *folder = g_getenv ("UI_TEST_PICTURES");
  g_autofree char *path = NULL;
  guint turns = 20;

  if (folder == NULL)
    return;
  ui_wait (count_down, &turns, "some frames are drawn");
  path = g_strdup_printf ("%s/%s.png", folder, name);
  ui_screenshot (GTK_WIDGET (fixture->window), path);
}

static void
test_layer_0_is_first (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (get_row (fixture, 0)->tensor->block.layer_index, ==, 0);
  take_picture (fixture, "table");
}

/* GTK 4.8 would count them in, and rows would be thousands of pixels wide. */
static void
test_hidden_columns_take_no_room (Fixture *fixture, gconstpointer data)
{
  GtkColumnViewColumn *mean = ws_result_table_get_column (get_table (fixture), "mean");
  GtkWidget *view = GTK_WIDGET (ws_result_table_get_view (get_table (fixture)));
  int before, shown, after;

  gtk_widget_measure (view, GTK_ORIENTATION_HORIZONTAL, -1, &before, NULL, NULL, NULL);
  gtk_column_view_column_set_visible (mean, TRUE);
  ui_settle ();
  gtk_widget_measure (view, GTK_ORIENTATION_HORIZONTAL, -1, &shown, NULL, NULL, NULL);
  gtk_column_view_column_set_visible (mean, FALSE);
  ui_settle ();
  gtk_widget_measure (view, GTK_ORIENTATION_HORIZONTAL, -1, &after, NULL, NULL, NULL);
  g_assert_cmpint (before, <, 900);
  g_assert_cmpint (shown, >, before);
  g_assert_cmpint (after, ==, before);
}

static void
test_escape_closes_the_chooser (Fixture *fixture, gconstpointer data)
{
  /* beside the menu of groups */
  GtkWidget *button =
      gtk_widget_get_next_sibling (ui_get (fixture->table, GTK_TYPE_DROP_DOWN, NULL));
  GtkPopover *chooser = gtk_menu_button_get_popover (GTK_MENU_BUTTON (button));

  g_assert_true (WS_IS_COLUMN_CHOOSER (chooser));
  gtk_popover_popup (chooser);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (chooser)));
  g_signal_emit_by_name (ui_get (chooser, GTK_TYPE_SEARCH_ENTRY, NULL), "stop-search");
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (chooser)));
}

static int
get_block_width (Fixture *fixture)
{
  return gtk_column_view_column_get_fixed_width (
      ws_result_table_get_column (get_table (fixture), "block_type"));
}

/* Each model has the width that it needs, and a person the width that was chosen. */
static void
test_long_blocks_have_room (Fixture *fixture, gconstpointer data)
{
  const int usual = get_block_width (fixture);
  g_autoptr (FakeResults) experts = fake_results_new ();
  g_autoptr (PangoLayout) text =
      gtk_widget_create_pango_layout (fixture->table, "moe_expert_gate_up 63");
  g_autoptr (GListStore) items = NULL;
  int width;

  fake_results_add (experts, 0, WS_BLOCK_MOE_EXPERT_GATE_UP, "experts.63.gate_up", 8, 8, 8, 1);
  ((WsTensor *) g_ptr_array_index (experts->tensors, 0))->block.expert_index = 63;
  items = fake_results_dup_items (experts);
  pango_layout_get_pixel_size (text, &width, NULL);
  g_assert_cmpint (usual, <, width);
  ws_result_table_set_source (get_table (fixture), G_LIST_MODEL (items));
  g_assert_cmpint (get_block_width (fixture), >=, width);
  ws_result_table_set_source (get_table (fixture), G_LIST_MODEL (fixture->items));
  g_assert_cmpint (get_block_width (fixture), ==, usual);
  gtk_column_view_column_set_fixed_width (
      ws_result_table_get_column (get_table (fixture), "block_type"), 77);
  ws_result_table_set_source (get_table (fixture), G_LIST_MODEL (items));
  g_assert_cmpint (get_block_width (fixture), ==, 77);
  ws_result_table_set_source (get_table (fixture), G_LIST_MODEL (fixture->items));
}

/* "model.safetensors" is the only file. */
static void
test_headings_have_room (Fixture *fixture, gconstpointer data)
{
  GtkDropDown *groups = GTK_DROP_DOWN (ui_get (fixture->table, GTK_TYPE_DROP_DOWN, NULL));
  const int usual = get_block_width (fixture);
  g_autoptr (PangoLayout) text = gtk_widget_create_pango_layout (fixture->table, NULL);
  int width;

  pango_layout_set_markup (text, "<b>model.safetensors</b>", -1);
  pango_layout_get_pixel_size (text, &width, NULL);
  g_assert_cmpint (usual, <, width);
  gtk_drop_down_set_selected (groups, WS_GROUP_FILE);
  g_assert_cmpint (get_block_width (fixture), >=, width);
  gtk_drop_down_set_selected (groups, WS_GROUP_NONE);
  g_assert_cmpint (get_block_width (fixture), ==, usual);
}

static void
test_sorting_a_column_sorts_rows (Fixture *fixture, gconstpointer data)
{
  guint last = fixture->fake->results->len - 1;

  sort_by (fixture, "rank_energy_90", GTK_SORT_DESCENDING);
  for (guint i = 1; i < last; i++)
    g_assert_cmpfloat (get_row (fixture, i - 1)->metrics.rank_energy[1], >=,
                       get_row (fixture, i)->metrics.rank_energy[1]);
  g_assert_true (isnan (get_row (fixture, last)->metrics.rank_energy[1]));
}

static void
test_descending_layers_end_with_none (Fixture *fixture, gconstpointer data)
{
  sort_by (fixture, "layer_index", GTK_SORT_DESCENDING);
  g_assert_cmpint (get_row (fixture, 0)->tensor->block.layer_index, ==, 3);
  g_assert_cmpint (get_row (fixture, 28)->tensor->block.layer_index, ==, -1);
}

static void
test_filter_is_counted (Fixture *fixture, gconstpointer data)
{
  g_assert_nonnull (ui_find (fixture->table, GTK_TYPE_LABEL, "29 of 29 rows"));
  filter (fixture, "type:q_proj layer:1-2", "2 of 29 rows");
}

static gboolean
is_revealed (gpointer revealer)
{
  return gtk_revealer_get_reveal_child (revealer);
}

static gboolean
is_hidden (gpointer revealer)
{
  return !gtk_revealer_get_reveal_child (revealer);
}

static void
test_bad_filter_is_told_below_the_entry (Fixture *fixture, gconstpointer data)
{
  GtkWidget *revealer = ui_get (fixture->table, GTK_TYPE_REVEALER, NULL);

  ws_result_table_set_filter (get_table (fixture), "rank90<banana");
  ui_wait (is_revealed, revealer, "the error is told");
  take_picture (fixture, "table-error");
  g_assert_nonnull (ui_find (fixture->table, GTK_TYPE_LABEL, "29 of 29 rows"));
  ws_result_table_set_filter (get_table (fixture), "");
  ui_wait (is_hidden, revealer, "the error is gone");
}

static void
test_nothing_found_offers_to_clear (Fixture *fixture, gconstpointer data)
{
  filter (fixture, "nosuchname", "0 of 29 rows");
  take_picture (fixture, "table-nothing");
  gtk_widget_activate_action (fixture->table, "table.clear-filter", NULL);
  wait_for_count (fixture, "29 of 29 rows");
}

static void
test_groups_have_headings (Fixture *fixture, gconstpointer data)
{
  GListModel *list = G_LIST_MODEL (ws_result_table_get_list (get_table (fixture)));
  GtkWidget *menu = ui_get (fixture->table, GTK_TYPE_DROP_DOWN, NULL);

  gtk_drop_down_set_selected (GTK_DROP_DOWN (menu), WS_GROUP_LAYER);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 29 + 5);
  take_picture (fixture, "table-groups");
}

static void
count_signal (guint *n)
{
  (*n)++;
}

static void
test_selection_is_told_once (Fixture *fixture, gconstpointer data)
{
  guint n = 0;
  g_autoptr (GPtrArray) items = NULL;

  g_signal_connect_swapped (fixture->table, "selection-changed", G_CALLBACK (count_signal), &n);
  select_rows (fixture, 2, 3);
  g_assert_cmpuint (n, ==, 1);
  items = ws_result_table_dup_selected (get_table (fixture));
  g_assert_cmpuint (items->len, ==, 3);
  take_picture (fixture, "table-selected");
}

static void
test_copies_are_exact (Fixture *fixture, gconstpointer data)
{
  g_autofree char *tsv = NULL;

  filter (fixture, "embed_tokens", "1 of 29 rows");
  select_rows (fixture, 0, 1);
  tsv = ws_result_table_dup_text (get_table (fixture), WS_TABLE_TSV);
  /* 0.03125 is 2^-5: all its digits are few. What is unknown is empty. */
  g_assert_cmpstr (tsv, ==,
                   "layer_index\tblock_type\tshape\tactual_rank\trank_energy_90\t"
                   "stable_rank\terank\tstd\tstate\n"
                   "\tembedding\t(151936, 2560)\t\t\t\t\t0.03125\tok\n");
}

static void
test_json_is_that_of_the_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *json = NULL;

  filter (fixture, "embed_tokens", "1 of 29 rows");
  select_rows (fixture, 0, 1);
  json = ws_result_table_dup_text (get_table (fixture), WS_TABLE_JSON);
  g_assert_cmpstr (json, ==,
                   "{\n  \"record\": null,\n  \"tensors\": [\n"
                   "    {\"layer_index\": null, \"block_type\": \"embedding\", "
                   "\"shape\": \"(151936, 2560)\", \"actual_rank\": null, "
                   "\"rank_energy_90\": null, \"stable_rank\": null, \"erank\": null, "
                   "\"std\": 0.03125, \"state\": \"ok\"}\n  ]\n}\n");
}

/* What a key on the rows does; FALSE: nothing. */
static gboolean
press_key (Fixture *fixture, guint key, GdkModifierType modifiers)
{
  g_autoptr (GListModel) controllers =
      gtk_widget_observe_controllers (GTK_WIDGET (ws_result_table_get_view (get_table (fixture))));
  gboolean handled = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers) && !handled; i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_KEY (controller))
        g_signal_emit_by_name (controller, "key-pressed", key, 0, modifiers, &handled);
    }
  return handled;
}

static void
test_escape_selects_nothing (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) items = NULL;

  select_rows (fixture, 2, 3);
  g_assert_true (press_key (fixture, GDK_KEY_Escape, 0));
  items = ws_result_table_dup_selected (get_table (fixture));
  g_assert_cmpuint (items->len, ==, 0);
  /* Without a selection it is for whoever is next, such as a dialog. */
  g_assert_false (press_key (fixture, GDK_KEY_Escape, 0));
}

static gboolean
is_visible (gpointer widget)
{
  return gtk_widget_get_visible (widget);
}

static void
test_g_opens_the_groups (Fixture *fixture, gconstpointer data)
{
  GtkWidget *menu = ui_get (fixture->table, GTK_TYPE_DROP_DOWN, NULL);
  GtkWidget *popover = gtk_widget_get_last_child (menu);

  g_assert_true (GTK_IS_POPOVER (popover));
  g_assert_false (press_key (fixture, GDK_KEY_g, GDK_CONTROL_MASK));
  g_assert_false (gtk_widget_get_visible (popover));
  g_assert_true (press_key (fixture, GDK_KEY_g, 0));
  ui_wait (is_visible, popover, "the groups are offered");
  gtk_popover_popdown (GTK_POPOVER (popover));
  ui_settle ();
}

static void
test_markdown_has_titles_and_alignment (Fixture *fixture, gconstpointer data)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  select_rows (fixture, 0, 2);
  text = ws_result_table_dup_markdown (get_table (fixture));
  lines = g_strsplit (text, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 2 + 2 + 1);
  g_assert_true (g_str_has_prefix (lines[0], "| Layer | Block | "));
  g_assert_true (g_str_has_prefix (lines[1], "|--:|:--|--:|"));
}

static void
test_hidden_columns_are_not_copied (Fixture *fixture, gconstpointer data)
{
  g_autofree char *tsv = NULL;

  gtk_column_view_column_set_visible (ws_result_table_get_column (get_table (fixture), "std"),
                                      FALSE);
  gtk_column_view_column_set_visible (ws_result_table_get_column (get_table (fixture), "mean"),
                                      TRUE);
  tsv = ws_result_table_dup_text (get_table (fixture), WS_TABLE_TSV);
  g_assert_null (strstr (tsv, "\tstd"));
  g_assert_nonnull (strstr (tsv, "\tmean"));
}

static GtkWidget *
find_inscription (GtkWidget *root, const char *text)
{
  GtkWidget *found = NULL;

  if (GTK_IS_INSCRIPTION (root) &&
      g_strcmp0 (gtk_inscription_get_text (GTK_INSCRIPTION (root)), text) == 0)
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_inscription (child, text);
  return found;
}

static void
test_controls_have_names (Fixture *fixture, gconstpointer data)
{
  static const char *const types[] = { "GtkSearchEntry", "GtkDropDown", "GtkColumnView" };
  static const char *const names[] = { "Filter", "Group", "Matrices" };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    gtk_test_accessible_assert_property (
        GTK_ACCESSIBLE (ui_get (fixture->table, g_type_from_name (types[i]), NULL)),
        GTK_ACCESSIBLE_PROPERTY_LABEL, names[i]);
}

static void
test_running_tensor_is_marked (Fixture *fixture, gconstpointer data)
{
  ws_result_table_set_current (get_table (fixture), get_row (fixture, 1)->tensor);
  ui_settle ();
  g_assert_nonnull (find_inscription (fixture->table, "running"));
  take_picture (fixture, "table-running");
}

static void
test_recompute_is_for_the_selection (Fixture *fixture, gconstpointer data)
{
  guint n = 0;

  g_signal_connect_swapped (fixture->table, "recompute", G_CALLBACK (count_signal), &n);
  gtk_widget_activate_action (fixture->table, "table.recompute", NULL);
  g_assert_cmpuint (n, ==, 0);
  select_rows (fixture, 0, 1);
  gtk_widget_activate_action (fixture->table, "table.recompute", NULL);
  g_assert_cmpuint (n, ==, 1);
}

static void
test_dark_theme_is_legible (Fixture *fixture, gconstpointer data)
{
  select_rows (fixture, 0, 2);
  g_settings_set_enum (ws_settings_get_default (), "color-scheme", WS_COLOR_SCHEME_DARK);
  take_picture (fixture, "table-dark");
  g_settings_reset (ws_settings_get_default (), "color-scheme");
}

/* Scrolling through all rows binds each cell at least once. */
static void
test_scrolling_stays_smooth (Fixture *fixture, gconstpointer data)
{
  GtkWidget *scroller = gtk_widget_get_ancestor (
      GTK_WIDGET (ws_result_table_get_view (get_table (fixture))), GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *scroll = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller));
  double end = gtk_adjustment_get_upper (scroll) - gtk_adjustment_get_page_size (scroll);
  gint64 start = g_get_monotonic_time ();
  double seconds;

  for (guint i = 1; i <= 30; i++)
    {
      double value = end * i / 30;

      gtk_adjustment_set_value (scroll, value);
      for (guint k = 0; k < 4; k++)
        g_main_context_iteration (NULL, FALSE);
    }
  ui_settle ();
  seconds = (g_get_monotonic_time () - start) / 1e6;
  g_test_message ("30 jumps over 60,000 rows: %.0f ms each", 1e3 * (seconds - 0.12) / 30);
  g_assert_cmpfloat (seconds, <, 15);
}

static gboolean
has_cell (GtkWidget *widget, const char *text)
{
  if (GTK_IS_INSCRIPTION (widget) &&
      g_strcmp0 (gtk_inscription_get_text (GTK_INSCRIPTION (widget)), text) == 0)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (has_cell (child, text))
      return TRUE;
  return FALSE;
}

/* GTK 4.8 has widgets for about two hundred rows, those near the place that is seen. */
static void
test_filter_at_the_end_leaves_no_other_rows (Fixture *fixture, gconstpointer data)
{
  GtkWidget *view = GTK_WIDGET (ws_result_table_get_view (get_table (fixture)));
  GtkWidget *rows = gtk_widget_get_last_child (view);
  GListModel *list = G_LIST_MODEL (ws_result_table_get_list (get_table (fixture)));

  gtk_widget_activate_action (rows, "list.scroll-to-item", "u",
                              g_list_model_get_n_items (list) - 1);
  ui_settle ();
  filter (fixture, "layer:0-3", "28 of 701 rows");
  ui_settle ();
  g_assert_true (has_cell (rows, "3"));
  g_assert_false (has_cell (rows, "98"));
}

#define ADD(path, n_layers, function)                                                              \
  g_test_add ("/result-table/" path, Fixture, GUINT_TO_POINTER (n_layers), set_up, function,       \
              tear_down)

int
main (int argc, char **argv)
{
  int status = ui_test_init (&argc, &argv);

  if (status >= 0)
    return status;
  ADD ("layer-0-first", 4, test_layer_0_is_first);
  ADD ("names", 4, test_controls_have_names);
  ADD ("columns/hidden-take-no-room", 4, test_hidden_columns_take_no_room);
  ADD ("columns/escape-closes-the-chooser", 4, test_escape_closes_the_chooser);
  ADD ("columns/headings-have-room", 4, test_headings_have_room);
  ADD ("columns/long-blocks-have-room", 4, test_long_blocks_have_room);
  ADD ("sort/numbers", 4, test_sorting_a_column_sorts_rows);
  ADD ("sort/no-layer-last", 4, test_descending_layers_end_with_none);
  ADD ("filter/count", 4, test_filter_is_counted);
  ADD ("filter/error", 4, test_bad_filter_is_told_below_the_entry);
  ADD ("filter/nothing", 4, test_nothing_found_offers_to_clear);
  ADD ("filter/at-the-end", 100, test_filter_at_the_end_leaves_no_other_rows);
  ADD ("group/headings", 4, test_groups_have_headings);
  ADD ("selection/told-once", 4, test_selection_is_told_once);
  ADD ("copy/exact", 4, test_copies_are_exact);
  ADD ("copy/json", 4, test_json_is_that_of_the_file);
  ADD ("copy/markdown", 4, test_markdown_has_titles_and_alignment);
  ADD ("copy/visible-columns", 4, test_hidden_columns_are_not_copied);
  ADD ("keys/escape", 4, test_escape_selects_nothing);
  ADD ("keys/g", 4, test_g_opens_the_groups);
  ADD ("state/running", 4, test_running_tensor_is_marked);
  ADD ("actions/recompute", 4, test_recompute_is_for_the_selection);
  ADD ("theme/dark", 4, test_dark_theme_is_legible);
  ADD ("scroll/sixty-thousand-rows", 60000 / 7, test_scrolling_stays_smooth);
  return ui_test_run ();
}
