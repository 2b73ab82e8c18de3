/* SPDX-License-Identifier: MIT */
/* Runs with a scripted device: whatever it does, every matrix gets the processor's numbers, and
 * what happened is told. */
#include "analysis-fixture.h"
#include "scripted-backend.h"

/* Five for the device, of three shapes, one too small for it and a vector. */
static const TensorSpec specs[] = {
  { "a", WS_BLOCK_Q_PROJ, 0, 2, { 180, 150 } }, { "b", WS_BLOCK_Q_PROJ, 1, 2, { 150, 180 } },
  { "c", WS_BLOCK_Q_PROJ, 2, 2, { 150, 180 } }, { "d", WS_BLOCK_Q_PROJ, 3, 2, { 150, 180 } },
  { "e", WS_BLOCK_Q_PROJ, 4, 2, { 140, 400 } }, { "f", WS_BLOCK_Q_PROJ, 5, 2, { 20, 30 } },
  { "g", WS_BLOCK_NORM, -1, 1, { 100 } },
};
#define N_RUN 7
#define N_FOR_DEVICE 5

/* Seconds for a unit of work: a processor that would take years for what a device may have. */
#define SLOW 1.0

typedef struct
{
  char *folder;
  WsModel *model;
  GPtrArray *results;
  GPtrArray *expected; /* (element-type WsResult) by the processor */
  GPtrArray *told;     /* (element-type WsResult) by index */
  WsAnalysisOptions options;
  GCancellable *cancellable;
  gint64 cancelled_usec;

  Script script;
  ScriptedCounts counts;
  guint n_told, n_warnings;
  WsProgress last;
  char *name, *note; /* of the device, after the run */
} Fixture;

static Fixture *fixture;

static void
take_result (WsResult *result, guint index, gpointer user_data)
{
  Fixture *self = user_data;

  g_assert_null (g_ptr_array_index (self->told, index));
  g_ptr_array_index (self->told, index) = ws_result_ref (result);
  self->n_told++;
}

static void
take_progress (const WsProgress *progress, gpointer user_data)
{
  Fixture *self = user_data;

  g_assert_cmpfloat (progress->share, >=, self->last.share);
  g_assert_cmpuint (progress->n_done, >=, self->last.n_done);
  g_assert_cmpint (progress->seconds_left < 0, ==, progress->n_done == progress->n_total);
  self->last = *progress;
}

static void
take_warning (const char *sentence, gpointer user_data)
{
  Fixture *self = user_data;

  g_test_message ("%s", sentence);
  self->n_warnings++;
}

static void
free_result (gpointer result)
{
  if (result != NULL)
    ws_result_unref (result);
}

static gboolean
run (Fixture *self, GError **error)
{
  WsAnalysisCallbacks callbacks = { take_result, take_progress, take_warning, self };
  WsAnalysis *analysis = ws_analysis_new (self->results, &self->options, NULL, &callbacks);
  gboolean whole;

  g_ptr_array_set_size (self->told, 0);
  g_ptr_array_set_size (self->told, (int) self->results->len);
  self->n_told = self->n_warnings = 0;
  self->last = (WsProgress){ 0 };
  if (self->options.device_kind != WS_DEVICE_CPU)
    {
      g_autoptr (WsBackend) backend = scripted_backend_new (&self->script, &self->counts);

      _ws_analysis_set_backend (analysis, backend);
    }
  whole = ws_analysis_run (analysis, self->cancellable, error);
  g_free (self->name);
  g_free (self->note);
  self->name = g_strdup (ws_analysis_get_device_name (analysis));
  self->note = g_strdup (ws_analysis_get_device_note (analysis));
  ws_analysis_free (analysis);
  return whole;
}

