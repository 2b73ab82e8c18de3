/* SPDX-License-Identifier: MIT */
/* The threads of a run. Those of the processor compute a matrix each and help others when none is
 * left for them; those of a device feed it. What the device does not do comes back. */
#include "analysis/analysis-private.h"

#include <glib/gi18n-lib.h>

/* Of the difference between what was expected of a task and what was seen, what one changes. */
#define DEVICE_LEARNING 0.5

/* A device whose solutions fail so often in a row is not given any more: each costs the time of the
 * device and then that of the processor. */
#define MOST_FAILURES 4

/* Of such a device, for people. */
static const char failures[] = N_ ("failed for several matrices in a row");

/* The share of jobs that are computed together. */
typedef struct
{
  WsAnalysis *analysis;
  WsJob **jobs;
  guint n_jobs;
} Working;

static void
set_share (double share, gpointer user_data)
{
  Working *working = user_data;

  g_mutex_lock (&working->analysis->mutex);
  for (guint i = 0; i < working->n_jobs; i++)
    working->jobs[i]->share = CLAMP (share, working->jobs[i]->share, 1);
  g_mutex_unlock (&working->analysis->mutex);
}

static gboolean
is_cancelled (WsAnalysis *self)
{
  return g_cancellable_is_cancelled (self->cancellable);
}

static void
break_off (WsAnalysis *self, WsJob *job)
{
  g_mutex_lock (&self->mutex);
  ws_schedule_end (&self->schedule, job, FALSE);
  _ws_analysis_notify (self);
  g_mutex_unlock (&self->mutex);
}

/* The processor */

/* Only where every worker has a matrix: those who help make it faster than it is. */
static void
learn (WsAnalysis *self, const WsJob *job, double seconds)
{
  g_mutex_lock (&self->mutex);
  if (self->n_helping == 0)
    {
      ws_speed_learn (&self->schedule.speed, &job->stages, seconds);
      self->n_learnt++;
    }
  g_mutex_unlock (&self->mutex);
}

/* (transfer full): NULL if it was broken off. */
static WsResult *
compute_result (WsAnalysis *self, WsJob *job)
{
  Working working = { self, &job, 1 };
  WsPlace place = { .team = self->team };
  g_auto (WsSpectrum) spectrum = { 0 };
  g_autoptr (GError) error = NULL;

  if (ws_schedule_is_too_large (&self->schedule, job))
    return ws_result_new_too_large (job->result, job->n_bytes, self->options.memory_limit);
  if (self->compute (&spectrum, &job->matrix, job->values, &self->options.spectrum, &place,
                     set_share, &working, self->cancellable, &error))
    {
      learn (self, job, spectrum.seconds);
      spectrum.fault = job->fault;
      return ws_result_new_finished (job->result, &spectrum, &self->options.metrics);
    }
  if (is_cancelled (self))
    return NULL;
  return ws_result_new_failed (job->result, WS_STATE_ERROR, error->message);
}

static void
work_on (WsAnalysis *self, WsJob *job)
{
  g_autoptr (WsResult) result = compute_result (self, job);

  if (result != NULL)
    _ws_analysis_finish_job (self, job, result);
  else
    break_off (self, job);
}

/* With the mutex. Whether all is done, or in the hands of threads that need no help. */
static gboolean
is_over (WsAnalysis *self)
{
  return is_cancelled (self) || self->schedule.n_done == self->schedule.jobs->len;
}

/* With the mutex. While a device takes part its threads are of those that were asked for. */
static gboolean
is_one_too_many (WsAnalysis *self)
{
  guint n_lanes = self->schedule.backend != NULL ? self->schedule.backend->n_lanes : 0;
  guint n = self->options.n_threads > n_lanes ? self->options.n_threads - n_lanes : 1;

  return self->n_on_processor > n && !ws_schedule_has_no_tasks (&self->schedule);
}

/* With the mutex, which is given up meanwhile. */
static void
help (WsAnalysis *self)
{
  guint ticket = ws_team_get_ticket (self->team);

  self->n_helping++;
  g_mutex_unlock (&self->mutex);
  ws_team_help (self->team, ticket);
  g_mutex_lock (&self->mutex);
  self->n_helping--;
}

