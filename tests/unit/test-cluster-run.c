/* SPDX-License-Identifier: MIT */
/* The run of clusters: what it takes from the store, what it tells and when, how it stops. */
#include "analysis-fixture.h"

#include "analysis/cluster-run.h"

#include <sqlite3.h>

#define N 240
#define D 6

static const TensorSpec specs[] = {
  { "positions", WS_BLOCK_POSITION_EMBEDDING, -1, 2, { 20, D } },
  { "words", WS_BLOCK_EMBEDDING, -1, 2, { N, D } },
  { "norm", WS_BLOCK_NORM, -1, 1, { D } },
};

/* What the callbacks were told, as letters in their order: s study, f facts, p projection, e entry,
 * w warning. */
typedef struct
{
  char *folder, *path, *model_path;
  WsModel *model;
  WsStore *store;
  WsClusterOptions options;
  WsClusterCallbacks callbacks;
  GString *told;
  GCancellable *cancellable;
  guint cancel_after; /* entries; 0: never */
  guint n_entries;
  guint stages; /* bits of those that progress was told of */
  gboolean checks_store;
} Fixture;

static void
on_study (WsClusterStudy *study, gpointer user_data)
{
  Fixture *self = user_data;

  g_assert_cmpstr (study->tensor->name, ==, "words");
  g_assert_cmpuint (study->n_rows, ==, N);
  g_string_append_c (self->told, 's');
}

static void
on_facts (WsEmbeddingFacts *facts, const guint32 *rows, gpointer user_data)
{
  g_assert_cmpuint (facts->n, ==, N);
  g_assert_null (rows);
  g_string_append_c (((Fixture *) user_data)->told, 'f');
}

static void
on_projection (WsProjection *projection, gpointer user_data)
{
  g_assert_cmpuint (projection->n, ==, N);
  g_string_append_c (((Fixture *) user_data)->told, 'p');
}

static guint
count_stored (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WsClusterStudy) study =
      ws_cluster_run_load (self->model, &self->options, self->store, NULL, &error);

  g_assert_no_error (error);
  return study != NULL ? study->curve->len : 0;
}

static void
on_entry (WsSweepEntry *entry, gpointer user_data)
{
  Fixture *self = user_data;

  g_string_append_c (self->told, 'e');
  self->n_entries++;
  if (self->checks_store)
    g_assert_cmpuint (count_stored (self), ==, self->n_entries);
  if (self->n_entries == self->cancel_after)
    g_cancellable_cancel (self->cancellable);
}

static void
on_progress (const WsClusterProgress *progress, gpointer user_data)
{
  Fixture *self = user_data;

  g_assert_true (progress->share >= 0 && progress->share <= 1);
  g_assert_cmpuint (progress->n_done, <=, progress->n_total);
  self->stages |= 1u << progress->stage;
}

static void
on_warning (const char *sentence, gpointer user_data)
{
  g_string_append_c (((Fixture *) user_data)->told, 'w');
}

static WsStore *
open_store (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *warning = NULL;
  WsStore *store = ws_store_open (self->path, &warning, &error);

  g_assert_no_error (error);
  return store;
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = fixture_make_folder ();
  self->path = g_build_filename (self->folder, "results.sqlite", NULL);
  self->model_path = g_build_filename (self->folder, "model.bin", NULL);
  self->model = fixture_model_new (self->model_path, specs, G_N_ELEMENTS (specs));
  self->model->folder = ws_folder_new_local (self->folder);
  self->store = open_store (self);
  ws_cluster_options_init (&self->options);
  self->options.k_max = 6;
  self->options.n_threads = 2;
  self->callbacks = (WsClusterCallbacks){ on_study,    on_facts,   on_projection, on_entry,
                                          on_progress, on_warning, self };
  self->told = g_string_new (NULL);
  self->cancellable = g_cancellable_new ();
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_object_unref (self->cancellable);
  g_string_free (self->told, TRUE);
  ws_store_free (self->store);
  ws_model_unref (self->model);
  fixture_remove_folder (self->folder);
  g_free (self->model_path);
  g_free (self->path);
  g_free (self->folder);
}

