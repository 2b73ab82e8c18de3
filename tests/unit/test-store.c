/* SPDX-License-Identifier: MIT */
/* The result store: what is saved is found again bit for bit, and nothing else is believed. */
#include "analysis-fixture.h"

#include "analysis/store-private.h"

#include <sys/wait.h>
#include <unistd.h>
#include <utime.h>

static const TensorSpec specs[] = {
  { "layers.0.q", WS_BLOCK_Q_PROJ, 0, 2, { 30, 20 } },
  { "layers.0.experts", WS_BLOCK_MOE_EXPERT_UP, 0, 3, { 2, 6, 5 } },
  { "norm", WS_BLOCK_NORM, -1, 1, { 40 } }
};
#define N_RESULTS 4

typedef struct
{
  char *folder;
  char *path; /* of the store */
  char *model_path;
  WsModel *model;
  WsSpectrumOptions options;
  WsMetricOptions metric_options;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = fixture_make_folder ();
  self->path = g_build_filename (self->folder, "results.sqlite", NULL);
  self->model_path = g_build_filename (self->folder, "model.bin", NULL);
  self->model = fixture_model_new (self->model_path, specs, G_N_ELEMENTS (specs));
  ws_spectrum_options_init (&self->options);
  ws_metric_options_init (&self->metric_options);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  ws_model_unref (self->model);
  fixture_remove_folder (self->folder);
  g_free (self->model_path);
  g_free (self->path);
  g_free (self->folder);
}

static WsStore *
open_store (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *warning = NULL;
  WsStore *store = ws_store_open (self->path, &warning, &error);

  g_assert_no_error (error);
  g_assert_null (warning);
  return store;
}

/* Finishes and saves all results of the model; returns them. */
static GPtrArray *
save_all (Fixture *self, WsStore *store)
{
  GPtrArray *results = fixture_plan (self->model);

  for (guint i = 0; i < results->len; i++)
    {
      WsResult *pending = g_ptr_array_index (results, i);
      g_autoptr (GError) error = NULL;

      g_ptr_array_index (results, i) = fixture_finish (pending);
      ws_result_unref (pending);
      ws_store_save (store, g_ptr_array_index (results, i), &self->options, &error);
      g_assert_no_error (error);
    }
  return results;
}

static void
fill (Fixture *self)
{
  g_autoptr (WsStore) store = open_store (self);
  g_autoptr (GPtrArray) results = save_all (self, store);
}

static guint
count_found_of (Fixture *self, WsStore *store, WsModel *model)
{
  g_autoptr (GPtrArray) results = fixture_plan (model);
  g_autoptr (GError) error = NULL;
  guint n = ws_store_load (store, results, &self->options, &self->metric_options, &error);

  g_assert_no_error (error);
  return n;
}

static guint
count_found (Fixture *self)
{
  g_autoptr (WsStore) store = open_store (self);

  return count_found_of (self, store, self->model);
}

static void
execute (Fixture *self, const char *sql)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (self->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

static void
test_found_bit_for_bit (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) results = fixture_plan (self->model);
  g_autoptr (GPtrArray) saved = NULL;
  g_autoptr (WsStore) store = open_store (self);
  g_autoptr (GError) error = NULL;

  saved = save_all (self, store);
  g_assert_cmpuint (ws_store_load (store, results, &self->options, &self->metric_options, &error),
                    ==, N_RESULTS);
  g_assert_no_error (error);
  for (guint i = 0; i < N_RESULTS; i++)
    {
      const WsResult *a = g_ptr_array_index (saved, i);
      const WsResult *b = g_ptr_array_index (results, i);

      g_assert_cmpint (a->state, ==, b->state);
      g_assert_cmpint (a->slice, ==, b->slice);
      g_assert_true (b->from_store);
      g_assert_cmpmem (a->spectrum.sigma, a->spectrum.n_sigma * sizeof (double), b->spectrum.sigma,
                       b->spectrum.n_sigma * sizeof (double));
      g_assert_cmpint (a->spectrum.method, ==, b->spectrum.method);
      g_assert_cmpstr (a->spectrum.backend, ==, b->spectrum.backend);
      g_assert_cmpfloat (a->spectrum.seconds, ==, b->spectrum.seconds);
      g_assert_cmpfloat (a->spectrum.moments.mean, ==, b->spectrum.moments.mean);
      g_assert_true (isnan (b->spectrum.moments.skewness));
      g_assert_cmpint (b->spectrum.moments.first_nonfinite, ==, -1);
      g_assert_cmpmem (&a->metrics.rank_energy, sizeof a->metrics.rank_energy,
                       &b->metrics.rank_energy, sizeof b->metrics.rank_energy);
    }
}

