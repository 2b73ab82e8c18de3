/* SPDX-License-Identifier: MIT */
/* What a task has on its lane: its memory, and the blocks that are added up there. */
#include "cuda/cuda-task.h"

#include <glib/gi18n-lib.h>

#define ALIGNMENT 256

WsCudaTask *
ws_cuda_task_new (WsBackend *backend, const WsTaskShape *shape, WsCudaLane *lane,
                  const WsCudaKernels *kernels)
{
  WsCudaTask *self = g_new0 (WsCudaTask, 1);

  self->base = (WsTask){ .backend = backend, .shape = *shape, .needs_values = kernels == NULL };
  self->lane = lane;
  self->kernels = kernels;
  self->values = g_new (double, shape->n_matrices * shape->p);
  self->norms = g_new (double, shape->n_matrices);
  self->info = g_new0 (int, shape->n_matrices);
  return self;
}

void
ws_cuda_task_free (WsCudaTask *self)
{
  g_clear_error (&self->error);
  g_free (self->values);
  g_free (self->norms);
  g_free (self->info);
  g_free (self);
}

void
ws_cuda_task_fail (WsCudaTask *self, GError *error)
{
  if (!g_atomic_pointer_compare_and_exchange (&self->error, NULL, error))
    g_error_free (error);
}

const GError *
ws_cuda_task_get_error (WsCudaTask *self)
{
  return g_atomic_pointer_get (&self->error);
}

