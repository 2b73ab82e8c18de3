/* SPDX-License-Identifier: MIT */
/* A lane: a thread with a stream, handles and memory of its own, so that several matrices are on
 * the device at the same time and none of them shares what the libraries do not let threads share.
 *
 * All functions but ws_cuda_lane_new are called on the lane's thread, with the context current. */
#pragma once

#include "cuda/cuda-private.h"
#include "cuda/step-thread.h"

G_BEGIN_DECLS

/* One is filled while another is on its way: reading a block takes the processor longer than the
 * device takes for what it does with one. */
#define WS_CUDA_LANE_BUFFERS 2

/* Memory that is not paged, so that the device takes it without the processor. */
typedef struct
{
  void *stored;   /* of a block, as stored */
  double *values; /* of a block, widened; NULL unless asked for */
  guint64 number; /* of the step that uploads it: until then nobody writes to it */
} WsCudaBuffer;

typedef struct
{
  const WsCudaGpu *gpu;
  const WsCudaApi *api;
  WsStepThread *thread;

  gboolean is_open;
  WsCuStream stream;
  WsCuEvent event; /* waiting for it does not keep a core busy */
  WsCublas blas;
  WsCusolver solver;
  WsCusolverParams params;
  WsCuPointer blas_work;

  WsCuPointer pool; /* what tasks keep on the device, one piece; 0: none */
  gsize n_pool_bytes;
  void *host_work;
  gsize n_host_work_bytes;
  WsCudaBuffer buffers[WS_CUDA_LANE_BUFFERS];
  gsize n_stored_bytes; /* of each buffer */
  gsize n_values_bytes;
} WsCudaLane;

/* Starts the thread. @gpu: borrowed */
gboolean ws_cuda_lane_init (WsCudaLane *self, const WsCudaGpu *gpu, GError **error);

/* Makes stream and handles unless they are there. */
gboolean ws_cuda_lane_open (WsCudaLane *self, GError **error);
void ws_cuda_lane_close (WsCudaLane *self);

/* Memory of at least these sizes; grown and kept. MEMORY where there is none: the device must keep
 * a rest for its libraries and for others. */
gboolean ws_cuda_lane_reserve_pool (WsCudaLane *self, gsize n_bytes, GError **error);
gboolean ws_cuda_lane_reserve_host_work (WsCudaLane *self, gsize n_bytes, GError **error);
gboolean ws_cuda_lane_reserve_buffers (WsCudaLane *self, gsize n_stored_bytes, gsize n_values_bytes,
                                       GError **error);
/* Gives the pool back. */
void ws_cuda_lane_trim (WsCudaLane *self);

/* Until the device has done all that was given to the stream before the event, without a busy
 * core. */
gboolean ws_cuda_lane_record (WsCudaLane *self, GError **error);
gboolean ws_cuda_lane_wait (WsCudaLane *self, GError **error);

/* Codes of calls that were given to the stream of this lane. */
gboolean ws_cuda_lane_check (WsCudaLane *self, WsCuResult code, const char *call, GError **error);
gboolean ws_cuda_lane_check_blas (WsCudaLane *self, WsCublasStatus code, const char *call,
                                  GError **error);
gboolean ws_cuda_lane_check_solver (WsCudaLane *self, WsCusolverStatus code, const char *call,
                                    GError **error);

G_END_DECLS