static void
test_fault_is_kept (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) results = fixture_plan (self->model);
  g_autoptr (GPtrArray) saved = NULL;
  g_autoptr (WsStore) store = open_store (self);
  WsResult *first;

  saved = save_all (self, store);
  first = g_ptr_array_index (saved, 0);
  first->spectrum.backend = "cpu";
  first->spectrum.fault = WS_FAULT_TIMEOUT;
  g_assert_true (ws_store_save (store, first, &self->options, NULL));
  ws_store_load (store, results, &self->options, &self->metric_options, NULL);
  first = g_ptr_array_index (results, 0);
  g_assert_cmpint (first->spectrum.fault, ==, WS_FAULT_TIMEOUT);
  first = g_ptr_array_index (results, 1);
  g_assert_cmpint (first->spectrum.fault, ==, WS_FAULT_NONE);
}

/* Version 1 had no faults and nothing of the machine. */
static void
test_first_version_is_taken_over (Fixture *self, gconstpointer data)
{
  g_autoptr (WsStore) store = NULL;
  g_autofree char *value = NULL;

  fill (self);
  execute (self, "ALTER TABLE result DROP COLUMN fault; DROP TABLE meta; DROP TABLE clustering;"
                 " DROP TABLE projection; DROP TABLE embedding; PRAGMA user_version = 1");
  g_assert_cmpuint (count_found (self), ==, N_RESULTS);
  store = open_store (self);
  g_ptr_array_unref (save_all (self, store));
  ws_store_set_meta (store, "a", "b");
  value = ws_store_dup_meta (store, "a");
  g_assert_cmpstr (value, ==, "b");
}

static void
test_meta (Fixture *self, gconstpointer data)
{
  g_autoptr (WsStore) store = open_store (self);
  g_autofree char *first = NULL, *second = NULL;

  g_assert_null (ws_store_dup_meta (store, "speed"));
  ws_store_set_meta (store, "speed", "1");
  first = ws_store_dup_meta (store, "speed");
  g_assert_cmpstr (first, ==, "1");
  ws_store_set_meta (store, "speed", "2");
  second = ws_store_dup_meta (store, "speed");
  g_assert_cmpstr (second, ==, "2");
}

static void
test_found_after_reopening (Fixture *self, gconstpointer data)
{
  fill (self);
  g_assert_cmpuint (count_found (self), ==, N_RESULTS);
}

static void
test_options_are_part_of_key (Fixture *self, gconstpointer data)
{
  fill (self);
  self->options.rank_tol = 1e-5;
  g_assert_cmpuint (count_found (self), ==, 0);
  self->options.rank_tol = 1e-6;
  self->options.zero_eps = 0;
  g_assert_cmpuint (count_found (self), ==, 0);
  self->options.zero_eps = 1e-8;
  self->options.memory_limit = 1 << 20;
  g_assert_cmpuint (count_found (self), ==, N_RESULTS);
}

static void
test_tensor_is_part_of_key (Fixture *self, gconstpointer data)
{
  WsTensor *tensor = g_ptr_array_index (self->model->tensors, 0);

  fill (self);
  tensor->dtype = WS_DTYPE_F16;
  g_assert_cmpuint (count_found (self), ==, N_RESULTS - 1);
  tensor->dtype = WS_DTYPE_F32;
  tensor->offset += 4;
  g_assert_cmpuint (count_found (self), ==, N_RESULTS - 1);
  tensor->offset -= 4;
  tensor->dims[0] = 20;
  tensor->dims[1] = 30;
  g_assert_cmpuint (count_found (self), ==, N_RESULTS - 1);
}

static void
test_method_version_is_part_of_key (Fixture *self, gconstpointer data)
{
  fill (self);
  execute (self, "UPDATE result SET method_version = method_version - 1");
  g_assert_cmpuint (count_found (self), ==, 0);
}

static void
touch (const char *path)
{
  struct utimbuf times = { 1000000000, 1000000000 };

  g_assert_cmpint (utime (path, &times), ==, 0);
}

static WsModel *
open_other_model (Fixture *self, const char *name)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  return fixture_model_new (path, specs, G_N_ELEMENTS (specs));
}