static WsClusterStudy *
execute (Fixture *self, GError **error)
{
  g_autoptr (WsClusterRun) run =
      ws_cluster_run_new (self->model, &self->options, self->store, &self->callbacks);

  g_string_truncate (self->told, 0);
  self->n_entries = self->stages = 0;
  return ws_cluster_run_execute (run, self->cancellable, error);
}

static WsClusterStudy *
execute_well (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  WsClusterStudy *study = execute (self, &error);

  g_assert_no_error (error);
  return study;
}

static void
assert_fails (Fixture *self, GQuark domain, int code, const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (execute (self, &error));
  g_assert_error (error, domain, code);
  g_assert_nonnull (strstr (error->message, part));
}

static void
assert_same_curve (const WsClusterStudy *a, const WsClusterStudy *b)
{
  g_assert_cmpuint (a->curve->len, ==, b->curve->len);
  g_assert_cmpuint (a->choice.k, ==, b->choice.k);
  for (guint i = 0; i < a->curve->len; i++)
    {
      const WsSweepEntry *x = a->curve->pdata[i], *y = b->curve->pdata[i];

      g_assert_cmpuint (x->clustering->k, ==, y->clustering->k);
      g_assert_cmpfloat (x->clustering->inertia, ==, y->clustering->inertia);
      g_assert_cmpmem (x->clustering->labels, N * sizeof (guint32), y->clustering->labels,
                       N * sizeof (guint32));
    }
}

static void
test_parts_are_told_in_order (Fixture *self, gconstpointer data)
{
  g_autoptr (WsClusterStudy) study = execute_well (self);

  g_assert_cmpstr (self->told->str, ==, "sfpeeeeee");
  g_assert_cmpuint (self->stages, ==, (1u << (WS_CLUSTER_STAGE_CLUSTERING + 1)) - 1);
  g_assert_true (study->is_complete);
  g_assert_cmpuint (study->n_points, ==, N);
  g_assert_cmpuint (study->curve->len, ==, 6);
  g_assert_nonnull (ws_cluster_study_get_chosen (study));
  g_assert_cmpuint (ws_cluster_study_get_entry (study, 4)->clustering->k, ==, 4);
  g_assert_null (ws_cluster_study_get_entry (study, 7));
  g_assert_cmpfloat (study->seconds, >, 0);
}

static void
test_entry_is_stored_before_it_is_told (Fixture *self, gconstpointer data)
{
  g_autoptr (WsClusterStudy) study = NULL;

  self->checks_store = TRUE;
  study = execute_well (self);
  g_assert_cmpuint (self->n_entries, ==, 6);
}

/* The bytes are others, and nobody notices. */
static void
test_second_run_reads_no_weights (Fixture *self, gconstpointer data)
{
  g_autoptr (WsClusterStudy) first = execute_well (self);
  g_autoptr (WsClusterStudy) second = NULL;
  WsTensor *tensor = self->model->tensors->pdata[1];
  WsSource *source = tensor->source;
  g_autoptr (GBytes) none = g_bytes_new_static ("", 0);
  g_autoptr (GError) error = NULL;

  second = execute_well (self);
  g_assert_cmpstr (self->told->str, ==, "sfpeeeeee");
  g_assert_cmpuint (self->stages, ==, 1u << WS_CLUSTER_STAGE_VOCABULARY);
  g_assert_cmpfloat (second->seconds, ==, 0);
  assert_same_curve (first, second);
  /* With --fresh it would. */
  tensor->source = ws_source_new_bytes ("nothing", none);
  self->options.fresh = TRUE;
  g_assert_null (execute (self, &error));
  g_assert_nonnull (error);
  ws_source_unref (tensor->source);
  tensor->source = source;
}

