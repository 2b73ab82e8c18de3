/* SPDX-License-Identifier: MIT */
/* What is said of where numbers were computed. */
#include "analysis/device-words.h"

#include "analysis-fixture.h"

#define N_RESULTS 6

typedef struct
{
  WsModel *model;
  GPtrArray *results;
} Rows;

static void
rows_init (Rows *self)
{
  TensorSpec spec = { "w", WS_BLOCK_Q_PROJ, 0, 2, { 3, 4 } };

  self->model = fixture_model_in_memory (&spec, 1);
  self->results = g_ptr_array_new_with_free_func ((GDestroyNotify) ws_result_unref);
  for (guint i = 0; i < N_RESULTS; i++)
    g_ptr_array_add (
        self->results,
        ws_result_new_pending (self->model, g_ptr_array_index (self->model->tensors, 0), -1));
}

static void
rows_clear (Rows *self)
{
  g_ptr_array_unref (self->results);
  ws_model_unref (self->model);
}

static void
set_fault (Rows *self, guint i, WsFault fault)
{
  ((WsResult *) g_ptr_array_index (self->results, i))->spectrum.fault = fault;
}

static void
assert_said (Rows *self, const char *expected)
{
  g_autofree char *said = ws_faults_describe (self->results);

  g_assert_cmpstr (said, ==, expected);
}

static void
test_no_fault_is_nothing_to_say (void)
{
  Rows rows;

  rows_init (&rows);
  assert_said (&rows, NULL);
  rows_clear (&rows);
}

static void
test_faults_are_counted_by_reason (void)
{
  Rows rows;

  rows_init (&rows);
  set_fault (&rows, 0, WS_FAULT_MEMORY);
  set_fault (&rows, 1, WS_FAULT_NUMERIC);
  set_fault (&rows, 4, WS_FAULT_MEMORY);
  assert_said (&rows,
               "2 matrices did not fit the memory of the GPU and were computed by the processor\n"
               "the values of 1 matrix from the GPU did not pass the checks; it was computed by "
               "the processor");
  rows_clear (&rows);
}

static void
test_lost_gpu_was_told_when_it_was_lost (void)
{
  Rows rows;

  rows_init (&rows);
  set_fault (&rows, 0, WS_FAULT_STOPPED);
  set_fault (&rows, 1, WS_FAULT_TIMEOUT);
  assert_said (&rows, NULL);
  rows_clear (&rows);
}

/* What an earlier run met was said then. */
static void
test_stored_results_do_not_count (void)
{
  Rows rows;

  rows_init (&rows);
  set_fault (&rows, 0, WS_FAULT_MEMORY);
  ((WsResult *) g_ptr_array_index (rows.results, 0))->from_store = TRUE;
  assert_said (&rows, NULL);
  rows_clear (&rows);
}

static void
assert_described (const char *device, guint n_threads, const char *expected)
{
  g_autofree char *text = ws_device_describe (device, n_threads);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_device_and_threads_are_named (void)
{
  g_autofree char *all = g_strdup_printf ("NVIDIA H200 and %u thread%s", g_get_num_processors (),
                                          g_get_num_processors () == 1 ? "" : "s");

  assert_described (NULL, 2, "Processor, 2 threads");
  assert_described (NULL, 1, "Processor, 1 thread");
  assert_described ("NVIDIA H200", 15, "NVIDIA H200 and 15 threads");
  assert_described ("NVIDIA H200", 0, all);
}

static void
test_backends_have_titles (void)
{
  g_assert_cmpstr (ws_backend_get_title ("cpu"), ==, "Processor");
  g_assert_cmpstr (ws_backend_get_title ("cuda"), ==, "GPU");
  g_assert_cmpstr (ws_backend_get_title (NULL), ==, "—");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/device-words/no-fault-is-nothing-to-say", test_no_fault_is_nothing_to_say);
  g_test_add_func ("/device-words/faults-are-counted-by-reason", test_faults_are_counted_by_reason);
  g_test_add_func ("/device-words/lost-gpu-was-told-when-it-was-lost",
                   test_lost_gpu_was_told_when_it_was_lost);
  g_test_add_func ("/device-words/stored-results-do-not-count", test_stored_results_do_not_count);
  g_test_add_func ("/device-words/device-and-threads-are-named", test_device_and_threads_are_named);
  g_test_add_func ("/device-words/backends-have-titles", test_backends_have_titles);
  return g_test_run ();
}