/* The rows of another file stay, those of the changed one are found no more, and go when it is
 * saved again. */
static void
test_changed_file_loses_its_rows (Fixture *self, gconstpointer data)
{
  g_autoptr (WsModel) other = open_other_model (self, "other.bin");
  g_autoptr (WsModel) changed = NULL;
  g_autoptr (WsStore) store = NULL;
  g_autoptr (GPtrArray) results = NULL;
  g_autoptr (WsResult) finished = NULL;
  WsModel *model = self->model;

  fill (self);
  self->model = other;
  fill (self);
  self->model = model;
  touch (self->model_path);
  changed = fixture_model_from_source (ws_source_open_file (self->model_path, NULL), specs,
                                       G_N_ELEMENTS (specs));
  store = open_store (self);
  g_assert_cmpuint (count_found_of (self, store, changed), ==, 0);
  g_assert_cmpuint (count_found_of (self, store, other), ==, N_RESULTS);

  results = fixture_plan (changed);
  finished = fixture_finish (g_ptr_array_index (results, 0));
  g_assert_true (ws_store_save (store, finished, &self->options, NULL));
  g_assert_cmpuint (count_found_of (self, store, changed), ==, 1);
  g_assert_cmpuint (count_found_of (self, store, model), ==, 0);
  g_assert_cmpuint (count_found_of (self, store, other), ==, N_RESULTS);
}

static void
test_unfinished_is_not_kept (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) results = fixture_plan (self->model);
  g_autoptr (WsStore) store = open_store (self);
  WsResult *pending = g_ptr_array_index (results, 0);
  g_autoptr (WsResult) failed = ws_result_new_failed (pending, WS_STATE_ERROR, "no");

  g_assert_true (ws_store_save (store, pending, &self->options, NULL));
  g_assert_true (ws_store_save (store, failed, &self->options, NULL));
  g_assert_cmpuint (count_found_of (self, store, self->model), ==, 0);
}

static void
test_memory_is_not_kept (Fixture *self, gconstpointer data)
{
  g_autoptr (WsModel) model = fixture_model_in_memory (specs, 1);
  g_autoptr (GPtrArray) results = fixture_plan (model);
  g_autoptr (WsResult) finished = fixture_finish (g_ptr_array_index (results, 0));
  g_autoptr (WsStore) store = open_store (self);

  g_assert_true (ws_store_save (store, finished, &self->options, NULL));
  g_assert_cmpuint (count_found_of (self, store, model), ==, 0);
}

static void
test_nonfinite_is_kept (Fixture *self, gconstpointer data)
{
  g_autoptr (WsModel) model =
      fixture_model_from_source (ws_source_open_file (self->model_path, NULL), &specs[0], 1);
  g_autoptr (GPtrArray) results = fixture_plan (model);
  g_autoptr (WsStore) store = open_store (self);
  g_autoptr (WsResult) finished = NULL;
  g_autofree char *note = NULL;
  WsSpectrum spectrum;
  WsMatrix matrix;

  ws_matrix_init (&matrix, g_ptr_array_index (model->tensors, 0), -1);
  fixture_fill_spectrum (&spectrum, &matrix, FALSE);
  spectrum.moments.n_finite -= 3;
  spectrum.moments.n_nan = 3;
  spectrum.moments.first_nonfinite = 17;
  finished =
      ws_result_new_finished (g_ptr_array_index (results, 0), &spectrum, &self->metric_options);
  g_assert_true (ws_store_save (store, finished, &self->options, NULL));
  g_assert_cmpuint (ws_store_load (store, results, &self->options, &self->metric_options, NULL), ==,
                    1);
  note = ws_result_dup_note (g_ptr_array_index (results, 0), FALSE);
  g_assert_cmpstr (note, ==, "3 not finite, first at row 0, column 17");
}

static void
test_forgotten (Fixture *self, gconstpointer data)
{
  g_autoptr (WsStore) store = open_store (self);
  g_autoptr (GPtrArray) saved = save_all (self, store);
  g_autoptr (GPtrArray) two = g_ptr_array_new ();

  g_ptr_array_add (two, g_ptr_array_index (saved, 0));
  g_ptr_array_add (two, g_ptr_array_index (saved, 3));
  g_assert_true (ws_store_forget (store, two, NULL));
  g_assert_cmpuint (count_found_of (self, store, self->model), ==, N_RESULTS - 2);
}

