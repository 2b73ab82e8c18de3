/* SPDX-License-Identifier: MIT */
/* The dialog that gets a model from the Hub: search, names and addresses, files, gates, errors. */
#include "get-model-fixture.h"

#include "file-list.h"
#include "hub-page.h"
#include "model-row.h"
#include "result-table.h"
#include "settings.h"
#include "token-pane.h"

#include <glib/gstdio.h>
#include <string.h>

/* Search */

static void
test_words_find_models (GetModel *self, gconstpointer data)
{
  get_model_type (self, "org");
  get_model_wait_for (self->dialog, GTK_TYPE_LABEL, "org/single");
  g_assert_nonnull (ui_find (self->dialog, GTK_TYPE_LABEL, "org/gated"));
  /* 4,640 parameters of 4 bytes */
  g_assert_nonnull (ui_find (self->dialog, GTK_TYPE_LABEL, "18.6\302\240kB"));
  g_assert_true (get_model_says (self->dialog, "F32 · 900 downloads"));
}

static void
test_one_character_asks_nobody (GetModel *self, gconstpointer data)
{
  gint64 before = hub_fixture_count (&self->server, "hub", "requests");

  get_model_type (self, "o");
  get_model_type (self, "org");
  get_model_wait_for (self->dialog, WS_TYPE_MODEL_ROW, NULL);
  g_assert_cmpint (hub_fixture_count (&self->server, "hub", "requests"), ==, before + 1);
}

static void
test_no_result_is_a_sentence (GetModel *self, gconstpointer data)
{
  get_model_type (self, "zzzzz");
  get_model_wait_for (self->dialog, GTK_TYPE_LABEL, "No model on the Hub has these words.");
}

static void
test_enter_opens_the_first_result (GetModel *self, gconstpointer data)
{
  g_autoptr (WsDownloadOrder) order = NULL;

  get_model_type (self, "sing");
  get_model_wait_for (self->dialog, WS_TYPE_MODEL_ROW, NULL);
  get_model_press_enter (self);
  order = get_model_wait_for_order (self);
  g_assert_cmpstr (order->id, ==, "org/single");
}

static void
test_exact_name_opens_by_itself (GetModel *self, gconstpointer data)
{
  g_autoptr (WsDownloadOrder) order = NULL;

  get_model_type (self, "org/single");
  order = get_model_wait_for_order (self);
  g_assert_cmpstr (order->id, ==, "org/single");
  g_assert_null (order->revision);
}

static void
test_failed_search_can_be_repeated (GetModel *self, gconstpointer data)
{
  hub_fixture_add_fault (&self->server,
                         "{\"kind\": \"portal\", \"path\": \"/api/models\", \"times\": 1}");
  get_model_type (self, "single");
  get_model_wait_for (self->dialog, GTK_TYPE_BUTTON, "Try Again");
  ui_press (self->dialog, "Try Again");
  get_model_wait_for (self->dialog, GTK_TYPE_LABEL, "org/single");
}

/* Names */

/* Each form leads to the revision and files that it names. */
static void
check_form (GetModel *self, const char *text, const char *revision, const char *only_path)
{
  g_autoptr (WsDownloadOrder) order = NULL;

  get_model_type (self, text);
  order = get_model_wait_for_order (self);
  g_assert_cmpstr (order->id, ==, "org/single");
  g_assert_cmpstr (order->revision, ==, revision);
  if (only_path != NULL)
    {
      g_assert_cmpuint (g_strv_length (order->paths), ==, 1);
      g_assert_cmpstr (order->paths[0], ==, only_path);
    }
  /* or the next form would find the page as it is */
  get_model_type (self, "");
  ws_hub_page_clear (WS_HUB_PAGE (self->page));
}

static void
test_every_form_of_a_name (GetModel *self, gconstpointer data)
{
  g_autofree char *own = g_strconcat (self->server.hub, "/org/single/tree/v1.0", NULL);

  check_form (self, "org/single@v1.0", "v1.0", NULL);
  check_form (self, "hf:org/single", NULL, NULL);
  check_form (self, "hf:org/single@refs/pr/1", "refs/pr/1", NULL);
  check_form (self, "hf://org/single@v1.0/config.json", "v1.0", "config.json");
  check_form (self, "https://huggingface.co/org/single", NULL, NULL);
  check_form (self, "https://hf.co/org/single/tree/main", "main", NULL);
  check_form (self, "https://huggingface.co/org/single/blob/main/model.safetensors?x=1", "main",
              "model.safetensors");
  check_form (self, "https://huggingface.co/org/single/resolve/v1.0/config.json", "v1.0",
              "config.json");
  check_form (self, "huggingface.co/org/single", NULL, NULL);
  check_form (self, "  org/single@main\n", "main", NULL);
  check_form (self, own, "v1.0", NULL);
}

