/* SPDX-License-Identifier: MIT */
/* The views of the window, and the clustering of the sample in it, from the run to the files. */
#include "cluster-strip.h"
#include "cluster-table.h"
#include "elbow-plot.h"
#include "embeddings-page.h"
#include "export-dialog.h"
#include "progress-strip.h"
#include "settings.h"
#include "token-table.h"
#include "ui-harness.h"

#include <string.h>

/* Groups that are planted in the sample, see resources/sample/README.md. */
#define N_PLANTED 8

static gboolean
is_ready (gpointer session)
{
  return ws_cluster_session_get_state (session) == WS_CLUSTERS_READY;
}

/* The sample in its Embeddings view; clusterings of each test have a k_max of their own, as the
 * store is one for all. */
static WsClusterSession *
open_sample (WsWindow *window, WsNormalization normalization, guint k_max)
{
  WsClusterSession *clusters;
  WsClusterOptions options;

  ws_window_open_sample (window);
  ui_wait_state (ws_window_get_session (window), WS_SESSION_READY);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.view", "s", "embeddings");
  clusters = ws_cluster_session_get (ws_window_get_session (window));
  ui_wait (is_ready, clusters, "what is stored was looked up");
  options = *ws_cluster_session_get_options (clusters);
  options.normalization = normalization;
  options.k_max = k_max;
  options.k = 0;
  ws_cluster_session_set_options (clusters, &options);
  ui_wait (is_ready, clusters, "what is stored was looked up");
  return clusters;
}

/* The clusters of the k that is looked at. */
static gboolean
has_rows (gpointer focus)
{
  const WsClusterRows *rows = ws_cluster_focus_get_rows (focus);

  return rows != NULL && rows->k == ws_cluster_focus_get_k (focus);
}

static void
run_to_the_end (WsWindow *window, WsClusterSession *clusters)
{
  gtk_widget_activate_action (GTK_WIDGET (window), "win.toggle-clusters", NULL);
  g_assert_cmpint (ws_cluster_session_get_state (clusters), ==, WS_CLUSTERS_RUNNING);
  ui_wait (is_ready, clusters, "the run is at its end");
  g_assert_null (ws_cluster_session_get_error (clusters));
  ui_wait (has_rows, ws_cluster_session_get_focus (clusters), "the clusters are named");
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

static gboolean
shows_embeddings (WsWindow *window)
{
  return gtk_widget_get_mapped (ui_get (window, WS_TYPE_EMBEDDINGS_PAGE, NULL));
}

static void
test_view_is_remembered (void)
{
  WsWindow *window = ui_window_new ();

  g_assert_null (ui_find (window, GTK_TYPE_TOGGLE_BUTTON, "Embeddings"));
  ws_window_open_sample (window);
  ui_wait_state (ws_window_get_session (window), WS_SESSION_READY);
  ui_press (window, "Embeddings");
  g_assert_true (shows_embeddings (window));
  gtk_window_close (GTK_WINDOW (window));
  ui_settle ();

  window = ui_window_new ();
  ws_window_open_sample (window);
  ui_wait_state (ws_window_get_session (window), WS_SESSION_READY);
  g_assert_true (shows_embeddings (window));
  ui_press (window, "Matrices");
  g_assert_false (shows_embeddings (window));
  ui_window_free (window);
  g_settings_reset (ws_settings_get_default (), "view");
}

/* The button of the matrices belongs to their view. */
static void
test_buttons_belong_to_the_view (void)
{
  WsWindow *window = ui_window_new ();

  ws_window_open_sample (window);
  ui_wait_state (ws_window_get_session (window), WS_SESSION_READY);
  g_assert_nonnull (ui_find (window, GTK_TYPE_BUTTON, "Analyse"));
  ui_press (window, "Embeddings");
  g_assert_null (ui_find (window, GTK_TYPE_BUTTON, "Analyse"));
  ui_press (window, "Matrices");
  g_assert_nonnull (ui_find (window, GTK_TYPE_BUTTON, "Analyse"));
  ui_window_free (window);
}

static gboolean
is_shown (WsWindow *window, const char *text)
{
  GtkWidget *label = ui_find (window, GTK_TYPE_LABEL, text);

  return label != NULL && gtk_widget_get_mapped (label);
}

static void
check_file (const char *folder, const char *name, const char *begin)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *text = NULL;

  ui_wait_file (path);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, begin));
}