/* One SQL statement that damages one row, or all: that many are still believed. */
static const struct
{
  const char *name;
  const char *sql;
  guint n_found;
} spoilings[] = {
  { "sigma-shorter", "UPDATE result SET sigma = substr (sigma, 1, 152) WHERE tensor LIKE '%q'", 3 },
  { "sigma-odd", "UPDATE result SET sigma = substr (sigma, 1, 155) WHERE tensor LIKE '%q'", 3 },
  { "sigma-missing", "UPDATE result SET sigma = NULL WHERE tensor LIKE '%q'", 3 },
  { "sigma-other", "UPDATE result SET sigma = randomblob (160) WHERE tensor LIKE '%q'", 3 },
  { "sigma-text", "UPDATE result SET sigma = 'spectrum'", 0 },
  { "sigma-of-vector", "UPDATE result SET sigma = zeroblob (8) WHERE tensor = 'norm'", 3 },
  { "mean", "UPDATE result SET mean = mean * 2 WHERE tensor = 'norm'", 3 },
  { "mean-text", "UPDATE result SET mean = 'x' WHERE tensor = 'norm'", 3 },
  { "count", "UPDATE result SET n_elements = -1 WHERE tensor = 'norm'", 3 },
  { "count-huge", "UPDATE result SET n_finite = 9223372036854775807", 0 },
  { "method", "UPDATE result SET method = 'guessed' WHERE tensor = 'norm'", 3 },
  { "name-blob", "UPDATE result SET tensor = x'ff00fe' WHERE tensor = 'norm'", 3 },
  { "slice", "UPDATE result SET slice = 7 WHERE slice = 1", 3 },
};

static void
test_spoilt_row_is_ignored (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (spoilings); i++)
    {
      g_test_message ("%s", spoilings[i].name);
      fill (self);
      execute (self, spoilings[i].sql);
      g_assert_cmpuint (count_found (self), ==, spoilings[i].n_found);
      g_remove (self->path);
    }
}

