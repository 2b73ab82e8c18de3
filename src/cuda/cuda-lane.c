/* SPDX-License-Identifier: MIT */
/* A lane: a thread with a stream, handles and memory of its own. */
#include "cuda/cuda-lane.h"

#include "base/format.h"
#include "cuda/cuda-fault.h"

#include <glib/gi18n-lib.h>

/* What NVIDIA names for Hopper; others take less. Given to the handle for good, since products are
 * bit for bit the same only with a work space of their own. */
#define BLAS_WORK_BYTES ((gsize) 32 << 20)
/* Left to the libraries, the display and other programs: this share, and this much. */
#define FREE_SHARE 0.9
#define FREE_REST ((guint64) 256 << 20)
#define VALUES_ALIGNMENT 64

gboolean
ws_cuda_lane_check (WsCudaLane *self, WsCuResult code, const char *call, GError **error)
{
  return ws_cuda_check (self->api, code, call, error);
}

gboolean
ws_cuda_lane_check_blas (WsCudaLane *self, WsCublasStatus code, const char *call, GError **error)
{
  return ws_cublas_check (self->api, self->stream, code, call, error);
}

gboolean
ws_cuda_lane_check_solver (WsCudaLane *self, WsCusolverStatus code, const char *call,
                           GError **error)
{
  return ws_cusolver_check (self->api, self->stream, code, call, error);
}

gboolean
ws_cuda_lane_init (WsCudaLane *self, const WsCudaGpu *gpu, GError **error)
{
  *self = (WsCudaLane){ .gpu = gpu, .api = gpu->api };
  self->thread = ws_step_thread_new ("gpu-lane", error);
  return self->thread != NULL;
}

static gboolean
open_stream (WsCudaLane *self, GError **error)
{
  const WsCudaApi *api = self->api;

  /* of our own and not the default one: cuSOLVER 12.0 to 12.4 was wrong on that of the thread */
  return ws_cuda_lane_check (self, api->cuCtxSetCurrent (self->gpu->context), "cuCtxSetCurrent",
                             error) &&
         ws_cuda_lane_check (self, api->cuStreamCreate (&self->stream, WS_CU_STREAM_NON_BLOCKING),
                             "cuStreamCreate", error) &&
         ws_cuda_lane_check (self,
                             api->cuEventCreate (&self->event, WS_CU_EVENT_BLOCKING_SYNC |
                                                                   WS_CU_EVENT_DISABLE_TIMING),
                             "cuEventCreate", error);
}

static gboolean
open_blas (WsCudaLane *self, GError **error)
{
  const WsCudaApi *api = self->api;

  /* the work space comes after the stream, which resets it */
  return ws_cuda_lane_check_blas (self, api->cublasCreate_v2 (&self->blas), "cublasCreate",
                                  error) &&
         ws_cuda_lane_check_blas (self, api->cublasSetStream_v2 (self->blas, self->stream),
                                  "cublasSetStream", error) &&
         ws_cuda_lane_check (self, api->cuMemAlloc_v2 (&self->blas_work, BLAS_WORK_BYTES),
                             "cuMemAlloc", error) &&
         ws_cuda_lane_check_blas (self,
                                  api->cublasSetWorkspace_v2 (self->blas,
                                                              (void *) (gsize) self->blas_work,
                                                              BLAS_WORK_BYTES),
                                  "cublasSetWorkspace", error);
}

static gboolean
open_solver (WsCudaLane *self, GError **error)
{
  const WsCudaApi *api = self->api;

  return ws_cuda_lane_check_solver (self, api->cusolverDnCreate (&self->solver), "cusolverDnCreate",
                                    error) &&
         ws_cuda_lane_check_solver (self, api->cusolverDnSetStream (self->solver, self->stream),
                                    "cusolverDnSetStream", error) &&
         (!api->cusolverDnSetDeterministicMode ||
          ws_cuda_lane_check_solver (
              self,
              api->cusolverDnSetDeterministicMode (self->solver, WS_CUSOLVER_DETERMINISTIC_RESULTS),
              "cusolverDnSetDeterministicMode", error)) &&
         ws_cuda_lane_check_solver (self, api->cusolverDnCreateParams (&self->params),
                                    "cusolverDnCreateParams", error);
}

gboolean
ws_cuda_lane_open (WsCudaLane *self, GError **error)
{
  if (!self->is_open)
    {
      self->is_open =
          open_stream (self, error) && open_blas (self, error) && open_solver (self, error);
      if (!self->is_open)
        ws_cuda_lane_close (self);
    }
  return self->is_open;
}

static void
free_buffers (WsCudaLane *self)
{
  for (guint i = 0; i < WS_CUDA_LANE_BUFFERS; i++)
    {
      if (self->buffers[i].stored)
        self->api->cuMemFreeHost (self->buffers[i].stored);
      self->buffers[i] = (WsCudaBuffer){ 0 };
    }
  self->n_stored_bytes = self->n_values_bytes = 0;
}

