/* SPDX-License-Identifier: MIT */
/* The work queue: longest first, within the memory limit, nobody waits for ever. */
#include "analysis-fixture.h"

#include "analysis/schedule.h"

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
  WsSpectrumOptions options;

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
  return g_test_run ();
}
