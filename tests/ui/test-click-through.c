/* SPDX-License-Identifier: MIT */
/* One sitting, as a person would have it: sample, analyse, sort, select, chart, figure, table. */
#include "export-dialog.h"
#include "result-item.h"
#include "result-table.h"
#include "spectrum-plot.h"
#include "ui-harness.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* The row that is shown first. */
static WsResult *
get_first_row (WsResultTable *table)
{
  g_autoptr (WsResultItem) item =
      g_list_model_get_item (G_LIST_MODEL (ws_result_table_get_list (table)), 0);

  g_assert_true (WS_IS_RESULT_ITEM (item));
  return ws_result_item_get_result (item);
}

/* The slow way to the largest stable rank. */
static WsResult *
find_largest (WsModelSession *session)
{
  g_autoptr (GPtrArray) results = ws_model_session_dup_results (session);
  WsResult *largest = NULL;

  for (guint i = 0; i < results->len; i++)
    {
      WsResult *result = g_ptr_array_index (results, i);

      if (!isnan (result->metrics.stable_rank) &&
          (largest == NULL || result->metrics.stable_rank > largest->metrics.stable_rank))
        largest = result;
    }
  return largest; /* the session keeps it */
}

static void
sort_descending (WsResultTable *table, const char *key)
{
  GtkColumnView *view = ws_result_table_get_view (table);

  gtk_column_view_sort_by_column (view, ws_result_table_get_column (table, key),
                                  GTK_SORT_DESCENDING);
  ui_settle ();
}

static void
select_result (WsResultTable *table, WsResult *result)
{
  g_autoptr (GPtrArray) results = g_ptr_array_new ();

  g_ptr_array_add (results, result);
  ws_result_table_select_results (table, results);
  ui_settle ();
}

static void
check_pdf (const char *path)
{
  g_autofree char *bytes = NULL;
  gsize n_bytes;

  ui_wait_file (path);
  g_assert_true (g_file_get_contents (path, &bytes, &n_bytes, NULL));
  g_assert_cmpuint (n_bytes, >, 1000);
  g_assert_true (g_str_has_prefix (bytes, "%PDF-"));
}

/* A header and a line for each result; names of the sample hold no newline. */
static void
check_csv (const char *path, guint n_results)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  ui_wait_file (path);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "model_path,"));
  lines = g_strsplit (text, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, n_results + 2);
}

static gboolean
is_told (gpointer data)
{
  gpointer *window_and_text = data;

  return ui_find (window_and_text[0], GTK_TYPE_LABEL, window_and_text[1]) != NULL;
}

static void
wait_for_toast (WsWindow *window, const char *text)
{
  gpointer window_and_text[] = { window, (char *) text };

  ui_wait (is_told, window_and_text, text);
}

static void
test_from_sample_to_paper (void)
{
  WsWindow *window = ui_window_new ();
  WsModelSession *session;
  WsResultTable *table;
  WsSpectrumChart *chart;
  GtkWidget *dialog;
  g_autofree char *pdf = NULL;
  g_autofree char *csv = NULL;
  g_autofree char *saved = NULL;
  guint n_rows;

  ui_press (window, "Try a Sample");
  session = ws_window_get_session (window);
  ui_wait_state (session, WS_SESSION_READY);
  ui_press (window, "Analyse");
  ui_wait_state (session, WS_SESSION_READY);

  table = WS_RESULT_TABLE (ui_get (window, WS_TYPE_RESULT_TABLE, NULL));
  ws_result_table_set_group_by (table, WS_GROUP_NONE);
  sort_descending (table, "stable_rank");
  g_assert_true (get_first_row (table) == find_largest (session));

  chart =
      ws_spectrum_plot_get_chart (WS_SPECTRUM_PLOT (ui_get (window, WS_TYPE_SPECTRUM_PLOT, NULL)));
  g_assert_cmpuint (ws_spectrum_chart_get_n_curves (chart), ==, 0);
  select_result (table, get_first_row (table));
  g_assert_cmpuint (ws_spectrum_chart_get_n_curves (chart), ==, 1);

  gtk_widget_activate_action (GTK_WIDGET (window), "win.export-figure", NULL);
  dialog = ui_wait_toplevel (WS_TYPE_EXPORT_DIALOG);
  ui_press (dialog, "Export…");
  pdf = ui_save_as ("figure.pdf");
  check_pdf (pdf);
  wait_for_toast (window, "Saved figure.pdf and figure.csv");

  gtk_widget_activate_action (GTK_WIDGET (window), "win.export-table", NULL);
  csv = ui_save_as ("table.csv");
  check_csv (csv, g_list_model_get_n_items (ws_model_session_get_items (session)));
  n_rows = g_list_model_get_n_items (ws_model_session_get_items (session));
  saved = g_strdup_printf ("Saved %u rows to table.csv", n_rows);
  wait_for_toast (window, saved);
  ui_window_free (window);
}

