/* SPDX-License-Identifier: MIT */
/* Runs: to the end, paused, resumed, cancelled, closed; the window answers meanwhile. */
#include "progress-strip.h"
#include "result-item.h"
#include "settings.h"
#include "ui-harness.h"

#include <string.h>

/* Long enough to be caught in the middle, on any machine: each matrix takes milliseconds, and one
 * thread does them all. */
#define SLOW_LAYERS 40
#define SLOW_SIDE 320

static guint
count_state (WsModelSession *session, WsState state)
{
  g_autoptr (GPtrArray) results = ws_model_session_dup_results (session);
  guint n = 0;

  for (guint i = 0; i < results->len; i++)
    n += ((WsResult *) g_ptr_array_index (results, i))->state == state;
  return n;
}

static gboolean
some_are_done (gpointer session)
{
  return count_state (session, WS_STATE_OK) > 0;
}

/* A model that no other test has had analysed: the store knows nothing of it. */
static WsModelSession *
open_slow (WsWindow *window, const char *name)
{
  g_autofree char *path = ui_write_model (name, SLOW_LAYERS, SLOW_SIDE, TRUE);

  g_settings_set_uint (ws_settings_get_default (), "threads", 1);
  return ui_open (window, path);
}

static gboolean
strip_is_visible (WsWindow *window)
{
  return ui_find (window, WS_TYPE_PROGRESS_STRIP, NULL) != NULL;
}

static void
test_sample_to_the_end (void)
{
  WsWindow *window = ui_window_new ();
  WsModelSession *session;

  ws_window_open_sample (window);
  session = ws_window_get_session (window);
  ui_wait_state (session, WS_SESSION_READY);
  g_assert_false (strip_is_visible (window));
  ui_press (window, "Analyse");
  g_assert_cmpint (ws_model_session_get_state (session), ==, WS_SESSION_RUNNING);
  g_assert_true (strip_is_visible (window));
  ui_wait_state (session, WS_SESSION_READY);
  g_assert_false (strip_is_visible (window));
  g_assert_cmpuint (count_state (session, WS_STATE_PENDING), ==, 0);
  g_assert_cmpuint (count_state (session, WS_STATE_ERROR), ==, 0);
  /* The sample has one matrix with planted NaN. */
  g_assert_cmpuint (count_state (session, WS_STATE_NONFINITE), ==, 1);
  ui_window_free (window);
}

static gboolean
hint_is_shown (gpointer window)
{
  return ui_find (window, GTK_TYPE_LABEL, "a few seconds") != NULL;
}

/* 240 small matrices: less than ten seconds on any machine. */
static void
test_time_is_told_before_the_start (void)
{
  WsWindow *window = ui_window_new ();
  WsModelSession *session = open_slow (window, "expected.safetensors");

  ui_wait (hint_is_shown, window, "the expected time is shown");
  ui_press (window, "Analyse");
  ui_settle ();
  g_assert_false (hint_is_shown (window));
  ui_wait_state (session, WS_SESSION_READY);
  ui_settle ();
  g_assert_false (hint_is_shown (window));
  ui_window_free (window);
}

static gboolean
strip_tells_where (gpointer window)
{
  for (GtkWidget *child = gtk_widget_get_first_child (
           gtk_widget_get_first_child (ui_get (window, WS_TYPE_PROGRESS_STRIP, NULL)));
       child != NULL; child = gtk_widget_get_next_sibling (child))
    if (GTK_IS_LABEL (child) &&
        g_str_has_suffix (gtk_label_get_text (GTK_LABEL (child)), "Processor, 1 thread"))
      return TRUE;
  return FALSE;
}

static void
test_strip_names_the_device (void)
{
  WsWindow *window = ui_window_new ();
  WsModelSession *session;

  g_settings_set_string (ws_settings_get_default (), "device", "cpu");
  session = open_slow (window, "where.safetensors");
  ui_press (window, "Analyse");
  ui_wait (some_are_done, session, "some are done");
  g_assert_true (strip_tells_where (window));
  ui_press (window, "Pause");
  g_assert_true (strip_tells_where (window));
  ui_window_free (window);
  g_settings_reset (ws_settings_get_default (), "device");
}