static void
search (WsWindow *window, const char *words)
{
  GtkWidget *table = ui_get (window, WS_TYPE_TOKEN_TABLE, NULL);
  GtkWidget *entry = ui_get (table, GTK_TYPE_SEARCH_ENTRY, NULL);

  gtk_editable_set_text (GTK_EDITABLE (entry), words);
  g_signal_emit_by_name (entry, "activate");
}

static gboolean
has_point (gpointer focus)
{
  return ws_cluster_focus_get_point (focus) >= 0;
}

/* One sitting, as a person would have it. */
static void
test_from_run_to_files (void)
{
  WsWindow *window = ui_window_new ();
  WsClusterSession *clusters = open_sample (window, WS_NORMALIZATION_ZSCORE, 16);
  WsClusterFocus *focus = ws_cluster_session_get_focus (clusters);
  GtkSelectionModel *rows;
  GtkWidget *dialog;
  g_autofree char *pdf = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *text = NULL;

  g_assert_nonnull (ui_find (window, GTK_TYPE_BUTTON, "Cluster the Tokens"));
  run_to_the_end (window, clusters);
  g_assert_cmpuint (ws_cluster_focus_get_k (focus), ==, N_PLANTED);

  g_signal_emit_by_name (ui_get (window, WS_TYPE_ELBOW_PLOT, NULL), "k-chosen", 5);
  ui_wait (has_rows, focus, "five clusters are named");
  rows = ws_cluster_table_get_selection (
      WS_CLUSTER_TABLE (ui_get (window, WS_TYPE_CLUSTER_TABLE, NULL)));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (rows)), ==, 5);
  gtk_selection_model_select_item (rows, 1, TRUE);
  g_assert_cmpint (ws_cluster_focus_get_cluster (focus), ==, 1);

  search (window, "<|endoftext|>");
  ui_wait (has_point, focus, "the token is found");
  /* tokenizer.json of the sample has it at this id. */
  g_assert_cmpint (ws_cluster_focus_get_point (focus), ==, 2045);

  gtk_widget_activate_action (GTK_WIDGET (window), "win.export-map", NULL);
  dialog = ui_wait_toplevel (WS_TYPE_EXPORT_DIALOG);
  ui_press (dialog, "Export…");
  pdf = ui_save_as ("map.pdf");
  check_file (ui_test_get_folder (), "map.pdf", "%PDF-");
  wait_for_toast (window, "Saved map.pdf and map.csv");
  check_file (ui_test_get_folder (), "map.csv", "token_id,");

  gtk_widget_activate_action (GTK_WIDGET (window), "win.export-table", NULL);
  ui_choose_folder ();
  wait_for_toast (window, "Saved the clusters in sample-clusters");
  folder = g_build_filename (ui_test_get_folder (), "sample-clusters", NULL);
  check_file (folder, "k_curve.csv", "k,inertia,");
  check_file (folder, "clustering_results.json", "{");
  ui_window_free (window);
}

static void
test_stored_clusters_come_back (void)
{
  WsWindow *window = ui_window_new ();
  WsClusterSession *clusters = open_sample (window, WS_NORMALIZATION_CENTER, 9);

  run_to_the_end (window, clusters);
  ui_window_free (window);

  window = ui_window_new ();
  ws_window_open_sample (window);
  ui_wait_state (ws_window_get_session (window), WS_SESSION_READY);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.view", "s", "embeddings");
  clusters = ws_cluster_session_get (ws_window_get_session (window));
  ui_wait (is_ready, clusters, "what is stored was looked up");
  /* With the settings that it was stored with. */
  g_assert_cmpint (ws_cluster_session_get_options (clusters)->normalization, ==,
                   WS_NORMALIZATION_CENTER);
  g_assert_cmpuint (ws_cluster_session_get_curve (clusters)->len, ==, 9);
  g_assert_true (ws_cluster_session_is_complete (clusters));
  g_assert_nonnull (ws_cluster_session_get_projection (clusters));
  ui_window_free (window);
}

