/* SPDX-License-Identifier: MIT */
/* Which GPUs there are. */
#include "cuda/cuda.h"

#include "base/error.h"
#include "cuda/cuda-private.h"
#include "cuda/step-thread.h"

void
ws_cuda_device_free (WsCudaDevice *self)
{
  g_free (self->name);
  g_free (self);
}

/* A GPU must be taken to learn how much of its memory is free, and whether it can be had. */
static WsCudaDevice *
inspect_device (guint index, GError **error)
{
  g_autoptr (WsCudaGpu) gpu = ws_cuda_gpu_open (index, error);
  size_t n_bytes_free = 0, n_bytes_total = 0;
  WsCudaDevice *device;

  if (gpu == NULL)
    return NULL;
  gpu->api->cuMemGetInfo_v2 (&n_bytes_free, &n_bytes_total);
  device = g_new (WsCudaDevice, 1);
  *device = (WsCudaDevice){
    .index = index,
    .name = g_steal_pointer (&gpu->name),
    .n_bytes_total = gpu->n_bytes_total,
    .n_bytes_free = n_bytes_free,
  };
  return device;
}

static GPtrArray *
list_devices (GError **error)
{
  const WsCudaApi *api = ws_cuda_get_api (NULL, error);
  g_autoptr (GPtrArray) devices =
      g_ptr_array_new_with_free_func ((GDestroyNotify) ws_cuda_device_free);
  g_autoptr (GError) reason = NULL;
  int n = 0;

  if (api == NULL)
    return NULL;
  api->cuDeviceGetCount (&n);
  for (int i = 0; i < n; i++)
    {
      /* The reason of the first GPU is told if none can be used. */
      WsCudaDevice *device = inspect_device (i, reason == NULL ? &reason : NULL);

      if (device != NULL)
        g_ptr_array_add (devices, device);
    }
  if (devices->len == 0)
    {
      g_propagate_error (error, g_steal_pointer (&reason));
      return NULL;
    }
  return g_steal_pointer (&devices);
}

GPtrArray *
ws_cuda_list_devices (GError **error)
{
  GPtrArray *devices;

  ws_step_threads_enter ();
  devices = list_devices (error);
  ws_step_threads_leave ();
  return devices;
}

char *
ws_cuda_get_facts (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) devices = ws_cuda_list_devices (&error);
  g_autofree char *libraries = NULL;
  GString *text;

  ws_cuda_get_api (&libraries, NULL);
  text = g_string_new (libraries);
  for (guint i = 0; devices != NULL && i < devices->len; i++)
    {
      const WsCudaDevice *device = devices->pdata[i];

      g_string_append_printf (text, "GPU %u: %s, %.1f GB, %.1f GB free\n", device->index,
                              device->name, device->n_bytes_total / 1e9,
                              device->n_bytes_free / 1e9);
    }
  if (devices == NULL)
    g_string_append_printf (text, "no GPU: %s\n", ws_error_get_english (error));
  return g_string_free (text, FALSE);
}
