/* SPDX-License-Identifier: MIT */
/* The work queue: longest first, within the memory limit, nobody waits for ever. */
#include "analysis-fixture.h"

#include "analysis/read-ahead.h"
#include "analysis/schedule.h"
#include "scripted-backend.h"

/* Square matrices of these sides, in this order. */
static GPtrArray *
make_results (const guint *sides, guint n)
{
  g_autofree TensorSpec *specs = g_new0 (TensorSpec, n);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (WsModel) model = NULL;

  for (guint i = 0; i < n; i++)
    {
      char *name = g_strdup_printf ("%03u", i);

      g_ptr_array_add (names, name);
      specs[i] = (TensorSpec){ name, WS_BLOCK_Q_PROJ, 0, 2, { sides[i], sides[i] } };
    }
  model = fixture_model_in_memory (specs, n);
  return fixture_plan (model);
}

static guint64
get_bytes_of (const WsResult *result)
{
  WsSpectrumOptions options;
  WsMatrix matrix;

  ws_spectrum_options_init (&options);
  ws_matrix_init (&matrix, result->tensor, result->slice);
  return ws_spectrum_get_required_bytes (&matrix, TRUE, &options);
}

/* @n_bytes: (nullable) what each job takes, in place of what the numerics say. */
static void
begin_schedule (WsSchedule *self, GPtrArray *results, const guint64 *n_bytes, guint64 memory_limit)
{
  static WsSpectrumOptions options;

  ws_spectrum_options_init (&options);
  ws_schedule_init (self, results, &options, n_bytes != NULL ? G_MAXUINT64 : memory_limit);
  self->memory_limit = memory_limit;
  for (guint i = 0; n_bytes != NULL && i < self->jobs->len; i++)
    {
      WsJob *job = &g_array_index (self->jobs, WsJob, i);

      job->n_bytes = n_bytes[job->index];
    }
}

static void
assert_next (WsSchedule *self, guint index)
{
  const WsJob *job = ws_schedule_begin (self);

  g_assert_nonnull (job);
  g_assert_cmpuint (job->index, ==, index);
}

static WsJob *
find_active (WsSchedule *self, guint index)
{
  for (guint i = 0; i < self->active->len; i++)
    {
      WsJob *job = g_ptr_array_index (self->active, i);

      if (job->index == index)
        return job;
    }
  g_assert_not_reached ();
}

static void
test_longest_first (void)
{
  g_autoptr (GPtrArray) results = make_results ((const guint[]){ 100, 300, 200, 300 }, 4);
  WsSchedule schedule;

  begin_schedule (&schedule, results, NULL, G_MAXUINT64);
  assert_next (&schedule, 1);
  assert_next (&schedule, 3);
  assert_next (&schedule, 2);
  assert_next (&schedule, 0);
  g_assert_null (ws_schedule_begin (&schedule));
  g_assert_true (ws_schedule_is_exhausted (&schedule));
  ws_schedule_clear (&schedule);
}

static void
test_memory_holds_back (void)
{
  g_autoptr (GPtrArray) results = make_results ((const guint[]){ 2000, 2000 }, 2);
  WsSchedule schedule;

  begin_schedule (&schedule, results, (const guint64[]){ 50, 50 }, 99);
  assert_next (&schedule, 0);
  g_assert_null (ws_schedule_begin (&schedule));
  g_assert_false (ws_schedule_is_exhausted (&schedule));
  ws_schedule_end (&schedule, find_active (&schedule, 0), TRUE);
  assert_next (&schedule, 1);
  ws_schedule_clear (&schedule);
}

/* While the second large one waits, small ones run only where they leave it its room: beside one
 * large one the limit holds two of them. A third would fit when one large one has ended, but then
 * the other comes first. */