static void
test_focus_survives_other_models (void)
{
  WsWindow *window = ui_window_new ();
  WsClusterSession *clusters = open_sample (window, WS_NORMALIZATION_NONE, 6);
  WsClusterFocus *focus = ws_cluster_session_get_focus (clusters);
  g_autofree char *path = ui_write_model ("other.safetensors", 1, 8, TRUE);
  WsModelSession *sample = ws_window_get_session (window);

  run_to_the_end (window, clusters);
  ws_cluster_focus_choose_k (focus, 3);
  ui_wait (has_rows, focus, "three clusters are named");
  ws_cluster_focus_choose_cluster (focus, 2);
  ui_open (window, path);
  ui_wait (is_ready, ws_cluster_session_get (ws_window_get_session (window)), "looked up");
  g_assert_true (is_shown (window, "No Embedding"));
  ws_window_open_path (window, ws_model_session_get_path (sample));
  g_assert_true (ws_window_get_session (window) == sample);
  ui_settle ();
  g_assert_cmpuint (ws_cluster_focus_get_k (focus), ==, 3);
  g_assert_cmpint (ws_cluster_focus_get_cluster (focus), ==, 2);
  g_assert_false (is_shown (window, "No Embedding"));
  ui_window_free (window);
}

static gboolean
has_some (gpointer clusters)
{
  return ws_cluster_session_get_curve (clusters)->len > 2 ||
         ws_cluster_session_get_state (clusters) == WS_CLUSTERS_READY;
}

/* Whatever is finished stays, and can be gone on with; the strip is there while it runs, on either
 * view. */
static void
test_cancel_keeps_what_is_finished (void)
{
  WsWindow *window = ui_window_new ();
  WsClusterSession *clusters = open_sample (window, WS_NORMALIZATION_UNIT, 400);

  gtk_widget_activate_action (GTK_WIDGET (window), "win.toggle-clusters", NULL);
  g_assert_nonnull (ui_find (window, WS_TYPE_CLUSTER_STRIP, NULL));
  ui_wait (has_some, clusters, "some k are finished");
  ui_press (window, "Matrices");
  g_assert_nonnull (ui_find (window, WS_TYPE_CLUSTER_STRIP, NULL));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.cancel-clusters", NULL);
  ui_wait (is_ready, clusters, "the run has ended");
  g_assert_null (ui_find (window, WS_TYPE_CLUSTER_STRIP, NULL));
  g_assert_null (ws_cluster_session_get_error (clusters));
  g_assert_cmpuint (ws_cluster_session_get_curve (clusters)->len, >, 2);
  g_assert_false (ws_cluster_session_is_complete (clusters));
  ui_press (window, "Embeddings");
  g_assert_nonnull (ui_find (window, GTK_TYPE_BUTTON, "Resume"));
  ui_window_free (window);
}

/* Closing while it runs leaves nothing behind and waits for nobody. */
static void
test_window_closes_during_a_run (void)
{
  WsWindow *window = ui_window_new ();
  WsClusterSession *clusters = open_sample (window, WS_NORMALIZATION_UNIT, 500);

  gtk_widget_activate_action (GTK_WIDGET (window), "win.toggle-clusters", NULL);
  g_assert_cmpint (ws_cluster_session_get_state (clusters), ==, WS_CLUSTERS_RUNNING);
  ui_window_free (window);
}

int
main (int argc, char *argv[])
{
  int status = ui_test_init (&argc, &argv);

  if (status >= 0)
    return status;
  g_test_add_func ("/views/view-is-remembered", test_view_is_remembered);
  g_test_add_func ("/views/buttons-belong-to-the-view", test_buttons_belong_to_the_view);
  g_test_add_func ("/clustering/from-run-to-files", test_from_run_to_files);
  g_test_add_func ("/clustering/stored-clusters-come-back", test_stored_clusters_come_back);
  g_test_add_func ("/clustering/focus-survives-other-models", test_focus_survives_other_models);
  g_test_add_func ("/clustering/cancel-keeps-what-is-finished", test_cancel_keeps_what_is_finished);
  g_test_add_func ("/clustering/window-closes-during-a-run", test_window_closes_during_a_run);
  return ui_test_run ();
}
