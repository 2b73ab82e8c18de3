/* SPDX-License-Identifier: MIT */
/* What the Hub tells, and what it may not make us believe. */
#include "hub-fixture.h"

#include "hub/hub.h"

#include <string.h>

typedef struct
{
  HubFixture server;
  WsHub *hub;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_auto (WsHubSettings) settings = { 0 };

  hub_fixture_set_up (&self->server, data);
  hub_fixture_init_settings (&self->server, &settings);
  self->hub = ws_hub_new (&settings);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  ws_hub_unref (self->hub);
  hub_fixture_tear_down (&self->server, data);
}

static void
use_token (Fixture *self, const char *token)
{
  g_auto (WsHubSettings) settings = { 0 };

  ws_hub_unref (self->hub);
  hub_fixture_init_settings (&self->server, &settings);
  settings.token = g_strdup (token);
  self->hub = ws_hub_new (&settings);
}

static void
use_patience (Fixture *self, guint seconds)
{
  g_auto (WsHubSettings) settings = { 0 };

  ws_hub_unref (self->hub);
  hub_fixture_init_settings (&self->server, &settings);
  settings.patience_seconds = seconds;
  self->hub = ws_hub_new (&settings);
}

/* The commit of @revision; NULL: main. (transfer full) */
static char *
dup_commit (Fixture *self, const char *id, const char *revision)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WsHubModel) model = ws_hub_read_model (self->hub, id, revision, NULL, &error);

  g_assert_no_error (error);
  return g_strdup (model->commit);
}

static WsHubListing *
read_listing (Fixture *self, const char *id, GError **error)
{
  g_autofree char *commit = dup_commit (self, id, NULL);

  return ws_hub_read_listing (self->hub, id, commit, NULL, error);
}

static void
test_model_tells_its_facts (Fixture *self, gconstpointer data)
{
  g_autofree char *answer = hub_fixture_order (
      &self->server, "POST", "/_control/repositories",
      "{\"id\": \"org/facts\", \"files\": {\"config.json\": \"{}\"}, \"gated\": \"manual\","
      " \"info\": {\"downloads\": 12, \"likes\": 3, \"pipeline_tag\": \"text-generation\","
      " \"tags\": [\"safetensors\", \"license:mit\"],"
      " \"safetensors\": {\"parameters\": {\"F32\": 10, \"BF16\": 1000, \"F8_E4M3\": 100}}}}");
  g_autoptr (GError) error = NULL;
  g_autoptr (WsHubModel) model = ws_hub_read_model (self->hub, "org/facts", NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (model->id, ==, "org/facts");
  g_assert_true (ws_hub_is_commit (model->commit));
  g_assert_cmpint (model->gate, ==, WS_GATE_MANUAL);
  g_assert_cmpuint (model->n_downloads, ==, 12);
  g_assert_cmpuint (model->n_likes, ==, 3);
  g_assert_true (model->has_safetensors);
  g_assert_false (model->has_gguf);
  g_assert_cmpstr (model->license, ==, "mit");
  g_assert_cmpstr (model->task, ==, "text-generation");
  g_assert_cmpuint (model->n_parameters, ==, 1110);
  g_assert_cmpuint (model->n_weight_bytes, ==, 10 * 4 + 1000 * 2 + 100);
  g_assert_cmpstr (model->main_dtype, ==, "BF16");
}

static void
test_renamed_model_has_its_new_name (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WsHubModel) model = ws_hub_read_model (self->hub, "org/old-name", NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (model->id, ==, "org/single");
}

static void
test_revisions_lead_to_their_commits (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) refs = ws_hub_read_refs (self->hub, "org/single", NULL, &error);
  g_autofree char *pull_request = dup_commit (self, "org/single", "refs/pr/1");
  gboolean has_tag = FALSE;

  g_assert_no_error (error);
  for (guint i = 0; i < refs->len; i++)
    {
      const WsHubRef *ref = g_ptr_array_index (refs, i);
      g_autofree char *commit = dup_commit (self, "org/single", ref->name);

      g_assert_cmpstr (commit, ==, ref->commit);
      has_tag |= ref->is_tag && strcmp (ref->name, "v1.0") == 0;
    }
  g_assert_true (has_tag);
  g_assert_true (ws_hub_is_commit (pull_request));
}

static void
test_pickles_lead_to_what_the_bot_made_of_them (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *revision = ws_hub_find_conversion (self->hub, "org/pickles", NULL, &error);
  g_autofree char *none = NULL;

  /* the newer request 4 is of somebody else */
  g_assert_no_error (error);
  g_assert_cmpstr (revision, ==, "refs/pr/3");
  none = ws_hub_find_conversion (self->hub, "org/single", NULL, &error);
  g_assert_no_error (error);
  g_assert_null (none);
}