static void
test_pasted_commit (GetModel *self, gconstpointer data)
{
  g_autoptr (WsDownloadOrder) order = NULL;
  g_autoptr (WsDownloadOrder) again = NULL;
  g_autofree char *text = NULL;

  get_model_type (self, "org/single@v1.0");
  order = get_model_wait_for_order (self);
  text = g_strdup_printf ("org/single@%s", order->commit);
  get_model_type (self, "");
  ws_hub_page_clear (WS_HUB_PAGE (self->page));
  get_model_type (self, text);
  again = get_model_wait_for_order (self);
  g_assert_cmpstr (again->commit, ==, order->commit);
}

static void
test_dataset_is_refused_in_place (GetModel *self, gconstpointer data)
{
  get_model_type (self, "https://huggingface.co/datasets/org/words");
  get_model_wait_to_say (self, "it is a dataset");
  g_assert_false (get_model_is_shown (self->dialog, GTK_TYPE_BUTTON, "Try Again"));
}

static void
test_renamed_model_has_its_new_name (GetModel *self, gconstpointer data)
{
  g_autoptr (WsDownloadOrder) order = NULL;

  get_model_type (self, "hf:org/old-name");
  order = get_model_wait_for_order (self);
  g_assert_cmpstr (order->id, ==, "org/single");
}

static void
test_revisions_can_be_chosen (GetModel *self, gconstpointer data)
{
  g_autoptr (WsDownloadOrder) order = NULL;
  GtkDropDown *revisions;
  GtkStringList *names;
  guint position = 0;

  get_model_type (self, "hf:org/single");
  g_clear_pointer (&order, ws_download_order_free);
  order = get_model_wait_for_order (self);
  revisions = GTK_DROP_DOWN (ui_get (self->page, GTK_TYPE_DROP_DOWN, NULL));
  names = GTK_STRING_LIST (gtk_drop_down_get_model (revisions));
  while (!g_str_has_prefix (gtk_string_list_get_string (names, position), "v1.0"))
    position++;
  gtk_drop_down_set_selected (revisions, position);
  g_assert_false (get_model_has_order (self->page));
  g_clear_pointer (&order, ws_download_order_free);
  order = get_model_wait_for_order (self);
  g_assert_cmpstr (order->revision, ==, "v1.0");
}

/* Errors */

/* That it is private is the less likely reason, and asked about second. */
static void
test_missing_model_offers_a_token (GetModel *self, gconstpointer data)
{
  get_model_type (self, "hf:zzzz/nowhere");
  get_model_wait_to_say (self, "There is no model “zzzz/nowhere” on the Hub: check the name.");
  g_assert_false (get_model_is_shown (self->dialog, WS_TYPE_TOKEN_PANE, NULL));
  g_assert_true (get_model_is_shown (self->page, GTK_TYPE_BUTTON, "Try Again"));
  ui_press (self->page, "It Is Private…");
  get_model_wait_for (self->dialog, WS_TYPE_TOKEN_PANE, NULL);
}

static void
test_mistyped_name_offers_names_that_are_near (GetModel *self, gconstpointer data)
{
  g_autoptr (WsDownloadOrder) order = NULL;

  get_model_type (self, "hf:org/singel");
  get_model_wait_to_say (self, "Did you mean one of these?");
  ui_press (self->page, "org/single");
  order = get_model_wait_for_order (self);
  g_assert_cmpstr (order->id, ==, "org/single");
  g_assert_false (get_model_says (self->page, "Did you mean one of these?"));
}

/* Who is not answered within a second is told by whom; 60 s would pass before the end. */
static void
test_silence_is_told (GetModel *self, gconstpointer data)
{
  g_autofree char *words =
      g_strdup_printf ("No answer from %s yet…", strstr (self->server.hub, "://") + 3);

  words[strcspn (words, "1")] = '\0'; /* with or without the port */
  hub_fixture_add_fault (&self->server,
                         "{\"kind\": \"stall\", \"path\": \"/api/*\", \"times\": 0}");
  get_model_type (self, "single");
  get_model_wait_to_say (self, "Searching…");
  get_model_wait_to_say (self, words);
  get_model_type (self, "hf:org/single");
  get_model_wait_to_say (self, "Reading org/single…");
  get_model_wait_to_say (self, words);
}

