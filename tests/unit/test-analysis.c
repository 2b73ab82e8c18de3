/* SPDX-License-Identifier: MIT */
/* The run, with scripted matrices: what is told, when, and what outlives cancel, pause and kill. */
#include "analysis-fixture.h"

#include "analysis/store-private.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static const TensorSpec specs[] = {
  { "a", WS_BLOCK_Q_PROJ, 0, 2, { 60, 50 } }, { "b", WS_BLOCK_Q_PROJ, 1, 2, { 40, 90 } },
  { "c", WS_BLOCK_Q_PROJ, 2, 2, { 10, 10 } }, { "d", WS_BLOCK_MOE_EXPERT_UP, 3, 3, { 3, 8, 8 } },
  { "e", WS_BLOCK_BUFFER, 4, 2, { 7, 7 } },   { "f", WS_BLOCK_NORM, -1, 1, { 100 } },
};
#define N_RUN 7 /* all but the buffer */

typedef struct
{
  char *folder;
  WsModel *model;
  GPtrArray *results;
  WsAnalysisOptions options;
  WsStore *store;

  /* What was told. */
  GPtrArray *told; /* (element-type WsResult), by index; NULL: nothing */
  guint n_told, n_progress, n_warnings;
  WsProgress last;
  int in_callback;

  WsAnalysis *analysis;
  GCancellable *cancellable;
  gint64 cancelled_usec;
  gint n_computed;
} Fixture;

/* The run under test; scripted computations have no user data of their own. */
static Fixture *fixture;

static void
enter_callback (void)
{
  g_assert_true (g_atomic_int_compare_and_exchange (&fixture->in_callback, 0, 1));
}

static void
leave_callback (void)
{
  g_atomic_int_set (&fixture->in_callback, 0);
}

static void
take_result (WsResult *result, guint index, gpointer user_data)
{
  Fixture *self = user_data;

  enter_callback ();
  g_assert_null (g_ptr_array_index (self->told, index));
  g_ptr_array_index (self->told, index) = ws_result_ref (result);
  self->n_told++;
  leave_callback ();
}

static void
take_progress (const WsProgress *progress, gpointer user_data)
{
  Fixture *self = user_data;

  enter_callback ();
  g_assert_cmpfloat (progress->share, >=, self->last.share);
  g_assert_cmpfloat (progress->share, <=, 1);
  g_assert_cmpuint (progress->n_done, >=, self->last.n_done);
  g_assert_cmpuint (progress->n_done, ==, self->n_told);
  self->last = *progress;
  self->n_progress++;
  leave_callback ();
}

static void
take_warning (const char *sentence, gpointer user_data)
{
  Fixture *self = user_data;

  enter_callback ();
  g_test_message ("%s", sentence);
  g_atomic_int_inc (&self->n_warnings);
  leave_callback ();
}

static void
free_result (gpointer result)
{
  if (result != NULL)
    ws_result_unref (result);
}

static void
plan (Fixture *self, const TensorSpec *list, guint n)
{
  g_autofree char *path = g_build_filename (self->folder, "model.bin", NULL);

  g_clear_pointer (&self->model, ws_model_unref);
  g_clear_pointer (&self->results, g_ptr_array_unref);
  self->model = fixture_model_new (path, list, n);
  self->results = fixture_plan (self->model);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  fixture = self;
  self->folder = fixture_make_folder ();
  self->told = g_ptr_array_new_with_free_func (free_result);
  self->cancellable = g_cancellable_new ();
  plan (self, specs, G_N_ELEMENTS (specs));
  ws_analysis_options_init (&self->options);
  self->options.n_threads = 2;
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_ptr_array_unref (self->told);
  g_ptr_array_unref (self->results);
  g_clear_pointer (&self->store, ws_store_free);
  ws_model_unref (self->model);
  g_object_unref (self->cancellable);
  fixture_remove_folder (self->folder);
  g_free (self->folder);
}

static void
open_store (Fixture *self)
{
  g_autofree char *path = g_build_filename (self->folder, "results.sqlite", NULL);

  self->store = ws_store_open (path, NULL, NULL);
  g_assert_nonnull (self->store);
}

