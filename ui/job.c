/* SPDX-License-Identifier: MIT */
/* Core code on a thread: the one door between the window and what blocks. */
#include "job.h"

struct _WsJob
{
  int ref_count;
  const WsJobKind *kind;
  gpointer data;
  GCancellable *cancellable;
  GApplication *held; /* kept running until the work has ended */

  /* main thread only */
  gpointer owner; /* weak: NULL when gone or abandoned */
  GError *error;  /* of the work, once it returned */
  gboolean ended;

  int report_pending; /* atomic: an idle is queued that has not begun */
};

static WsJob *
job_ref (WsJob *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
ws_job_unref (WsJob *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;
  self->kind->free_data (self->data);
  g_object_unref (self->cancellable);
  g_clear_error (&self->error);
  g_free (self);
}

static void
forget_owner (WsJob *self)
{
  g_clear_weak_pointer (&self->owner);
}

static gboolean
report (WsJob *self)
{
  if (self->owner == NULL || self->kind->report == NULL)
    return FALSE;
  return self->kind->report (self->owner, self->data);
}

static gboolean
deliver_report (gpointer user_data)
{
  WsJob *self = user_data;

  /* Cleared first: what the worker adds from here on asks for a new idle. */
  g_atomic_int_set (&self->report_pending, FALSE);
  if (self->ended || !report (self))
    return G_SOURCE_REMOVE;
  /* This idle goes on as the one that is pending, unless the worker has queued another. */
  return g_atomic_int_compare_and_exchange (&self->report_pending, FALSE, TRUE) ? G_SOURCE_CONTINUE
                                                                                : G_SOURCE_REMOVE;
}

void
ws_job_report (WsJob *self)
{
  if (!g_atomic_int_compare_and_exchange (&self->report_pending, FALSE, TRUE))
    return;
  /* Below drawing and input: the window goes first. */
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, deliver_report, job_ref (self),
                   (GDestroyNotify) ws_job_unref);
}

static void
run_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  WsJob *self = task_data;
  g_autoptr (GError) error = NULL;

  if (self->kind->run (self, self->data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static gboolean
deliver_end (gpointer user_data)
{
  WsJob *self = user_data;

  if (report (self))
    return G_SOURCE_CONTINUE;
  self->ended = TRUE;
  if (self->owner != NULL)
    {
      g_autoptr (GObject) owner = g_object_ref (self->owner);

      self->kind->done (owner, self->data, self->error);
    }
  forget_owner (self);
  if (self->held != NULL)
    g_application_release (self->held);
  g_clear_object (&self->held);
  return G_SOURCE_REMOVE;
}

static void
on_returned (GObject *source, GAsyncResult *result, gpointer user_data)
{
  WsJob *self = g_task_get_task_data (G_TASK (result));

  g_task_propagate_boolean (G_TASK (result), &self->error);
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, deliver_end, job_ref (self),
                   (GDestroyNotify) ws_job_unref);
}

WsJob *
ws_job_start (const WsJobKind *kind, gpointer owner, gpointer data)
{
  WsJob *self = g_new0 (WsJob, 1);
  g_autoptr (GTask) task = NULL;

  self->ref_count = 1;
  self->kind = kind;
  self->data = data;
  self->cancellable = g_cancellable_new ();
  g_set_weak_pointer (&self->owner, owner);
  if (g_application_get_default () != NULL)
    {
      self->held = g_object_ref (g_application_get_default ());
      g_application_hold (self->held);
    }

  /* The cancellable is not given to the task: what had been done when it was cancelled counts. */
  task = g_task_new (NULL, NULL, on_returned, NULL);
  g_task_set_source_tag (task, ws_job_start);
  g_task_set_task_data (task, job_ref (self), (GDestroyNotify) ws_job_unref);
  g_task_run_in_thread (task, run_in_thread);
  return self;
}

GCancellable *
ws_job_get_cancellable (WsJob *self)
{
  return self->cancellable;
}

gpointer
ws_job_get_data (WsJob *self)
{
  return self->data;
}

void
ws_job_cancel (WsJob *self)
{
  g_cancellable_cancel (self->cancellable);
}

void
ws_job_abandon (WsJob *self)
{
  forget_owner (self);
  ws_job_cancel (self);
}