static void
test_pickles_are_told_also_where_nobody_answers (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WsHubListing) pickles = read_listing (self, "org/pickles", &error);
  g_autoptr (WsHubListing) both = read_listing (self, "org/duplicates", &error);
  g_autofree char *sentence = NULL, *other = NULL;

  g_assert_no_error (error);
  hub_fixture_add_fault (&self->server,
                         "{\"kind\": \"status\", \"code\": 403, \"path\": \"*/discussions\"}");
  sentence = ws_hub_describe_pickles (self->hub, pickles, NULL);
  g_assert_cmpstr (sentence, ==,
                   "the weights of 'org/pickles' are Python pickles, which are not read");
  other = ws_hub_describe_pickles (self->hub, both, NULL);
  g_assert_null (other);
}

static void
test_search_finds_by_words (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) models = ws_hub_search (self->hub, "shard", 20, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (models->len, ==, 1);
  g_assert_cmpstr (((WsHubModel *) g_ptr_array_index (models, 0))->id, ==, "org/sharded");
}

static void
test_listing_has_all_files_with_their_hashes (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WsHubListing) listing = read_listing (self, "org/single", &error);
  const WsHubFile *weights, *config;

  g_assert_no_error (error);
  weights = ws_hub_listing_find (listing, "model.safetensors");
  config = ws_hub_listing_find (listing, "config.json");
  g_assert_nonnull (weights->sha256);
  g_assert_cmpuint (weights->n_bytes, >, 0);
  g_assert_null (config->sha256);
  g_assert_true (ws_hub_is_commit (config->git_oid));
  g_assert_null (ws_hub_listing_find (listing, "nothing"));
}

static void
test_listing_follows_all_pages (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WsHubListing) listing = read_listing (self, "org/many", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (listing->files->len, >=, 5000);
}

static void
test_hostile_names_are_refused_one_by_one (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WsHubListing) listing = read_listing (self, "org/hostile", &error);

  g_assert_no_error (error);
  g_assert_nonnull (ws_hub_listing_find (listing, "config.json"));
  g_assert_cmpuint (listing->refusals->len, >, 5);
  for (guint i = 0; i < listing->files->len; i++)
    {
      const WsHubFile *file = g_ptr_array_index (listing->files, i);

      g_assert_true (ws_hub_path_check (file->path, NULL));
    }
  for (guint i = 0; i < listing->refusals->len; i++)
    {
      const WsHubRefusal *refusal = g_ptr_array_index (listing->refusals, i);

      g_assert_cmpuint (strlen (refusal->reason), >, 0);
      g_assert_null (strpbrk (refusal->name, "\n\r"));
    }
}

/* The second of each pair would stand where the first stands, on some system or on all. */
static void
test_names_that_collide_are_refused (Fixture *self, gconstpointer data)
{
  const char *const pairs[][2] = {
    { "Model.safetensors", "model.safetensors" },
    { "a", "a/b" },
    { "a/b", "a" },
    { "A/b", "a/B" },
    { "x\u00e9", "xe\u0301" },
    { "same", "same" },
  };
  const char *const oid = "0123456789abcdef0123456789abcdef01234567";

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *text = g_strdup_printf (
          "{\"kind\": \"broken-json\", \"path\": \"*/tree/*\", \"text\": \"["
          "{\\\"type\\\": \\\"file\\\", \\\"path\\\": \\\"%s\\\", \\\"size\\\": 1, "
          "\\\"oid\\\": \\\"%s\\\"}, "
          "{\\\"type\\\": \\\"file\\\", \\\"path\\\": \\\"%s\\\", \\\"size\\\": 1, "
          "\\\"oid\\\": \\\"%s\\\"}]\"}",
          pairs[i][0], oid, pairs[i][1], oid);
      g_autoptr (GError) error = NULL;
      g_autoptr (WsHubListing) listing = NULL;

      g_test_message ("%s %s", pairs[i][0], pairs[i][1]);
      hub_fixture_add_fault (&self->server, text);
      listing = read_listing (self, "org/single", &error);
      g_assert_no_error (error);
      g_assert_cmpuint (listing->files->len, ==, 1);
      g_assert_cmpuint (listing->refusals->len, ==, 1);
    }
}