static void
test_cancelled_run_is_resumed (Fixture *self, gconstpointer data)
{
  g_autoptr (WsClusterStudy) resumed = NULL, whole = NULL, partial = NULL;
  g_autoptr (GError) error = NULL;

  self->cancel_after = 3;
  g_assert_null (execute (self, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (self->told->str, ==, "sfpeee");
  g_cancellable_reset (self->cancellable);
  self->cancel_after = 0;
  partial = ws_cluster_run_load (self->model, &self->options, self->store, NULL, NULL);
  g_assert_cmpuint (partial->curve->len, ==, 3);
  g_assert_false (partial->is_complete);
  g_assert_nonnull (partial->projection);

  resumed = execute_well (self);
  g_assert_cmpstr (self->told->str, ==, "sfpeeeeee");
  /* The facts and the projection were there. */
  g_assert_cmpuint (self->stages & (1u << WS_CLUSTER_STAGE_FACTS), ==, 0);
  g_assert_cmpuint (self->stages & (1u << WS_CLUSTER_STAGE_PROJECTION), ==, 0);
  self->options.fresh = TRUE;
  whole = execute_well (self);
  assert_same_curve (resumed, whole);
}

static void
test_without_store_all_is_the_same (Fixture *self, gconstpointer data)
{
  g_autoptr (WsClusterStudy) stored = execute_well (self);
  g_autoptr (WsClusterRun) run = ws_cluster_run_new (self->model, &self->options, NULL, NULL);
  g_autoptr (WsClusterStudy) alone = ws_cluster_run_execute (run, NULL, NULL);

  assert_same_curve (stored, alone);
}

static void
test_fixed_k_is_one_entry (Fixture *self, gconstpointer data)
{
  g_autoptr (WsClusterStudy) sweep = execute_well (self);
  g_autoptr (WsClusterStudy) study = NULL;

  self->options.k = 5;
  study = execute_well (self);
  g_assert_cmpuint (self->stages, ==, 1u << WS_CLUSTER_STAGE_VOCABULARY); /* it was there */
  g_assert_cmpuint (study->curve->len, ==, 1);
  g_assert_cmpuint (study->choice.k, ==, 5);
  g_assert_true (study->is_complete);
}

/* Four of them: the curve ends there, and is not begun again. */
static void
test_few_different_rows_make_a_whole_curve (Fixture *self, gconstpointer data)
{
  g_autofree float *values = g_new (float, N *D);
  g_autofree char *path = g_build_filename (self->folder, "few.bin", NULL);
  g_autoptr (WsClusterStudy) first = NULL, second = NULL, loaded = NULL;
  WsTensor *tensor = self->model->tensors->pdata[1];
  WsSource *source = tensor->source;
  g_autofree char *sentence = NULL;

  for (gsize i = 0; i < N * D; i++)
    values[i] = 0.1f * (i / D % 4 + 1) * (i % D + 1);
  g_file_set_contents (path, (const char *) values, N * D * sizeof (float), NULL);
  tensor->source = ws_source_open_file (path, NULL);
  tensor->offset = 0;
  first = execute_well (self);
  g_assert_cmpuint (first->curve->len, ==, 4);
  sentence = ws_cluster_study_describe_rows (first, FALSE);
  g_assert_cmpstr (sentence, ==, "There are only 4 different rows: the curve ends there.");

  second = execute_well (self);
  g_assert_cmpuint (self->stages, ==, 1u << WS_CLUSTER_STAGE_VOCABULARY);
  assert_same_curve (first, second);
  loaded = ws_cluster_run_load (self->model, &self->options, self->store, NULL, NULL);
  g_assert_true (loaded->is_complete);
  ws_source_unref (tensor->source);
  tensor->source = source;
}

static void
test_nothing_stored_is_no_error (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ws_cluster_run_load (self->model, &self->options, self->store, NULL, &error));
  g_assert_no_error (error);
}

static void
test_settings_of_the_newest_are_found (Fixture *self, gconstpointer data)
{
  g_autoptr (WsClusterStudy) study = NULL;
  WsClusterOptions options;

  ws_cluster_options_init (&options);
  options.tensor = self->model->tensors->pdata[1];
  g_assert_false (ws_cluster_run_find_stored (&options, self->store));
  self->options.normalization = WS_NORMALIZATION_CENTER;
  self->options.seed = 9;
  study = execute_well (self);
  g_assert_true (ws_cluster_run_find_stored (&options, self->store));
  g_assert_cmpint (options.normalization, ==, WS_NORMALIZATION_CENTER);
  g_assert_cmpuint (options.seed, ==, 9);
  g_assert_cmpuint (options.k_max, ==, WS_CLUSTER_MAX_K);
}

static void
test_vocabulary_is_missing (Fixture *self, gconstpointer data)
{
  g_autoptr (WsClusterStudy) study = execute_well (self);
  g_autofree char *label = ws_cluster_study_dup_label (study, 17);

  g_assert_null (study->tokenizer);
  g_assert_nonnull (strstr (ws_cluster_study_get_tokenizer_note (study, FALSE), "no vocabulary"));
  g_assert_cmpstr (label, ==, "#17");
}

static void
test_vocabulary_names_rows (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "vocab.txt", NULL);
  g_autoptr (WsClusterStudy) study = NULL;
  g_autofree char *first = NULL, *last = NULL;

  g_assert_true (g_file_set_contents (path, "one\ntwo\n", -1, NULL));
  study = execute_well (self);
  first = ws_cluster_study_dup_label (study, 1);
  last = ws_cluster_study_dup_label (study, N - 1);
  g_assert_cmpstr (first, ==, "two");
  g_assert_cmpstr (last, ==, "#239");
  g_assert_nonnull (strstr (ws_cluster_study_get_tokenizer_note (study, FALSE),
                            "has 2 tokens and the matrix 240"));
}

