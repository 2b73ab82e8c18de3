/* SPDX-License-Identifier: MIT */
/* Downloads: to the end, paused, over the end of the program, cancelled, failed; the window answers
 * meanwhile. */
#include "../unit/hub-fixture.h"
#include "amounts.h"
#include "download-memory.h"
#include "download-row.h"
#include "download-words.h"
#include "downloads-button.h"
#include "get-dialog.h"
#include "hub-page.h"
#include "settings.h"
#include "sidebar-download.h"
#include "ui-harness.h"

#include <glib/gstdio.h>
#include <string.h>

/* Slow enough to be caught in the middle: 36 MiB take some seconds. */
#define SLOW "{\"cdn_rate\": 1000000}"
#define FAST "{\"cdn_rate\": 0}"

typedef struct
{
  HubFixture server;
  WsWindow *window;
} Fixture;

static char *
dup_memory_path (void)
{
  return g_build_filename (ui_test_get_folder (), "downloads.json", NULL);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autofree char *memory = dup_memory_path ();
  g_autofree char *home = NULL;

  g_remove (memory);
  hub_fixture_set_up (&self->server, data);
  /* A cache for each test: what one has fetched another would find. */
  home = g_build_filename (self->server.folder, "hf", NULL);
  g_setenv ("HF_HOME", home, TRUE);
  g_setenv ("HF_ENDPOINT", self->server.hub, TRUE);
  /* so that the program looks again where things are */
  g_settings_set_uint (ws_settings_get_default (), "download-connections", 5);
  g_settings_set_uint (ws_settings_get_default (), "download-connections", 4);
  self->window = ui_window_new ();
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_settings_reset (ws_settings_get_default (), "download-folder");
  ui_window_free (self->window);
  hub_fixture_tear_down (&self->server, data);
}

static void
set_rate (Fixture *self, const char *rate)
{
  g_autofree char *answer = hub_fixture_order (&self->server, "POST", "/_control/settings", rate);
}

static gboolean
can_download (gpointer dialog)
{
  WsHubPage *page = WS_HUB_PAGE (ui_get (dialog, WS_TYPE_HUB_PAGE, NULL));
  g_autoptr (WsDownloadOrder) order = ws_hub_page_dup_order (page);

  return order != NULL;
}

/* As a person orders it. */
static void
order (Fixture *self, const char *text)
{
  GtkWidget *dialog, *label;

  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.get-model", NULL);
  dialog = ui_wait_toplevel (WS_TYPE_GET_DIALOG);
  ws_get_dialog_look_for (WS_GET_DIALOG (dialog), text);
  ui_wait (can_download, dialog, "files can be fetched");
  label = ui_get (ui_get (dialog, WS_TYPE_HUB_PAGE, NULL), GTK_TYPE_LABEL, "Download");
  g_signal_emit_by_name (gtk_widget_get_ancestor (label, GTK_TYPE_BUTTON), "clicked");
}

/* The one download, as the window has it. */
static WsDownloadItem *
get_item (Fixture *self)
{
  GListModel *items = ws_download_list_get_items (ws_window_get_downloads (self->window));
  g_autoptr (WsDownloadItem) item = g_list_model_get_item (items, 0);

  g_assert_cmpuint (g_list_model_get_n_items (items), ==, 1);
  return item; /* the list keeps it */
}

static guint
count_items (Fixture *self)
{
  return g_list_model_get_n_items (
      ws_download_list_get_items (ws_window_get_downloads (self->window)));
}

typedef struct
{
  WsDownloadItem *item;
  WsDownloadState state;
} Wanted;

static gboolean
has_state (gpointer data)
{
  Wanted *wanted = data;

  return ws_download_item_get_state (wanted->item) == wanted->state;
}

static void
wait_state (Fixture *self, WsDownloadState state)
{
  Wanted wanted = { get_item (self), state };

  ui_wait (has_state, &wanted, "the state of the download");
}

static gboolean
has_bytes (gpointer item)
{
  return ws_download_item_get_n_bytes_done (item) > 1000000;
}

static void
wait_bytes (Fixture *self)
{
  ui_wait (has_bytes, get_item (self), "some bytes are there");
}

