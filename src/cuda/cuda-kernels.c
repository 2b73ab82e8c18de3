/* SPDX-License-Identifier: MIT */
/* Loading and launching of the kernels. */
#include "cuda/cuda-kernels.h"

#include <glib/gi18n-lib.h>

#include "base/error.h"
#include "cuda/cuda-kernels-ptx.h"
#include "cuda/cuda-private.h"

/* Threads take every n_threads-th element, so any grid is right; this one fills every GPU there is
 * (an H200 runs 132 x 2048 threads at a time). */
#define N_BLOCK_THREADS 256
#define MAX_BLOCKS 4096

static const struct
{
  WsDtype dtype;
  const char *name;
} kernels[] = {
  { WS_DTYPE_BF16, "widen_bf16" },    { WS_DTYPE_F16, "widen_f16" },
  { WS_DTYPE_F32, "widen_f32" },      { WS_DTYPE_F8_E4M3, "widen_e4m3" },
  { WS_DTYPE_F8_E5M2, "widen_e5m2" },
};

static WsCuResult
launch (const WsCudaKernels *self, WsDtype dtype, guint n_blocks, WsCuPointer dst, WsCuPointer src,
        gsize n, WsCuStream stream)
{
  unsigned long long n_elements = n;
  void *arguments[] = { &dst, &src, &n_elements };

  return self->api->cuLaunchKernel (self->widen[dtype], n_blocks, 1, 1, N_BLOCK_THREADS, 1, 1, 0,
                                    stream, arguments, NULL);
}

/* On no element at all. Drivers since CUDA 12.2 compile and load a kernel when it is launched, and
 * what is refused in the midst of a task stands for a GPU that has stopped. */
static WsCuResult
try_kernel (const WsCudaKernels *self, WsDtype dtype, WsCuStream stream)
{
  WsCuResult code = launch (self, dtype, 1, 0, 0, 0, stream);

  return code == WS_CUDA_SUCCESS ? self->api->cuStreamSynchronize (stream) : code;
}

gboolean
ws_cuda_kernels_init (WsCudaKernels *self, const WsCudaApi *api, WsCuStream stream, GError **error)
{
  g_auto (WsCudaKernels) loaded = { .api = api };
  WsCuResult code = api->cuModuleLoadData (&loaded.module, ws_cuda_kernels_ptx);

  for (guint i = 0; i < G_N_ELEMENTS (kernels) && code == WS_CUDA_SUCCESS; i++)
    {
      code = api->cuModuleGetFunction (&loaded.widen[kernels[i].dtype], loaded.module,
                                       kernels[i].name);
      if (code == WS_CUDA_SUCCESS)
        code = try_kernel (&loaded, kernels[i].dtype, stream);
    }
  if (code != WS_CUDA_SUCCESS)
    {
      g_autofree char *reason = ws_cuda_describe_result (api, code);

      g_set_error (error, WS_ERROR, WS_ERROR_UNSUPPORTED,
                   /* Translators: %s is the name of an error of CUDA */
                   _ ("the NVIDIA driver cannot compile the program's kernels: %s"), reason);
      return FALSE;
    }
  *self = loaded;
  loaded = (WsCudaKernels){ 0 };
  return TRUE;
}

void
ws_cuda_kernels_clear (WsCudaKernels *self)
{
  if (self->module != NULL)
    self->api->cuModuleUnload (self->module);
  *self = (WsCudaKernels){ 0 };
}

gboolean
ws_cuda_kernels_can_widen (const WsCudaKernels *self, WsDtype dtype)
{
  return self->widen[dtype] != NULL;
}

WsCuResult
ws_cuda_kernels_widen (const WsCudaKernels *self, WsDtype dtype, WsCuPointer dst, WsCuPointer src,
                       gsize n, WsCuStream stream)
{
  guint n_blocks = MIN ((n + N_BLOCK_THREADS - 1) / N_BLOCK_THREADS, MAX_BLOCKS);

  g_return_val_if_fail (ws_cuda_kernels_can_widen (self, dtype), WS_CUDA_ERROR_INVALID_VALUE);
  if (n == 0) /* an empty grid is refused */
    return WS_CUDA_SUCCESS;
  return launch (self, dtype, n_blocks, dst, src, n, stream);
}