static void
check_fault (GetModel *self, const char *fault, const char *words)
{
  hub_fixture_add_fault (&self->server, fault);
  get_model_type (self, "hf:org/single");
  get_model_wait_to_say (self, words);
  ui_press (self->page, "Try Again");
  ui_wait (get_model_has_order, self->page, "files can be fetched");
}

static void
test_captive_portal_is_named (GetModel *self, gconstpointer data)
{
  check_fault (self, "{\"kind\": \"portal\", \"path\": \"/api/*\", \"times\": 1}", "log in");
}

static void
test_legal_refusal_is_named (GetModel *self, gconstpointer data)
{
  check_fault (self, "{\"kind\": \"status\", \"code\": 451, \"path\": \"/api/*\", \"times\": 1}",
               "was removed from the Hub");
}

static void
test_unknown_revision_is_named (GetModel *self, gconstpointer data)
{
  get_model_type (self, "org/single@nowhere");
  get_model_wait_to_say (self, "no such branch, tag or commit");
}

/* What is still on its way when the dialog closes arrives nowhere. */
static void
test_close_while_asking (GetModel *self, gconstpointer data)
{
  get_model_type (self, "hf:org/many");
  ui_settle ();
  gtk_window_close (GTK_WINDOW (self->dialog));
  ui_settle ();
}

/* Without a download */

static void
test_look_inside_opens_what_is_not_here (GetModel *self, gconstpointer data)
{
  WsModelSession *session;

  get_model_type (self, "hf:org/sharded");
  ui_wait (get_model_has_order, self->page, "its files are listed");
  ui_press (self->page, "Look Inside Without Downloading");
  session = ws_window_get_session (self->window);
  ui_wait_state (session, WS_SESSION_READY);
  /* six layers of four matrices and a norm */
  g_assert_cmpuint (g_list_model_get_n_items (ws_model_session_get_items (session)), ==, 30);
  g_assert_true (ws_model_session_is_remote (session));
  /* of 36 MiB */
  g_assert_cmpuint (ws_model_session_get_traffic (session), <, 5000000);
  g_assert_cmpint (hub_fixture_count (&self->server, "cdn", "bytes"), <, 5000000);

  ui_press (self->window, "Analyse");
  ui_wait_state (session, WS_SESSION_READY);
  g_assert_cmpuint (ws_model_session_count_pending (session), ==, 0);
  g_assert_cmpuint (ws_model_session_count_notes (session), ==, 0);
}

/* 24 matrices of 2 or 1 MiB: 36 MiB. */
static void
test_much_traffic_is_asked_for (GetModel *self, gconstpointer data)
{
  g_autoptr (WsDownloadOrder) order = NULL;
  GtkWidget *question;

  g_settings_set_uint64 (ws_settings_get_default (), "ask-traffic", 1000000);
  get_model_type (self, "hf:org/matrix");
  ui_wait (get_model_has_order, self->page, "its files are listed");
  ui_press (self->page, "Look Inside Without Downloading");
  ui_wait_state (ws_window_get_session (self->window), WS_SESSION_READY);
  ui_press (self->window, "Analyse");
  question = ui_wait_toplevel (GTK_TYPE_MESSAGE_DIALOG);
  /* (8192 + 256) x 8192 elements of 2 bytes */
  ui_get (question, GTK_TYPE_LABEL, "Read 138.4\302\240MB from the Hub?");
  g_assert_cmpint (ws_model_session_get_state (ws_window_get_session (self->window)), ==,
                   WS_SESSION_READY);
  gtk_dialog_response (GTK_DIALOG (question), 1);
  self->dialog = ui_wait_toplevel (WS_TYPE_GET_DIALOG);
  self->page = ui_get (self->dialog, WS_TYPE_HUB_PAGE, NULL);
  order = get_model_wait_for_order (self);
  /* the branch that was looked into, ready to be fetched by Enter */
  g_assert_cmpstr (order->revision, ==, "main");
  g_assert_cmpuint (g_strv_length (order->paths), ==, 2);
  ui_settle ();
  g_assert_true (gtk_widget_is_focus (
      gtk_widget_get_ancestor (ui_get (self->page, GTK_TYPE_LABEL, "Download"), GTK_TYPE_BUTTON)));
  g_settings_reset (ws_settings_get_default (), "ask-traffic");
}