static gboolean
is_empty (gpointer data)
{
  return count_items (data) == 0;
}

/* A folder with the three shards opens as what it is. */
static void
check_model (Fixture *self)
{
  const char *folder = ws_download_item_get_folder (get_item (self));
  WsModelSession *session;

  g_assert_nonnull (folder);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.open-path", "s", folder);
  session = ws_window_get_session (self->window);
  ui_wait_state (session, WS_SESSION_READY);
  /* six layers of four matrices and a norm */
  g_assert_cmpuint (g_list_model_get_n_items (ws_model_session_get_items (session)), ==, 30);
}

static GtkWidget *
get_sidebar_row (Fixture *self)
{
  return ui_get (self->window, WS_TYPE_SIDEBAR_DOWNLOAD, NULL);
}

static void
press_toggle (Fixture *self)
{
  g_signal_emit_by_name (ui_get (get_sidebar_row (self), GTK_TYPE_BUTTON, NULL), "clicked");
}

static void
test_to_the_end_and_opened (Fixture *self, gconstpointer data)
{
  order (self, "hf:org/sharded");
  g_assert_nonnull (get_sidebar_row (self));
  wait_state (self, WS_DOWNLOAD_DONE);
  ui_settle ();
  ui_get (self->window, GTK_TYPE_LABEL, "org/sharded is downloaded");
  check_model (self);
}

static gboolean
can_be_opened (gpointer dialog)
{
  GtkWidget *open = ui_find (ui_get (dialog, WS_TYPE_HUB_PAGE, NULL), GTK_TYPE_BUTTON, "Open");

  return open != NULL && gtk_widget_get_mapped (open);
}

static gboolean
says (GtkWidget *dialog, const char *words)
{
  GtkWidget *label = ui_find (dialog, GTK_TYPE_LABEL, words);

  return label != NULL && gtk_widget_get_mapped (label);
}

/* Whoever is offline too: by a variable that the program looks at again after another setting. */
static void
test_what_is_here_is_opened (Fixture *self, gconstpointer data)
{
  const char *const names[] = { "hf:org/sharded", "org/sharded" };

  order (self, "hf:org/sharded");
  wait_state (self, WS_DOWNLOAD_DONE);
  ui_settle ();
  g_setenv ("HF_HUB_OFFLINE", "1", TRUE);
  for (guint i = 0; i <= G_N_ELEMENTS (names); i++)
    {
      GtkWidget *dialog, *page;

      gtk_widget_activate_action (GTK_WIDGET (self->window), "win.get-model", NULL);
      dialog = ui_wait_toplevel (WS_TYPE_GET_DIALOG);
      page = ui_get (dialog, WS_TYPE_HUB_PAGE, NULL);
      ws_get_dialog_look_for (WS_GET_DIALOG (dialog), names[MAX (i, 1) - 1]);
      ui_wait (can_be_opened, dialog, "what is here can be opened");
      g_assert_cmpint (
          says (page, "Offline: these are the files as they are known on this machine."), ==,
          i > 0);
      g_assert_false (says (dialog, "Try Again"));
      ui_press (page, "Open");
      ui_wait_state (ws_window_get_session (self->window), WS_SESSION_READY);
      g_assert_cmpuint (g_list_model_get_n_items (
                            ws_model_session_get_items (ws_window_get_session (self->window))),
                        ==, 30);
      ui_settle ();
      /* from the second time on without a Hub */
      g_settings_set_uint (ws_settings_get_default (), "download-connections", 6 + i);
    }
  g_unsetenv ("HF_HUB_OFFLINE");
}

static void
test_what_cannot_be_opened_offers_no_open (Fixture *self, gconstpointer data)
{
  GtkWidget *open, *row, *toggle;

  order (self, "hf:org/gguf");
  wait_state (self, WS_DOWNLOAD_DONE);
  ui_settle ();
  ui_get (self->window, GTK_TYPE_LABEL, "org/gguf is downloaded");
  open = ui_find (self->window, GTK_TYPE_BUTTON, "Open");
  g_assert_true (open == NULL || !gtk_widget_get_mapped (open));
  row = ui_get (self->window, WS_TYPE_SIDEBAR_DOWNLOAD, NULL);
  toggle = ui_get (row, GTK_TYPE_BUTTON, NULL);
  g_assert_cmpstr (gtk_widget_get_tooltip_text (toggle), ==, "Show in Files");
}