/* The next job; while paused and while none fits this thread helps the others. NULL: there is
 * nothing more for it to do. */
static WsJob *
take_job (WsAnalysis *self)
{
  WsReadAheadRange range = { 0 };
  WsJob *job = NULL;

  g_mutex_lock (&self->mutex);
  while (!is_over (self) && !is_one_too_many (self))
    {
      job = self->paused ? NULL : ws_schedule_begin (&self->schedule);
      if (job != NULL)
        {
          range = ws_read_ahead_advance (&self->read_ahead, &self->schedule);
          self->current = job->result->tensor;
          break;
        }
      help (self);
    }
  g_mutex_unlock (&self->mutex);
  ws_read_ahead_announce (&self->schedule, range);
  return job;
}

/* The device */

/* @reason: N_() */
static void
stop_device (WsAnalysis *self, const char *reason)
{
  g_autofree char *sentence = NULL;
  gboolean first;

  g_mutex_lock (&self->mutex);
  first = !self->device_stopped;
  self->device_stopped = TRUE;
  if (first)
    {
      ws_schedule_set_device (&self->schedule, NULL);
      g_free (self->device_note);
      self->device_note = g_strdup (reason);
      _ws_analysis_notify (self);
    }
  g_mutex_unlock (&self->mutex);
  if (!first)
    return;
  sentence = g_strdup_printf (_ ("%s: %s. What is left is computed by the processor."),
                              self->backend->name, _ (reason));
  _ws_analysis_warn (self, sentence);
}

/* What came of a solution, not counting what memory did not suffice for. */
static void
count_failures (WsAnalysis *self, gboolean failed)
{
  gboolean is_useless;

  g_mutex_lock (&self->mutex);
  self->n_failures_in_a_row = failed ? self->n_failures_in_a_row + 1 : 0;
  is_useless = self->n_failures_in_a_row >= MOST_FAILURES;
  g_mutex_unlock (&self->mutex);
  if (is_useless)
    stop_device (self, failures);
}

/* One that was not alone may try once more, alone. */
static void
give_back (WsAnalysis *self, WsJob *job, WsFault fault, guint n_in_task)
{
  gboolean has_company = self->backend->n_lanes > 1;
  gboolean was_alone = job->must_be_alone || n_in_task == 1;
  gboolean may_retry =
      (fault == WS_FAULT_NUMERIC && !was_alone) ||
      (fault == WS_FAULT_MEMORY && !job->must_be_alone && (!was_alone || has_company));

  g_mutex_lock (&self->mutex);
  if (may_retry)
    ws_schedule_retry_alone (&self->schedule, job);
  else
    ws_schedule_refuse (&self->schedule, job, fault);
  _ws_analysis_notify (self);
  g_mutex_unlock (&self->mutex);
  if (fault == WS_FAULT_NUMERIC && !may_retry)
    count_failures (self, TRUE);
}

/* What became of one of the matrices of a task. */
static void
settle (WsAnalysis *self, WsJob *job, WsBatchItem *item, guint n_in_task)
{
  g_autoptr (WsResult) result = NULL;
  WsFault fault = ws_fault_from_error (item->error);

  if (item->error != NULL && is_cancelled (self))
    {
      break_off (self, job);
      return;
    }
  if (item->error != NULL && item->error->domain == WS_FAULT_ERROR)
    {
      if (fault == WS_FAULT_STOPPED || fault == WS_FAULT_TIMEOUT)
        stop_device (self, ws_fault_get_sentence (fault, FALSE));
      give_back (self, job, fault, n_in_task);
      return;
    }
  if (item->error != NULL)
    result = ws_result_new_failed (job->result, WS_STATE_ERROR, item->error->message);
  else
    {
      result = ws_result_new_finished (job->result, &item->spectrum, &self->options.metrics);
      count_failures (self, FALSE);
    }
  _ws_analysis_finish_job (self, job, result);
}