static void
test_bad_lists_end_in_a_sentence (Fixture *self, gconstpointer data)
{
  const struct
  {
    const char *fault;
    int code;
  } cases[] = {
    { "{\"kind\": \"portal\", \"path\": \"*/tree/*\"}", WS_HUB_ERROR_NOT_A_HUB },
    { "{\"kind\": \"broken-json\", \"path\": \"*/tree/*\"}", WS_HUB_ERROR_PROTOCOL },
    { "{\"kind\": \"deep-json\", \"path\": \"*/tree/*\"}", WS_HUB_ERROR_PROTOCOL },
    { "{\"kind\": \"endless-json\", \"path\": \"*/tree/*\"}", WS_HUB_ERROR_PROTOCOL },
    { "{\"kind\": \"paging\", \"next\": \"repeat\", \"times\": 0}", WS_HUB_ERROR_PROTOCOL },
    { "{\"kind\": \"paging\", \"next\": \"{stranger}/x\"}", WS_HUB_ERROR_PROTOCOL },
    { "{\"kind\": \"empty\", \"path\": \"*/tree/*\"}", WS_HUB_ERROR_PROTOCOL },
  };
  g_autofree char *commit = dup_commit (self, "org/single", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *reset =
          hub_fixture_order (&self->server, "DELETE", "/_control/faults", NULL);
      g_autoptr (WsHubListing) listing = NULL;

      g_test_message ("%s", cases[i].fault);
      hub_fixture_add_fault (&self->server, cases[i].fault);
      listing = ws_hub_read_listing (self->hub, "org/single", commit, NULL, &error);
      g_assert_null (listing);
      g_assert_error (error, WS_HUB_ERROR, cases[i].code);
    }
  g_assert_cmpint (hub_fixture_count (&self->server, "stranger", "requests"), ==, 0);
}

static void
test_what_passes_is_tried_again (Fixture *self, gconstpointer data)
{
  g_autofree char *commit = NULL;

  hub_fixture_add_fault (&self->server, "{\"kind\": \"status\", \"code\": 503}");
  hub_fixture_add_fault (&self->server, "{\"kind\": \"rate-limit\", \"seconds\": 1}");
  commit = dup_commit (self, "org/single", NULL);
  g_assert_cmpint (hub_fixture_count (&self->server, "hub", "requests"), ==, 3);
}

static void
test_long_waits_are_told (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WsHubModel) model = NULL;

  hub_fixture_add_fault (&self->server,
                         "{\"kind\": \"rate-limit\", \"seconds\": 200, \"times\": 0}");
  model = ws_hub_read_model (self->hub, "org/single", NULL, NULL, &error);
  g_assert_error (error, WS_HUB_ERROR, WS_HUB_ERROR_RATE_LIMIT);
  g_assert_nonnull (strstr (error->message, "20"));
  g_assert_cmpint (hub_fixture_count (&self->server, "hub", "requests"), ==, 1);
}

/* A user who gives up at a wait of more than @longest seconds. */
typedef struct
{
  GCancellable *cancellable;
  double longest, told;
  guint n_told;
} User;

static void
hear_wait (double seconds, const GError *failure, gpointer data)
{
  User *self = data;

  g_assert_nonnull (failure);
  self->told = seconds;
  self->n_told++;
  if (seconds > self->longest)
    g_cancellable_cancel (self->cancellable);
}

static void
test_patience_waits_as_long_as_it_is_asked_to (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  User user = { cancellable, .longest = 60 };
  g_autoptr (GError) error = NULL;
  g_autoptr (WsHubModel) model = NULL;

  use_patience (self, 600);
  ws_hub_set_wait_func (self->hub, hear_wait, &user);
  hub_fixture_add_fault (&self->server, "{\"kind\": \"rate-limit\", \"seconds\": 200}");
  model = ws_hub_read_model (self->hub, "org/single", NULL, cancellable, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (user.n_told, ==, 1);
  /* the window of requests, and a second for clocks that differ */
  g_assert_cmpfloat (user.told, ==, 201);
}

static void
test_patience_has_an_end (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WsHubModel) model = NULL;

  use_patience (self, 100);
  hub_fixture_add_fault (&self->server, "{\"kind\": \"rate-limit\", \"seconds\": 200}");
  model = ws_hub_read_model (self->hub, "org/single", NULL, NULL, &error);
  g_assert_error (error, WS_HUB_ERROR, WS_HUB_ERROR_RATE_LIMIT);
  g_assert_cmpint (hub_fixture_count (&self->server, "hub", "requests"), ==, 1);
}

/* After 0.3, 1 and 3 seconds, a Hub that has answered before is worth another 8. */
static void
test_patience_goes_on_where_others_give_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  User user = { cancellable, .longest = 5 };
  g_autoptr (GError) error = NULL;
  g_autofree char *commit = NULL;
  g_autoptr (WsHubModel) model = NULL;

  use_patience (self, 600);
  ws_hub_set_wait_func (self->hub, hear_wait, &user);
  commit = dup_commit (self, "org/single", NULL);
  hub_fixture_add_fault (&self->server, "{\"kind\": \"status\", \"code\": 503, \"times\": 0}");
  model = ws_hub_read_model (self->hub, "org/single", NULL, cancellable, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (user.n_told, ==, 2);
  g_assert_cmpfloat (user.told, ==, 8);
}