static void
test_into_a_folder (Fixture *self, gconstpointer data)
{
  g_autofree char *place = g_build_filename (self->server.folder, "models", NULL);
  g_autofree char *expected = g_build_filename (place, "sharded", NULL);
  g_autofree char *config = g_build_filename (expected, "config.json", NULL);

  g_settings_set_string (ws_settings_get_default (), "download-folder", place);
  order (self, "hf:org/sharded");
  wait_state (self, WS_DOWNLOAD_DONE);
  g_assert_cmpstr (ws_download_item_get_folder (get_item (self)), ==, expected);
  g_assert_true (g_file_test (config, G_FILE_TEST_IS_REGULAR));
  check_model (self);
}

static void
test_paused_and_resumed (Fixture *self, gconstpointer data)
{
  gint64 n_bytes;
  g_autofree char *waited = NULL;

  set_rate (self, SLOW);
  order (self, "hf:org/sharded");
  wait_bytes (self);
  press_toggle (self);
  g_assert_cmpint (ws_download_item_get_state (get_item (self)), ==, WS_DOWNLOAD_PAUSED);
  /* Nothing more comes: what was on its way when it was paused may still be counted. */
  waited = hub_fixture_order (&self->server, "GET",
                              "/_control/wait?listener=cdn&bytes=99999999&timeout=1", NULL);
  n_bytes = hub_fixture_count (&self->server, "cdn", "bytes");
  g_free (waited);
  waited = hub_fixture_order (&self->server, "GET",
                              "/_control/wait?listener=cdn&bytes=99999999&timeout=1", NULL);
  g_assert_cmpint (hub_fixture_count (&self->server, "cdn", "bytes"), ==, n_bytes);
  set_rate (self, FAST);
  press_toggle (self);
  wait_state (self, WS_DOWNLOAD_DONE);
  check_model (self);
}

/* The window is closed in the middle and comes back: it goes on by itself, and nothing is fetched
 * twice but what was on its way. */
static void
test_goes_on_after_the_end_of_the_program (Fixture *self, gconstpointer data)
{
  guint64 n_kept;

  set_rate (self, SLOW);
  order (self, "hf:org/sharded");
  wait_bytes (self);
  ui_window_free (self->window);
  ui_settle ();
  set_rate (self, FAST);
  self->window = ui_window_new ();
  n_kept = ws_download_item_get_n_bytes_done (get_item (self));
  g_assert_cmpuint (n_kept, >, 1000000);
  g_assert_cmpint (ws_download_item_get_state (get_item (self)), ==, WS_DOWNLOAD_RUNNING);
  wait_state (self, WS_DOWNLOAD_DONE);
  check_model (self);
}

/* Shown or not. */
static GtkWidget *
find_button (GtkWidget *root, const char *label)
{
  GtkWidget *found = NULL;

  if (GTK_IS_BUTTON (root) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (root)), label) == 0)
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_button (child, label);
  return found;
}

static gboolean
can_pause_all (Fixture *self)
{
  GtkWidget *button = ui_get (self->window, WS_TYPE_DOWNLOADS_BUTTON, NULL);

  return gtk_widget_get_sensitive (find_button (button, "Pause All"));
}

static void
test_stays_paused_over_the_end (Fixture *self, gconstpointer data)
{
  set_rate (self, SLOW);
  order (self, "hf:org/sharded");
  wait_bytes (self);
  g_assert_true (can_pause_all (self));
  press_toggle (self);
  g_assert_false (can_pause_all (self));
  ui_window_free (self->window);
  self->window = ui_window_new ();
  g_assert_cmpint (ws_download_item_get_state (get_item (self)), ==, WS_DOWNLOAD_PAUSED);
  g_assert_false (can_pause_all (self));
  set_rate (self, FAST);
  press_toggle (self);
  wait_state (self, WS_DOWNLOAD_DONE);
}

