/* SPDX-License-Identifier: MIT */
/* The record: facts that are known, null for those that are not, no path of the user's. */
#include "analysis-fixture.h"

#include "analysis/record.h"

static const TensorSpec spec = { "w", WS_BLOCK_Q_PROJ, 0, 2, { 4, 4 } };
static const char sha256[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

static JsonObject *
make_record (const WsModel *model, const WsRecordInput *input, JsonNode **node)
{
  *node = ws_record_new (model, input);
  return json_node_get_object (*node);
}

static void
test_facts (void)
{
  g_autoptr (WsModel) model = fixture_model_in_memory (&spec, 1);
  g_autoptr (JsonNode) node = NULL;
  WsAnalysisOptions options;
  WsRecordInput input = { "org/name", "abc",         "2026-11-23T01:02:03Z",
                          &options,   "NVIDIA H200", "no GPU" };
  JsonObject *record, *used;

  ws_analysis_options_init (&options);
  options.n_threads = 3;
  record = make_record (model, &input, &node);
  g_assert_cmpstr (json_object_get_string_member (record, "model_id"), ==, "org/name");
  g_assert_cmpstr (json_object_get_string_member (record, "revision"), ==, "abc");
  g_assert_cmpstr (json_object_get_string_member (record, "started"), ==, "2026-11-23T01:02:03Z");
  g_assert_cmpstr (json_object_get_string_member (record, "device"), ==, "NVIDIA H200");
  g_assert_cmpstr (json_object_get_string_member (record, "device_note"), ==, "no GPU");
  g_assert_cmpint (json_object_get_int_member (record, "threads"), ==, 3);
  used = json_object_get_object_member (record, "options");
  g_assert_cmpfloat (json_object_get_double_member (used, "rank_tol"), ==, 1e-6);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (used, "energy")), ==, 4);
  g_assert_true (json_object_get_null_member (used, "rank_k"));
}

static void
test_unknown_is_null (void)
{
  g_autoptr (WsModel) model = fixture_model_in_memory (&spec, 1);
  g_autoptr (JsonNode) node = NULL;
  WsAnalysisOptions options;
  WsRecordInput input = { .options = &options };
  JsonObject *record;

  ws_analysis_options_init (&options);
  record = make_record (model, &input, &node);
  g_assert_true (json_object_get_null_member (record, "model_id"));
  g_assert_true (json_object_get_null_member (record, "revision"));
  g_assert_true (json_object_get_null_member (record, "device_note"));
  g_assert_cmpstr (json_object_get_string_member (record, "device"), ==, "cpu");
}

static void
test_options_of_clusters (void)
{
  g_autoptr (WsModel) model = fixture_model_in_memory (&spec, 1);
  g_autoptr (JsonNode) node = NULL, both = NULL;
  WsAnalysisOptions options;
  WsClusterOptions clusters;
  WsRecordInput input = { .clusters = &clusters };
  JsonObject *record, *used;

  ws_analysis_options_init (&options);
  ws_cluster_options_init (&clusters);
  clusters.tensor = model->tensors->pdata[0];
  clusters.seed = 7;
  clusters.n_threads = 5;
  record = make_record (model, &input, &node);
  g_assert_cmpint (json_object_get_int_member (record, "threads"), ==, 5);
  used = json_object_get_object_member (record, "options");
  g_assert_cmpstr (json_object_get_string_member (used, "tensor"), ==, "w");
  g_assert_cmpstr (json_object_get_string_member (used, "normalize"), ==, "zscore");
  g_assert_cmpstr (json_object_get_string_member (used, "criterion"), ==, "elbow");
  g_assert_true (json_object_get_null_member (used, "k"));
  g_assert_cmpint (json_object_get_int_member (used, "max_k"), ==, 100);
  g_assert_cmpint (json_object_get_int_member (used, "seed"), ==, 7);
  g_assert_cmpint (json_object_get_int_member (used, "n_silhouette"), ==, 10000);
  g_assert_false (json_object_has_member (used, "rank_tol"));

  input.options = &options;
  used = json_object_get_object_member (make_record (model, &input, &both), "options");
  g_assert_cmpfloat (json_object_get_double_member (used, "rank_tol"), ==, 1e-6);
  used = json_object_get_object_member (used, "clusters");
  g_assert_cmpint (json_object_get_int_member (used, "seed"), ==, 7);
}

