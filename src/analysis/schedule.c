/* SPDX-License-Identifier: MIT */
/* The work queue of a run. */
#include "analysis/schedule.h"

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

static void
add_job (WsSchedule *self, WsResult *result, guint index, const WsSpectrumOptions *options)
{
  WsJob job = { .result = ws_result_ref (result),
                .index = index,
                .values = !ws_result_is_vector (result),
                .backfill_of = G_MAXUINT };

  ws_matrix_init (&job.matrix, result->tensor, result->slice);
  job.n_bytes = ws_spectrum_get_required_bytes (&job.matrix, job.values, options);
  if (!ws_schedule_is_too_large (self, &job))
    job.work = ws_spectrum_estimate_work (&job.matrix, job.values);
  self->work_total += job.work;
  g_array_append_val (self->jobs, job);
}

void
ws_schedule_init (WsSchedule *self, GPtrArray *results, const WsSpectrumOptions *options,
                  guint64 memory_limit)
{
  *self = (WsSchedule){ .jobs = g_array_new (FALSE, FALSE, sizeof (WsJob)),
                        .active = g_ptr_array_new (),
                        .memory_limit = memory_limit };
  g_array_set_clear_func (self->jobs, clear_job);
  for (guint i = 0; i < results->len; i++)
    {
      WsResult *result = g_ptr_array_index (results, i);

      if (ws_result_needs_run (result))
        add_job (self, result, i, options);
    }
  g_array_sort (self->jobs, compare_jobs);
}

void
ws_schedule_clear (WsSchedule *self)
{
  g_clear_pointer (&self->jobs, g_array_unref);
  g_clear_pointer (&self->active, g_ptr_array_unref);
}

gboolean
ws_schedule_is_too_large (const WsSchedule *self, const WsJob *job)
{
  return job->n_bytes > self->memory_limit;
}

gboolean
ws_schedule_is_exhausted (const WsSchedule *self)
{
  return self->head == self->jobs->len;
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

/* What a job counts against the limit: one that can never fit is only reported. */
static guint64
get_cost (const WsSchedule *self, const WsJob *job)
{
  return ws_schedule_is_too_large (self, job) ? 0 : job->n_bytes;
}

/* Bytes that stay in use when all jobs are done that ran before the head had to wait. */
static guint64
get_backfilled_bytes (const WsSchedule *self)
{
  guint64 n_bytes = 0;

  for (guint i = 0; i < self->active->len; i++)
    {
      const WsJob *job = g_ptr_array_index (self->active, i);

      if (job->backfill_of == self->head)
        n_bytes += get_cost (self, job);
    }
  return n_bytes;
}

static WsJob *
find_fitting (WsSchedule *self)
{
  WsJob *head = &g_array_index (self->jobs, WsJob, self->head);
  guint64 n_bytes_free = self->memory_limit - self->n_bytes_used;
  guint64 n_bytes_beside;

  if (get_cost (self, head) <= n_bytes_free)
    return head;
  n_bytes_beside = self->memory_limit - get_cost (self, head);
  n_bytes_beside -= MIN (n_bytes_beside, get_backfilled_bytes (self));
  for (guint i = self->head + 1; i < self->jobs->len; i++)
    {
      WsJob *job = &g_array_index (self->jobs, WsJob, i);

      if (!job->begun && get_cost (self, job) <= MIN (n_bytes_free, n_bytes_beside))
        {
          job->backfill_of = self->head;
          return job;
        }
    }
  return NULL;
}

static void
skip_begun (WsSchedule *self)
{
  while (self->head < self->jobs->len && g_array_index (self->jobs, WsJob, self->head).begun)
    self->head++;
}

WsJob *
ws_schedule_begin (WsSchedule *self)
{
  WsJob *job = ws_schedule_is_exhausted (self) ? NULL : find_fitting (self);

  if (job == NULL)
    return NULL;
  job->begun = TRUE;
  job->share = 0;
  self->n_bytes_used += get_cost (self, job);
  g_ptr_array_add (self->active, job);
  skip_begun (self);
  return job;
}

void
ws_schedule_end (WsSchedule *self, WsJob *job, gboolean done)
{
  g_ptr_array_remove_fast (self->active, job);
  self->n_bytes_used -= get_cost (self, job);
  if (done)
    {
      self->n_done++;
      self->work_done += job->work;
      return;
    }
  job->begun = FALSE;
  job->backfill_of = G_MAXUINT;
  self->head = MIN (self->head, (guint) (job - (WsJob *) (gpointer) self->jobs->data));
}