static void
test_stored_results_come_back (void)
{
  WsWindow *window = ui_window_new ();
  g_autofree char *path = ui_write_model ("remembered.safetensors", 2, 16, TRUE);
  WsModelSession *session = ui_open (window, path);

  ui_press (window, "Analyse");
  ui_wait_state (session, WS_SESSION_READY);
  ui_window_free (window);

  window = ui_window_new ();
  session = ui_open (window, path);
  g_assert_cmpuint (count_state (session, WS_STATE_OK), ==, 12);
  g_assert_cmpuint (ws_model_session_count_pending (session), ==, 0);
  ui_window_free (window);
}

static void
test_recompute_begins_anew (void)
{
  WsWindow *window = ui_window_new ();
  g_autofree char *path = ui_write_model ("again.safetensors", 1, 16, TRUE);
  WsModelSession *session = ui_open (window, path);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  ws_model_session_run (session);
  ui_wait_state (session, WS_SESSION_READY);
  g_ptr_array_add (items, g_list_model_get_item (ws_model_session_get_items (session), 0));
  ws_model_session_recompute (session, items);
  g_assert_cmpuint (ws_model_session_count_pending (session), ==, 1);
  ui_wait_state (session, WS_SESSION_READY);
  g_assert_cmpuint (count_state (session, WS_STATE_OK), ==, 6);
  g_assert_false (ws_result_item_get_result (g_ptr_array_index (items, 0))->from_store);
  ui_window_free (window);
}

/* What was never analysed stays so: the person asked for one row. */
static void
test_recompute_leaves_the_others_alone (void)
{
  WsWindow *window = ui_window_new ();
  g_autofree char *path = ui_write_model ("one-of-six.safetensors", 1, 16, TRUE);
  WsModelSession *session = ui_open (window, path);
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (items, g_list_model_get_item (ws_model_session_get_items (session), 4));
  ws_model_session_recompute (session, items);
  g_assert_cmpuint (ws_model_session_get_progress (session)->n_total, ==, 1);
  ui_wait_state (session, WS_SESSION_READY);
  g_assert_cmpuint (count_state (session, WS_STATE_OK), ==, 1);
  g_assert_cmpuint (count_state (session, WS_STATE_PENDING), ==, 5);
  g_assert_cmpint (ws_result_item_get_result (g_ptr_array_index (items, 0))->state, ==,
                   WS_STATE_OK);
  ui_window_free (window);
}

static void
test_pause_and_resume (void)
{
  WsWindow *window = ui_window_new ();
  WsModelSession *session = open_slow (window, "paused.safetensors");

  ui_press (window, "Analyse");
  ui_wait (some_are_done, session, "some are done");
  ui_press (window, "Pause");
  g_assert_cmpint (ws_model_session_get_state (session), ==, WS_SESSION_PAUSED);
  g_assert_cmpuint (ws_model_session_count_pending (session), >, 0);
  ui_press (window, "Resume");
  g_assert_cmpint (ws_model_session_get_state (session), ==, WS_SESSION_RUNNING);
  ui_wait_state (session, WS_SESSION_READY);
  g_assert_cmpuint (ws_model_session_count_pending (session), ==, 0);
  ui_window_free (window);
}

static void
test_cancel_keeps_what_is_done (void)
{
  WsWindow *window = ui_window_new ();
  WsModelSession *session = open_slow (window, "cancelled.safetensors");
  gint64 begin;
  guint n_done;

  ui_press (window, "Analyse");
  ui_wait (some_are_done, session, "some are done");
  begin = g_get_monotonic_time ();
  ui_press (window, "Cancel");
  ui_wait_state (session, WS_SESSION_READY);
  g_test_message ("cancelled within %.0f ms", (g_get_monotonic_time () - begin) / 1e3);
  n_done = count_state (session, WS_STATE_OK);
  g_assert_cmpuint (n_done, >, 0);
  g_assert_cmpuint (n_done + ws_model_session_count_pending (session), ==, SLOW_LAYERS * 6);
  ui_press (window, "Resume");
  g_assert_cmpuint (ws_model_session_get_progress (session)->n_done, ==, n_done);
  g_assert_cmpuint (ws_model_session_get_progress (session)->n_total, ==, SLOW_LAYERS * 6);
  g_assert_cmpfloat_with_epsilon (ws_model_session_get_progress (session)->share,
                                  n_done / (SLOW_LAYERS * 6.0), 1e-12);
  ui_wait_state (session, WS_SESSION_READY);
  g_assert_cmpuint (ws_model_session_get_progress (session)->n_done, ==, SLOW_LAYERS * 6);
  g_assert_cmpuint (count_state (session, WS_STATE_OK), ==, SLOW_LAYERS * 6);
  ui_window_free (window);
}