/* Once it is complete there is nothing to remember. */
static void
test_what_is_complete_is_forgotten (Fixture *self, gconstpointer data)
{
  order (self, "hf:org/sharded");
  wait_state (self, WS_DOWNLOAD_DONE);
  ui_window_free (self->window);
  self->window = ui_window_new ();
  g_assert_cmpuint (count_items (self), ==, 0);
}

static gboolean
has_folder (gpointer item)
{
  return ws_download_item_get_folder (item) != NULL;
}

/* The last shard comes so slowly that only the others can be there. */
static void
test_opens_before_it_is_complete (Fixture *self, gconstpointer data)
{
  hub_fixture_add_fault (&self->server,
                         "{\"kind\": \"slow\", \"path\": \"*model-00003*\", \"rate\": 100000,"
                         " \"times\": 0}");
  order (self, "hf:org/sharded");
  ui_wait (has_folder, get_item (self), "the first weights are there");
  g_assert_cmpint (ws_download_item_get_state (get_item (self)), ==, WS_DOWNLOAD_RUNNING);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.open-path", "s",
                              ws_download_item_get_folder (get_item (self)));
  ui_wait_state (ws_window_get_session (self->window), WS_SESSION_READY);
}

static GtkWidget *
show_row (Fixture *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.show-downloads", NULL);
  ui_settle ();
  return ui_get (self->window, WS_TYPE_DOWNLOAD_ROW, NULL);
}

static guint
count_parts (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  guint n = strstr (path, ".part") != NULL || strstr (path, ".incomplete") != NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      n += count_parts (child);
    }
  return n;
}

/* Cancel asks; what it does with the parts is as it was answered. */
static void
cancel (Fixture *self, const char *answer)
{
  GtkWidget *row;

  set_rate (self, SLOW);
  order (self, "hf:org/sharded");
  wait_bytes (self);
  row = show_row (self);
  g_signal_emit_by_name (
      gtk_widget_get_last_child (gtk_widget_get_first_child (gtk_widget_get_first_child (row))),
      "clicked");
  ui_press (row, "Go On");
  g_assert_null (ui_find (row, GTK_TYPE_BUTTON, answer));
  g_signal_emit_by_name (
      gtk_widget_get_last_child (gtk_widget_get_first_child (gtk_widget_get_first_child (row))),
      "clicked");
  ui_press (row, answer);
  ui_wait (is_empty, self, "the download is gone");
}

static void
test_cancel_keeps_the_parts (Fixture *self, gconstpointer data)
{
  cancel (self, "Keep");
  g_assert_cmpuint (count_parts (self->server.folder), >, 0);
}

static void
test_cancel_deletes_the_parts (Fixture *self, gconstpointer data)
{
  cancel (self, "Delete Parts");
  g_assert_cmpuint (count_parts (self->server.folder), ==, 0);
}

/* The parts of an earlier start of the program, too. */
static void
test_remembered_parts_are_deleted (Fixture *self, gconstpointer data)
{
  set_rate (self, SLOW);
  order (self, "hf:org/sharded");
  wait_bytes (self);
  press_toggle (self);
  ui_window_free (self->window);
  ui_settle ();
  self->window = ui_window_new ();
  g_assert_cmpuint (count_parts (self->server.folder), >, 0);
  ws_download_item_cancel (get_item (self), TRUE);
  ui_wait (is_empty, self, "the download is gone");
  g_assert_cmpuint (count_parts (self->server.folder), ==, 0);
}

static void
test_failure_is_told_and_tried_again (Fixture *self, gconstpointer data)
{
  g_autofree char *words = NULL;

  hub_fixture_add_fault (
      &self->server,
      "{\"kind\": \"status\", \"code\": 451, \"path\": \"*/resolve/*\", \"times\": 0}");
  order (self, "hf:org/sharded");
  wait_state (self, WS_DOWNLOAD_FAILED);
  words = ws_download_words_describe (get_item (self));
  g_assert_nonnull (strstr (words, "removed from the Hub"));
  g_free (hub_fixture_order (&self->server, "DELETE", "/_control/faults", NULL));
  press_toggle (self);
  wait_state (self, WS_DOWNLOAD_DONE);
}

