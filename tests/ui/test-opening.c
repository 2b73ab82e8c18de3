/* SPDX-License-Identifier: MIT */
/* Opening models: sample, broken files, several at once, many tensors. */
#include "banner.h"
#include "empty-page.h"
#include "sidebar-row.h"
#include "ui-harness.h"

#include <string.h>

static const char *
get_banner_text (WsWindow *window)
{
  return ws_banner_get_text (WS_BANNER (ui_get (window, WS_TYPE_BANNER, NULL)));
}

static gboolean
has_banner (gpointer window)
{
  GtkWidget *banner = ui_find (window, WS_TYPE_BANNER, NULL);

  return banner != NULL && ws_banner_get_text (WS_BANNER (banner)) != NULL;
}

static void
test_empty_window_offers_what_to_do (void)
{
  WsWindow *window = ui_window_new ();

  ui_get (window, GTK_TYPE_LABEL, "Look Inside a Model");
  ui_get (window, GTK_TYPE_BUTTON, "Try a Sample");
  g_assert_null (ui_find (window, GTK_TYPE_BUTTON, "Analyse"));
  g_assert_null (ws_window_get_session (window));
  ui_window_free (window);
}

static void
test_first_action_has_focus (void)
{
  WsWindow *window = ui_window_new ();
  GtkWidget *focus;

  ui_settle ();
  focus = gtk_root_get_focus (GTK_ROOT (window));
  g_assert_nonnull (focus);
  g_assert_nonnull (gtk_widget_get_ancestor (focus, GTK_TYPE_MENU_BUTTON));
  ui_window_free (window);
}

static void
test_sample_opens_from_its_button (void)
{
  WsWindow *window = ui_window_new ();
  WsModelSession *session;

  ui_press (window, "Try a Sample");
  session = ws_window_get_session (window);
  g_assert_nonnull (session);
  ui_wait_state (session, WS_SESSION_READY);
  g_assert_cmpuint (g_list_model_get_n_items (ws_model_session_get_items (session)), >, 20);
  ui_get (window, GTK_TYPE_BUTTON, "Analyse");
  ui_window_free (window);
}

static void
test_broken_file_is_a_sentence (void)
{
  WsWindow *window = ui_window_new ();
  g_autofree char *path = g_build_filename (ui_test_get_folder (), "broken.safetensors", NULL);

  /* A header of 2^63 bytes. */
  g_assert_true (g_file_set_contents (path, "\0\0\0\0\0\0\0\x80{}", 10, NULL));
  ws_window_open_path (window, path);
  ui_wait (has_banner, window, "the banner tells");
  g_assert_nonnull (strstr (get_banner_text (window), "broken.safetensors"));
  g_assert_null (ws_window_get_session (window));
  ui_get (window, GTK_TYPE_LABEL, "Look Inside a Model");
  ui_window_free (window);
}

/* Not to the sentence, which would look selected. */
static void
test_focus_returns_to_the_first_action (void)
{
  WsWindow *window = ui_window_new ();
  GtkWidget *focus;

  ws_window_open_path (window, "/nowhere");
  ui_wait (has_banner, window, "the banner tells");
  ui_settle ();
  focus = gtk_root_get_focus (GTK_ROOT (window));
  g_assert_nonnull (focus);
  g_assert_nonnull (gtk_widget_get_ancestor (focus, WS_TYPE_EMPTY_PAGE));
  ui_window_free (window);
}

static void
test_missing_file_is_a_sentence (void)
{
  WsWindow *window = ui_window_new ();

  ws_window_open_path (window, "/nowhere/model.safetensors");
  ui_wait (has_banner, window, "the banner tells");
  g_assert_nonnull (strstr (get_banner_text (window), "/nowhere/model.safetensors"));
  g_assert_true (g_unichar_isupper (g_utf8_get_char (get_banner_text (window))));
  g_assert_true (g_str_has_suffix (get_banner_text (window), "."));
  ui_window_free (window);
}

static void
test_banner_closes (void)
{
  WsWindow *window = ui_window_new ();
  GtkWidget *banner;

  ws_window_open_path (window, "/nowhere");
  ui_wait (has_banner, window, "the banner tells");
  banner = ui_get (window, WS_TYPE_BANNER, NULL);
  g_signal_emit_by_name (ui_get (banner, GTK_TYPE_BUTTON, NULL), "clicked");
  g_assert_false (has_banner (window));
  ui_window_free (window);
}