static void
test_close_while_running (void)
{
  WsWindow *window = ui_window_new ();
  WsModelSession *session = open_slow (window, "closed.safetensors");

  ui_press (window, "Analyse");
  ui_wait (some_are_done, session, "some are done");
  ui_window_free (window);
  ui_settle ();
}

static void
test_close_model_while_running (void)
{
  WsWindow *window = ui_window_new ();
  WsModelSession *session = open_slow (window, "model-closed.safetensors");
  g_autofree char *path = g_strdup (ws_model_session_get_path (session));

  ui_press (window, "Analyse");
  ui_wait (some_are_done, session, "some are done");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.close-model", "s", path);
  g_assert_null (ws_window_get_session (window));
  g_assert_false (strip_is_visible (window));
  ui_settle ();
  ui_window_free (window);
}

static void
test_switching_leaves_the_run_alone (void)
{
  WsWindow *window = ui_window_new ();
  WsModelSession *slow = open_slow (window, "switched.safetensors");
  g_autofree char *path = ui_write_model ("other.safetensors", 1, 16, TRUE);

  ui_press (window, "Analyse");
  ui_open (window, path);
  g_assert_false (strip_is_visible (window));
  ui_wait_state (slow, WS_SESSION_READY);
  g_assert_cmpuint (count_state (slow, WS_STATE_OK), ==, SLOW_LAYERS * 6);
  ui_window_free (window);
}

/* 3,000 results, each committed to the store: a flood for the main loop, seconds for the disk.
 * 100 ms: a person notices nothing below. */
static void
test_window_answers_while_computing (void)
{
  WsWindow *window = ui_window_new ();
  g_autofree char *path = ui_write_model ("many-small.safetensors", 500, 4, FALSE);
  WsModelSession *session = ui_open (window, path);
  UiGapProbe probe;
  double gap_ms, work_ms;

  ui_settle ();
  ui_gap_start (&probe);
  ws_model_session_run (session);
  ui_wait_state (session, WS_SESSION_READY);
  gap_ms = ui_gap_stop (&probe, &work_ms);
  g_test_message ("3,000 results: longest gap %.0f ms, of work %.0f ms", gap_ms, work_ms);
  g_assert_cmpfloat (work_ms, <, 100);
  /* By the clock only on a machine that does nothing else; a lock that is held shows anywhere. */
  g_assert_cmpfloat (gap_ms, <, g_test_perf () ? 100 : 1000);
  g_assert_cmpuint (ws_model_session_count_pending (session), ==, 0);
  ui_window_free (window);
}

int
main (int argc, char *argv[])
{
  int status = ui_test_init (&argc, &argv);

  if (status >= 0)
    return status;
  g_test_add_func ("/running/sample-to-the-end", test_sample_to_the_end);
  g_test_add_func ("/running/time-is-told-before-the-start", test_time_is_told_before_the_start);
  g_test_add_func ("/running/strip-names-the-device", test_strip_names_the_device);
  g_test_add_func ("/running/stored-results-come-back", test_stored_results_come_back);
  g_test_add_func ("/running/recompute-begins-anew", test_recompute_begins_anew);
  g_test_add_func ("/running/recompute-leaves-the-others-alone",
                   test_recompute_leaves_the_others_alone);
  g_test_add_func ("/running/pause-and-resume", test_pause_and_resume);
  g_test_add_func ("/running/cancel-keeps-what-is-done", test_cancel_keeps_what_is_done);
  g_test_add_func ("/running/close-while-running", test_close_while_running);
  g_test_add_func ("/running/close-model-while-running", test_close_model_while_running);
  g_test_add_func ("/running/switching-leaves-the-run-alone", test_switching_leaves_the_run_alone);
  g_test_add_func ("/running/window-answers-while-computing", test_window_answers_while_computing);
  return ui_test_run ();
}