/* Ordered twice it is one download. */
static void
test_second_order_resumes_the_first (Fixture *self, gconstpointer data)
{
  set_rate (self, SLOW);
  order (self, "hf:org/sharded");
  wait_bytes (self);
  press_toggle (self);
  order (self, "hf:org/sharded");
  g_assert_cmpint (ws_download_item_get_state (get_item (self)), ==, WS_DOWNLOAD_RUNNING);
}

/* Two at a time. */
static void
test_third_download_waits (Fixture *self, gconstpointer data)
{
  GListModel *items = ws_download_list_get_items (ws_window_get_downloads (self->window));
  g_autoptr (WsDownloadItem) first = NULL;
  g_autoptr (WsDownloadItem) third = NULL;

  set_rate (self, SLOW);
  order (self, "hf:org/sharded");
  order (self, "hf:org/matrix");
  order (self, "hf:org/noise");
  first = g_list_model_get_item (items, 0);
  third = g_list_model_get_item (items, 2);
  g_assert_cmpint (ws_download_item_get_state (first), ==, WS_DOWNLOAD_RUNNING);
  g_assert_cmpint (ws_download_item_get_state (third), ==, WS_DOWNLOAD_QUEUED);
  ws_download_item_pause (first);
  g_assert_cmpint (ws_download_item_get_state (third), ==, WS_DOWNLOAD_RUNNING);
}

static void
test_hostile_memory_is_left_out (Fixture *self, gconstpointer data)
{
  const char *const text =
      "{\"version\": 1, \"downloads\": [1, {}, {\"id\": \"../x\", \"commit\": \"0\"},"
      " {\"id\": \"org/a\", \"commit\": \"0123456789012345678901234567890123456789\","
      "  \"paths\": [\"../../outside\"]},"
      " {\"id\": \"org/a\", \"commit\": \"0123456789012345678901234567890123456789\","
      "  \"paths\": [\"fine.json\"], \"n_bytes\": -5, \"is_paused\": true}]}";
  g_autofree char *path = dup_memory_path ();
  g_autoptr (GPtrArray) downloads = NULL;
  const WsRememberedDownload *download;

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  downloads = ws_download_memory_read ();
  g_assert_cmpuint (downloads->len, ==, 1);
  download = g_ptr_array_index (downloads, 0);
  g_assert_cmpstr (download->order->paths[0], ==, "fine.json");
  g_assert_cmpuint (download->order->n_bytes, ==, 0);
  g_remove (path);
}

/* (transfer full) */
static WsRememberedDownload *
make_remembered (const char *id)
{
  WsRememberedDownload *self = g_new0 (WsRememberedDownload, 1);

  self->order = g_new0 (WsDownloadOrder, 1);
  self->order->id = g_strdup (id);
  self->order->commit = g_strnfill (40, 'a');
  self->order->paths = g_strsplit ("config.json", " ", -1);
  return self;
}

static void
assert_remembered (const char *expected)
{
  g_autoptr (GPtrArray) downloads = ws_download_memory_read ();
  g_autoptr (GString) ids = g_string_new (NULL);

  for (guint i = 0; i < downloads->len; i++)
    g_string_append_printf (ids, "%s%s", i > 0 ? " " : "",
                            ((WsRememberedDownload *) downloads->pdata[i])->order->id);
  g_assert_cmpstr (ids->str, ==, expected);
}

/* Without a session bus, two windows are two programs. The last test: it grows old. */
static void
test_other_program_is_not_forgotten (Fixture *self, gconstpointer data)
{
  g_autofree char *path = dup_memory_path ();
  g_autofree char *ours = NULL;
  g_autofree char *theirs = NULL;
  g_autoptr (GPtrArray) downloads = g_ptr_array_new_with_free_func (ws_remembered_download_free);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) parts = NULL;

  g_ptr_array_add (downloads, make_remembered ("org/ours"));
  g_assert_true (ws_download_memory_write (downloads, 1000000, &error));
  assert_remembered ("org/ours");
  /* the other one has read that, and adds its own */
  g_assert_true (g_file_get_contents (path, &ours, NULL, NULL));
  parts = g_strsplit (ours, "\"downloads\" : [", 2);
  g_assert_cmpuint (g_strv_length (parts), ==, 2);
  theirs = g_strdup_printf ("%s\"downloads\": [{\"id\": \"org/theirs\", \"commit\":"
                            " \"0123456789012345678901234567890123456789\","
                            " \"paths\": [\"x.json\"]}, %s",
                            parts[0], parts[1]);
  g_assert_true (g_file_set_contents (path, theirs, -1, NULL));
  g_assert_true (ws_download_memory_write (downloads, 1000001, &error));
  g_assert_true (ws_download_memory_write (none, 1000002, &error));
  assert_remembered ("org/theirs");
  g_remove (path);
}