/* @name: the file's, below @folder. */
static void
assert_sha256 (const char *folder, const char *name, const char *expected)
{
  g_autofree char *top = fixture_make_folder ();
  g_autofree char *below = g_build_filename (top, folder, NULL);
  g_autofree char *path = g_build_filename (below, name, NULL);
  g_autoptr (WsModel) model = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autofree char *text = NULL;
  WsAnalysisOptions options;
  WsRecordInput input = { .options = &options };
  JsonObject *file;

  g_assert_cmpint (g_mkdir (below, 0700), ==, 0);
  model = fixture_model_new (path, &spec, 1);
  ws_analysis_options_init (&options);
  file = json_array_get_object_element (
      json_object_get_array_member (make_record (model, &input, &node), "files"), 0);
  g_assert_cmpstr (json_object_get_string_member (file, "name"), ==, name);
  g_assert_cmpint (json_object_get_int_member (file, "size"), ==, 64);
  if (expected != NULL)
    g_assert_cmpstr (json_object_get_string_member (file, "sha256"), ==, expected);
  else
    g_assert_true (json_object_get_null_member (file, "sha256"));
  text = json_to_string (node, FALSE);
  g_assert_null (strstr (text, top));
  fixture_remove_folder (below);
  fixture_remove_folder (top);
}

static void
test_sha256_of_hub_cache (void)
{
  assert_sha256 ("blobs", sha256, sha256);
}

/* A name is no proof elsewhere, and a small file's blob is named by a git hash of 40 digits. */
static void
test_sha256_is_not_guessed (void)
{
  assert_sha256 ("models", sha256, NULL);
  assert_sha256 ("blobs", "0123456789abcdef0123456789abcdef01234567", NULL);
  assert_sha256 ("blobs", "model.safetensors", NULL);
}

/* date -u -d @1700000000: 2023-11-14 22:13:20 */
static void
test_time_of_source_date_epoch (void)
{
  g_autofree char *time = NULL;

  g_setenv ("SOURCE_DATE_EPOCH", "1700000000", TRUE);
  time = ws_record_get_time ();
  g_unsetenv ("SOURCE_DATE_EPOCH");
  g_assert_cmpstr (time, ==, "2023-11-14T22:13:20Z");
}

static void
test_time_is_rfc3339 (void)
{
  g_autofree char *now = NULL;
  g_autoptr (GDateTime) parsed = NULL;

  g_setenv ("SOURCE_DATE_EPOCH", "yesterday", TRUE);
  now = ws_record_get_time ();
  g_unsetenv ("SOURCE_DATE_EPOCH");
  parsed = g_date_time_new_from_iso8601 (now, NULL);
  g_assert_nonnull (parsed);
  g_assert_cmpuint (strlen (now), ==, strlen ("2026-11-23T01:02:03Z"));
}

static void
test_build_facts (void)
{
  g_autofree char *facts = ws_record_get_build_facts ();

  g_assert_nonnull (strstr (facts, ws_spectrum_get_blas_name ()));
  g_assert_nonnull (strstr (facts, "SQLite"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/record/facts", test_facts);
  g_test_add_func ("/record/clusters/have-options-of-their-own", test_options_of_clusters);
  g_test_add_func ("/record/unknown-is-null", test_unknown_is_null);
  g_test_add_func ("/record/sha256/of-hub-cache", test_sha256_of_hub_cache);
  g_test_add_func ("/record/sha256/is-not-guessed", test_sha256_is_not_guessed);
  g_test_add_func ("/record/time/of-source-date-epoch", test_time_of_source_date_epoch);
  g_test_add_func ("/record/time/is-rfc3339", test_time_is_rfc3339);
  g_test_add_func ("/record/build-facts", test_build_facts);
  return g_test_run ();
}