static void
set_processor (double seconds_per_unit)
{
  WsSpeed speed;

  ws_speed_init_uniform (&speed, seconds_per_unit);
  ws_speed_remember_processor (&speed);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autofree char *path = NULL;

  fixture = self;
  self->folder = fixture_make_folder ();
  path = g_build_filename (self->folder, "model.bin", NULL);
  self->model = fixture_model_new (path, specs, N_RUN);
  self->results = fixture_plan (self->model);
  self->told = g_ptr_array_new_with_free_func (free_result);
  self->cancellable = g_cancellable_new ();
  ws_analysis_options_init (&self->options);
  self->options.n_threads = 2;
  self->options.device_kind = WS_DEVICE_CPU;
  g_assert_true (run (self, NULL));
  self->expected = g_steal_pointer (&self->told);
  self->told = g_ptr_array_new_with_free_func (free_result);
  self->options.device_kind = WS_DEVICE_AUTO;
  set_processor (SLOW);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_ptr_array_unref (self->told);
  g_ptr_array_unref (self->expected);
  g_ptr_array_unref (self->results);
  ws_model_unref (self->model);
  g_object_unref (self->cancellable);
  fixture_remove_folder (self->folder);
  g_free (self->folder);
  g_free (self->name);
  g_free (self->note);
}

static void
assert_same (const WsResult *told, const WsResult *expected)
{
  const WsSpectrum *a = &told->spectrum, *b = &expected->spectrum;

  g_assert_cmpint (told->state, ==, expected->state);
  g_assert_cmpmem (&a->moments, sizeof a->moments, &b->moments, sizeof b->moments);
  g_assert_cmpuint (a->n_sigma, ==, b->n_sigma);
  for (gsize i = 0; i < a->n_sigma; i++)
    if (b->sigma[i] > 1e-3 * b->sigma[0])
      g_assert_cmpfloat_with_epsilon (a->sigma[i], b->sigma[i], 1e-9 * b->sigma[i]);
  if (a->n_sigma > 0)
    g_assert_cmpfloat (told->metrics.actual_rank, ==, expected->metrics.actual_rank);
}

static guint
count_faults (Fixture *self, WsFault fault)
{
  guint n = 0;

  for (guint i = 0; i < self->told->len; i++)
    n += ((const WsResult *) g_ptr_array_index (self->told, i))->spectrum.fault == fault;
  return n;
}

static guint
count_on_device (Fixture *self)
{
  guint n = 0;

  for (guint i = 0; i < self->told->len; i++)
    n += g_strcmp0 (((const WsResult *) g_ptr_array_index (self->told, i))->spectrum.backend,
                    "cuda") == 0;
  return n;
}

/* All are told, with the processor's numbers. */
static void
run_whole (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  gboolean whole = run (self, &error);

  g_assert_no_error (error);
  g_assert_true (whole);
  g_assert_cmpuint (self->n_told, ==, N_RUN);
  for (guint i = 0; i < N_RUN; i++)
    assert_same (g_ptr_array_index (self->told, i), g_ptr_array_index (self->expected, i));
  g_assert_cmpfloat (self->last.share, ==, 1);
  g_assert_cmpuint (self->last.n_on_device, ==, count_on_device (self));
  g_assert_cmpuint (self->last.n_faults, ==, N_RUN - count_faults (self, WS_FAULT_NONE));
  g_assert_cmpint (self->counts.n_under_way, ==, 0);
  g_assert_cmpint (self->counts.n_closed, ==, 1);
}

static void
test_good (Fixture *self, gconstpointer data)
{
  run_whole (self);
  g_assert_cmpuint (count_on_device (self), ==, N_FOR_DEVICE);
  g_assert_cmpuint (self->n_warnings, ==, 0);
  g_assert_cmpstr (self->name, ==, "Scripted GPU");
  g_assert_null (self->note);
}

static void
test_many_lanes (Fixture *self, gconstpointer data)
{
  self->script.n_lanes = 3;
  self->options.n_threads = 1;
  run_whole (self);
  g_assert_cmpuint (count_on_device (self), ==, N_FOR_DEVICE);
  g_assert_cmpint (self->counts.most_under_way, <=, 3);
}

static void
test_batches (Fixture *self, gconstpointer data)
{
  self->script.batch = 8;
  run_whole (self);
  g_assert_cmpuint (count_on_device (self), ==, N_FOR_DEVICE);
  /* "b", "c" and "d" are of one shape */
  g_assert_cmpint (self->counts.n_begun, ==, 3);
}

