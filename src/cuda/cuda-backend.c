/* SPDX-License-Identifier: MIT */
/* The backend over one GPU: the doors that callers come in by. */
#include "cuda/cuda-backend.h"

#include "base/error.h"
#include "cuda/cuda-speed.h"
#include "cuda/cuda.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Below, a processor is done before the device has been told; a batch shares what the telling
 * costs. To be measured. */
#define LEAST_SIDE 256
#define LEAST_BATCH_SIDE 129
/* cuSOLVER refuses to be asked about sides above 25,000. */
#define MOST_SIDE 20000
/* Larger ones fill the device by themselves. */
#define MOST_BATCH_SIDE 1024
#define MOST_BATCH 64
/* Of all memory, for one batch: its Gram matrices and about twice that for the solver */
#define BATCH_SHARE (1.0 / 8.0)
#define BATCH_SQUARES 3.0
/* Guesses for steps that are not of one task alone */
#define BLOCK_SECONDS 0.01
#define OPEN_SECONDS 3.0
/* What a lane does after its last task */
#define SETTLE_SECONDS 0.1

void
ws_cuda_backend_set_fault (WsCudaBackend *self, WsFault fault)
{
  g_atomic_int_compare_and_exchange (&self->fault, WS_FAULT_NONE, fault);
}

void
ws_cuda_backend_fail (WsCudaBackend *self, WsCudaTask *task, GError *error)
{
  if (ws_fault_from_error (error) == WS_FAULT_STOPPED)
    ws_cuda_backend_set_fault (self, WS_FAULT_STOPPED);
  ws_cuda_task_fail (task, error);
}

/* The longest task and not all together: what a step may take is many times what was expected. */
double
ws_cuda_backend_expect (WsCudaBackend *self, double seconds)
{
  g_mutex_lock (&self->mutex);
  for (guint i = 0; i < WS_CUDA_LANES; i++)
    seconds = MAX (seconds, self->seconds[i]);
  g_mutex_unlock (&self->mutex);
  return seconds;
}

gboolean
ws_cuda_backend_wait (WsCudaBackend *self, WsCudaLane *lane, guint64 number,
                      GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) reason = NULL;

  if (ws_step_thread_wait (lane->thread, number, cancellable, &reason))
    return TRUE;
  if (ws_fault_from_error (reason) == WS_FAULT_TIMEOUT)
    ws_cuda_backend_set_fault (self, WS_FAULT_TIMEOUT);
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

static gboolean
can_batch (const WsCudaBackend *self, const WsTaskShape *shape)
{
  return self->gpu->api->cusolverDnXsyevBatched && !shape->is_direct && shape->p <= MOST_BATCH_SIDE;
}

static gboolean
backend_accepts (WsBackend *base, const WsTaskShape *shape)
{
  const WsCudaBackend *self = (const WsCudaBackend *) base;
  const gboolean is_batch = shape->n_matrices > 1;

  /* float64 is for the direct route of the processor, which scales it */
  if (ws_dtype_get_n_bits (shape->dtype) > 32 ||
      ws_dtype_get_kind (shape->dtype) == WS_DTYPE_KIND_LISTED)
    return FALSE;
  if (is_batch && !can_batch (self, shape))
    return FALSE;
  if (shape->is_direct && shape->q > G_MAXINT)
    return FALSE;
  return shape->p >= (is_batch ? LEAST_BATCH_SIDE : LEAST_SIDE) && shape->p <= MOST_SIDE;
}

static guint
backend_get_batch (WsBackend *base, const WsTaskShape *shape)
{
  const WsCudaBackend *self = (const WsCudaBackend *) base;
  const double n_bytes = BATCH_SQUARES * sizeof (double) * shape->p * shape->p;

  if (!can_batch (self, shape) || shape->p == 0)
    return 1;
  return CLAMP (BATCH_SHARE * self->gpu->n_bytes_total / n_bytes, 1, MOST_BATCH);
}

