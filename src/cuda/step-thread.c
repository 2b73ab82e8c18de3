/* SPDX-License-Identifier: MIT */
/* A thread of its own that takes steps, one after the other. */
#include "cuda/step-thread.h"

#include "spectra/backend.h"

#include <glib/gi18n-lib.h>

/* How often one who waits looks up. */
#define LOOK_USEC (50 * 1000)
#define PATIENCE_SECONDS 30.0
#define PATIENCE_FACTOR 20.0

typedef struct
{
  WsStepFunc func;
  gpointer data;
  double seconds;
} Step;

struct _WsStepThread
{
  GMutex mutex;
  GCond pushed;
  GCond taken;
  GQueue steps;
  guint64 n_pushed;
  guint64 n_taken;
  gint64 begun_usec; /* of the step in hand; 0: none is */
  double seconds;    /* what it was to take */
  gboolean is_lost;
  gboolean is_closed;
};

/* Threads that have a step in hand or in their queue: a program must not end beside them. */
static struct
{
  GMutex mutex;
  GCond changed;
  guint n_busy;
  double patience;
} all = { .patience = PATIENCE_SECONDS };

static void
count_busy (int change)
{
  g_mutex_lock (&all.mutex);
  all.n_busy += change;
  g_cond_broadcast (&all.changed);
  g_mutex_unlock (&all.mutex);
}

static void
free_thread (WsStepThread *self)
{
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->pushed);
  g_cond_clear (&self->taken);
  g_free (self);
}

/* With the mutex held. Returns: (transfer full): NULL: closed, and nothing is left. */
static Step *
wait_for_step (WsStepThread *self)
{
  while (g_queue_is_empty (&self->steps) && !self->is_closed)
    g_cond_wait (&self->pushed, &self->mutex);
  return g_queue_pop_head (&self->steps);
}

/* With the mutex held. Returns: FALSE when the thread was given up meanwhile. */
static gboolean
take (WsStepThread *self, Step *step)
{
  self->seconds = step->seconds;
  self->begun_usec = g_get_monotonic_time ();
  g_mutex_unlock (&self->mutex);

  step->func (step->data);
  g_free (step);

  g_mutex_lock (&self->mutex);
  if (self->is_lost)
    return FALSE;
  self->begun_usec = 0;
  self->n_taken++;
  if (g_queue_is_empty (&self->steps) && !self->is_closed)
    count_busy (-1);
  g_cond_broadcast (&self->taken);
  return TRUE;
}

static gpointer
run (gpointer data)
{
  WsStepThread *self = data;
  Step *step;

  g_mutex_lock (&self->mutex);
  while ((step = wait_for_step (self)))
    if (!take (self, step))
      {
        g_mutex_unlock (&self->mutex);
        return NULL;
      }
  g_mutex_unlock (&self->mutex);
  free_thread (self);
  count_busy (-1);
  return NULL;
}

WsStepThread *
ws_step_thread_new (const char *name, GError **error)
{
  WsStepThread *self = g_new0 (WsStepThread, 1);
  GThread *thread;

  g_mutex_init (&self->mutex);
  g_cond_init (&self->pushed);
  g_cond_init (&self->taken);
  thread = g_thread_try_new (name, run, self, error);
  if (!thread)
    {
      free_thread (self);
      return NULL;
    }
  g_thread_unref (thread); /* never joined: it may never end */
  return self;
}

/* With the mutex held. */
static void
push (WsStepThread *self, WsStepFunc func, gpointer data, double seconds)
{
  Step *step = g_new (Step, 1);

  *step = (Step){ func, data, seconds };
  if (self->n_pushed == self->n_taken)
    count_busy (1);
  g_queue_push_tail (&self->steps, step);
  self->n_pushed++;
  g_cond_signal (&self->pushed);
}

guint64
ws_step_thread_push (WsStepThread *self, WsStepFunc func, gpointer data, double seconds)
{
  guint64 number;

  g_mutex_lock (&self->mutex);
  push (self, func, data, seconds);
  number = self->n_pushed;
  g_mutex_unlock (&self->mutex);
  return number;
}

/* With the mutex held. */
static gboolean
look (WsStepThread *self)
{
  double seconds = (g_get_monotonic_time () - self->begun_usec) * 1e-6;

  if (self->begun_usec != 0 && !self->is_lost)
    {
      g_mutex_lock (&all.mutex);
      self->is_lost = seconds > MAX (all.patience, PATIENCE_FACTOR * self->seconds);
      g_mutex_unlock (&all.mutex);
    }
  return self->is_lost;
}

gboolean
ws_step_thread_is_lost (WsStepThread *self)
{
  gboolean is_lost;

  g_mutex_lock (&self->mutex);
  is_lost = look (self);
  g_mutex_unlock (&self->mutex);
  return is_lost;
}

gboolean
ws_step_thread_wait (WsStepThread *self, guint64 number, GCancellable *cancellable, GError **error)
{
  gboolean is_taken, is_lost = FALSE;

  g_mutex_lock (&self->mutex);
  while (self->n_taken < number && !(is_lost = look (self)) &&
         !g_cancellable_is_cancelled (cancellable))
    g_cond_wait_until (&self->taken, &self->mutex, g_get_monotonic_time () + LOOK_USEC);
  is_taken = self->n_taken >= number;
  g_mutex_unlock (&self->mutex);
  if (is_taken)
    return TRUE;
  if (is_lost)
    g_set_error_literal (error, WS_FAULT_ERROR, WS_FAULT_TIMEOUT, _ ("the GPU does not answer"));
  else
    g_cancellable_set_error_if_cancelled (cancellable, error);
  return FALSE;
}

void
ws_step_thread_close (WsStepThread *self, WsStepFunc func, gpointer data)
{
  g_mutex_lock (&self->mutex);
  if (!look (self))
    {
      push (self, func, data, 0.0);
      self->is_closed = TRUE;
    }
  g_mutex_unlock (&self->mutex);
}

gboolean
ws_step_threads_settle (double seconds)
{
  const gint64 end = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);
  gboolean is_settled;

  g_mutex_lock (&all.mutex);
  while (all.n_busy > 0 && g_cond_wait_until (&all.changed, &all.mutex, end))
    ;
  is_settled = all.n_busy == 0;
  g_mutex_unlock (&all.mutex);
  return is_settled;
}

void
ws_step_threads_enter (void)
{
  count_busy (1);
}

void
ws_step_threads_leave (void)
{
  count_busy (-1);
}

void
ws_step_threads_set_patience (double seconds)
{
  g_mutex_lock (&all.mutex);
  all.patience = seconds;
  g_mutex_unlock (&all.mutex);
}
