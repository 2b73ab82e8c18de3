/* SPDX-License-Identifier: MIT */
/* What the files of this folder share: the libraries, once they are open, and a GPU in use. */
#pragma once

#include "cuda/cuda-api.h"
#include "spectra/backend.h"

G_BEGIN_DECLS

/* A GPU that was chosen, with its primary context retained. Everything is set before others see
 * it and does not change any more. */
typedef struct
{
  const WsCudaApi *api; /* valid as long as the program runs: libraries are never closed */
  guint index;
  WsCuDevice device;
  WsCuContext context; /* every thread makes it current before it calls anything else */
  char *name;          /* (owned) */
  guint64 n_bytes_total;
  guint capability; /* 90: 9.0 */
  guint n_multiprocessors;
  guint float_to_double; /* how many times faster float is than double: 2 on an H200, 64 on a
                            GeForce */
  guint cuda_version;    /* of the libraries: 12 or 13 */
} WsCudaGpu;

/* The driver and the libraries, opened by the first call; later ones get the same, or the same
 * error. NULL with @error set, as ws_cuda_list_devices.
 * @facts: (out) (transfer full) (optional): a line for each of them that was found. */
const WsCudaApi *ws_cuda_get_api (char **facts, GError **error);

/* The GPU of that index, which the calling thread then has as current; a new one with each call
 * (ws_cuda_open has one for the whole program). Errors: as ws_cuda_list_devices. */
WsCudaGpu *ws_cuda_gpu_open (guint index, GError **error);
/* Also releases the context: no thread may use it any more. */
void ws_cuda_gpu_free (WsCudaGpu *self);

/* The backend over @gpu, with one reference; its close frees @gpu.
 * @gpu: (transfer full), also on failure
 * Errors: WS_ERROR_UNSUPPORTED. */
WsBackend *ws_cuda_backend_new (WsCudaGpu *gpu, GError **error);

/* For sentences: "CUDA_ERROR_ILLEGAL_ADDRESS (700)", "CUBLAS_STATUS_ALLOC_FAILED (3)". The second
 * for codes of cuBLAS and the third for those of cuSOLVER. (transfer full) */
char *ws_cuda_describe_result (const WsCudaApi *api, WsCuResult code);
char *ws_cublas_describe_status (WsCublasStatus code);
char *ws_cusolver_describe_status (WsCusolverStatus code);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsCudaGpu, ws_cuda_gpu_free)

G_END_DECLS
