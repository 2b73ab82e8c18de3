/* SPDX-License-Identifier: MIT */
/* What a task has on its lane, and the steps that the lane takes for it. */
#pragma once

#include "cuda/cuda-kernels.h"
#include "cuda/cuda-lane.h"

G_BEGIN_DECLS

/* Where things lie in the pool of the lane, in bytes. */
typedef struct
{
  gsize n_block_elements; /* of the largest block */
  gsize n_block_bytes;    /* the same as stored */
  gsize stored;           /* a block */
  gsize block;            /* the same in float64 */
  gsize square;           /* the Gram matrices; of a direct task the whole matrix, its long side
                           * down the columns */
  gsize n_square_bytes;
  gsize values; /* eigenvalues, or singular values */
  gsize tau;
  gsize info; /* an int for each matrix */
  gsize work;
  gsize n_work_bytes;
  gsize n_host_work_bytes;
  gsize n_bytes;
} WsCudaPlan;

typedef struct
{
  WsTask base;
  WsCudaLane *lane;
  const WsCudaKernels *kernels;
  double seconds; /* a guess for the whole task */
  guint next;     /* buffer of the lane; of the caller's thread */
  int is_ended;   /* (atomic) steps that are left are not taken any more */
  GError *error;  /* (owned) (atomic) the first failure of a step; does not change any more */

  WsCudaPlan plan; /* from here on of the lane's thread */
  double *values;  /* (owned) n_matrices x p: what the caller is to get, once it was solved */
  double *norms;   /* (owned) n_matrices */
  int *info;       /* (owned) n_matrices */
} WsCudaTask;

/* @kernels: (nullable): NULL: the caller widens */
WsCudaTask *ws_cuda_task_new (WsBackend *backend, const WsTaskShape *shape, WsCudaLane *lane,
                              const WsCudaKernels *kernels);
void ws_cuda_task_free (WsCudaTask *self);

/* Remembers the first one. @error: (transfer full) */
void ws_cuda_task_fail (WsCudaTask *self, GError *error);
/* (transfer none): NULL: nothing failed so far. Any thread. */
const GError *ws_cuda_task_get_error (WsCudaTask *self);

/* The steps, on the lane's thread. Errors: WS_FAULT_ERROR. */
gboolean ws_cuda_task_reserve (WsCudaTask *self, GError **error);
/* @index: of the matrix in the task
 * @row: of the long side, where the block begins; @n: how much of the long side it is */
gboolean ws_cuda_task_add (WsCudaTask *self, const WsCudaBuffer *buffer, guint index, guint64 row,
                           gsize n, GError **error);
/* Fills values, descending, and norms. */
gboolean ws_cuda_task_solve (WsCudaTask *self, GError **error);

G_END_DECLS
