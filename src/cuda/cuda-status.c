/* SPDX-License-Identifier: MIT */
/* The codes of the three libraries as text. */
#include "cuda/cuda-private.h"

#define NAME_STATUS(name, value) [value] = #name,
static const char *const cublas_names[] = { WS_CUBLAS_STATUSES (NAME_STATUS) };
static const char *const cusolver_names[] = { WS_CUSOLVER_STATUSES (NAME_STATUS) };
#undef NAME_STATUS

char *
ws_cuda_describe_result (const WsCudaApi *api, WsCuResult code)
{
  const char *name = NULL;

  if (api->cuGetErrorName (code, &name) != WS_CUDA_SUCCESS || name == NULL)
    name = "CUDA_ERROR";
  return g_strdup_printf ("%s (%u)", name, code);
}

static char *
describe_status (const char *const *names, guint n_names, const char *fallback, guint code)
{
  const char *name = code < n_names && names[code] != NULL ? names[code] : fallback;

  return g_strdup_printf ("%s (%u)", name, code);
}

char *
ws_cublas_describe_status (WsCublasStatus code)
{
  return describe_status (cublas_names, G_N_ELEMENTS (cublas_names), "CUBLAS_STATUS", code);
}

char *
ws_cusolver_describe_status (WsCusolverStatus code)
{
  return describe_status (cusolver_names, G_N_ELEMENTS (cusolver_names), "CUSOLVER_STATUS", code);
}