static void
test_models_keep_their_sessions (void)
{
  WsWindow *window = ui_window_new ();
  g_autofree char *first_path = ui_write_model ("first.safetensors", 1, 8, TRUE);
  g_autofree char *second_path = ui_write_model ("second.safetensors", 2, 8, TRUE);
  WsModelSession *first = ui_open (window, first_path);
  WsModelSession *second = ui_open (window, second_path);

  g_assert_true (first != second);
  g_assert_true (ws_window_get_session (window) == second);
  /* 6 matrices in a layer */
  g_assert_cmpuint (g_list_model_get_n_items (ws_model_session_get_items (first)), ==, 6);
  g_assert_cmpuint (g_list_model_get_n_items (ws_model_session_get_items (second)), ==, 12);
  ws_window_open_path (window, first_path);
  g_assert_true (ws_window_get_session (window) == first);
  ui_window_free (window);
}

static void
test_sidebar_switches (void)
{
  WsWindow *window = ui_window_new ();
  g_autofree char *first_path = ui_write_model ("first.safetensors", 1, 8, TRUE);
  g_autofree char *second_path = ui_write_model ("second.safetensors", 2, 8, TRUE);
  WsModelSession *first = ui_open (window, first_path);
  GtkWidget *row;

  ui_open (window, second_path);
  row = gtk_widget_get_ancestor (ui_get (window, GTK_TYPE_LABEL, "first.safetensors"),
                                 WS_TYPE_SIDEBAR_ROW);
  gtk_list_box_select_row (GTK_LIST_BOX (gtk_widget_get_parent (row)), GTK_LIST_BOX_ROW (row));
  g_assert_true (ws_window_get_session (window) == first);
  g_assert_cmpstr (gtk_window_get_title (GTK_WINDOW (window)), ==, "first.safetensors");
  ui_window_free (window);
}

static void
test_closed_model_gives_way (void)
{
  WsWindow *window = ui_window_new ();
  g_autofree char *first_path = ui_write_model ("first.safetensors", 1, 8, TRUE);
  g_autofree char *second_path = ui_write_model ("second.safetensors", 2, 8, TRUE);
  WsModelSession *first = ui_open (window, first_path);

  ui_open (window, second_path);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.close-model", "s", second_path);
  g_assert_true (ws_window_get_session (window) == first);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.close-model", "s", first_path);
  g_assert_null (ws_window_get_session (window));
  ui_window_free (window);
}

static void
test_close_while_opening (void)
{
  WsWindow *window = ui_window_new ();
  g_autofree char *path = ui_write_model ("soon-gone.safetensors", 100, 8, FALSE);

  ws_window_open_path (window, path);
  ui_window_free (window);
  ui_settle ();
}

static void
test_sixty_thousand_tensors_open_within_a_second (void)
{
  WsWindow *window = ui_window_new ();
  g_autofree char *path = ui_write_model ("many.safetensors", 10000, 4, FALSE);
  UiGapProbe probe;
  gint64 begin;
  double seconds, gap_ms, work_ms;

  ui_gap_start (&probe);
  begin = g_get_monotonic_time ();
  ui_open (window, path);
  seconds = (g_get_monotonic_time () - begin) / 1e6;
  ui_settle ();
  gap_ms = ui_gap_stop (&probe, &work_ms);
  g_test_message ("60,000 tensors: %.2f s, longest gap %.0f ms, of work %.0f ms", seconds, gap_ms,
                  work_ms);
  g_assert_cmpuint (
      g_list_model_get_n_items (ws_model_session_get_items (ws_window_get_session (window))), ==,
      60000);
  if (g_test_perf ())
    g_assert_cmpfloat (seconds, <, 1);
  ui_window_free (window);
}

int
main (int argc, char *argv[])
{
  int status = ui_test_init (&argc, &argv);

  if (status >= 0)
    return status;
  g_test_add_func ("/opening/empty-window-offers-what-to-do", test_empty_window_offers_what_to_do);
  g_test_add_func ("/opening/first-action-has-focus", test_first_action_has_focus);
  g_test_add_func ("/opening/sample-opens-from-its-button", test_sample_opens_from_its_button);
  g_test_add_func ("/opening/focus-returns-to-the-first-action",
                   test_focus_returns_to_the_first_action);
  g_test_add_func ("/opening/broken-file-is-a-sentence", test_broken_file_is_a_sentence);
  g_test_add_func ("/opening/missing-file-is-a-sentence", test_missing_file_is_a_sentence);
  g_test_add_func ("/opening/banner-closes", test_banner_closes);
  g_test_add_func ("/opening/models-keep-their-sessions", test_models_keep_their_sessions);
  g_test_add_func ("/opening/sidebar-switches", test_sidebar_switches);
  g_test_add_func ("/opening/closed-model-gives-way", test_closed_model_gives_way);
  g_test_add_func ("/opening/close-while-opening", test_close_while_opening);
  g_test_add_func ("/opening/sixty-thousand-tensors",
                   test_sixty_thousand_tensors_open_within_a_second);
  return ui_test_run ();
}