/* Lanes work at the same time: for the run as a whole a task takes that part of its time. */
static void
learn_of_device (WsAnalysis *self, GPtrArray *jobs, double seconds)
{
  const double of_run = seconds / self->backend->n_lanes;
  WsSchedule *schedule = &self->schedule;
  WsStages stages = { 0 };
  double expected = 0.0;

  for (guint i = 0; i < jobs->len; i++)
    {
      const WsJob *job = g_ptr_array_index (jobs, i);

      stages.reading += job->stages.reading;
      stages.gram += job->stages.gram;
      stages.reduction += job->stages.reduction;
      expected += job->device_seconds;
    }
  g_mutex_lock (&self->mutex);
  if (self->device_speed.gram == 0.0)
    ws_speed_init_uniform (&self->device_speed,
                           of_run / (stages.reading + stages.gram + stages.reduction));
  else
    ws_speed_learn (&self->device_speed, &stages, of_run);
  if (expected > 0.0)
    schedule->device_factor += DEVICE_LEARNING * (seconds / expected - schedule->device_factor);
  g_mutex_unlock (&self->mutex);
}

static gboolean
has_failure (const WsBatchItem *items, guint n)
{
  for (guint i = 0; i < n; i++)
    if (items[i].error != NULL)
      return TRUE;
  return FALSE;
}

static void
work_on_task (WsAnalysis *self, GPtrArray *jobs)
{
  Working working = { self, (WsJob **) jobs->pdata, jobs->len };
  g_autofree WsBatchItem *items = g_new0 (WsBatchItem, jobs->len);
  gint64 start = g_get_monotonic_time ();

  for (guint i = 0; i < jobs->len; i++)
    items[i].matrix = &working.jobs[i]->matrix;
  ws_spectrum_compute_batch (items, jobs->len, &self->options.spectrum, self->backend, set_share,
                             &working, self->cancellable);
  if (!has_failure (items, jobs->len))
    learn_of_device (self, jobs, (g_get_monotonic_time () - start) * 1e-6);
  for (guint i = 0; i < jobs->len; i++)
    {
      settle (self, working.jobs[i], &items[i], jobs->len);
      ws_spectrum_clear (&items[i].spectrum);
      g_clear_error (&items[i].error);
    }
  _ws_analysis_deliver (self);
  g_mutex_lock (&self->mutex);
  ws_schedule_end_task (&self->schedule);
  _ws_analysis_notify (self);
  g_mutex_unlock (&self->mutex);
}

/* Waits while paused and while none fits. Returns: FALSE: there is nothing more for the device. */
static gboolean
take_task (WsAnalysis *self, GPtrArray *jobs)
{
  WsReadAheadRange range = { 0 };

  g_mutex_lock (&self->mutex);
  while (!is_over (self) && !ws_schedule_has_no_tasks (&self->schedule))
    {
      if (!self->paused && ws_schedule_begin_task (&self->schedule, jobs))
        {
          range = ws_read_ahead_advance (&self->read_ahead, &self->schedule);
          self->current = ((WsJob *) g_ptr_array_index (jobs, 0))->result->tensor;
          break;
        }
      g_cond_wait (&self->changed, &self->mutex);
    }
  g_mutex_unlock (&self->mutex);
  ws_read_ahead_announce (&self->schedule, range);
  return jobs->len > 0;
}

static void
feed_device (WsAnalysis *self)
{
  g_autoptr (GPtrArray) jobs = g_ptr_array_new ();

  while (take_task (self, jobs))
    {
      work_on_task (self, jobs);
      g_ptr_array_set_size (jobs, 0);
    }
}

static gboolean
join_processor (WsAnalysis *self)
{
  gboolean joined;

  g_mutex_lock (&self->mutex);
  joined = self->n_on_processor < self->options.n_threads;
  if (joined)
    self->n_on_processor++;
  g_mutex_unlock (&self->mutex);
  return joined;
}

static void
leave (WsAnalysis *self, gboolean on_processor)
{
  g_mutex_lock (&self->mutex);
  self->n_workers--;
  if (on_processor)
    self->n_on_processor--;
  _ws_analysis_rouse (self);
  g_mutex_unlock (&self->mutex);
}

void
_ws_analysis_work (WsAnalysis *self, gboolean is_lane)
{
  gboolean on_processor;
  WsJob *job;

  if (is_lane)
    feed_device (self);
  on_processor = !is_lane || join_processor (self);
  while (on_processor && (job = take_job (self)) != NULL)
    work_on (self, job);
  leave (self, on_processor);
}
