/* SPDX-License-Identifier: MIT */
/* The work queue of a run, and the jobs that the processor takes from it. */
#include "analysis/schedule-private.h"

static void
clear_job (gpointer data)
{
  WsJob *job = data;

  ws_result_unref (job->result);
}

static int
compare_jobs (gconstpointer a, gconstpointer b)
{
  const WsJob *x = a, *y = b;

  if (x->work != y->work)
    return x->work > y->work ? -1 : 1;
  return (x->index > y->index) - (x->index < y->index);
}

WsJob *
_ws_schedule_get_job (const WsSchedule *self, guint i)
{
  return &g_array_index (self->jobs, WsJob, i);
}

guint
_ws_schedule_get_position (const WsSchedule *self, const WsJob *job)
{
  return (guint) (job - _ws_schedule_get_job (self, 0));
}

static void
add_job (WsSchedule *self, WsResult *result, guint index)
{
  WsJob job = { .result = ws_result_ref (result),
                .index = index,
                .values = !ws_result_is_vector (result),
                .backfill_of = G_MAXUINT };

  ws_matrix_init (&job.matrix, result->tensor, result->slice);
  job.n_bytes = ws_spectrum_get_required_bytes (&job.matrix, job.values, self->options);
  if (!ws_schedule_is_too_large (self, &job))
    {
      ws_spectrum_estimate_stages (&job.matrix, job.values, &job.stages);
      job.work = ws_spectrum_estimate_work (&job.matrix, job.values);
    }
  self->work_total += job.work;
  g_array_append_val (self->jobs, job);
}

void
ws_schedule_init (WsSchedule *self, GPtrArray *results, const WsSpectrumOptions *options,
                  guint64 memory_limit)
{
  *self = (WsSchedule){ .jobs = g_array_new (FALSE, FALSE, sizeof (WsJob)),
                        .active = g_ptr_array_new (),
                        .memory_limit = memory_limit,
                        .device_factor = 1.0,
                        .options = options };
  g_array_set_clear_func (self->jobs, clear_job);
  for (guint i = 0; i < results->len; i++)
    {
      WsResult *result = g_ptr_array_index (results, i);

      if (ws_result_needs_run (result))
        add_job (self, result, i);
    }
  g_array_sort (self->jobs, compare_jobs);
  for (guint i = 0; i < self->jobs->len; i++)
    _ws_schedule_add_waiting (self, _ws_schedule_get_job (self, i), 1);
}

void
ws_schedule_clear (WsSchedule *self)
{
  g_clear_pointer (&self->jobs, g_array_unref);
  g_clear_pointer (&self->active, g_ptr_array_unref);
}

/* Looking */

gboolean
ws_schedule_is_too_large (const WsSchedule *self, const WsJob *job)
{
  return job->n_bytes > self->memory_limit;
}

gboolean
ws_schedule_is_exhausted (const WsSchedule *self)
{
  return self->n_waiting == 0;
}

double
ws_schedule_get_work_done (const WsSchedule *self)
{
  double work = self->work_done;

  for (guint i = 0; i < self->active->len; i++)
    {
      const WsJob *job = g_ptr_array_index (self->active, i);

      work += job->share * job->work;
    }
  return work;
}

double
_ws_schedule_get_processor_seconds (const WsSchedule *self, const WsJob *job)
{
  return ws_speed_get_seconds (&self->speed, &job->stages);
}

static double
get_device_seconds (const WsSchedule *self, const WsJob *job)
{
  return job->device_seconds * self->device_factor;
}

guint64
_ws_schedule_get_cost (const WsSchedule *self, const WsJob *job)
{
  return ws_schedule_is_too_large (self, job) ? 0 : job->n_bytes;
}

guint64
_ws_schedule_get_free_bytes (const WsSchedule *self)
{
  return self->memory_limit - MIN (self->memory_limit, self->n_bytes_used);
}

/* Moving */

void
_ws_schedule_add_waiting (WsSchedule *self, const WsJob *job, int sign)
{
  self->n_waiting += (guint) sign;
  if (job->is_task)
    {
      self->device_seconds_waiting += sign * job->device_seconds;
      return;
    }
  self->stages_waiting.reading += sign * job->stages.reading;
  self->stages_waiting.gram += sign * job->stages.gram;
  self->stages_waiting.reduction += sign * job->stages.reduction;
}

static gboolean
is_waiting (const WsSchedule *self, guint position, gboolean is_task)
{
  const WsJob *job = _ws_schedule_get_job (self, position);

  return !job->begun && job->is_task == is_task;
}

void
_ws_schedule_skip_begun (WsSchedule *self)
{
  while (self->head < self->jobs->len && !is_waiting (self, self->head, FALSE))
    self->head++;
  while (self->task_head < self->task_end && !is_waiting (self, self->task_head, TRUE))
    self->task_head++;
  while (self->task_head < self->task_end && !is_waiting (self, self->task_end - 1, TRUE))
    self->task_end--;
}