static gboolean
run (Fixture *self, WsComputeFunc compute, GError **error)
{
  WsAnalysisCallbacks callbacks = { take_result, take_progress, take_warning, self };
  gboolean whole;

  g_ptr_array_set_size (self->told, 0);
  g_ptr_array_set_size (self->told, (int) self->results->len);
  self->n_told = self->n_progress = self->n_warnings = 0;
  self->last = (WsProgress){ 0 };
  self->analysis = ws_analysis_new (self->results, &self->options, self->store, &callbacks);
  _ws_analysis_set_compute (self->analysis, compute);
  whole = ws_analysis_run (self->analysis, self->cancellable, error);
  g_clear_pointer (&self->analysis, ws_analysis_free);
  return whole;
}

static void
run_whole (Fixture *self, WsComputeFunc compute)
{
  g_autoptr (GError) error = NULL;
  gboolean whole = run (self, compute, &error);

  g_assert_no_error (error);
  g_assert_true (whole);
}

static void
test_all_are_told_once (Fixture *self, gconstpointer data)
{
  run_whole (self, fixture_compute);
  g_assert_cmpuint (self->n_told, ==, N_RUN);
  for (guint i = 0; i < self->results->len; i++)
    {
      const WsResult *pending = g_ptr_array_index (self->results, i);
      const WsResult *told = g_ptr_array_index (self->told, i);

      g_assert_cmpint (told != NULL, ==, ws_result_needs_run (pending));
      if (told == NULL)
        continue;
      g_assert_true (told->tensor == pending->tensor);
      g_assert_cmpint (told->slice, ==, pending->slice);
      g_assert_false (told->from_store);
    }
}

static void
test_progress_ends_at_one (Fixture *self, gconstpointer data)
{
  run_whole (self, fixture_compute);
  g_assert_cmpfloat (self->last.share, ==, 1);
  g_assert_cmpuint (self->last.n_done, ==, N_RUN);
  g_assert_cmpuint (self->last.n_total, ==, N_RUN);
  g_assert_cmpuint (self->last.n_active, ==, 0);
}

static void
test_nothing_to_do (Fixture *self, gconstpointer data)
{
  plan (self, &specs[4], 1);
  run_whole (self, fixture_compute);
  g_assert_cmpuint (self->n_told, ==, 0);
  g_assert_cmpuint (self->n_progress, ==, 1);
  g_assert_cmpfloat (self->last.share, ==, 1);
}

static void
assert_same_values (const WsResult *a, const WsResult *b)
{
  g_assert_cmpint (a->state, ==, b->state);
  g_assert_cmpmem (a->spectrum.sigma, a->spectrum.n_sigma * sizeof (double), b->spectrum.sigma,
                   b->spectrum.n_sigma * sizeof (double));
  g_assert_cmpmem (&a->spectrum.moments, sizeof a->spectrum.moments, &b->spectrum.moments,
                   sizeof b->spectrum.moments);
}

/* The numerics themselves, with 1, 2 and 5 workers: the same bits. */
static void
test_same_for_any_threads (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) first = NULL;

  for (guint i = 0; i < 3; i++)
    {
      self->options.n_threads = ((const guint[]){ 1, 2, 5 })[i];
      run_whole (self, ws_spectrum_compute);
      g_assert_cmpuint (self->n_told, ==, N_RUN);
      if (first == NULL)
        {
          first = g_steal_pointer (&self->told);
          self->told = g_ptr_array_new_with_free_func (free_result);
          continue;
        }
      for (guint k = 0; k < first->len; k++)
        if (g_ptr_array_index (first, k) != NULL)
          assert_same_values (g_ptr_array_index (first, k), g_ptr_array_index (self->told, k));
    }
}

static void
test_failure_is_a_row (Fixture *self, gconstpointer data)
{
  TensorSpec list[] = { specs[0], { "fail", WS_BLOCK_Q_PROJ, 1, 2, { 30, 30 } }, specs[2] };
  const WsResult *failed;

  plan (self, list, 3);
  run_whole (self, fixture_compute);
  failed = g_ptr_array_index (self->told, 1);
  g_assert_cmpuint (self->n_told, ==, 3);
  g_assert_cmpint (failed->state, ==, WS_STATE_ERROR);
  g_assert_cmpstr (failed->error_message, ==, "'fail' ends too early");
}