static void
test_waiting_one_is_not_starved (void)
{
  g_autoptr (GPtrArray) results =
      make_results ((const guint[]){ 2000, 2000, 400, 400, 400, 400 }, 6);
  WsSchedule schedule;

  begin_schedule (&schedule, results, (const guint64[]){ 60, 60, 20, 20, 20, 20 }, 100);
  assert_next (&schedule, 0);
  assert_next (&schedule, 2);
  assert_next (&schedule, 3);
  g_assert_null (ws_schedule_begin (&schedule));
  ws_schedule_end (&schedule, find_active (&schedule, 0), TRUE);
  assert_next (&schedule, 1);
  g_assert_null (ws_schedule_begin (&schedule));
  ws_schedule_end (&schedule, find_active (&schedule, 2), TRUE);
  assert_next (&schedule, 4);
  ws_schedule_clear (&schedule);
}

/* The second takes all memory: nothing may overtake it, though there is room beside the first. */
static void
test_nothing_overtakes_one_that_needs_all (void)
{
  g_autoptr (GPtrArray) results = make_results ((const guint[]){ 2000, 1000, 400 }, 3);
  WsSchedule schedule;

  begin_schedule (&schedule, results, (const guint64[]){ 50, 100, 10 }, 100);
  assert_next (&schedule, 0);
  g_assert_null (ws_schedule_begin (&schedule));
  ws_schedule_end (&schedule, find_active (&schedule, 0), TRUE);
  assert_next (&schedule, 1);
  g_assert_null (ws_schedule_begin (&schedule));
  ws_schedule_end (&schedule, find_active (&schedule, 1), TRUE);
  assert_next (&schedule, 2);
  ws_schedule_clear (&schedule);
}

static void
test_too_large_takes_nothing (void)
{
  g_autoptr (GPtrArray) results = make_results ((const guint[]){ 2000, 400 }, 2);
  WsSchedule schedule;
  WsJob *job;

  begin_schedule (&schedule, results, NULL, get_bytes_of (g_ptr_array_index (results, 1)));
  assert_next (&schedule, 1);
  job = ws_schedule_begin (&schedule);
  g_assert_cmpuint (job->index, ==, 0);
  g_assert_true (ws_schedule_is_too_large (&schedule, job));
  g_assert_cmpfloat (job->work, ==, 0);
  ws_schedule_clear (&schedule);
}

static void
test_broken_off_comes_again (void)
{
  g_autoptr (GPtrArray) results = make_results ((const guint[]){ 300, 200, 100 }, 3);
  WsSchedule schedule;

  begin_schedule (&schedule, results, NULL, G_MAXUINT64);
  assert_next (&schedule, 0);
  assert_next (&schedule, 1);
  ws_schedule_end (&schedule, find_active (&schedule, 0), FALSE);
  assert_next (&schedule, 0);
  assert_next (&schedule, 2);
  g_assert_cmpuint (schedule.n_done, ==, 0);
  ws_schedule_clear (&schedule);
}

static void
test_work_counts_shares (void)
{
  g_autoptr (GPtrArray) results = make_results ((const guint[]){ 300, 300 }, 2);
  WsSchedule schedule;
  WsJob *job;

  begin_schedule (&schedule, results, NULL, G_MAXUINT64);
  job = ws_schedule_begin (&schedule);
  job->share = 0.5;
  g_assert_cmpfloat (ws_schedule_get_work_done (&schedule), ==, schedule.work_total / 4);
  ws_schedule_end (&schedule, job, TRUE);
  g_assert_cmpfloat (ws_schedule_get_work_done (&schedule), ==, schedule.work_total / 2);
  ws_schedule_clear (&schedule);
}

/* A device that promises @seconds for a task, beside a processor that takes @processor_seconds for
 * a unit of work. */
static WsBackend *
begin_with_device (WsSchedule *self, GPtrArray *results, const Script *script,
                   double processor_seconds)
{
  static ScriptedCounts counts;
  WsBackend *backend = scripted_backend_new (script, &counts);

  begin_schedule (self, results, NULL, G_MAXUINT64);
  ws_speed_init_uniform (&self->speed, processor_seconds);
  ws_schedule_set_device (self, backend);
  return backend;
}

