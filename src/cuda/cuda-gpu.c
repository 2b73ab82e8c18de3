/* SPDX-License-Identifier: MIT */
/* The libraries of the program, once, and a GPU with its context. */
#include <glib/gi18n-lib.h>

#include "base/error.h"
#include "cuda/cuda-loader.h"
#include "cuda/cuda-private.h"

typedef struct
{
  WsCudaApi api;
  WsCudaDriver driver;
  WsCudaToolkit toolkit;
  GError *error; /* (nullable): why they cannot be used */
} Libraries;

static gpointer
load (gpointer data)
{
  static Libraries libraries;

  if (ws_cuda_driver_load (&libraries.driver, &libraries.api, &libraries.error))
    ws_cuda_toolkit_load (&libraries.toolkit, &libraries.api, &libraries.driver, &libraries.error);
  return &libraries;
}

static const Libraries *
get_libraries (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, load, NULL);
}

static char *
describe (const Libraries *self)
{
  const WsCudaDriver *driver = &self->driver;
  const WsCudaToolkit *toolkit = &self->toolkit;
  GString *text = g_string_new (NULL);

  if (driver->version != 0)
    g_string_append_printf (text, "NVIDIA driver %s for CUDA %d.%d\n",
                            driver->release != NULL ? driver->release : "of unknown release",
                            driver->version / 1000, driver->version % 1000 / 10);
  if (toolkit->version != 0)
    g_string_append_printf (text, "cuBLAS %s and cuSOLVER %s of CUDA %u in %s\n", toolkit->cublas,
                            toolkit->cusolver, toolkit->version, toolkit->folder);
  return g_string_free (text, FALSE);
}

const WsCudaApi *
ws_cuda_get_api (char **facts, GError **error)
{
  const Libraries *libraries = get_libraries ();

  if (facts != NULL)
    *facts = describe (libraries);
  if (libraries->error != NULL)
    {
      if (error != NULL)
        *error = g_error_copy (libraries->error);
      return NULL;
    }
  return &libraries->api;
}

static guint
get_attribute (const WsCudaGpu *self, guint attribute)
{
  int value = 0;

  if (self->api->cuDeviceGetAttribute (&value, attribute, self->device) != WS_CUDA_SUCCESS)
    return 0;
  return value;
}

/* What is known without a context. */
static WsCuResult
inspect (WsCudaGpu *self)
{
  char name[256] = "";
  size_t n_bytes = 0;
  WsCuResult code = self->api->cuDeviceGet (&self->device, self->index);

  if (code == WS_CUDA_SUCCESS)
    code = self->api->cuDeviceGetName (name, sizeof name, self->device);
  if (code == WS_CUDA_SUCCESS)
    code = self->api->cuDeviceTotalMem_v2 (&n_bytes, self->device);
  name[sizeof name - 1] = '\0';
  self->name = g_utf8_make_valid (name, -1);
  self->n_bytes_total = n_bytes;
  self->capability = 10 * get_attribute (self, WS_CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR) +
                     get_attribute (self, WS_CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR);
  self->n_multiprocessors = get_attribute (self, WS_CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT);
  self->float_to_double =
      get_attribute (self, WS_CU_DEVICE_ATTRIBUTE_SINGLE_TO_DOUBLE_PRECISION_PERF_RATIO);
  return code;
}

static gboolean
check (const WsCudaGpu *self, GError **error)
{
  const guint least = ws_cuda_toolkit_get_least_capability (self->cuda_version);

  if (self->capability < least)
    {
      ws_error_set (error, WS_ERROR_UNSUPPORTED,
                    /* Translators: the name of a GPU; 12; 3, 5 and 5, 0: versions of its design */
                    N_ ("'%s' is too old for CUDA %u: compute capability %u.%u, needs %u.%u or "
                        "newer"),
                    self->name, self->cuda_version, self->capability / 10, self->capability % 10,
                    least / 10, least % 10);
      return FALSE;
    }
  if (get_attribute (self, WS_CU_DEVICE_ATTRIBUTE_COMPUTE_MODE) == WS_CU_COMPUTEMODE_PROHIBITED)
    {
      ws_error_set (error, WS_ERROR_UNSUPPORTED,
                    N_ ("'%s' is set to refuse computations (compute mode 'prohibited')"),
                    self->name);
      return FALSE;
    }
  return TRUE;
}

static void
set_device_error (GError **error, const WsCudaGpu *self, WsCuResult code)
{
  g_autofree char *reason = ws_cuda_describe_result (self->api, code);

  switch (code)
    {
    case WS_CUDA_ERROR_DEVICE_UNAVAILABLE:
      ws_error_set (error, WS_ERROR_UNSUPPORTED,
                    N_ ("'%s' is busy: another program has it to itself"), self->name);
      break;
    case WS_CUDA_ERROR_OUT_OF_MEMORY:
      ws_error_set (error, WS_ERROR_UNSUPPORTED, N_ ("'%s' has no free memory"), self->name);
      break;
    default:
      ws_error_set (error, WS_ERROR_UNSUPPORTED,
                    /* Translators: the name of a GPU, the name of an error of CUDA */
                    N_ ("'%s' cannot be used: %s"), self->name, reason);
    }
}

WsCudaGpu *
ws_cuda_gpu_open (guint index, GError **error)
{
  const Libraries *libraries = get_libraries ();
  const WsCudaApi *api = ws_cuda_get_api (NULL, error);
  g_autoptr (WsCudaGpu) self = NULL;
  WsCuResult code;

  if (api == NULL)
    return NULL;
  if (index >= libraries->driver.n_devices)
    {
      ws_error_set (error, WS_ERROR_NOT_FOUND, N_ ("there is no GPU %u, the last one is %d"), index,
                    libraries->driver.n_devices - 1);
      return NULL;
    }
  self = g_new (WsCudaGpu, 1);
  *self = (WsCudaGpu){ .api = api, .index = index, .cuda_version = libraries->toolkit.version };
  code = inspect (self);
  if (code == WS_CUDA_SUCCESS && !check (self, error))
    return NULL;
  if (code == WS_CUDA_SUCCESS)
    code = api->cuDevicePrimaryCtxRetain (&self->context, self->device);
  if (code == WS_CUDA_SUCCESS)
    code = api->cuCtxSetCurrent (self->context);
  if (code != WS_CUDA_SUCCESS)
    {
      set_device_error (error, self, code);
      return NULL;
    }
  return g_steal_pointer (&self);
}

void
ws_cuda_gpu_free (WsCudaGpu *self)
{
  if (self->context != NULL)
    {
      self->api->cuCtxSetCurrent (NULL);
      self->api->cuDevicePrimaryCtxRelease_v2 (self->device);
    }
  g_free (self->name);
  g_free (self);
}
