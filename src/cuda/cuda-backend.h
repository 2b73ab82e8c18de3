/* SPDX-License-Identifier: MIT */
/* The lanes of a GPU, and who may have one. */
#pragma once

#include "cuda/cuda-task.h"

G_BEGIN_DECLS

/* Judgement: the reduction to tridiagonal form leaves most of a GPU idle, and several at once fill
 * it; each has a thread of the processor to feed. */
#define WS_CUDA_LANES 4

typedef struct
{
  WsBackend base;
  WsCudaGpu *gpu; /* (owned) */
  WsCudaKernels kernels;
  gboolean has_kernels;
  WsCudaLane lanes[WS_CUDA_LANES];
  int n_running; /* (atomic) lanes that are not closed */
  int fault;     /* (atomic) WsFault: why no task is begun any more */

  GMutex mutex;
  GCond changed;
  gboolean is_closed;
  gboolean is_taken[WS_CUDA_LANES]; /* lanes that have a task; with the mutex */
  double seconds[WS_CUDA_LANES];    /* a guess for that task; 0: none; with the mutex */
  GQueue turns;                     /* those who want to begin, one at a time; with the mutex */
} WsCudaBackend;

/* No task is begun any more. */
void ws_cuda_backend_set_fault (WsCudaBackend *self, WsFault fault);

/* Remembers the failure of a step, for its task and for the GPU. @error: (transfer full) */
void ws_cuda_backend_fail (WsCudaBackend *self, WsCudaTask *task, GError *error);

/* How long a step of any lane may be expected to take, of which @seconds are its own work: the
 * device is shared, and freeing memory waits for all that it has in hand. */
double ws_cuda_backend_expect (WsCudaBackend *self, double seconds);

/* Waits for a step of the lane: see ws_step_thread_wait. */
gboolean ws_cuda_backend_wait (WsCudaBackend *self, WsCudaLane *lane, guint64 number,
                               GCancellable *cancellable, GError **error);

/* begin of WsBackendFuncs. */
WsTask *ws_cuda_backend_begin (WsBackend *base, const WsTaskShape *shape, GCancellable *cancellable,
                               GError **error);
/* end of WsBackendFuncs. */
void ws_cuda_backend_end (WsTask *base);

G_END_DECLS