static void
test_accepts_nothing (Fixture *self, gconstpointer data)
{
  self->script.least_side = 1000;
  run_whole (self);
  g_assert_cmpuint (count_on_device (self), ==, 0);
  g_assert_cmpuint (count_faults (self, WS_FAULT_NONE), ==, N_RUN);
}

/* A single fault of a single task: that matrix goes to the processor and says why. */
static void
assert_one_fault (Fixture *self, WsFault fault)
{
  run_whole (self);
  g_assert_cmpuint (count_faults (self, fault), ==, 1);
  g_assert_cmpuint (count_on_device (self), ==, N_FOR_DEVICE - 1);
  g_assert_cmpuint (self->n_warnings, ==, 0);
}

static void
test_one_without_memory (Fixture *self, gconstpointer data)
{
  self->script.memory_at = 2;
  assert_one_fault (self, WS_FAULT_MEMORY);
  g_assert_cmpint (self->counts.n_begun, ==, N_FOR_DEVICE);
}

static void
test_large_ones_without_memory (Fixture *self, gconstpointer data)
{
  self->script.memory_above = 150 * 150 - 1;
  run_whole (self);
  g_assert_cmpuint (count_faults (self, WS_FAULT_MEMORY), ==, 4);
  g_assert_cmpuint (count_on_device (self), ==, 1);
}

/* Together they do not fit: each is tried once more, alone, and fits. */
static void
test_batch_without_memory (Fixture *self, gconstpointer data)
{
  self->script.memory_above = 2 * 150 * 150;
  self->script.batch = 8;
  run_whole (self);
  g_assert_cmpuint (count_on_device (self), ==, N_FOR_DEVICE);
  g_assert_cmpint (self->counts.n_begun, ==, 1 + N_FOR_DEVICE);
}

static void
test_no_memory_for_two_tasks (Fixture *self, gconstpointer data)
{
  self->script.memory_of_two = TRUE;
  self->script.n_lanes = 2;
  run_whole (self);
  /* at most one retry each */
  g_assert_cmpint (self->counts.n_begun, <=, 2 * N_FOR_DEVICE);
  g_assert_cmpuint (count_on_device (self), ==, N_FOR_DEVICE);
}

static void
test_numeric (Fixture *self, gconstpointer data)
{
  self->script.numeric_at = 3;
  assert_one_fault (self, WS_FAULT_NUMERIC);
}

/* One of a batch brings all down: each is tried once more, alone. */
static void
test_batch_that_fails (Fixture *self, gconstpointer data)
{
  self->script.numeric_at = 2;
  self->script.batch = 8;
  run_whole (self);
  g_assert_cmpuint (count_on_device (self), ==, N_FOR_DEVICE);
  g_assert_cmpint (self->counts.n_begun, ==, 1 + N_FOR_DEVICE);
}

static void
test_scaled (Fixture *self, gconstpointer data)
{
  self->script.scaled_at = 1;
  assert_one_fault (self, WS_FAULT_NUMERIC);
}

static void
test_diagonal (Fixture *self, gconstpointer data)
{
  self->script.diagonal_at = 2;
  assert_one_fault (self, WS_FAULT_NUMERIC);
}

static void
test_nan (Fixture *self, gconstpointer data)
{
  self->script.nan_at = 5;
  assert_one_fault (self, WS_FAULT_NUMERIC);
}

static void
assert_ends_device (Fixture *self, WsFault fault)
{
  run_whole (self);
  g_assert_cmpuint (count_faults (self, fault), >=, 1);
  g_assert_cmpuint (count_on_device (self), ==, 1);
  g_assert_cmpuint (self->n_warnings, ==, 1);
  g_assert_cmpstr (self->name, ==, "Scripted GPU");
  g_assert_cmpstr (self->note, ==, ws_fault_get_sentence (fault, FALSE));
  g_assert_null (self->last.device);
  /* the one that failed was the last that it was given */
  g_assert_cmpint (self->counts.n_begun, ==, 2);
}

