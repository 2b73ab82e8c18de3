/* SPDX-License-Identifier: MIT */
/* How a task comes to a lane and to memory, and how it leaves them.
 *
 * One at a time begins. If there is no room, idle lanes give back what they hold; if that does not
 * do, fewer tasks have to run at a time, so it waits for one after the other to end. Only what does
 * not fit alone is refused. Those who wait hold nothing that a running task needs. */
#include "cuda/cuda-backend.h"

#include "cuda/cuda-speed.h"

#include <glib/gi18n-lib.h>

#define LOOK_USEC (50 * 1000)
/* Guesses for steps that are not of a task */
#define RESERVE_SECONDS 0.5
#define TRIM_SECONDS 0.1
#define CLOSE_SECONDS 0.5
#define FINISH_SECONDS 0.1

/* Returns: FALSE with @error set: nobody may begin any more, or @cancellable is cancelled. */
static gboolean
may_go_on (WsCudaBackend *self, GCancellable *cancellable, GError **error)
{
  const WsFault fault = g_atomic_int_get (&self->fault);

  if (fault == WS_FAULT_NONE)
    return !g_cancellable_set_error_if_cancelled (cancellable, error);
  g_set_error_literal (error, WS_FAULT_ERROR, fault, ws_fault_get_sentence (fault, TRUE));
  return FALSE;
}

/* With the mutex held: until something has changed, or somebody has to be looked at again. */
static gboolean
wait_for_change (WsCudaBackend *self, GCancellable *cancellable, GError **error)
{
  g_cond_wait_until (&self->changed, &self->mutex, g_get_monotonic_time () + LOOK_USEC);
  for (guint i = 0; i < WS_CUDA_LANES; i++)
    if (ws_step_thread_is_lost (self->lanes[i].thread))
      ws_cuda_backend_set_fault (self, WS_FAULT_TIMEOUT);
  return may_go_on (self, cancellable, error);
}

static gboolean
take_turn (WsCudaBackend *self, gpointer who, GCancellable *cancellable, GError **error)
{
  gboolean ok;

  g_mutex_lock (&self->mutex);
  ok = may_go_on (self, cancellable, error);
  g_queue_push_tail (&self->turns, who);
  while (ok && g_queue_peek_head (&self->turns) != who)
    ok = wait_for_change (self, cancellable, error);
  if (!ok)
    g_queue_remove (&self->turns, who);
  g_mutex_unlock (&self->mutex);
  return ok;
}

static void
leave_turn (WsCudaBackend *self, gpointer who)
{
  g_mutex_lock (&self->mutex);
  g_queue_remove (&self->turns, who);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

static WsCudaLane *
find_idle_lane (WsCudaBackend *self)
{
  for (guint i = 0; i < WS_CUDA_LANES; i++)
    if (!self->is_taken[i])
      return &self->lanes[i];
  return NULL;
}

static WsCudaLane *
take_lane (WsCudaBackend *self, GCancellable *cancellable, GError **error)
{
  WsCudaLane *lane;

  g_mutex_lock (&self->mutex);
  lane = find_idle_lane (self);
  while (!lane && wait_for_change (self, cancellable, error))
    lane = find_idle_lane (self);
  if (lane)
    self->is_taken[lane - self->lanes] = TRUE;
  g_mutex_unlock (&self->mutex);
  return lane;
}

static void
close_step (gpointer data)
{
  ws_cuda_lane_close (data);
}

/* Has all idle lanes give back what they hold, handles too: they are opened again when there is
 * room. */
static gboolean
close_idle (WsCudaBackend *self, GCancellable *cancellable, GError **error)
{
  for (guint i = 0; i < WS_CUDA_LANES; i++)
    {
      WsCudaLane *lane = &self->lanes[i];
      gboolean is_taken;
      guint64 number;

      g_mutex_lock (&self->mutex);
      is_taken = self->is_taken[i];
      g_mutex_unlock (&self->mutex);
      if (is_taken)
        continue;
      number = ws_step_thread_push (lane->thread, close_step, lane,
                                    ws_cuda_backend_expect (self, CLOSE_SECONDS));
      if (!ws_cuda_backend_wait (self, lane, number, cancellable, error))
        return FALSE;
    }
  return TRUE;
}

static guint
count_taken (WsCudaBackend *self)
{
  guint n = 0;

  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < WS_CUDA_LANES; i++)
    n += self->is_taken[i];
  g_mutex_unlock (&self->mutex);
  return n;
}

/* Waits until fewer than @n_taken lanes have a task. */
static gboolean
wait_for_fewer (WsCudaBackend *self, guint n_taken, GCancellable *cancellable, GError **error)
{
  gboolean ok = TRUE;

  while (ok && count_taken (self) >= n_taken)
    {
      g_mutex_lock (&self->mutex);
      ok = wait_for_change (self, cancellable, error);
      g_mutex_unlock (&self->mutex);
    }
  return ok;
}