static void
assert_next_task (WsSchedule *self, const guint *indices, guint n)
{
  g_autoptr (GPtrArray) jobs = g_ptr_array_new ();

  g_assert_cmpint (ws_schedule_begin_task (self, jobs), ==, n > 0);
  g_assert_cmpuint (jobs->len, ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpuint (((WsJob *) g_ptr_array_index (jobs, i))->index, ==, indices[i]);
}

#define INDICES(...) (const guint[]){ __VA_ARGS__ }, G_N_ELEMENTS (((const guint[]){ __VA_ARGS__ }))

/* 100 is too small for a device; the processor would take years for the others. */
static void
test_device_has_the_dearest (void)
{
  g_autoptr (GPtrArray) results = make_results ((const guint[]){ 100, 200, 300, 400 }, 4);
  WsSchedule schedule;
  g_autoptr (WsBackend) backend = begin_with_device (&schedule, results, &(Script){ 0 }, 1.0);

  assert_next_task (&schedule, INDICES (3));
  assert_next (&schedule, 0);
  g_assert_null (ws_schedule_begin (&schedule));
  assert_next_task (&schedule, INDICES (2));
  assert_next_task (&schedule, INDICES (1));
  assert_next_task (&schedule, NULL, 0);
  g_assert_true (ws_schedule_is_exhausted (&schedule));
  ws_schedule_clear (&schedule);
}

/* 10 s each on the device, nearly nothing on the processor: it takes all but the one that the
 * device comes to at once. */
static void
test_processor_helps_from_the_other_end (void)
{
  g_autoptr (GPtrArray) results = make_results ((const guint[]){ 200, 300, 400 }, 3);
  WsSchedule schedule;
  g_autoptr (WsBackend) backend =
      begin_with_device (&schedule, results, &(Script){ .seconds = 10 }, 1e-15);

  assert_next (&schedule, 0);
  assert_next (&schedule, 1);
  g_assert_null (ws_schedule_begin (&schedule));
  assert_next_task (&schedule, INDICES (2));
  ws_schedule_clear (&schedule);
}

/* Two tasks of 10 s lie before the third: it is begun in 20 s. Its 2 x 200^3 of Gram matrix and
 * reduction, and more of reading, take the processor more than that at 3e-6 s each. */
static void
test_processor_leaves_what_the_device_does_sooner (void)
{
  g_autoptr (GPtrArray) results = make_results ((const guint[]){ 200, 300, 400 }, 3);
  WsSchedule schedule;
  g_autoptr (WsBackend) backend =
      begin_with_device (&schedule, results, &(Script){ .seconds = 10 }, 3e-6);

  g_assert_null (ws_schedule_begin (&schedule));
  ws_schedule_clear (&schedule);
}

static void
test_batch_is_of_one_shape (void)
{
  g_autoptr (GPtrArray) results = make_results ((const guint[]){ 200, 300, 200, 200, 200 }, 5);
  WsSchedule schedule;
  g_autoptr (WsBackend) backend =
      begin_with_device (&schedule, results, &(Script){ .batch = 3 }, 1.0);

  assert_next_task (&schedule, INDICES (1));
  assert_next_task (&schedule, INDICES (0, 2, 3));
  assert_next_task (&schedule, INDICES (4));
  ws_schedule_clear (&schedule);
}

static void
test_refused_is_for_the_processor (void)
{
  g_autoptr (GPtrArray) results = make_results ((const guint[]){ 200, 300 }, 2);
  WsSchedule schedule;
  g_autoptr (WsBackend) backend = begin_with_device (&schedule, results, &(Script){ 0 }, 1.0);
  WsJob *job;

  assert_next_task (&schedule, INDICES (1));
  job = find_active (&schedule, 1);
  ws_schedule_refuse (&schedule, job, WS_FAULT_NUMERIC);
  assert_next_task (&schedule, INDICES (0));
  assert_next (&schedule, 1);
  g_assert_cmpint (job->fault, ==, WS_FAULT_NUMERIC);
  g_assert_false (job->on_device);
  ws_schedule_clear (&schedule);
}

/* What is left to the device is not begun in place of one that waits for memory. */
static void
test_processor_does_not_overtake_into_tasks (void)
{
  g_autoptr (GPtrArray) results = make_results ((const guint[]){ 400, 300, 200 }, 3);
  WsSchedule schedule;
  g_autoptr (WsBackend) backend = begin_with_device (&schedule, results, &(Script){ 0 }, 1.0);

  assert_next_task (&schedule, INDICES (0));
  assert_next_task (&schedule, INDICES (1));
  ws_schedule_refuse (&schedule, find_active (&schedule, 0), WS_FAULT_MEMORY);
  ws_schedule_refuse (&schedule, find_active (&schedule, 1), WS_FAULT_MEMORY);
  schedule.memory_limit = 100;
  for (guint i = 0; i < schedule.jobs->len; i++)
    {
      WsJob *job = &g_array_index (schedule.jobs, WsJob, i);

      job->n_bytes = job->index == 2 ? 10 : 60;
    }
  assert_next (&schedule, 0);
  g_assert_null (ws_schedule_begin (&schedule));
  ws_schedule_clear (&schedule);
}

/* Nothing is begun beside one that is tried again. */
static void
test_again_means_alone (void)
{
  g_autoptr (GPtrArray) results = make_results ((const guint[]){ 400, 300, 200 }, 3);
  WsSchedule schedule;
  g_autoptr (WsBackend) backend = begin_with_device (&schedule, results, &(Script){ 0 }, 1.0);

  assert_next_task (&schedule, INDICES (0));
  assert_next_task (&schedule, INDICES (1));
  ws_schedule_retry_alone (&schedule, find_active (&schedule, 0));
  ws_schedule_end_task (&schedule);
  assert_next_task (&schedule, INDICES (2));
  ws_schedule_end (&schedule, find_active (&schedule, 2), TRUE);
  ws_schedule_end_task (&schedule);
  assert_next_task (&schedule, NULL, 0);
  ws_schedule_end (&schedule, find_active (&schedule, 1), TRUE);
  ws_schedule_end_task (&schedule);
  assert_next_task (&schedule, INDICES (0));
  ws_schedule_clear (&schedule);
}

static void
test_again_when_the_device_has_gone (void)
{
  g_autoptr (GPtrArray) results = make_results ((const guint[]){ 300, 200 }, 2);
  WsSchedule schedule;
  g_autoptr (WsBackend) backend = begin_with_device (&schedule, results, &(Script){ 0 }, 1.0);

  assert_next_task (&schedule, INDICES (0));
  ws_schedule_set_device (&schedule, NULL);
  ws_schedule_retry_alone (&schedule, find_active (&schedule, 0));
  g_assert_true (ws_schedule_has_no_tasks (&schedule));
  assert_next (&schedule, 0);
  ws_schedule_clear (&schedule);
}

static void
test_device_that_goes_leaves_all (void)
{
  g_autoptr (GPtrArray) results = make_results ((const guint[]){ 200, 300, 400 }, 3);
  WsSchedule schedule;
  g_autoptr (WsBackend) backend = begin_with_device (&schedule, results, &(Script){ 0 }, 1.0);

  assert_next_task (&schedule, INDICES (2));
  ws_schedule_set_device (&schedule, NULL);
  g_assert_true (ws_schedule_has_no_tasks (&schedule));
  assert_next (&schedule, 1);
  ws_schedule_refuse (&schedule, find_active (&schedule, 2), WS_FAULT_STOPPED);
  assert_next (&schedule, 2);
  assert_next (&schedule, 0);
  ws_schedule_clear (&schedule);
}

/* What might be for a device is left to it until it is known that there is none. */
static void
test_device_is_expected (void)
{
  g_autoptr (GPtrArray) results = make_results ((const guint[]){ 100, 400 }, 2);
  WsSchedule schedule;

  begin_schedule (&schedule, results, NULL, G_MAXUINT64);
  ws_speed_init_uniform (&schedule.speed, 1.0);
  g_assert_true (ws_schedule_expect_device (&schedule, NULL));
  assert_next (&schedule, 0);
  g_assert_null (ws_schedule_begin (&schedule));
  ws_schedule_set_device (&schedule, NULL);
  assert_next (&schedule, 1);
  ws_schedule_clear (&schedule);
}

/* The last device took a second for each unit, all lanes together. */
static void
test_expected_device_is_as_the_last_one (void)
{
  g_autoptr (GPtrArray) results = make_results ((const guint[]){ 300, 400 }, 2);
  WsSchedule schedule;
  WsSpeed last;

  begin_schedule (&schedule, results, NULL, G_MAXUINT64);
  ws_speed_init_uniform (&schedule.speed, 1e-9);
  ws_speed_init_uniform (&last, 1.0);
  ws_schedule_expect_device (&schedule, &last);
  g_assert_cmpfloat_with_epsilon (
      ws_schedule_get_seconds_left (&schedule, 4, 0) / schedule.work_total, 1.0, 1e-12);
  ws_schedule_clear (&schedule);
}

/* Runs all jobs on @n threads by the clock of what they truly take, always the one that the
 * schedule says. Returns: seconds. */
static double
simulate (WsSchedule *self, const WsSpeed *truth, guint n)
{
  g_autofree double *free_at = g_new0 (double, n);
  double end = 0.0;
  WsJob *job;

  while ((job = ws_schedule_begin (self)) != NULL)
    {
      guint first = 0;

      for (guint i = 1; i < n; i++)
        if (free_at[i] < free_at[first])
          first = i;
      free_at[first] += ws_speed_get_seconds (truth, &job->stages);
      end = MAX (end, free_at[first]);
    }
  return end;
}

/* A layer of a small model, on 1 to 4 threads, at speeds that differ from stage to stage by up to
 * two: once a tenth of such matrices were seen, the estimate is right within a factor of 1.5. */
static void
test_estimate_is_honest (void)
{
  static const guint sides[] = { 768, 1024, 1024, 2048, 512, 512, 2560, 2560, 1536, 300,
                                 768, 1024, 1024, 2048, 512, 512, 2560, 2560, 1536, 300 };
  const WsSpeed truth = { 4e-11, 2e-11, 3e-11 };
  g_autoptr (GPtrArray) results = make_results (sides, G_N_ELEMENTS (sides));

  for (guint n = 1; n <= 4; n++)
    {
      WsSchedule schedule;
      double estimated, actual;

      begin_schedule (&schedule, results, NULL, G_MAXUINT64);
      ws_speed_init_uniform (&schedule.speed, 3e-11);
      estimated = ws_schedule_get_seconds_left (&schedule, n, 0);
      actual = simulate (&schedule, &truth, n);
      g_assert_cmpfloat (estimated, <, 1.5 * actual);
      g_assert_cmpfloat (estimated, >, actual / 1.5);
      ws_schedule_clear (&schedule);
    }
}

/* At a share of one half after 10 s there are 10 s left, whatever had been expected, but for the
 * half of what had been: (1 - 0.5) (10 + 0.5 x expected). */
static void
test_active_one_corrects_the_estimate (void)
{
  g_autoptr (GPtrArray) results = make_results ((const guint[]){ 400 }, 1);
  WsSchedule schedule;
  double expected;
  WsJob *job;

  begin_schedule (&schedule, results, NULL, G_MAXUINT64);
  ws_speed_init_uniform (&schedule.speed, 1e-7);
  expected = ws_schedule_get_seconds_left (&schedule, 1, 0);
  job = ws_schedule_begin (&schedule);
  job->share = 0.5;
  g_assert_cmpfloat_with_epsilon (
      ws_schedule_get_seconds_left (&schedule, 1, job->begun_usec + 10 * G_USEC_PER_SEC),
      0.5 * (10 + 0.5 * expected), 1e-6);
  ws_schedule_end (&schedule, job, TRUE);
  g_assert_cmpfloat_with_epsilon (ws_schedule_get_seconds_left (&schedule, 1, 0), 0, 1e-9);
  ws_schedule_clear (&schedule);
}

/* Matrices of 64 MiB: four of those that are not begun, and none again. */
static void
test_next_ones_are_announced (void)
{
  const guint sides[] = { 4096, 4096, 4096, 4096, 4096, 4096, 4096 };
  const guint ends[] = { 5, 6, 7, 7, 7, 7, 7 };
  g_autoptr (GPtrArray) results = make_results (sides, G_N_ELEMENTS (sides));
  WsReadAhead read_ahead = { 0 };
  WsSchedule schedule;
  guint n_announced = 0;

  begin_schedule (&schedule, results, NULL, G_MAXUINT64);
  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    {
      WsReadAheadRange range;

      assert_next (&schedule, i);
      range = ws_read_ahead_advance (&read_ahead, &schedule);
      g_assert_cmpuint (range.begin, ==, MAX (n_announced, 1));
      g_assert_cmpuint (range.end, ==, ends[i]);
      n_announced = range.end;
    }
  ws_schedule_clear (&schedule);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/schedule/longest-first", test_longest_first);
  g_test_add_func ("/schedule/memory-holds-back", test_memory_holds_back);
  g_test_add_func ("/schedule/waiting-one-is-not-starved", test_waiting_one_is_not_starved);
  g_test_add_func ("/schedule/nothing-overtakes-one-that-needs-all",
                   test_nothing_overtakes_one_that_needs_all);
  g_test_add_func ("/schedule/too-large-takes-nothing", test_too_large_takes_nothing);
  g_test_add_func ("/schedule/broken-off-comes-again", test_broken_off_comes_again);
  g_test_add_func ("/schedule/work-counts-shares", test_work_counts_shares);
  g_test_add_func ("/schedule/device/has-the-dearest", test_device_has_the_dearest);
  g_test_add_func ("/schedule/device/is-helped", test_processor_helps_from_the_other_end);
  g_test_add_func ("/schedule/device/is-sooner", test_processor_leaves_what_the_device_does_sooner);
  g_test_add_func ("/schedule/device/batch-is-of-one-shape", test_batch_is_of_one_shape);
  g_test_add_func ("/schedule/device/refused-is-for-the-processor",
                   test_refused_is_for_the_processor);
  g_test_add_func ("/schedule/device/processor-does-not-overtake-into-tasks",
                   test_processor_does_not_overtake_into_tasks);
  g_test_add_func ("/schedule/device/again-means-alone", test_again_means_alone);
  g_test_add_func ("/schedule/device/again-when-it-has-gone", test_again_when_the_device_has_gone);
  g_test_add_func ("/schedule/device/goes", test_device_that_goes_leaves_all);
  g_test_add_func ("/schedule/device/is-expected", test_device_is_expected);
  g_test_add_func ("/schedule/device/is-expected-as-the-last-one",
                   test_expected_device_is_as_the_last_one);
  g_test_add_func ("/schedule/estimate/is-honest", test_estimate_is_honest);
  g_test_add_func ("/schedule/estimate/active-one-corrects", test_active_one_corrects_the_estimate);
  g_test_add_func ("/schedule/next-ones-are-announced", test_next_ones_are_announced);
  return g_test_run ();
}