void
_ws_schedule_begin_job (WsSchedule *self, WsJob *job, guint64 n_bytes)
{
  _ws_schedule_add_waiting (self, job, -1);
  job->begun = TRUE;
  job->share = 0;
  job->begun_usec = g_get_monotonic_time ();
  job->n_bytes_held = n_bytes;
  self->n_bytes_used += n_bytes;
  g_ptr_array_add (self->active, job);
  _ws_schedule_skip_begun (self);
}

void
_ws_schedule_take_back (WsSchedule *self, WsJob *job)
{
  g_ptr_array_remove_fast (self->active, job);
  self->n_bytes_used -= job->n_bytes_held;
  job->n_bytes_held = 0;
  job->on_device = FALSE;
}

void
_ws_schedule_put_back (WsSchedule *self, WsJob *job)
{
  const guint position = _ws_schedule_get_position (self, job);

  job->begun = FALSE;
  job->share = 0;
  job->backfill_of = G_MAXUINT;
  _ws_schedule_add_waiting (self, job, 1);
  if (!job->is_task)
    {
      self->head = MIN (self->head, position);
      return;
    }
  if (ws_schedule_has_no_tasks (self))
    self->task_head = self->task_end = position;
  self->task_head = MIN (self->task_head, position);
  self->task_end = MAX (self->task_end, position + 1);
}

void
ws_schedule_end (WsSchedule *self, WsJob *job, gboolean done)
{
  _ws_schedule_take_back (self, job);
  if (!done)
    {
      _ws_schedule_put_back (self, job);
      return;
    }
  self->n_done++;
  self->work_done += job->work;
}

/* Beginning, on the processor */

/* Bytes that stay in use when all jobs are done that ran before the head had to wait. */
static guint64
get_backfilled_bytes (const WsSchedule *self)
{
  guint64 n_bytes = 0;

  for (guint i = 0; i < self->active->len; i++)
    {
      const WsJob *job = g_ptr_array_index (self->active, i);

      if (job->backfill_of == self->head)
        n_bytes += job->n_bytes_held;
    }
  return n_bytes;
}

static WsJob *
find_fitting (WsSchedule *self)
{
  WsJob *head = _ws_schedule_get_job (self, self->head);
  guint64 n_bytes_free = _ws_schedule_get_free_bytes (self);
  guint64 n_bytes_beside;

  if (_ws_schedule_get_cost (self, head) <= n_bytes_free)
    return head;
  n_bytes_beside = self->memory_limit - _ws_schedule_get_cost (self, head);
  n_bytes_beside -= MIN (n_bytes_beside, get_backfilled_bytes (self));
  for (guint i = self->head + 1; i < self->jobs->len; i++)
    {
      WsJob *job = _ws_schedule_get_job (self, i);

      if (!job->begun && !job->is_task &&
          _ws_schedule_get_cost (self, job) <= MIN (n_bytes_free, n_bytes_beside))
        {
          job->backfill_of = self->head;
          return job;
        }
    }
  return NULL;
}

WsJob *
ws_schedule_begin (WsSchedule *self)
{
  WsJob *job =
      self->head < self->jobs->len ? find_fitting (self) : _ws_schedule_find_helpful (self);

  if (job != NULL)
    _ws_schedule_begin_job (self, job, _ws_schedule_get_cost (self, job));
  return job;
}

/* Seconds left */

/* Of an active job: at first what was expected, at last what it has taken yet tells. */
static double
get_seconds_left (const WsJob *job, double expected, gint64 now_usec)
{
  const double elapsed = (now_usec - job->begun_usec) / (double) G_USEC_PER_SEC;

  return (1.0 - job->share) * (elapsed + (1.0 - job->share) * expected);
}

/* Of the longest that waits: threads share its Gram matrix, not the rest. */
static double
get_longest_seconds (const WsSchedule *self, guint n_workers)
{
  WsStages stages;

  if (self->head == self->jobs->len)
    return 0.0;
  stages = _ws_schedule_get_job (self, self->head)->stages;
  stages.gram /= n_workers;
  return ws_speed_get_seconds (&self->speed, &stages);
}

/* By how many the tasks are shared. A device that has not come is expected to be as the last one
 * was, whose speed is that of all its lanes; if there was none, it is the processor. */
static guint
count_lanes (const WsSchedule *self, guint n_workers)
{
  if (self->backend != NULL)
    return self->backend->n_lanes;
  return self->is_expecting && self->is_device_known ? 1 : n_workers;
}

double
ws_schedule_get_seconds_left (const WsSchedule *self, guint n_workers, gint64 now_usec)
{
  double processor = ws_speed_get_seconds (&self->speed, &self->stages_waiting);
  double device = self->device_seconds_waiting * self->device_factor;
  double longest = get_longest_seconds (self, n_workers);

  for (guint i = 0; i < self->active->len; i++)
    {
      const WsJob *job = g_ptr_array_index (self->active, i);
      double seconds =
          get_seconds_left (job,
                            job->on_device ? get_device_seconds (self, job)
                                           : _ws_schedule_get_processor_seconds (self, job),
                            now_usec);

      *(job->on_device ? &device : &processor) += seconds;
      longest = MAX (longest, seconds);
    }
  device /= count_lanes (self, n_workers);
  return MAX (MAX (processor / n_workers, device), longest);
}