/* What is done is not left to do, but reading it again costs the same. */
static void
test_traffic_of_recomputing_is_asked_for (GetModel *self, gconstpointer data)
{
  WsModelSession *session;
  WsResultTable *table;
  g_autoptr (GPtrArray) results = NULL;
  GtkWidget *question;

  get_model_type (self, "hf:org/single");
  ui_wait (get_model_has_order, self->page, "its files are listed");
  ui_press (self->page, "Look Inside Without Downloading");
  session = ws_window_get_session (self->window);
  ui_wait_state (session, WS_SESSION_READY);
  ws_model_session_run (session);
  ui_wait_state (session, WS_SESSION_RUNNING);
  ui_wait_state (session, WS_SESSION_READY);
  g_settings_set_uint64 (ws_settings_get_default (), "ask-traffic", 1000);
  table = WS_RESULT_TABLE (ui_get (self->window, WS_TYPE_RESULT_TABLE, NULL));
  results = ws_model_session_dup_results (session);
  ws_result_table_select_results (table, results);
  ui_settle ();
  gtk_widget_activate_action (GTK_WIDGET (table), "table.recompute", NULL);
  question = ui_wait_toplevel (GTK_TYPE_MESSAGE_DIALOG);
  /* 4,640 parameters of 4 bytes */
  ui_get (question, GTK_TYPE_LABEL, "Read 18.6\302\240kB from the Hub?");
  gtk_window_destroy (GTK_WINDOW (question));
  g_settings_reset (ws_settings_get_default (), "ask-traffic");
}

static void
test_without_safetensors_one_cannot_look_inside (GetModel *self, gconstpointer data)
{
  get_model_type (self, "hf:org/gguf");
  ui_wait (get_model_has_order, self->page, "its files are listed");
  g_assert_false (gtk_widget_is_sensitive (
      ui_get (self->page, GTK_TYPE_BUTTON, "Look Inside Without Downloading")));
}

static void
test_weights_that_cannot_be_opened_are_told (GetModel *self, gconstpointer data)
{
  get_model_type (self, "hf:org/gguf");
  ui_wait (get_model_has_order, self->page, "its files are listed");
  g_assert_true (get_model_says (self->page, "The weights are GGUF files"));
  get_model_wait_to_say (self, "GGUF: cannot be opened here");
  get_model_type (self, "hf:org/duplicates");
  get_model_wait_to_say (self, "org/duplicates");
  ui_wait (get_model_has_order, self->page, "its files are listed");
  g_assert_false (get_model_says (self->page, "cannot be opened here"));
}

static void
test_pickles_lead_to_their_safetensors (GetModel *self, gconstpointer data)
{
  g_autoptr (WsDownloadOrder) order = NULL;

  get_model_type (self, "hf:org/pickles");
  ui_wait (get_model_has_order, self->page, "its files are listed");
  g_assert_true (get_model_says (self->page, "The weights are Python pickles"));
  ui_press (self->page, "Use Safetensors");
  order = get_model_wait_for_order (self);
  g_assert_cmpstr (order->revision, ==, "refs/pr/3");
  g_assert_false (get_model_says (self->page, "The weights are Python pickles"));
  g_assert_true (gtk_widget_is_sensitive (
      ui_get (self->page, GTK_TYPE_BUTTON, "Look Inside Without Downloading")));
}

/* Tokens; the last tests, for what is entered stays */

static void
enter_token (GetModel *self, const char *token)
{
  GtkWidget *pane = ui_get (self->dialog, WS_TYPE_TOKEN_PANE, NULL);

  gtk_editable_set_text (GTK_EDITABLE (ui_get (pane, GTK_TYPE_PASSWORD_ENTRY, NULL)), token);
  ui_press (pane, "Test");
}

static gboolean
is_in_file (const char *path, const char *text)
{
  g_autofree char *contents = NULL;
  gsize n_bytes;

  return g_file_get_contents (path, &contents, &n_bytes, NULL) &&
         g_strstr_len (contents, n_bytes, text) != NULL;
}

/* How many files below @path, other than @known, have @text in them. */
static guint
count_files_with (const char *path, const char *text, const char *known)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;
  guint n = 0;

  if (dir == NULL)
    return g_strcmp0 (path, known) != 0 && is_in_file (path, text);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      n += count_files_with (child, text, known);
    }
  return n;
}

