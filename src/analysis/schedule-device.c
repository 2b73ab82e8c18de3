/* SPDX-License-Identifier: MIT */
/* What of the work queue is for a device: which jobs are its tasks, and who begins them. */
#include "analysis/schedule-private.h"

/* What the processor may begin of a device's tasks before it is known whether one comes. */
#define EXPECTING_SECONDS 0.5

gboolean
ws_schedule_has_no_tasks (const WsSchedule *self)
{
  return self->task_head >= self->task_end;
}

/* Whose a job is */

/* Says anew of every job that waits whose it is. */
static void
sort_out (WsSchedule *self, gboolean (*is_task) (WsSchedule *self, WsJob *job))
{
  self->head = self->task_head = 0;
  self->task_end = self->jobs->len;
  for (guint i = 0; i < self->jobs->len; i++)
    {
      WsJob *job = _ws_schedule_get_job (self, i);

      if (job->begun)
        continue;
      _ws_schedule_add_waiting (self, job, -1);
      job->is_task =
          is_task != NULL && !ws_schedule_is_too_large (self, job) && is_task (self, job);
      _ws_schedule_add_waiting (self, job, 1);
    }
  _ws_schedule_skip_begun (self);
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

/* Beginning */

static gboolean
may_begin_task (const WsSchedule *self, const WsJob *job)
{
  return !job->begun && job->is_task && (!job->must_be_alone || self->n_tasks_active == 0) &&
         ws_spectrum_get_task_bytes (&job->matrix, 1, self->options) <=
             _ws_schedule_get_free_bytes (self);
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
    if (may_begin_task (self, _ws_schedule_get_job (self, i)))
      return _ws_schedule_get_job (self, i);
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
  _ws_schedule_begin_job (self, job, n_bytes);
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
  for (guint i = _ws_schedule_get_position (self, first) + 1; i < self->task_end && jobs->len < n;
       i++)
    {
      WsJob *job = _ws_schedule_get_job (self, i);

      if (job->work < first->work)
        break;
      if (is_same_shape (first, job) && !job->must_be_alone && may_begin_task (self, job))
        begin_on_device (self, job, 0, jobs);
    }
  self->n_tasks_active++;
  return TRUE;
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

WsJob *
_ws_schedule_find_helpful (WsSchedule *self)
{
  WsJob *job;
  double seconds;

  if (ws_schedule_has_no_tasks (self))
    return NULL;
  job = _ws_schedule_get_job (self, self->task_end - 1);
  seconds = _ws_schedule_get_processor_seconds (self, job);
  if (_ws_schedule_get_cost (self, job) > _ws_schedule_get_free_bytes (self))
    return NULL;
  if (self->is_expecting)
    return seconds <= EXPECTING_SECONDS ? job : NULL;
  return seconds <= get_wait (self, job) ? job : NULL;
}

/* Ending */

void
ws_schedule_end_task (WsSchedule *self)
{
  self->n_tasks_active--;
}

void
ws_schedule_refuse (WsSchedule *self, WsJob *job, WsFault fault)
{
  _ws_schedule_take_back (self, job);
  job->is_task = FALSE;
  job->fault = fault;
  _ws_schedule_put_back (self, job);
}

void
ws_schedule_retry_alone (WsSchedule *self, WsJob *job)
{
  _ws_schedule_take_back (self, job);
  job->must_be_alone = TRUE;
  /* the device may have gone meanwhile */
  job->is_task = self->backend != NULL;
  _ws_schedule_put_back (self, job);
}