/* Codes are of no use here: what cannot be given back now cannot be given back later. */
void
ws_cuda_lane_close (WsCudaLane *self)
{
  const WsCudaApi *api = self->api;

  if (self->stream)
    api->cuStreamSynchronize (self->stream);
  free_buffers (self);
  ws_cuda_lane_trim (self);
  g_clear_pointer (&self->host_work, g_free);
  self->n_host_work_bytes = 0;
  if (self->params)
    api->cusolverDnDestroyParams (self->params);
  if (self->solver)
    api->cusolverDnDestroy (self->solver);
  if (self->blas)
    api->cublasDestroy_v2 (self->blas);
  if (self->blas_work)
    api->cuMemFree_v2 (self->blas_work);
  if (self->event)
    api->cuEventDestroy_v2 (self->event);
  if (self->stream)
    api->cuStreamDestroy_v2 (self->stream);
  self->params = NULL;
  self->solver = NULL;
  self->blas = NULL;
  self->blas_work = 0;
  self->event = NULL;
  self->stream = NULL;
  self->is_open = FALSE;
}

void
ws_cuda_lane_trim (WsCudaLane *self)
{
  if (self->pool)
    self->api->cuMemFree_v2 (self->pool);
  self->pool = 0;
  self->n_pool_bytes = 0;
}

gboolean
ws_cuda_lane_reserve_pool (WsCudaLane *self, gsize n_bytes, GError **error)
{
  gsize n_free, n_total;

  if (n_bytes <= self->n_pool_bytes)
    return TRUE;
  ws_cuda_lane_trim (self);
  if (!ws_cuda_lane_check (self, self->api->cuMemGetInfo_v2 (&n_free, &n_total), "cuMemGetInfo",
                           error))
    return FALSE;
  if (n_bytes + FREE_REST > FREE_SHARE * n_free)
    {
      g_autofree char *needed = ws_format_bytes (n_bytes), *there = ws_format_bytes (n_free);

      g_set_error (error, WS_FAULT_ERROR, WS_FAULT_MEMORY,
                   _ ("a matrix needs %s of the memory of the GPU, of which %s are free"), needed,
                   there);
      return FALSE;
    }
  if (!ws_cuda_lane_check (self, self->api->cuMemAlloc_v2 (&self->pool, n_bytes), "cuMemAlloc",
                           error))
    {
      self->pool = 0;
      return FALSE;
    }
  self->n_pool_bytes = n_bytes;
  return TRUE;
}

gboolean
ws_cuda_lane_reserve_host_work (WsCudaLane *self, gsize n_bytes, GError **error)
{
  if (n_bytes <= self->n_host_work_bytes)
    return TRUE;
  g_free (self->host_work);
  self->host_work = g_try_malloc (n_bytes);
  self->n_host_work_bytes = self->host_work ? n_bytes : 0;
  if (!self->host_work)
    g_set_error_literal (error, WS_FAULT_ERROR, WS_FAULT_MEMORY,
                         _ ("not enough memory for the work space of the GPU"));
  return self->host_work != NULL;
}

gboolean
ws_cuda_lane_reserve_buffers (WsCudaLane *self, gsize n_stored_bytes, gsize n_values_bytes,
                              GError **error)
{
  gsize n_bytes;

  if (n_stored_bytes <= self->n_stored_bytes && n_values_bytes <= self->n_values_bytes)
    return TRUE;
  n_stored_bytes = MAX (n_stored_bytes, self->n_stored_bytes);
  n_stored_bytes += (VALUES_ALIGNMENT - n_stored_bytes % VALUES_ALIGNMENT) % VALUES_ALIGNMENT;
  n_values_bytes = MAX (n_values_bytes, self->n_values_bytes);
  n_bytes = n_stored_bytes + n_values_bytes;
  free_buffers (self);
  for (guint i = 0; i < WS_CUDA_LANE_BUFFERS; i++)
    {
      WsCudaBuffer *buffer = &self->buffers[i];

      if (!ws_cuda_lane_check (self, self->api->cuMemHostAlloc (&buffer->stored, n_bytes, 0),
                               "cuMemHostAlloc", error))
        {
          buffer->stored = NULL;
          free_buffers (self);
          return FALSE;
        }
      if (n_values_bytes > 0)
        buffer->values = (double *) ((char *) buffer->stored + n_stored_bytes);
    }
  self->n_stored_bytes = n_stored_bytes;
  self->n_values_bytes = n_values_bytes;
  return TRUE;
}

gboolean
ws_cuda_lane_record (WsCudaLane *self, GError **error)
{
  return ws_cuda_lane_check (self, self->api->cuEventRecord (self->event, self->stream),
                             "cuEventRecord", error);
}

gboolean
ws_cuda_lane_wait (WsCudaLane *self, GError **error)
{
  return ws_cuda_lane_check (self, self->api->cuEventSynchronize (self->event),
                             "cuEventSynchronize", error);
}
