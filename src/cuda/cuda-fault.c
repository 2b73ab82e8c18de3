/* SPDX-License-Identifier: MIT */
/* What a code of NVIDIA's libraries means for a matrix, and for the GPU. */
#include "cuda/cuda-fault.h"

#include <glib/gi18n-lib.h>

static gboolean
set_fault (GError **error, WsFault fault, const char *call, const char *description)
{
  g_set_error (error, WS_FAULT_ERROR, fault, _ ("%s failed on the GPU: %s"), call, description);
  return FALSE;
}

gboolean
ws_cuda_check (const WsCudaApi *api, WsCuResult code, const char *call, GError **error)
{
  g_autofree char *description = NULL;

  if (code == WS_CUDA_SUCCESS)
    return TRUE;
  description = ws_cuda_describe_result (api, code);
  /* Whatever else the driver says, of an address, a launch, its memory or the context, it says
   * again at every call that follows. */
  return set_fault (error, code == WS_CUDA_ERROR_OUT_OF_MEMORY ? WS_FAULT_MEMORY : WS_FAULT_STOPPED,
                    call, description);
}

/* Returns: FALSE with @error set to STOPPED if the driver has more to say than the library. */
static gboolean
ask_driver (const WsCudaApi *api, WsCuStream stream, const char *call, GError **error)
{
  WsCuResult code = api->cuStreamSynchronize (stream);

  return code == WS_CUDA_ERROR_OUT_OF_MEMORY || ws_cuda_check (api, code, call, error);
}

/* What a code of a library means that may stand for another one of the driver.
 * @is_refused: it could not make a handle, which is what they say when memory is short, and also
 *   when the context is gone */
static gboolean
check_library (const WsCudaApi *api, WsCuStream stream, gboolean is_memory, gboolean is_refused,
               const char *call, const char *description, GError **error)
{
  if (!is_memory && !ask_driver (api, stream, call, error))
    return FALSE;
  return set_fault (error, is_memory || is_refused ? WS_FAULT_MEMORY : WS_FAULT_NUMERIC, call,
                    description);
}

gboolean
ws_cublas_check (const WsCudaApi *api, WsCuStream stream, WsCublasStatus code, const char *call,
                 GError **error)
{
  g_autofree char *description = NULL;

  if (code == WS_CUBLAS_STATUS_SUCCESS)
    return TRUE;
  description = ws_cublas_describe_status (code);
  return check_library (api, stream, code == WS_CUBLAS_STATUS_ALLOC_FAILED,
                        code == WS_CUBLAS_STATUS_NOT_INITIALIZED, call, description, error);
}

gboolean
ws_cusolver_check (const WsCudaApi *api, WsCuStream stream, WsCusolverStatus code, const char *call,
                   GError **error)
{
  g_autofree char *description = NULL;

  if (code == WS_CUSOLVER_STATUS_SUCCESS)
    return TRUE;
  description = ws_cusolver_describe_status (code);
  return check_library (api, stream, code == WS_CUSOLVER_STATUS_ALLOC_FAILED,
                        code == WS_CUSOLVER_STATUS_NOT_INITIALIZED, call, description, error);
}