static void
assert_damaged_is_moved_aside (Fixture *self)
{
  g_autofree char *aside = g_strconcat (self->path, ".damaged-1", NULL);
  g_autofree char *warning = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (WsStore) store = ws_store_open (self->path, &warning, &error);
  g_autoptr (GPtrArray) results = NULL;

  g_assert_no_error (error);
  g_assert_nonnull (strstr (warning, aside));
  g_assert_true (g_file_test (aside, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (count_found_of (self, store, self->model), ==, 0);
  results = save_all (self, store);
  g_assert_cmpuint (count_found_of (self, store, self->model), ==, N_RESULTS);
}

static void
test_damaged_garbage (Fixture *self, gconstpointer data)
{
  g_autofree char *garbage = g_malloc (20000);

  memset (garbage, 0xa5, 20000);
  g_assert_true (g_file_set_contents (self->path, garbage, 20000, NULL));
  assert_damaged_is_moved_aside (self);
}

static void
test_damaged_truncated (Fixture *self, gconstpointer data)
{
  GStatBuf status;

  fill (self);
  g_assert_cmpint (g_stat (self->path, &status), ==, 0);
  g_assert_cmpint (truncate (self->path, status.st_size / 2 + 100), ==, 0);
  assert_damaged_is_moved_aside (self);
}

/* All pages but the first, which says that it is a database. */
static void
test_damaged_pages (Fixture *self, gconstpointer data)
{
  g_autofree char *bytes = NULL;
  gsize n;

  fill (self);
  g_assert_true (g_file_get_contents (self->path, &bytes, &n, NULL));
  memset (bytes + 4096, 0x5a, n - 4096);
  g_assert_true (g_file_set_contents (self->path, bytes, (gssize) n, NULL));
  assert_damaged_is_moved_aside (self);
}

static void
overwrite (const char *path, const char *bytes, gsize n)
{
  FILE *file = g_fopen (path, "r+b");

  g_assert_cmpuint (fwrite (bytes, 1, n, file), ==, n);
  g_assert_cmpint (fclose (file), ==, 0);
}

/* As with a file too large to be read through on opening: the damage shows at the first look-up. */
static void
test_damage_found_later (Fixture *self, gconstpointer data)
{
  g_autofree char *aside = g_strconcat (self->path, ".damaged-1", NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (WsStore) store = NULL;
  g_autoptr (GPtrArray) pending = fixture_plan (self->model);
  g_autoptr (GPtrArray) saved = NULL;
  g_autoptr (GError) error = NULL;
  gsize n;

  fill (self);
  store = open_store (self);
  g_assert_true (g_file_get_contents (self->path, &bytes, &n, NULL));
  memset (bytes + 4096, 0x5a, n - 4096);
  overwrite (self->path, bytes, n);
  sqlite3_db_release_memory (store->db); /* what it remembers of the pages */
  g_assert_cmpuint (ws_store_load (store, pending, &self->options, &self->metric_options, &error),
                    ==, 0);
  g_assert_error (error, WS_ERROR, WS_ERROR_STORE);
  g_assert_nonnull (strstr (error->message, aside));
  saved = save_all (self, store);
  g_assert_cmpuint (count_found_of (self, store, self->model), ==, N_RESULTS);
}

static void
assert_refused (Fixture *self, const char *path)
{
  g_autofree char *warning = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (ws_store_open (path, &warning, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_null (warning);
}

static void
assert_left_alone (Fixture *self, const char *sql)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize n_before, n_after;

  execute (self, sql);
  g_assert_true (g_file_get_contents (self->path, &before, &n_before, NULL));
  assert_refused (self, self->path);
  g_assert_true (g_file_get_contents (self->path, &after, &n_after, NULL));
  g_assert_cmpmem (before, n_before, after, n_after);
}

static void
test_newer_is_left_alone (Fixture *self, gconstpointer data)
{
  fill (self);
  assert_left_alone (self, "PRAGMA user_version = 99");
}

static void
test_foreign_is_left_alone (Fixture *self, gconstpointer data)
{
  assert_left_alone (self, "PRAGMA journal_mode = WAL; CREATE TABLE address (name TEXT)");
}

static void
test_folder_is_refused (Fixture *self, gconstpointer data)
{
  assert_refused (self, self->folder);
}

static void
test_folder_below_file_is_refused (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->model_path, "results.sqlite", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (ws_store_open (path, NULL, &error));
  g_assert_nonnull (strstr (error->message, self->model_path));
}

static void
test_read_only_is_refused (Fixture *self, gconstpointer data)
{
  if (geteuid () == 0)
    {
      g_test_skip ("root may write everywhere");
      return;
    }
  g_assert_cmpint (g_chmod (self->folder, 0500), ==, 0);
  assert_refused (self, self->path);
  g_assert_cmpint (g_chmod (self->folder, 0700), ==, 0);
}

static gboolean
save_first (Fixture *self, WsStore *store, GError **error)
{
  g_autoptr (GPtrArray) results = fixture_plan (self->model);
  g_autoptr (WsResult) finished = fixture_finish (g_ptr_array_index (results, 0));

  return ws_store_save (store, finished, &self->options, error);
}

static void
test_locked_gives_error (Fixture *self, gconstpointer data)
{
  g_autoptr (WsStore) store = open_store (self);
  g_autoptr (GError) error = NULL;
  sqlite3 *other = NULL;
  gint64 begun_usec;

  ws_store_set_hurry (store, TRUE);
  g_assert_cmpint (sqlite3_open (self->path, &other), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (other, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
  begun_usec = g_get_monotonic_time ();
  g_assert_false (save_first (self, store, &error));
  g_assert_error (error, WS_ERROR, WS_ERROR_STORE);
  /* 0.05 s of patience instead of 3 */
  g_assert_cmpint (g_get_monotonic_time () - begun_usec, <, 5 * G_USEC_PER_SEC / 2);
  sqlite3_close (other);
  g_assert_true (save_first (self, store, NULL));
}

/* A spectrum of 3,000 values takes six pages of 4 KiB, and there is room for none. */
static void
test_full_gives_error (Fixture *self, gconstpointer data)
{
  TensorSpec spec = { "large", WS_BLOCK_Q_PROJ, 0, 2, { 3000, 3000 } };
  g_autoptr (WsModel) large =
      fixture_model_from_source (ws_source_open_file (self->model_path, NULL), &spec, 1);
  g_autoptr (GPtrArray) results = fixture_plan (large);
  g_autoptr (WsResult) finished = fixture_finish (g_ptr_array_index (results, 0));
  g_autoptr (WsStore) store = open_store (self);
  g_autoptr (GError) error = NULL;

  sqlite3_exec (store->db, "PRAGMA max_page_count = 1", NULL, NULL, NULL);
  g_assert_false (ws_store_save (store, finished, &self->options, &error));
  g_assert_error (error, WS_ERROR, WS_ERROR_STORE);
  sqlite3_exec (store->db, "PRAGMA max_page_count = 1000000", NULL, NULL, NULL);
  g_assert_true (ws_store_save (store, finished, &self->options, NULL));
}

/* Two programs write at once: each saves its half many times over, none fails, all is found. */
static void
test_two_processes (Fixture *self, gconstpointer data)
{
  int status;
  pid_t child;

  fill (self);
  child = fork ();
  for (guint round = 0; round < 50; round++)
    {
      g_autoptr (WsStore) store = open_store (self);
      g_autoptr (GPtrArray) results = save_all (self, store);
    }
  if (child == 0)
    _exit (0);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
  g_assert_cmpuint (count_found (self), ==, N_RESULTS);
}

static void
test_default_path (Fixture *self, gconstpointer data)
{
  g_autofree char *expected = NULL;
  g_autoptr (WsStore) store = NULL;

  g_setenv ("WEIGHTSCOPE_DATA", self->folder, TRUE);
  store = ws_store_open (NULL, NULL, NULL);
  g_unsetenv ("WEIGHTSCOPE_DATA");
  expected = g_build_filename (self->folder, "results.sqlite", NULL);
  g_assert_cmpstr (ws_store_get_path (store), ==, expected);
}

/* Told with --verbose. */
static void
test_many (Fixture *self, gconstpointer data)
{
  enum
  {
    N = 60000
  };
  g_autofree TensorSpec *many = g_new0 (TensorSpec, N);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (WsStore) store = open_store (self);
  gint64 start;

  for (guint i = 0; i < N; i++)
    {
      char *name = g_strdup_printf ("layers.%u.experts.%u.norm", i / 600, i % 600);

      g_ptr_array_add (names, name);
      many[i] = (TensorSpec){ name, WS_BLOCK_NORM, (int) (i / 600), 1, { 4 } };
    }
  ws_model_unref (self->model);
  self->model = fixture_model_new (self->model_path, many, N);
  start = g_get_monotonic_time ();
  g_ptr_array_unref (save_all (self, store));
  g_test_message ("60,000 rows saved in %.0f ms", (g_get_monotonic_time () - start) / 1e3);
  start = g_get_monotonic_time ();
  g_assert_cmpuint (count_found_of (self, store, self->model), ==, N);
  g_test_message ("60,000 rows loaded in %.0f ms", (g_get_monotonic_time () - start) / 1e3);
}

#define ADD(name, function) g_test_add ("/store/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("found/bit-for-bit", test_found_bit_for_bit);
  ADD ("found/fault", test_fault_is_kept);
  ADD ("found/first-version", test_first_version_is_taken_over);
  ADD ("meta", test_meta);
  ADD ("found/after-reopening", test_found_after_reopening);
  ADD ("key/options", test_options_are_part_of_key);
  ADD ("key/tensor", test_tensor_is_part_of_key);
  ADD ("key/method-version", test_method_version_is_part_of_key);
  ADD ("changed-file/loses-its-rows", test_changed_file_loses_its_rows);
  ADD ("kept/not-unfinished", test_unfinished_is_not_kept);
  ADD ("kept/not-memory", test_memory_is_not_kept);
  ADD ("kept/nonfinite", test_nonfinite_is_kept);
  ADD ("forgotten", test_forgotten);
  ADD ("spoilt-row/is-ignored", test_spoilt_row_is_ignored);
  ADD ("damaged/garbage", test_damaged_garbage);
  ADD ("damaged/truncated", test_damaged_truncated);
  ADD ("damaged/pages", test_damaged_pages);
  ADD ("damaged/found-later", test_damage_found_later);
  ADD ("left-alone/newer", test_newer_is_left_alone);
  ADD ("left-alone/foreign", test_foreign_is_left_alone);
  ADD ("refused/folder", test_folder_is_refused);
  ADD ("refused/folder-below-file", test_folder_below_file_is_refused);
  ADD ("refused/read-only", test_read_only_is_refused);
  ADD ("locked/gives-error", test_locked_gives_error);
  ADD ("full/gives-error", test_full_gives_error);
  ADD ("two-processes", test_two_processes);
  ADD ("default-path", test_default_path);
  if (g_test_slow ())
    ADD ("many", test_many);
  return g_test_run ();
}