static gboolean
has_two_rows (gpointer list)
{
  return ws_result_list_get_n_matching (list) == 2;
}

/* The sample has one matrix each of q_proj and of k_proj in its layer 1. */
static void
test_filtered_rows_are_saved (void)
{
  WsWindow *window = ui_window_new ();
  WsModelSession *session;
  WsResultTable *table;
  g_autofree char *shown = NULL;

  ws_window_open_sample (window);
  session = ws_window_get_session (window);
  ui_wait_state (session, WS_SESSION_READY);
  table = WS_RESULT_TABLE (ui_get (window, WS_TYPE_RESULT_TABLE, NULL));
  ws_result_table_set_filter (table, "layer:1,type:q_proj,type:k_proj");
  ui_wait (has_two_rows, ws_result_table_get_list (table), "the filter is at work");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.export-table", NULL);
  shown = ui_save_as ("shown.csv");
  check_csv (shown, 2);
  wait_for_toast (window, "Saved 2 rows to shown.csv");
  ui_window_free (window);
}

static void
save_report (WsWindow *window, const char *toast)
{
  gtk_widget_activate_action (GTK_WIDGET (window), "win.export-report", NULL);
  ui_choose_folder ();
  wait_for_toast (window, toast);
}

/* It says that there is nothing to tell yet, and takes nothing's place. */
static void
test_report_is_saved (void)
{
  WsWindow *window = ui_window_new ();
  g_autofree char *folder = g_build_filename (ui_test_get_folder (), "sample-report", NULL);
  g_autofree char *own = g_build_filename (folder, "results.csv", NULL);
  g_autofree char *page =
      g_build_filename (ui_test_get_folder (), "sample-report-2", "report.html", NULL);
  g_autofree char *text = NULL, *kept = NULL;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (own, "mine", -1, NULL));
  ws_window_open_sample (window);
  ui_wait_state (ws_window_get_session (window), WS_SESSION_READY);
  save_report (window, "Saved the report to sample-report-2, without spectra: nothing was "
                       "analysed yet");
  g_assert_true (g_file_get_contents (page, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "<h1>Weights of sample</h1>"));
  g_assert_true (g_file_get_contents (own, &kept, NULL, NULL));
  g_assert_cmpstr (kept, ==, "mine");
  ui_window_free (window);
}

/* A warning of GTK ends a test: each label has the width that it needs. */
static void
test_shortcuts_have_room (void)
{
  WsWindow *window = ui_window_new ();
  GtkWidget *shortcuts;

  gtk_widget_activate_action (GTK_WIDGET (window), "win.show-help-overlay", NULL);
  shortcuts = ui_wait_toplevel (GTK_TYPE_SHORTCUTS_WINDOW);
  ui_settle ();
  ui_get (shortcuts, GTK_TYPE_LABEL, "Zoom Back");
  gtk_window_close (GTK_WINDOW (shortcuts));
  ui_window_free (window);
}

int
main (int argc, char *argv[])
{
  int status = ui_test_init (&argc, &argv);

  if (status >= 0)
    return status;
  /* before anything is analysed, which the others find stored */
  g_test_add_func ("/click-through/report-is-saved", test_report_is_saved);
  g_test_add_func ("/click-through/shortcuts-have-room", test_shortcuts_have_room);
  g_test_add_func ("/click-through/from-sample-to-paper", test_from_sample_to_paper);
  g_test_add_func ("/click-through/filtered-rows-are-saved", test_filtered_rows_are_saved);
  return ui_test_run ();
}