static double
backend_estimate_seconds (WsBackend *base, const WsTaskShape *shape)
{
  return ws_cuda_estimate_seconds (((const WsCudaBackend *) base)->gpu, shape);
}

/* Returns: FALSE with @error set if a step of the task has failed. */
static gboolean
check_task (WsCudaTask *task, GError **error)
{
  const GError *failure = ws_cuda_task_get_error (task);

  if (failure && error)
    *error = g_error_copy (failure);
  return failure == NULL;
}

static gboolean
is_over (WsCudaTask *task)
{
  return g_atomic_int_get (&task->is_ended) || ws_cuda_task_get_error (task);
}

static void *
task_get_buffer (WsTask *base, GCancellable *cancellable, GError **error)
{
  WsCudaTask *task = (WsCudaTask *) base;
  WsCudaBuffer *buffer = &task->lane->buffers[task->next];

  if (!ws_cuda_backend_wait ((WsCudaBackend *) base->backend, task->lane, buffer->number,
                             cancellable, error) ||
      !check_task (task, error))
    return NULL;
  return buffer->stored;
}

typedef struct
{
  WsCudaTask *task;
  const WsCudaBuffer *buffer;
  guint index;
  guint64 row;
  gsize n;
} AddStep;

static void
add_step (gpointer data)
{
  g_autofree AddStep *step = data;
  GError *error = NULL;

  if (!is_over (step->task) &&
      !ws_cuda_task_add (step->task, step->buffer, step->index, step->row, step->n, &error))
    ws_cuda_backend_fail ((WsCudaBackend *) step->task->base.backend, step->task, error);
}

static gboolean
task_add_block (WsTask *base, guint index, const WsBlock *block, GCancellable *cancellable,
                GError **error)
{
  WsCudaTask *task = (WsCudaTask *) base;
  WsCudaBuffer *buffer = &task->lane->buffers[task->next];
  const gboolean by_columns = base->shape.by_columns;
  AddStep *step;

  g_return_val_if_fail (block->stored == buffer->stored && index < base->shape.n_matrices, FALSE);
  if (g_cancellable_set_error_if_cancelled (cancellable, error) || !check_task (task, error))
    return FALSE;
  if (base->needs_values)
    memcpy (buffer->values, block->values, block->n_rows * block->n_cols * sizeof (double));
  step = g_new (AddStep, 1);
  *step = (AddStep){ .task = task,
                     .buffer = buffer,
                     .index = index,
                     .row = by_columns ? block->col : block->row,
                     .n = by_columns ? block->n_cols : block->n_rows };
  buffer->number =
      ws_step_thread_push (task->lane->thread, add_step, step,
                           ws_cuda_backend_expect ((WsCudaBackend *) base->backend, BLOCK_SECONDS));
  task->next = (task->next + 1) % WS_CUDA_LANE_BUFFERS;
  return TRUE;
}

static void
solve_step (gpointer data)
{
  WsCudaTask *task = data;
  GError *error = NULL;

  if (!is_over (task) && !ws_cuda_task_solve (task, &error))
    ws_cuda_backend_fail ((WsCudaBackend *) task->base.backend, task, error);
}

static gboolean
task_compute_values (WsTask *base, double *sigma, double *gram_norm, GCancellable *cancellable,
                     GError **error)
{
  WsCudaTask *task = (WsCudaTask *) base;
  const WsTaskShape *shape = &base->shape;
  guint64 number;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  number =
      ws_step_thread_push (task->lane->thread, solve_step, task,
                           ws_cuda_backend_expect ((WsCudaBackend *) base->backend, task->seconds));
  if (!ws_cuda_backend_wait ((WsCudaBackend *) base->backend, task->lane, number, cancellable,
                             error) ||
      !check_task (task, error))
    return FALSE;
  memcpy (sigma, task->values, shape->n_matrices * shape->p * sizeof (double));
  memcpy (gram_norm, task->norms, shape->n_matrices * sizeof (double));
  return TRUE;
}