/* Cancels from another thread once every worker hangs. */
static gpointer
cancel_later (gpointer data)
{
  Fixture *self = data;

  self->cancelled_usec = g_get_monotonic_time ();
  g_cancellable_cancel (self->cancellable);
  return NULL;
}

static gboolean
compute_and_cancel (WsSpectrum *spectrum, const WsMatrix *matrix, gboolean values,
                    const WsSpectrumOptions *options, const WsPlace *place, WsShareFunc share_func,
                    gpointer user_data, GCancellable *cancellable, GError **error)
{
  if (g_str_equal (matrix->tensor->name, "hang"))
    g_thread_unref (g_thread_new ("cancel", cancel_later, fixture));
  return fixture_compute (spectrum, matrix, values, options, place, share_func, user_data,
                          cancellable, error);
}

static void
test_cancel_is_quick_and_keeps (Fixture *self, gconstpointer data)
{
  TensorSpec list[] = { specs[0], specs[1], { "hang", WS_BLOCK_Q_PROJ, 1, 2, { 5, 5 } } };
  g_autoptr (GError) error = NULL;

  open_store (self);
  self->options.n_threads = 1; /* the two others are longer: they come first */
  plan (self, list, 3);
  g_assert_false (run (self, compute_and_cancel, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - self->cancelled_usec, <, G_USEC_PER_SEC / 2);
  g_assert_cmpuint (self->n_told, ==, 2);
  g_assert_cmpuint (ws_store_load (self->store, self->results, &self->options.spectrum,
                                   &self->options.metrics, NULL),
                    ==, 2);
}

static void
test_cancelled_before (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (self->cancellable);
  g_assert_false (run (self, fixture_compute, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (self->n_told, ==, 0);
}

/* The first matrix pauses the run: it is finished, no other is begun until, told that nothing is
 * active, the test goes on. */
static gboolean
compute_and_pause (WsSpectrum *spectrum, const WsMatrix *matrix, gboolean values,
                   const WsSpectrumOptions *options, const WsPlace *place, WsShareFunc share_func,
                   gpointer user_data, GCancellable *cancellable, GError **error)
{
  if (g_atomic_int_add (&fixture->n_computed, 1) == 0)
    ws_analysis_set_paused (fixture->analysis, TRUE);
  return fixture_compute (spectrum, matrix, values, options, place, share_func, user_data,
                          cancellable, error);
}

static void
resume_when_idle (const WsProgress *progress, gpointer user_data)
{
  Fixture *self = user_data;

  if (!progress->paused || progress->n_active > 0)
    return;
  g_assert_cmpuint (progress->n_done, ==, 1);
  g_assert_cmpint (g_atomic_int_get (&self->n_computed), ==, 1);
  self->n_progress++;
  ws_analysis_set_paused (self->analysis, FALSE);
}

static void
test_pause_begins_nothing (Fixture *self, gconstpointer data)
{
  WsAnalysisCallbacks callbacks = { take_result, resume_when_idle, NULL, self };

  self->options.n_threads = 1;
  g_ptr_array_set_size (self->told, (int) self->results->len);
  self->analysis = ws_analysis_new (self->results, &self->options, NULL, &callbacks);
  _ws_analysis_set_compute (self->analysis, compute_and_pause);
  g_assert_true (ws_analysis_run (self->analysis, NULL, NULL));
  ws_analysis_free (self->analysis);
  g_assert_cmpuint (self->n_progress, ==, 1);
  g_assert_cmpuint (self->n_told, ==, N_RUN);
}

/* The first two matrices pause the run. */
static gboolean
compute_and_pause_twice (WsSpectrum *spectrum, const WsMatrix *matrix, gboolean values,
                         const WsSpectrumOptions *options, const WsPlace *place,
                         WsShareFunc share_func, gpointer user_data, GCancellable *cancellable,
                         GError **error)
{
  if (g_atomic_int_add (&fixture->n_computed, 1) < 2)
    ws_analysis_set_paused (fixture->analysis, TRUE);
  return fixture_compute (spectrum, matrix, values, options, place, share_func, user_data,
                          cancellable, error);
}

/* First for so short a time that a matrix is done, and the run idle again, before this is over. */
static void
resume_when_idle_briefly_at_first (const WsProgress *progress, gpointer user_data)
{
  Fixture *self = user_data;
  WsAnalysis *analysis = self->analysis;

  if (!progress->paused || progress->n_active > 0)
    return;
  g_assert_cmpuint (progress->n_done, ==, ++self->n_progress);
  g_assert_cmpuint (self->n_told, ==, progress->n_done);
  ws_analysis_set_paused (analysis, FALSE);
  if (self->n_progress > 1)
    return;
  g_mutex_lock (&analysis->mutex);
  while (analysis->schedule.n_done < 2)
    g_cond_wait (&analysis->changed, &analysis->mutex);
  g_mutex_unlock (&analysis->mutex);
}

static void
test_short_resume_is_told (Fixture *self, gconstpointer data)
{
  WsAnalysisCallbacks callbacks = { take_result, resume_when_idle_briefly_at_first, NULL, self };

  self->options.n_threads = 1;
  g_ptr_array_set_size (self->told, (int) self->results->len);
  self->analysis = ws_analysis_new (self->results, &self->options, NULL, &callbacks);
  _ws_analysis_set_compute (self->analysis, compute_and_pause_twice);
  g_assert_true (ws_analysis_run (self->analysis, NULL, NULL));
  ws_analysis_free (self->analysis);
  g_assert_cmpuint (self->n_progress, ==, 2);
  g_assert_cmpuint (self->n_told, ==, N_RUN);
}

static void
cancel_when_idle (const WsProgress *progress, gpointer user_data)
{
  Fixture *self = user_data;

  if (progress->paused && progress->n_active == 0)
    g_cancellable_cancel (self->cancellable);
}

static void
test_paused_can_be_cancelled (Fixture *self, gconstpointer data)
{
  WsAnalysisCallbacks callbacks = { NULL, cancel_when_idle, NULL, self };
  g_autoptr (GError) error = NULL;

  self->analysis = ws_analysis_new (self->results, &self->options, NULL, &callbacks);
  _ws_analysis_set_compute (self->analysis, compute_and_pause);
  g_assert_false (ws_analysis_run (self->analysis, self->cancellable, &error));
  ws_analysis_free (self->analysis);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Counts the bytes in use at once. */
static gint64 n_bytes_used;

static gboolean
compute_and_weigh (WsSpectrum *spectrum, const WsMatrix *matrix, gboolean values,
                   const WsSpectrumOptions *options, const WsPlace *place, WsShareFunc share_func,
                   gpointer user_data, GCancellable *cancellable, GError **error)
{
  gint64 n_bytes = (gint64) ws_spectrum_get_required_bytes (matrix, values, options);
  gint64 used = __atomic_add_fetch (&n_bytes_used, n_bytes, __ATOMIC_SEQ_CST);

  g_assert_cmpint (used, <=, (gint64) fixture->options.memory_limit);
  g_thread_yield ();
  fixture_fill_spectrum (spectrum, matrix, values);
  __atomic_sub_fetch (&n_bytes_used, n_bytes, __ATOMIC_SEQ_CST);
  return TRUE;
}

static void
test_memory_limit_is_kept (Fixture *self, gconstpointer data)
{
  enum
  {
    N = 60
  };
  TensorSpec list[N];
  guint64 most = 0;

  for (guint i = 0; i < N; i++)
    list[i] = (TensorSpec){ "w", WS_BLOCK_Q_PROJ, (int) i, 2, { 10 + 3 * i, 10 + 3 * i } };
  plan (self, list, N);
  for (guint i = 0; i < N; i++)
    {
      WsMatrix matrix;

      ws_matrix_init (&matrix, g_ptr_array_index (self->model->tensors, i), -1);
      most = MAX (most, ws_spectrum_get_required_bytes (&matrix, TRUE, &self->options.spectrum));
    }
  self->options.n_threads = 5;
  self->options.memory_limit = most * 2;
  run_whole (self, compute_and_weigh);
  g_assert_cmpuint (self->n_told, ==, N);
}

static void
test_too_large_is_a_row (Fixture *self, gconstpointer data)
{
  const WsResult *large;
  WsMatrix matrix;

  plan (self, (const TensorSpec[]){ specs[2], { "z", WS_BLOCK_Q_PROJ, 9, 2, { 2000, 2000 } } }, 2);
  ws_matrix_init (&matrix, g_ptr_array_index (self->model->tensors, 0), -1);
  self->options.memory_limit =
      ws_spectrum_get_required_bytes (&matrix, TRUE, &self->options.spectrum) + 1000;
  run_whole (self, fixture_compute);
  large = g_ptr_array_index (self->told, 1);
  g_assert_cmpint (large->state, ==, WS_STATE_TOO_LARGE);
  g_assert_cmpuint (large->n_bytes_limit, ==, self->options.memory_limit);
  g_assert_cmpuint (large->n_bytes_needed, >, large->n_bytes_limit);
  large = g_ptr_array_index (self->told, 0);
  g_assert_cmpint (large->state, ==, WS_STATE_OK);
}

static guint
load (Fixture *self)
{
  return ws_store_load (self->store, self->results, &self->options.spectrum, &self->options.metrics,
                        NULL);
}

static void
assert_is_in_store (WsResult *result, guint index, gpointer user_data)
{
  Fixture *self = user_data;
  g_autoptr (GPtrArray) one = g_ptr_array_new_with_free_func ((GDestroyNotify) ws_result_unref);

  g_ptr_array_add (one, ws_result_ref (g_ptr_array_index (self->results, index)));
  g_assert_cmpuint (
      ws_store_load (self->store, one, &self->options.spectrum, &self->options.metrics, NULL), ==,
      1);
  self->n_told++;
}

static void
test_saved_before_told (Fixture *self, gconstpointer data)
{
  WsAnalysisCallbacks callbacks = { assert_is_in_store, NULL, NULL, self };

  open_store (self);
  self->analysis = ws_analysis_new (self->results, &self->options, self->store, &callbacks);
  _ws_analysis_set_compute (self->analysis, fixture_compute);
  g_assert_true (ws_analysis_run (self->analysis, NULL, NULL));
  ws_analysis_free (self->analysis);
  g_assert_cmpuint (self->n_told, ==, N_RUN);
}

static void
test_second_run_computes_nothing (Fixture *self, gconstpointer data)
{
  open_store (self);
  run_whole (self, fixture_compute);
  g_assert_cmpuint (load (self), ==, N_RUN);
  run_whole (self, fixture_compute);
  g_assert_cmpuint (self->n_told, ==, 0);
}

static void
test_store_failure_warns_once (Fixture *self, gconstpointer data)
{
  open_store (self);
  sqlite3_exec (self->store->db, "PRAGMA query_only = ON", NULL, NULL, NULL);
  run_whole (self, fixture_compute);
  g_assert_cmpuint (self->n_told, ==, N_RUN);
  g_assert_cmpuint (self->n_warnings, ==, 1);
}

/* The last matrix finds the store writable again, when others have been refused: these are saved at
 * the end. */
static gboolean
compute_and_mend (WsSpectrum *spectrum, const WsMatrix *matrix, gboolean values,
                  const WsSpectrumOptions *options, const WsPlace *place, WsShareFunc share_func,
                  gpointer user_data, GCancellable *cancellable, GError **error)
{
  if (g_atomic_int_add (&fixture->n_computed, 1) == N_RUN - 1)
    {
      while (g_atomic_int_get (&fixture->n_warnings) == 0)
        g_thread_yield ();
      sqlite3_exec (fixture->store->db, "PRAGMA query_only = OFF", NULL, NULL, NULL);
    }
  return fixture_compute (spectrum, matrix, values, options, place, share_func, user_data,
                          cancellable, error);
}

static void
test_refused_is_saved_at_the_end (Fixture *self, gconstpointer data)
{
  open_store (self);
  self->options.n_threads = 1;
  sqlite3_exec (self->store->db, "PRAGMA query_only = ON", NULL, NULL, NULL);
  run_whole (self, compute_and_mend);
  g_assert_cmpuint (self->n_warnings, ==, 1);
  g_assert_cmpuint (load (self), ==, N_RUN);
}

static int
count_commit (gpointer n_commits)
{
  ++*(guint *) n_commits;
  return 0;
}

/* All that are computed within a fifth of a second. */
static void
test_small_ones_are_saved_together (Fixture *self, gconstpointer data)
{
  guint n_commits = 0;

  open_store (self);
  sqlite3_commit_hook (self->store->db, count_commit, &n_commits);
  run_whole (self, fixture_compute);
  sqlite3_commit_hook (self->store->db, NULL, NULL);
  g_assert_cmpuint (load (self), ==, N_RUN);
  g_assert_cmpuint (n_commits, >=, 1);
  g_assert_cmpuint (n_commits, <, N_RUN);
}

/* In the child: dies without a word while the third matrix is in work, and two have been told. */
static gboolean
compute_two (WsSpectrum *spectrum, const WsMatrix *matrix, gboolean values,
             const WsSpectrumOptions *options, const WsPlace *place, WsShareFunc share_func,
             gpointer user_data, GCancellable *cancellable, GError **error)
{
  while (g_atomic_int_get (&fixture->n_computed) == 2)
    g_thread_yield ();
  g_atomic_int_inc (&fixture->n_computed);
  return fixture_compute (spectrum, matrix, values, options, place, share_func, user_data,
                          cancellable, error);
}

static void
kill_after_two (WsResult *result, guint index, gpointer user_data)
{
  Fixture *self = user_data;

  if (++self->n_told == 2)
    kill (getpid (), SIGKILL);
}

static void
test_killed_loses_nothing_told (Fixture *self, gconstpointer data)
{
  WsAnalysisCallbacks callbacks = { kill_after_two, NULL, NULL, self };
  pid_t child = fork ();
  int status;

  if (child == 0)
    {
      open_store (self);
      self->options.n_threads = 1;
      self->analysis = ws_analysis_new (self->results, &self->options, self->store, &callbacks);
      _ws_analysis_set_compute (self->analysis, compute_two);
      ws_analysis_run (self->analysis, NULL, NULL);
      _exit (0);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGKILL);
  open_store (self);
  g_assert_cmpuint (load (self), ==, 2);
  run_whole (self, fixture_compute);
  g_assert_cmpuint (self->n_told, ==, N_RUN - 2);
  g_assert_cmpuint (self->n_warnings, ==, 0);
}

static void
test_estimate (Fixture *self, gconstpointer data)
{
  double one, five, none;

  self->options.n_threads = 1;
  one = ws_analysis_estimate_seconds (self->results, &self->options);
  self->options.n_threads = 5;
  five = ws_analysis_estimate_seconds (self->results, &self->options);
  plan (self, &specs[4], 1);
  none = ws_analysis_estimate_seconds (self->results, &self->options);
  g_assert_cmpfloat (five, <, one);
  g_assert_cmpfloat (five, >=, one / 5);
  g_assert_cmpfloat (none, ==, 0);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/analysis/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ws_spectrum_init_blas ();
  ADD ("all-are-told-once", test_all_are_told_once);
  ADD ("progress/ends-at-one", test_progress_ends_at_one);
  ADD ("nothing-to-do", test_nothing_to_do);
  ADD ("same-for-any-threads", test_same_for_any_threads);
  ADD ("failure/is-a-row", test_failure_is_a_row);
  ADD ("cancel/is-quick-and-keeps", test_cancel_is_quick_and_keeps);
  ADD ("cancel/before", test_cancelled_before);
  ADD ("pause/begins-nothing", test_pause_begins_nothing);
  ADD ("pause/short-resume-is-told", test_short_resume_is_told);
  ADD ("pause/can-be-cancelled", test_paused_can_be_cancelled);
  ADD ("memory/limit-is-kept", test_memory_limit_is_kept);
  ADD ("memory/too-large-is-a-row", test_too_large_is_a_row);
  ADD ("store/saved-before-told", test_saved_before_told);
  ADD ("store/second-run-computes-nothing", test_second_run_computes_nothing);
  ADD ("store/failure-warns-once", test_store_failure_warns_once);
  ADD ("store/refused-is-saved-at-the-end", test_refused_is_saved_at_the_end);
  ADD ("store/small-ones-are-saved-together", test_small_ones_are_saved_together);
  ADD ("store/killed-loses-nothing-told", test_killed_loses_nothing_told);
  ADD ("estimate", test_estimate);
  return g_test_run ();
}
