/* SPDX-License-Identifier: MIT */
/* The work queue of a run. */
#include "analysis/schedule.h"

/* What the processor may begin of a device's tasks before it is known whether one comes. */
#define EXPECTING_SECONDS 0.5

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

static WsJob *
get_job (const WsSchedule *self, guint i)
{
  return &g_array_index (self->jobs, WsJob, i);
}

static guint
get_position (const WsSchedule *self, const WsJob *job)
{
  return (guint) (job - get_job (self, 0));
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

static void add_waiting (WsSchedule *self, const WsJob *job, int sign);

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
    add_waiting (self, get_job (self, i), 1);
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

gboolean
ws_schedule_has_no_tasks (const WsSchedule *self)
{
  return self->task_head >= self->task_end;
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

static double
get_processor_seconds (const WsSchedule *self, const WsJob *job)
{
  return ws_speed_get_seconds (&self->speed, &job->stages);
}

static double
get_device_seconds (const WsSchedule *self, const WsJob *job)
{
  return job->device_seconds * self->device_factor;
}

/* What @job counts against the limit for the processor: one that can never fit is only reported. */
static guint64
get_cost (const WsSchedule *self, const WsJob *job)
{
  return ws_schedule_is_too_large (self, job) ? 0 : job->n_bytes;
}

static guint64
get_free_bytes (const WsSchedule *self)
{
  return self->memory_limit - MIN (self->memory_limit, self->n_bytes_used);
}

/* Moving */

/* @sign: 1 when @job begins to wait, -1 when it does no more. */
static void
add_waiting (WsSchedule *self, const WsJob *job, int sign)
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

static void
skip_begun (WsSchedule *self)
{
  const guint n = self->jobs->len;

  while (self->head < n &&
         (get_job (self, self->head)->begun || get_job (self, self->head)->is_task))
    self->head++;
  while (self->task_head < self->task_end &&
         (get_job (self, self->task_head)->begun || !get_job (self, self->task_head)->is_task))
    self->task_head++;
  while (self->task_head < self->task_end && (get_job (self, self->task_end - 1)->begun ||
                                              !get_job (self, self->task_end - 1)->is_task))
    self->task_end--;
}

static void
begin_job (WsSchedule *self, WsJob *job, guint64 n_bytes)
{
  add_waiting (self, job, -1);
  job->begun = TRUE;
  job->share = 0;
  job->begun_usec = g_get_monotonic_time ();
  job->n_bytes_held = n_bytes;
  self->n_bytes_used += n_bytes;
  g_ptr_array_add (self->active, job);
  skip_begun (self);
}

static void
take_back (WsSchedule *self, WsJob *job)
{
  g_ptr_array_remove_fast (self->active, job);
  self->n_bytes_used -= job->n_bytes_held;
  job->n_bytes_held = 0;
  job->on_device = FALSE;
}

/* @job waits again, on the side that is_task says. */
static void
put_back (WsSchedule *self, WsJob *job)
{
  const guint position = get_position (self, job);

  job->begun = FALSE;
  job->share = 0;
  job->backfill_of = G_MAXUINT;
  add_waiting (self, job, 1);
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
  take_back (self, job);
  if (!done)
    {
      put_back (self, job);
      return;
    }
  self->n_done++;
  self->work_done += job->work;
}

void
ws_schedule_end_task (WsSchedule *self)
{
  self->n_tasks_active--;
}

void
ws_schedule_refuse (WsSchedule *self, WsJob *job, WsFault fault)
{
  take_back (self, job);
  job->is_task = FALSE;
  job->fault = fault;
  put_back (self, job);
}

void
ws_schedule_retry_alone (WsSchedule *self, WsJob *job)
{
  take_back (self, job);
  job->must_be_alone = TRUE;
  /* the device may have gone meanwhile */
  job->is_task = self->backend != NULL;
  put_back (self, job);
}

/* The device */

/* Says anew of every job that waits whose it is. */
static void
sort_out (WsSchedule *self, gboolean (*is_task) (WsSchedule *self, WsJob *job))
{
  self->head = self->task_head = 0;
  self->task_end = self->jobs->len;
  for (guint i = 0; i < self->jobs->len; i++)
    {
      WsJob *job = get_job (self, i);

      if (job->begun)
        continue;
      add_waiting (self, job, -1);
      job->is_task =
          is_task != NULL && !ws_schedule_is_too_large (self, job) && is_task (self, job);
      add_waiting (self, job, 1);
    }
  skip_begun (self);
}

static gboolean
may_be_task (WsSchedule *self, WsJob *job)
{
  WsTaskShape shape;

  job->device_seconds = ws_speed_get_seconds (&self->expected_speed, &job->stages);
  return ws_spectrum_get_task_shape (&job->matrix, job->values, &shape);
}

static gboolean
is_accepted (WsSchedule *self, WsJob *job)
{
  WsBackend *backend = self->backend;
  WsTaskShape shape;

  if (job->fault != WS_FAULT_NONE ||
      !ws_spectrum_get_task_shape (&job->matrix, job->values, &shape) ||
      !backend->funcs->accepts (backend, &shape) ||
      ws_spectrum_get_task_bytes (&job->matrix, 1, self->options) > self->memory_limit)
    return FALSE;
  shape.n_matrices = MAX (backend->funcs->get_batch (backend, &shape), 1);
  job->device_seconds = backend->funcs->estimate_seconds (backend, &shape) / shape.n_matrices;
  return TRUE;
}

gboolean
ws_schedule_expect_device (WsSchedule *self, const WsSpeed *speed)
{
  self->is_expecting = TRUE;
  self->is_device_known = speed != NULL;
  self->expected_speed = speed != NULL ? *speed : self->speed;
  sort_out (self, may_be_task);
  return !ws_schedule_has_no_tasks (self);
}

void
ws_schedule_set_device (WsSchedule *self, WsBackend *backend)
{
  self->is_expecting = FALSE;
  self->backend = backend;
  sort_out (self, backend != NULL ? is_accepted : NULL);
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
  WsJob *head = get_job (self, self->head);
  guint64 n_bytes_free = get_free_bytes (self);
  guint64 n_bytes_beside;

  if (get_cost (self, head) <= n_bytes_free)
    return head;
  n_bytes_beside = self->memory_limit - get_cost (self, head);
  n_bytes_beside -= MIN (n_bytes_beside, get_backfilled_bytes (self));
  for (guint i = self->head + 1; i < self->jobs->len; i++)
    {
      WsJob *job = get_job (self, i);

      if (!job->begun && !job->is_task &&
          get_cost (self, job) <= MIN (n_bytes_free, n_bytes_beside))
        {
          job->backfill_of = self->head;
          return job;
        }
    }
  return NULL;
}

/* Seconds until the device would begin the last of its tasks. */
static double
get_wait (const WsSchedule *self, const WsJob *last)
{
  double seconds = self->device_seconds_waiting - last->device_seconds;

  for (guint i = 0; i < self->active->len; i++)
    {
      const WsJob *job = g_ptr_array_index (self->active, i);

      if (job->on_device)
        seconds += (1.0 - job->share) * job->device_seconds;
    }
  return seconds * self->device_factor / self->backend->n_lanes;
}

/* The shortest task, where the processor helps the device with it. */
static WsJob *
find_helpful (WsSchedule *self)
{
  WsJob *job;
  double seconds;

  if (ws_schedule_has_no_tasks (self))
    return NULL;
  job = get_job (self, self->task_end - 1);
  seconds = get_processor_seconds (self, job);
  if (get_cost (self, job) > get_free_bytes (self))
    return NULL;
  if (self->is_expecting)
    return seconds <= EXPECTING_SECONDS ? job : NULL;
  return seconds <= get_wait (self, job) ? job : NULL;
}

WsJob *
ws_schedule_begin (WsSchedule *self)
{
  WsJob *job = self->head < self->jobs->len ? find_fitting (self) : find_helpful (self);

  if (job != NULL)
    begin_job (self, job, get_cost (self, job));
  return job;
}

/* Beginning, on the device */

static gboolean
may_begin_task (const WsSchedule *self, const WsJob *job)
{
  return !job->begun && job->is_task && (!job->must_be_alone || self->n_tasks_active == 0) &&
         ws_spectrum_get_task_bytes (&job->matrix, 1, self->options) <= get_free_bytes (self);
}

static gboolean
is_one_alone (const WsSchedule *self)
{
  for (guint i = 0; i < self->active->len; i++)
    {
      const WsJob *job = g_ptr_array_index (self->active, i);

      if (job->on_device && job->must_be_alone)
        return TRUE;
    }
  return FALSE;
}

static WsJob *
find_task (WsSchedule *self)
{
  for (guint i = self->task_head; i < self->task_end; i++)
    if (may_begin_task (self, get_job (self, i)))
      return get_job (self, i);
  return NULL;
}

static gboolean
is_same_shape (const WsJob *a, const WsJob *b)
{
  return a->matrix.n_rows == b->matrix.n_rows && a->matrix.n_cols == b->matrix.n_cols &&
         a->matrix.tensor->dtype == b->matrix.tensor->dtype;
}

/* How many of its kind go with @job, itself among them. */
static guint
get_batch (const WsSchedule *self, const WsJob *job)
{
  WsTaskShape shape;

  if (job->must_be_alone)
    return 1;
  ws_spectrum_get_task_shape (&job->matrix, job->values, &shape);
  return MAX (self->backend->funcs->get_batch (self->backend, &shape), 1);
}

static void
begin_on_device (WsSchedule *self, WsJob *job, guint64 n_bytes, GPtrArray *jobs)
{
  begin_job (self, job, n_bytes);
  job->on_device = TRUE;
  g_ptr_array_add (jobs, job);
}

gboolean
ws_schedule_begin_task (WsSchedule *self, GPtrArray *jobs)
{
  WsJob *first = self->backend != NULL && !is_one_alone (self) ? find_task (self) : NULL;
  guint n;

  if (first == NULL)
    return FALSE;
  n = get_batch (self, first);
  begin_on_device (self, first, ws_spectrum_get_task_bytes (&first->matrix, n, self->options),
                   jobs);
  /* those of one shape have the same work, so they stand together */
  for (guint i = get_position (self, first) + 1; i < self->task_end && jobs->len < n; i++)
    {
      WsJob *job = get_job (self, i);

      if (job->work < first->work)
        break;
      if (is_same_shape (first, job) && !job->must_be_alone && may_begin_task (self, job))
        begin_on_device (self, job, 0, jobs);
    }
  self->n_tasks_active++;
  return TRUE;
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
  stages = get_job (self, self->head)->stages;
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
      double seconds = get_seconds_left (
          job, job->on_device ? get_device_seconds (self, job) : get_processor_seconds (self, job),
          now_usec);

      *(job->on_device ? &device : &processor) += seconds;
      longest = MAX (longest, seconds);
    }
  device /= count_lanes (self, n_workers);
  return MAX (MAX (processor / n_workers, device), longest);
}