/* Returns: where @n_bytes more lie. */
static gsize
place (WsCudaPlan *plan, gsize n_bytes)
{
  const gsize start = plan->n_bytes;

  plan->n_bytes += (n_bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  return start;
}

/* What the solver wants beside the matrices. It looks at sizes only; any memory of the device does
 * for the pointers. */
static WsCusolverStatus
ask_solver (WsCudaTask *self)
{
  WsCudaLane *lane = self->lane;
  WsCudaPlan *plan = &self->plan;
  const WsCudaApi *api = lane->api;
  const WsTaskShape *shape = &self->base.shape;
  const gint64 p = shape->p, q = shape->q;
  const void *any = (const void *) (gsize) lane->blas_work;
  gsize n_qr_device = 0, n_qr_host = 0;
  WsCusolverStatus status;

  if (shape->n_matrices > 1)
    return api->cusolverDnXsyevBatched_bufferSize (
        lane->solver, lane->params, WS_CUSOLVER_EIG_MODE_NOVECTOR, WS_CUBLAS_FILL_MODE_LOWER, p,
        WS_CUDA_R_64F, any, p, WS_CUDA_R_64F, any, WS_CUDA_R_64F, &plan->n_work_bytes,
        &plan->n_host_work_bytes, shape->n_matrices);
  if (!shape->is_direct)
    return api->cusolverDnXsyevd_bufferSize (
        lane->solver, lane->params, WS_CUSOLVER_EIG_MODE_NOVECTOR, WS_CUBLAS_FILL_MODE_LOWER, p,
        WS_CUDA_R_64F, any, p, WS_CUDA_R_64F, any, WS_CUDA_R_64F, &plan->n_work_bytes,
        &plan->n_host_work_bytes);
  status = api->cusolverDnXgesvd_bufferSize (
      lane->solver, lane->params, 'N', 'N', p, p, WS_CUDA_R_64F, any, q, WS_CUDA_R_64F, any,
      WS_CUDA_R_64F, any, p, WS_CUDA_R_64F, any, p, WS_CUDA_R_64F, &plan->n_work_bytes,
      &plan->n_host_work_bytes);
  if (status != WS_CUSOLVER_STATUS_SUCCESS)
    return status;
  status = api->cusolverDnXgeqrf_bufferSize (lane->solver, lane->params, q, p, WS_CUDA_R_64F, any,
                                             q, WS_CUDA_R_64F, any, WS_CUDA_R_64F, &n_qr_device,
                                             &n_qr_host);
  plan->n_work_bytes = MAX (plan->n_work_bytes, n_qr_device);
  plan->n_host_work_bytes = MAX (plan->n_host_work_bytes, n_qr_host);
  return status;
}

static gboolean
make_plan (WsCudaTask *self, GError **error)
{
  const WsTaskShape *shape = &self->base.shape;
  WsCudaPlan *plan = &self->plan;
  const gsize n_values = shape->n_matrices * shape->p * sizeof (double);
  WsCusolverStatus status;

  *plan = (WsCudaPlan){ .n_block_elements = shape->p * MIN (shape->n_step, shape->q) };
  status = ask_solver (self);
  if (status == WS_CUSOLVER_STATUS_INVALID_VALUE) /* its way to say that it is too large */
    {
      g_set_error (error, WS_FAULT_ERROR, WS_FAULT_MEMORY,
                   _ ("the solver of the GPU does not take %zu × %zu"), shape->p, shape->p);
      return FALSE;
    }
  if (!ws_cuda_lane_check_solver (self->lane, status, "bufferSize", error))
    return FALSE;
  plan->n_block_bytes = (plan->n_block_elements * ws_dtype_get_n_bits (shape->dtype) + 7) / 8;
  plan->n_square_bytes =
      shape->n_matrices * shape->p * (shape->is_direct ? shape->q : shape->p) * sizeof (double);
  plan->square = place (plan, plan->n_square_bytes);
  plan->block = place (plan, plan->n_block_elements * sizeof (double));
  plan->stored = place (plan, self->kernels ? plan->n_block_bytes : 0);
  plan->values = place (plan, n_values);
  plan->tau = place (plan, shape->is_direct ? n_values : 0);
  plan->info = place (plan, shape->n_matrices * sizeof (int));
  plan->work = place (plan, plan->n_work_bytes);
  return TRUE;
}

gboolean
ws_cuda_task_reserve (WsCudaTask *self, GError **error)
{
  WsCudaLane *lane = self->lane;
  const WsCudaPlan *plan = &self->plan;

  if (!ws_cuda_lane_open (lane, error) || !make_plan (self, error))
    return FALSE;
  return ws_cuda_lane_reserve_buffers (lane, plan->n_block_bytes,
                                       self->kernels ? 0 : plan->n_block_elements * sizeof (double),
                                       error) &&
         ws_cuda_lane_reserve_host_work (lane, plan->n_host_work_bytes, error) &&
         ws_cuda_lane_reserve_pool (lane, plan->n_bytes, error) &&
         ws_cuda_lane_check (lane,
                             lane->api->cuMemsetD8Async (lane->pool + plan->square, 0,
                                                         plan->n_square_bytes, lane->stream),
                             "cuMemsetD8Async", error);
}

/* Puts the block into the stream, in float64. After the event @buffer is not needed any more. */
static gboolean
upload (WsCudaTask *self, const WsCudaBuffer *buffer, gsize n_elements, GError **error)
{
  WsCudaLane *lane = self->lane;
  const WsCudaApi *api = lane->api;
  const WsDtype dtype = self->base.shape.dtype;
  const WsCuPointer block = lane->pool + self->plan.block;
  const WsCuPointer stored = lane->pool + self->plan.stored;
  const gsize n_bytes = (n_elements * ws_dtype_get_n_bits (dtype) + 7) / 8;

  if (!self->kernels)
    return ws_cuda_lane_check (lane,
                               api->cuMemcpyHtoDAsync_v2 (block, buffer->values,
                                                          n_elements * sizeof (double),
                                                          lane->stream),
                               "cuMemcpyHtoDAsync", error) &&
           ws_cuda_lane_record (lane, error);
  return ws_cuda_lane_check (
             lane, api->cuMemcpyHtoDAsync_v2 (stored, buffer->stored, n_bytes, lane->stream),
             "cuMemcpyHtoDAsync", error) &&
         ws_cuda_lane_record (lane, error) &&
         ws_cuda_lane_check (
             lane,
             ws_cuda_kernels_widen (self->kernels, dtype, block, stored, n_elements, lane->stream),
             "cuLaunchKernel", error);
}

/* The lower triangle of G += B B', where the device, like BLAS, sees p x n in a block of rows, and
 * G += B' B, where it sees n x p in a block of columns.
 *
 * dsyrk and not dgemm, which does twice as much: of the two the one that data sheets speak for. It
 * stays to be measured: see tests/bench/README.md. */
static gboolean
add_square (WsCudaTask *self, guint index, gsize n, GError **error)
{
  WsCudaLane *lane = self->lane;
  const WsTaskShape *shape = &self->base.shape;
  const int p = shape->p, k = n;
  const double one = 1.0;
  const double *block = (const double *) (gsize) (lane->pool + self->plan.block);
  double *gram = (double *) (gsize) (lane->pool + self->plan.square) + index * shape->p * shape->p;

  return ws_cuda_lane_check_blas (
      lane,
      lane->api->cublasDsyrk_v2 (lane->blas, WS_CUBLAS_FILL_MODE_LOWER,
                                 shape->by_columns ? WS_CUBLAS_OP_T : WS_CUBLAS_OP_N, p, k, &one,
                                 block, shape->by_columns ? k : p, &one, gram, p),
      "cublasDsyrk", error);
}

/* Puts the block into its rows of the whole matrix, which is q x p to the device. */
static gboolean
add_rows (WsCudaTask *self, guint64 row, gsize n, GError **error)
{
  WsCudaLane *lane = self->lane;
  const WsTaskShape *shape = &self->base.shape;
  const int p = shape->p, q = shape->q, k = n;
  const double one = 1.0, zero = 0.0;
  const double *block = (const double *) (gsize) (lane->pool + self->plan.block);
  double *rows = (double *) (gsize) (lane->pool + self->plan.square) + row;

  return ws_cuda_lane_check_blas (
      lane,
      lane->api->cublasDgeam (lane->blas, shape->by_columns ? WS_CUBLAS_OP_N : WS_CUBLAS_OP_T,
                              WS_CUBLAS_OP_N, k, p, &one, block, shape->by_columns ? k : p, &zero,
                              rows, q, rows, q),
      "cublasDgeam", error);
}

gboolean
ws_cuda_task_add (WsCudaTask *self, const WsCudaBuffer *buffer, guint index, guint64 row, gsize n,
                  GError **error)
{
  if (!upload (self, buffer, self->base.shape.p * n, error))
    return FALSE;
  if (!(self->base.shape.is_direct ? add_rows (self, row, n, error)
                                   : add_square (self, index, n, error)))
    return FALSE;
  return ws_cuda_lane_wait (self->lane, error);
}