static void
test_wrong_token_is_refused (GetModel *self, gconstpointer data)
{
  get_model_type (self, "hf:org/gated");
  get_model_wait_for (self->dialog, WS_TYPE_TOKEN_PANE, NULL);
  enter_token (self, "hf_nonsense");
  get_model_wait_to_say (self, "The Hub does not know this token");
  g_assert_cmpuint (count_files_with (ui_test_get_folder (), "hf_nonsense", NULL), ==, 0);
}

static gboolean
asks_for_no_token (gpointer dialog)
{
  return ui_find (dialog, WS_TYPE_TOKEN_PANE, NULL) == NULL;
}

static void
test_gated_model_opens_with_a_token (GetModel *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (ui_test_get_folder (), "hf", "token", NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  GtkWidget *download;
  GStatBuf status;

  get_model_type (self, "hf:org/gated");
  get_model_wait_to_say (self, "This model needs approval");
  ui_wait (get_model_has_order, self->page, "its files are listed");
  download =
      gtk_widget_get_ancestor (ui_get (self->page, GTK_TYPE_LABEL, "Download"), GTK_TYPE_BUTTON);
  g_assert_false (gtk_widget_is_sensitive (download));
  enter_token (self, self->server.token_full);
  ui_wait (asks_for_no_token, self->dialog, "the token is taken");
  ui_wait (get_model_has_order, self->page, "its files are listed");
  g_assert_true (gtk_widget_is_sensitive (download));

  g_assert_true (is_in_file (path, self->server.token_full));
  g_assert_cmpuint (count_files_with (ui_test_get_folder (), self->server.token_full, path), ==, 0);
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  g_assert_cmpint (g_stat (folder, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0700);
}

#define ADD(path, function)                                                                        \
  g_test_add ("/get-model/" path, GetModel, NULL, get_model_set_up, function, get_model_tear_down)

int
main (int argc, char *argv[])
{
  int status = ui_test_init (&argc, &argv);
  g_autofree char *home = NULL;

  if (status >= 0)
    return status;
  home = g_build_filename (ui_test_get_folder (), "hf", NULL);
  g_setenv ("HF_HOME", home, TRUE);
  ADD ("words-find-models", test_words_find_models);
  ADD ("one-character-asks-nobody", test_one_character_asks_nobody);
  ADD ("no-result-is-a-sentence", test_no_result_is_a_sentence);
  ADD ("enter-opens-the-first-result", test_enter_opens_the_first_result);
  ADD ("exact-name-opens-by-itself", test_exact_name_opens_by_itself);
  ADD ("failed-search-can-be-repeated", test_failed_search_can_be_repeated);
  ADD ("every-form-of-a-name", test_every_form_of_a_name);
  ADD ("pasted-commit", test_pasted_commit);
  ADD ("dataset-is-refused-in-place", test_dataset_is_refused_in_place);
  ADD ("renamed-model-has-its-new-name", test_renamed_model_has_its_new_name);
  ADD ("revisions-can-be-chosen", test_revisions_can_be_chosen);
  ADD ("missing-model-offers-a-token", test_missing_model_offers_a_token);
  ADD ("errors/mistyped-name-offers-near-ones", test_mistyped_name_offers_names_that_are_near);
  ADD ("errors/silence-is-told", test_silence_is_told);
  ADD ("captive-portal-is-named", test_captive_portal_is_named);
  ADD ("legal-refusal-is-named", test_legal_refusal_is_named);
  ADD ("unknown-revision-is-named", test_unknown_revision_is_named);
  ADD ("close-while-asking", test_close_while_asking);
  ADD ("look-inside-opens-what-is-not-here", test_look_inside_opens_what_is_not_here);
  ADD ("much-traffic-is-asked-for", test_much_traffic_is_asked_for);
  ADD ("traffic-of-recomputing-is-asked-for", test_traffic_of_recomputing_is_asked_for);
  ADD ("without-safetensors-one-cannot-look-inside",
       test_without_safetensors_one_cannot_look_inside);
  ADD ("formats/that-cannot-be-opened-are-told", test_weights_that_cannot_be_opened_are_told);
  ADD ("pickles-lead-to-their-safetensors", test_pickles_lead_to_their_safetensors);
  ADD ("wrong-token-is-refused", test_wrong_token_is_refused);
  ADD ("gated-model-opens-with-a-token", test_gated_model_opens_with_a_token);
  status = ui_test_run ();
  hub_fixture_stop_server ();
  return status;
}