static void
reserve_step (gpointer data)
{
  WsCudaTask *task = data;
  GError *error = NULL;

  if (!g_atomic_int_get (&task->is_ended) && !ws_cuda_task_reserve (task, &error))
    ws_cuda_backend_fail ((WsCudaBackend *) task->base.backend, task, error);
}

static gboolean
reserve_once (WsCudaBackend *self, WsCudaTask *task, GCancellable *cancellable, GError **error)
{
  guint64 number;

  g_clear_error (&task->error); /* no step of the task is left that could look at it */
  number = ws_step_thread_push (task->lane->thread, reserve_step, task,
                                ws_cuda_backend_expect (self, RESERVE_SECONDS));
  if (!ws_cuda_backend_wait (self, task->lane, number, cancellable, error))
    return FALSE;
  if (!task->error)
    return TRUE;
  if (error)
    *error = g_error_copy (task->error);
  return FALSE;
}

/* Makes room as long as there is somebody to make it. */
static gboolean
reserve (WsCudaBackend *self, WsCudaTask *task, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) refusal = NULL;
  guint n_taken = WS_CUDA_LANES + 1;

  while (!reserve_once (self, task, cancellable, &refusal))
    {
      if (!g_error_matches (refusal, WS_FAULT_ERROR, WS_FAULT_MEMORY) || n_taken == 1)
        {
          g_propagate_error (error, g_steal_pointer (&refusal));
          return FALSE;
        }
      g_clear_error (&refusal);
      if (!wait_for_fewer (self, n_taken, cancellable, error) ||
          !close_idle (self, cancellable, error))
        return FALSE;
      n_taken = count_taken (self); /* one of them is ours */
    }
  return TRUE;
}

static void
trim_step (gpointer data)
{
  ws_cuda_lane_trim (data);
}

/* While nothing is computed the memory is for others. */
static void
release_lane (WsCudaBackend *self, WsCudaLane *lane)
{
  gboolean is_idle;

  g_mutex_lock (&self->mutex);
  self->is_taken[lane - self->lanes] = FALSE;
  self->seconds[lane - self->lanes] = 0.0;
  is_idle = !self->is_closed; /* then every lane gives back all, and may have done so */
  for (guint i = 0; i < WS_CUDA_LANES; i++)
    is_idle = is_idle && !self->is_taken[i];
  for (guint i = 0; is_idle && i < WS_CUDA_LANES; i++)
    ws_step_thread_push (self->lanes[i].thread, trim_step, &self->lanes[i], TRIM_SECONDS);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

/* The last step of every task. Whatever failed, nothing of the task may still be on its way when
 * its memory goes to the next. */
static void
finish_step (gpointer data)
{
  WsCudaTask *task = data;
  WsCudaBackend *self = (WsCudaBackend *) task->base.backend;
  WsCudaLane *lane = task->lane;
  g_autoptr (GError) error = NULL;

  if (lane->is_open &&
      !ws_cuda_lane_check (lane, lane->api->cuStreamSynchronize (lane->stream),
                           "cuStreamSynchronize", &error) &&
      ws_fault_from_error (error) == WS_FAULT_STOPPED)
    ws_cuda_backend_set_fault (self, WS_FAULT_STOPPED);
  ws_cuda_task_free (task);
  release_lane (self, lane);
}

void
ws_cuda_backend_end (WsTask *base)
{
  WsCudaTask *task = (WsCudaTask *) base;

  g_atomic_int_set (&task->is_ended, TRUE);
  ws_step_thread_push (task->lane->thread, finish_step, task,
                       ws_cuda_backend_expect ((WsCudaBackend *) base->backend, FINISH_SECONDS));
}

static WsTask *
begin_on_lane (WsCudaBackend *self, const WsTaskShape *shape, WsCudaLane *lane,
               GCancellable *cancellable, GError **error)
{
  const gboolean widens =
      self->has_kernels && ws_cuda_kernels_can_widen (&self->kernels, shape->dtype);
  WsCudaTask *task = ws_cuda_task_new (&self->base, shape, lane, widens ? &self->kernels : NULL);

  task->seconds = ws_cuda_estimate_seconds (self->gpu, shape);
  g_mutex_lock (&self->mutex);
  self->seconds[lane - self->lanes] = task->seconds;
  g_mutex_unlock (&self->mutex);
  if (!reserve (self, task, cancellable, error))
    {
      ws_cuda_backend_end (&task->base);
      return NULL;
    }
  return &task->base;
}

WsTask *
ws_cuda_backend_begin (WsBackend *base, const WsTaskShape *shape, GCancellable *cancellable,
                       GError **error)
{
  WsCudaBackend *self = (WsCudaBackend *) base;
  WsTask *task = NULL;
  WsCudaLane *lane;

  if (!take_turn (self, &task, cancellable, error))
    return NULL;
  lane = take_lane (self, cancellable, error);
  if (lane)
    task = begin_on_lane (self, shape, lane, cancellable, error);
  leave_turn (self, &task);
  return task;
}