static void
test_bytes_are_on_the_second_host (Fixture *self, gconstpointer data)
{
  g_autofree char *commit = dup_commit (self, "org/single", NULL);
  g_autoptr (WsHubListing) listing = read_listing (self, "org/single", NULL);
  const WsHubFile *file = ws_hub_listing_find (listing, "model.safetensors");
  g_auto (WsHubLocation) location = { 0 };
  g_autoptr (GError) error = NULL;

  ws_hub_resolve (self->hub, "org/single", commit, file->path, &location, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (location.url, self->server.cdn));
  g_assert_cmpstr (location.etag, ==, file->sha256);
  g_assert_cmpuint (location.n_bytes, ==, file->n_bytes);
  /* it was only asked where they are */
  g_assert_cmpint (hub_fixture_count (&self->server, "cdn", "requests"), ==, 0);
}

static void
test_small_files_are_on_the_hub (Fixture *self, gconstpointer data)
{
  g_autofree char *commit = dup_commit (self, "org/single", NULL);
  g_autoptr (WsHubListing) listing = read_listing (self, "org/single", NULL);
  const WsHubFile *file = ws_hub_listing_find (listing, "config.json");
  g_auto (WsHubLocation) location = { 0 };
  g_autoptr (GError) error = NULL;

  ws_hub_resolve (self->hub, "org/single", commit, file->path, &location, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (location.url, self->server.hub));
  g_assert_cmpstr (location.etag, ==, file->git_oid);
  g_assert_cmpuint (location.n_bytes, ==, file->n_bytes);
}

static void
test_portal_is_no_hub (Fixture *self, gconstpointer data)
{
  g_autofree char *commit = dup_commit (self, "org/single", NULL);
  g_auto (WsHubLocation) location = { 0 };
  g_autoptr (GError) error = NULL;

  hub_fixture_add_fault (&self->server, "{\"kind\": \"portal\", \"times\": 0}");
  g_assert_false (
      ws_hub_resolve (self->hub, "org/single", commit, "config.json", &location, NULL, &error));
  g_assert_error (error, WS_HUB_ERROR, WS_HUB_ERROR_NOT_A_HUB);
}

static void
test_token_is_tested_by_its_name (Fixture *self, gconstpointer data)
{
  const char *const refused[] = { NULL, self->server.token_revoked };
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;

  use_token (self, self->server.token_full);
  name = ws_hub_read_user (self->hub, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (name);
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      use_token (self, refused[i]);
      g_assert_null (ws_hub_read_user (self->hub, NULL, &error));
      g_assert_error (error, WS_HUB_ERROR, WS_HUB_ERROR_BAD_TOKEN);
      g_clear_error (&error);
    }
}

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  ADD ("/hub/model/tells-its-facts", test_model_tells_its_facts);
  ADD ("/hub/renamed-model/has-its-new-name", test_renamed_model_has_its_new_name);
  ADD ("/hub/revisions/lead-to-their-commits", test_revisions_lead_to_their_commits);
  ADD ("/hub/pickles/lead-to-what-the-bot-made-of-them",
       test_pickles_lead_to_what_the_bot_made_of_them);
  ADD ("/hub/pickles/are-told-also-where-nobody-answers",
       test_pickles_are_told_also_where_nobody_answers);
  ADD ("/hub/search/finds-by-words", test_search_finds_by_words);
  ADD ("/hub/listing/has-all-files-with-their-hashes",
       test_listing_has_all_files_with_their_hashes);
  ADD ("/hub/listing/follows-all-pages", test_listing_follows_all_pages);
  ADD ("/hub/listing/hostile-names-are-refused-one-by-one",
       test_hostile_names_are_refused_one_by_one);
  ADD ("/hub/listing/names-that-collide-are-refused", test_names_that_collide_are_refused);
  ADD ("/hub/listing/bad-lists-end-in-a-sentence", test_bad_lists_end_in_a_sentence);
  ADD ("/hub/tries/what-passes-is-tried-again", test_what_passes_is_tried_again);
  ADD ("/hub/tries/long-waits-are-told", test_long_waits_are_told);
  ADD ("/hub/patience/waits-as-long-as-it-is-asked-to",
       test_patience_waits_as_long_as_it_is_asked_to);
  ADD ("/hub/patience/has-an-end", test_patience_has_an_end);
  ADD ("/hub/patience/goes-on-where-others-give-up", test_patience_goes_on_where_others_give_up);
  ADD ("/hub/resolve/bytes-are-on-the-second-host", test_bytes_are_on_the_second_host);
  ADD ("/hub/resolve/small-files-are-on-the-hub", test_small_files_are_on_the_hub);
  ADD ("/hub/resolve/portal-is-no-hub", test_portal_is_no_hub);
  ADD ("/hub/token/is-tested-by-its-name", test_token_is_tested_by_its_name);
  status = g_test_run ();
  hub_fixture_stop_server ();
  return status;
}
