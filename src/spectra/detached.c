/* SPDX-License-Identifier: MIT */
/* A long computation that cannot be interrupted, on a thread that can be left behind. */
#include "spectra/detached.h"

#include "base/error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Below this the computation takes some 50 ms and is done in place. */
#define IN_PLACE 2048
/* How often a waiting thread looks whether it was cancelled. */
#define POLL_USEC 20000

typedef struct
{
  int ref_count;
  GMutex mutex;
  GCond cond;
  gboolean is_done;
  WsDetachedFunc func;
  int n;
  int info;
  double *d, *e, *work; /* (owned) by d */
} Task;

static void
task_unref (Task *task)
{
  if (!g_atomic_int_dec_and_test (&task->ref_count))
    return;
  g_mutex_clear (&task->mutex);
  g_cond_clear (&task->cond);
  g_free (task->d);
  g_free (task);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Task, task_unref)

static Task *
task_new (WsDetachedFunc func, const double *d, const double *e, int n)
{
  Task *task = g_new0 (Task, 1);

  task->ref_count = 1;
  g_mutex_init (&task->mutex);
  g_cond_init (&task->cond);
  task->func = func;
  task->n = n;
  task->d = g_new0 (double, 6 * (gsize) n);
  task->e = task->d + n;
  task->work = task->e + n;
  memcpy (task->d, d, n * sizeof (double));
  memcpy (task->e, e, n * sizeof (double));
  return task;
}

static gpointer
run_task (gpointer data)
{
  g_autoptr (Task) task = data;

  task->info = task->func (task->d, task->e, task->work, task->n);
  g_mutex_lock (&task->mutex);
  task->is_done = TRUE;
  g_cond_signal (&task->cond);
  g_mutex_unlock (&task->mutex);
  return NULL;
}

static gboolean
wait_for (Task *task, GCancellable *cancellable)
{
  gboolean is_done;

  g_mutex_lock (&task->mutex);
  while (!task->is_done && !g_cancellable_is_cancelled (cancellable))
    g_cond_wait_until (&task->cond, &task->mutex, g_get_monotonic_time () + POLL_USEC);
  is_done = task->is_done;
  g_mutex_unlock (&task->mutex);
  return is_done;
}

gboolean
ws_detached_run (WsDetachedFunc func, double *d, const double *e, int n, GCancellable *cancellable,
                 GError **error)
{
  g_autoptr (Task) task = task_new (func, d, e, n);
  GThread *thread = NULL;

  if (n > IN_PLACE)
    {
      g_atomic_int_inc (&task->ref_count);
      thread = g_thread_try_new ("eigenvalues", run_task, task, NULL);
      if (!thread)
        g_atomic_int_add (&task->ref_count, -1);
    }
  if (thread)
    {
      gboolean is_done = wait_for (task, cancellable);

      g_thread_unref (thread);
      if (!is_done)
        {
          g_cancellable_set_error_if_cancelled (cancellable, error);
          return FALSE;
        }
    }
  else
    task->info = func (task->d, task->e, task->work, n);

  if (task->info != 0)
    {
      g_set_error (error, WS_ERROR, WS_ERROR_NUMERIC,
                   _ ("the iteration for the singular values did not converge (%d of %d left)"),
                   task->info, n);
      return FALSE;
    }
  memcpy (d, task->d, n * sizeof (double));
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}