static void
test_shares_have_one_unit (Fixture *self, gconstpointer data)
{
  const struct
  {
    guint64 n_bytes, total;
    const char *expected;
  } cases[] = {
    { 7110000000, 16400000000, "7.11 of 16.4\302\240GB" },
    { 12340000000, 16400000000, "12.3 of 16.4\302\240GB" },
    { 0, 4900000, "0.00 of 4.9\302\240MB" },
    { 12, 231, "12 of 231 bytes" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = ws_amounts_format_share (cases[i].n_bytes, cases[i].total);

      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

/* 100 ms: a person notices nothing below. By the clock only on a machine that does nothing else; a
 * lock that is held shows anywhere. */
static void
check_gap (UiGapProbe *probe, const char *what)
{
  double work_ms, gap_ms = ui_gap_stop (probe, &work_ms);

  g_test_message ("%s: longest gap %.0f ms, of work %.0f ms", what, gap_ms, work_ms);
#ifndef __SANITIZE_ADDRESS__
  g_assert_cmpfloat (work_ms, <, 100);
#endif
  g_assert_cmpfloat (gap_ms, <, g_test_perf () ? 100 : 1000);
}

static void
test_window_answers_during_5000_files (Fixture *self, gconstpointer data)
{
  UiGapProbe probe;

  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.get-model", NULL);
  ui_settle ();
  ui_gap_start (&probe);
  order (self, "hf:org/many");
  check_gap (&probe, "5,000 files in the list");
  ui_gap_start (&probe);
  show_row (self);
  wait_state (self, WS_DOWNLOAD_DONE);
  check_gap (&probe, "5,000 files fetched");
}

#define ADD(path, function)                                                                        \
  g_test_add ("/downloads/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  int status = ui_test_init (&argc, &argv);

  if (status >= 0)
    return status;
  ADD ("to-the-end-and-opened", test_to_the_end_and_opened);
  ADD ("what-is-here/is-opened", test_what_is_here_is_opened);
  ADD ("what-cannot-be-opened/offers-no-open", test_what_cannot_be_opened_offers_no_open);
  ADD ("into-a-folder", test_into_a_folder);
  ADD ("paused-and-resumed", test_paused_and_resumed);
  ADD ("goes-on-after-the-end-of-the-program", test_goes_on_after_the_end_of_the_program);
  ADD ("stays-paused-over-the-end", test_stays_paused_over_the_end);
  ADD ("what-is-complete-is-forgotten", test_what_is_complete_is_forgotten);
  ADD ("opens-before-it-is-complete", test_opens_before_it_is_complete);
  ADD ("cancel-keeps-the-parts", test_cancel_keeps_the_parts);
  ADD ("cancel-deletes-the-parts", test_cancel_deletes_the_parts);
  ADD ("remembered-parts-are-deleted", test_remembered_parts_are_deleted);
  ADD ("failure-is-told-and-tried-again", test_failure_is_told_and_tried_again);
  ADD ("second-order-resumes-the-first", test_second_order_resumes_the_first);
  ADD ("third-download-waits", test_third_download_waits);
  ADD ("hostile-memory-is-left-out", test_hostile_memory_is_left_out);
  ADD ("shares-have-one-unit", test_shares_have_one_unit);
  ADD ("window-answers-during-5000-files", test_window_answers_during_5000_files);
  ADD ("other-program-is-not-forgotten", test_other_program_is_not_forgotten);
  status = ui_test_run ();
  hub_fixture_stop_server ();
  return status;
}