static void
test_wrong_subjects_get_a_sentence (Fixture *self, gconstpointer data)
{
  self->options.k = N + 1;
  assert_fails (self, WS_ERROR, WS_ERROR_ARGUMENT, "241");
  self->options.k = 0;
  self->options.memory_limit = 5000;
  assert_fails (self, WS_ERROR, WS_ERROR_UNSUPPORTED, "'words'");
  self->options.memory_limit = 0;
  self->options.tensor = self->model->tensors->pdata[2];
  assert_fails (self, WS_ERROR, WS_ERROR_ARGUMENT, "'norm'");
  g_assert_cmpstr (self->told->str, ==, "");
}

static void
test_locked_store_costs_no_result (Fixture *self, gconstpointer data)
{
  g_autoptr (WsClusterStudy) study = NULL;
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (self->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
  study = execute_well (self);
  sqlite3_exec (db, "COMMIT", NULL, NULL, NULL);
  sqlite3_close (db);
  /* Said once. */
  g_assert_cmpstr (self->told->str, ==, "swfpeeeeee");
  g_assert_cmpuint (study->curve->len, ==, 6);
  g_assert_cmpuint (count_stored (self), ==, 0);
}

/* As tests of what shows a study make them. */
static void
test_empty_study_can_go (Fixture *self, gconstpointer data)
{
  WsClusterStudy *study = g_new0 (WsClusterStudy, 1);

  study->ref_count = 1;
  g_assert_null (ws_cluster_study_get_chosen (study));
  ws_cluster_study_unref (study);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add ("/cluster-run/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("parts/are-told-in-order", test_parts_are_told_in_order);
  ADD ("store/entry-is-there-before-it-is-told", test_entry_is_stored_before_it_is_told);
  ADD ("store/second-run-reads-no-weights", test_second_run_reads_no_weights);
  ADD ("store/cancelled-run-is-resumed", test_cancelled_run_is_resumed);
  ADD ("store/without-one-all-is-the-same", test_without_store_all_is_the_same);
  ADD ("store/nothing-there-is-no-error", test_nothing_stored_is_no_error);
  ADD ("store/few-different-rows-make-a-whole-curve", test_few_different_rows_make_a_whole_curve);
  ADD ("store/settings-of-the-newest", test_settings_of_the_newest_are_found);
  ADD ("store/locked-costs-no-result", test_locked_store_costs_no_result);
  ADD ("k/fixed-is-one-entry", test_fixed_k_is_one_entry);
  ADD ("vocabulary/missing", test_vocabulary_is_missing);
  ADD ("vocabulary/names-rows", test_vocabulary_names_rows);
  ADD ("wrong/subjects-get-a-sentence", test_wrong_subjects_get_a_sentence);
  ADD ("study/empty-can-go", test_empty_study_can_go);
  return g_test_run ();
}