static void
free_backend (WsCudaBackend *self)
{
  if (self->has_kernels)
    ws_cuda_kernels_clear (&self->kernels);
  self->gpu->api->cuCtxSetCurrent (NULL);
  ws_cuda_gpu_free (self->gpu);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->changed);
  g_free (self->base.name);
  g_free (self);
}

typedef struct
{
  WsCudaBackend *backend;
  WsCudaLane *lane;
  GError *error;
} LaneStep;

/* The last lane takes the backend with it, on a thread that has the context. */
static void
close_step (gpointer data)
{
  g_autofree LaneStep *step = data;
  WsCudaBackend *self = step->backend;

  self->gpu->api->cuCtxSetCurrent (self->gpu->context);
  ws_cuda_lane_close (step->lane);
  if (g_atomic_int_dec_and_test (&self->n_running))
    free_backend (self);
}

/* Does not wait: what a lane still has in hand may take long, and a lost one for ever. */
static void
backend_close (WsBackend *base)
{
  WsCudaBackend *self = (WsCudaBackend *) base;
  const guint n_running = self->n_running;

  g_mutex_lock (&self->mutex);
  self->is_closed = TRUE;
  g_mutex_unlock (&self->mutex);
  if (n_running == 0)
    free_backend (self);
  for (guint i = 0; i < n_running; i++)
    {
      LaneStep *step = g_new (LaneStep, 1);

      *step = (LaneStep){ self, &self->lanes[i], NULL };
      ws_step_thread_close (self->lanes[i].thread, close_step, step);
    }
}

static const WsBackendFuncs funcs = {
  .accepts = backend_accepts,
  .get_batch = backend_get_batch,
  .estimate_seconds = backend_estimate_seconds,
  .begin = ws_cuda_backend_begin,
  .get_buffer = task_get_buffer,
  .add_block = task_add_block,
  .compute_values = task_compute_values,
  .end = ws_cuda_backend_end,
  .close = backend_close,
};

static void
open_step (gpointer data)
{
  LaneStep *step = data;
  WsCudaBackend *self = step->backend;

  if (ws_cuda_lane_open (step->lane, &step->error))
    self->has_kernels =
        ws_cuda_kernels_init (&self->kernels, self->gpu->api, step->lane->stream, NULL);
}

static gboolean
start_lanes (WsCudaBackend *self, GError **error)
{
  for (guint i = 0; i < WS_CUDA_LANES; i++)
    {
      if (!ws_cuda_lane_init (&self->lanes[i], self->gpu, error))
        return FALSE;
      self->n_running++;
    }
  return TRUE;
}

/* One lane tells whether the libraries work here; the others are opened when they are needed. */
static gboolean
open_first_lane (WsCudaBackend *self, GError **error)
{
  LaneStep *step = g_new (LaneStep, 1);
  guint64 number;

  *step = (LaneStep){ self, &self->lanes[0], NULL };
  number = ws_step_thread_push (self->lanes[0].thread, open_step, step, OPEN_SECONDS);
  if (!ws_cuda_backend_wait (self, &self->lanes[0], number, NULL, error))
    return FALSE; /* the step is in the hands of a lost thread */
  if (step->error)
    g_propagate_error (error, step->error);
  g_free (step);
  return self->lanes[0].is_open;
}

WsBackend *
ws_cuda_backend_new (WsCudaGpu *gpu, GError **error)
{
  WsCudaBackend *self = g_new0 (WsCudaBackend, 1);
  g_autoptr (GError) reason = NULL;

  self->base = (WsBackend){ .funcs = &funcs,
                            .key = "cuda",
                            .name = g_strdup (gpu->name),
                            .n_lanes = WS_CUDA_LANES,
                            .ref_count = 1 };
  self->gpu = gpu;
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  if (start_lanes (self, &reason) && open_first_lane (self, &reason))
    return &self->base;
  g_set_error_literal (error, WS_ERROR, WS_ERROR_UNSUPPORTED, reason->message);
  ws_backend_unref (&self->base);
  return NULL;
}

gboolean
ws_cuda_is_busy (void)
{
  return !ws_step_threads_settle (SETTLE_SECONDS);
}