static void
test_stopped (Fixture *self, gconstpointer data)
{
  self->script.stop_at = 2;
  assert_ends_device (self, WS_FAULT_STOPPED);
}

static void
test_hangs (Fixture *self, gconstpointer data)
{
  self->script.hang_at = 2;
  self->script.hang_msec = 1;
  assert_ends_device (self, WS_FAULT_TIMEOUT);
}

/* The second of five solutions is the first that fails: after the last the device is given up,
 * though there is none left. With the first, the fifth is not tried. */
static void
test_failures_in_a_row (Fixture *self, gconstpointer data)
{
  for (guint from = 2; from > 0; from--)
    {
      self->script.numeric_from = from;
      self->counts = (ScriptedCounts){ 0 };
      run_whole (self);
      g_assert_cmpuint (count_faults (self, WS_FAULT_NUMERIC), ==, 4);
      g_assert_cmpuint (count_on_device (self), ==, from - 1);
      g_assert_cmpint (self->counts.n_begun, ==, from + 3);
      g_assert_cmpuint (self->n_warnings, ==, 1);
      g_assert_cmpstr (self->note, ==, "failed for several matrices in a row");
      g_assert_null (self->last.device);
    }
}

/* Three that fail together and are good alone are no failures. */
static void
test_failures_of_a_batch_are_none (Fixture *self, gconstpointer data)
{
  self->script.batch = 8;
  self->script.numeric_at = 2;
  run_whole (self);
  g_assert_cmpuint (count_on_device (self), ==, N_FOR_DEVICE);
  g_assert_cmpuint (self->n_warnings, ==, 0);
  g_assert_null (self->note);
}

static void
test_stopped_with_lanes (Fixture *self, gconstpointer data)
{
  self->script.n_lanes = 3;
  self->script.stop_at = 1;
  run_whole (self);
  g_assert_cmpuint (count_on_device (self), ==, 0);
  g_assert_cmpuint (self->n_warnings, ==, 1);
  g_assert_cmpint (self->counts.n_begun, <=, 3);
}

static gpointer
cancel (gpointer data)
{
  fixture->cancelled_usec = g_get_monotonic_time ();
  g_cancellable_cancel (fixture->cancellable);
  return NULL;
}

static void
cancel_elsewhere (void)
{
  g_thread_unref (g_thread_new ("cancel", cancel, NULL));
}

/* It never answers, and the user has had enough. */
static void
test_cancel_while_it_hangs (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->script.hang_at = 2;
  self->script.on_hang = cancel_elsewhere;
  g_assert_false (run (self, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - self->cancelled_usec, <, G_USEC_PER_SEC / 2);
  g_assert_cmpuint (self->n_told, <, N_RUN);
  g_assert_cmpint (self->counts.n_under_way, ==, 0);
}

static void
test_cancelled_before (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (self->cancellable);
  g_assert_false (run (self, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (self->counts.n_begun, ==, 0);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/device-run/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ws_spectrum_init_blas ();
  ADD ("good", test_good);
  ADD ("many-lanes", test_many_lanes);
  ADD ("batches", test_batches);
  ADD ("accepts-nothing", test_accepts_nothing);
  ADD ("memory/one", test_one_without_memory);
  ADD ("memory/large-ones", test_large_ones_without_memory);
  ADD ("memory/batch", test_batch_without_memory);
  ADD ("memory/two-tasks", test_no_memory_for_two_tasks);
  ADD ("numeric", test_numeric);
  ADD ("numeric/batch", test_batch_that_fails);
  ADD ("wrong/scaled", test_scaled);
  ADD ("wrong/diagonal", test_diagonal);
  ADD ("wrong/nan", test_nan);
  ADD ("numeric/in-a-row", test_failures_in_a_row);
  ADD ("numeric/in-a-row/batch", test_failures_of_a_batch_are_none);
  ADD ("stopped", test_stopped);
  ADD ("stopped/with-lanes", test_stopped_with_lanes);
  ADD ("hangs", test_hangs);
  ADD ("cancel/while-it-hangs", test_cancel_while_it_hangs);
  ADD ("cancel/before", test_cancelled_before);
  return g_test_run ();
}
