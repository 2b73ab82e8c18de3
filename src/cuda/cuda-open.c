/* SPDX-License-Identifier: MIT */
/* The one backend for each GPU. */
#include "cuda/cuda-private.h"
#include "cuda/cuda.h"
#include "cuda/step-thread.h"

static WsBackend *
open_gpu (guint index, GError **error)
{
  WsBackend *backend = NULL;
  WsCudaGpu *gpu;

  ws_step_threads_enter ();
  gpu = ws_cuda_gpu_open (index, error);
  if (gpu != NULL)
    backend = ws_cuda_backend_new (gpu, error);
  ws_step_threads_leave ();
  return backend;
}

WsBackend *
ws_cuda_open (guint index, GError **error)
{
  /* Kept until the program ends: a GPU that has stopped must be known to have. */
  static GHashTable *backends;
  static GMutex mutex;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);
  WsBackend *backend;

  if (backends == NULL)
    backends = g_hash_table_new (NULL, NULL);
  backend = g_hash_table_lookup (backends, GUINT_TO_POINTER (index));
  if (backend != NULL)
    return ws_backend_ref (backend);
  backend = open_gpu (index, error);
  if (backend == NULL)
    return NULL;
  g_hash_table_insert (backends, GUINT_TO_POINTER (index), backend);
  return ws_backend_ref (backend);
}
