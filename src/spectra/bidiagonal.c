/* SPDX-License-Identifier: MIT */
/* Singular values of a bidiagonal matrix, on a thread that can be left behind: LAPACK's dbdsqr
 * cannot be interrupted. */
#include "spectra/bidiagonal.h"

#include "base/error.h"
#include "spectra/lapack.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Below this it takes some 5 ms and is done in place. */
#define IN_PLACE 512
/* How often a waiting thread looks whether it was cancelled. */
#define POLL_USEC 20000

/* Shared by the thread that waits and the one that computes: the last to leave frees it. */
typedef struct
{
  int ref_count;
  GMutex mutex;
  GCond cond;
  gboolean is_done;
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
task_new (const double *d, const double *e, gsize n)
{
  Task *task = g_new0 (Task, 1);

  task->ref_count = 1;
  g_mutex_init (&task->mutex);
  g_cond_init (&task->cond);
  task->n = n;
  task->d = g_new0 (double, 6 * n);
  task->e = task->d + n;
  task->work = task->e + n;
  memcpy (task->d, d, n * sizeof (double));
  memcpy (task->e, e, (n - 1) * sizeof (double));
  return task;
}

static void
compute (Task *task)
{
  const int none = 0, one = 1;
  double unused = 0.0;

  dbdsqr_ ("U", &task->n, &none, &none, &none, task->d, task->e, &unused, &one, &unused, &one,
           &unused, &one, task->work, &task->info, 1);
}

static gpointer
run_task (gpointer data)
{
  g_autoptr (Task) task = data;

  compute (task);
  g_mutex_lock (&task->mutex);
  task->is_done = TRUE;
  g_cond_signal (&task->cond);
  g_mutex_unlock (&task->mutex);
  return NULL;
}

/* Returns: FALSE if cancelled before the task was done. */
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

/* Returns: FALSE if cancelled. */
static gboolean
compute_detached (Task *task, GCancellable *cancellable)
{
  g_autoptr (GThread) thread = NULL;

  g_atomic_int_inc (&task->ref_count);
  thread = g_thread_try_new ("bidiagonal", run_task, task, NULL);
  if (thread)
    return wait_for (task, cancellable);
  g_atomic_int_add (&task->ref_count, -1);
  compute (task);
  return TRUE;
}

gboolean
ws_bidiagonal_compute_values (double *d, const double *e, gsize n, GCancellable *cancellable,
                              GError **error)
{
  g_autoptr (Task) task = task_new (d, e, n);

  if (n <= IN_PLACE)
    compute (task);
  else if (!compute_detached (task, cancellable))
    {
      g_cancellable_set_error_if_cancelled (cancellable, error);
      return FALSE;
    }
  if (task->info != 0)
    {
      g_set_error (error, WS_ERROR, WS_ERROR_NUMERIC,
                   _ ("the iteration for the singular values did not converge (%d of %zu left)"),
                   task->info, n);
      return FALSE;
    }
  memcpy (d, task->d, n * sizeof (double));
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}
