/* SPDX-License-Identifier: MIT */
/* Modules and launches. */
#include <stdio.h>

#include "standin-core.h"
#include "standin-ptx.h"

struct CUmod_st
{
  StandinPtx *ptx;
};

/* A function is the entry of its module itself. */
static const StandinEntry *
get_entry (WsCuFunction function)
{
  return (const StandinEntry *) function;
}

/* What a driver of that age, on that device, says to PTX that is newer. */
static WsCuResult
check_age (const StandinPtx *ptx)
{
  int version = 0;

  cuDriverGetVersion (&version);
  /* PTX 8.0 came with CUDA 12.0, 9.0 with 13.0, and the minor numbers go together */
  if (standin_ptx_get_version (ptx) > (guint) (version - 4000) / 100 + version % 1000 / 10)
    return WS_CUDA_ERROR_UNSUPPORTED_PTX_VERSION;
  if (standin_ptx_get_target (ptx) > standin_get_number ("capability", 90))
    return WS_CUDA_ERROR_NO_BINARY_FOR_GPU;
  return WS_CUDA_SUCCESS;
}

WsCuResult
cuModuleLoadData (WsCuModule *module, const void *image)
{
  WsCuResult code = standin_begin (G_STRFUNC);
  g_autofree char *reason = NULL;
  StandinPtx *ptx;

  if (code == WS_CUDA_SUCCESS)
    code = standin_get_number ("ptx", WS_CUDA_SUCCESS);
  if (code != WS_CUDA_SUCCESS)
    return code;
  ptx = standin_ptx_new (image, &reason);
  if (ptx == NULL)
    {
      fprintf (stderr, "stand-in CUDA: %s\n", reason);
      return WS_CUDA_ERROR_INVALID_PTX;
    }
  code = check_age (ptx);
  if (code != WS_CUDA_SUCCESS)
    {
      standin_ptx_free (ptx);
      return code;
    }
  *module = g_new (struct CUmod_st, 1);
  (*module)->ptx = ptx;
  standin_count (STANDIN_MODULES, 1);
  return WS_CUDA_SUCCESS;
}

WsCuResult
cuModuleUnload (WsCuModule module)
{
  WsCuResult code = standin_begin (G_STRFUNC);

  if (code != WS_CUDA_SUCCESS)
    return code;
  standin_wait_all ();
  standin_ptx_free (module->ptx);
  g_free (module);
  standin_count (STANDIN_MODULES, -1);
  return code;
}

WsCuResult
cuModuleGetFunction (WsCuFunction *function, WsCuModule module, const char *name)
{
  WsCuResult code = standin_begin (G_STRFUNC);
  const StandinEntry *entry;

  if (code != WS_CUDA_SUCCESS)
    return code;
  entry = standin_ptx_find (module->ptx, name);
  if (entry == NULL)
    return WS_CUDA_ERROR_NOT_FOUND;
  *function = (WsCuFunction) entry;
  return WS_CUDA_SUCCESS;
}

typedef struct
{
  const StandinEntry *entry;
  guint n_blocks, n_threads;
  guint64 parameters[STANDIN_MOST_PARAMETERS];
} Launch;

static void
run (void *arguments)
{
  const Launch *self = arguments;

  standin_entry_run (self->entry, self->n_blocks, self->n_threads, self->parameters);
}

WsCuResult
cuLaunchKernel (WsCuFunction function, guint grid_x, guint grid_y, guint grid_z, guint block_x,
                guint block_y, guint block_z, guint n_bytes_shared, WsCuStream stream,
                void **arguments, void **extra)
{
  WsCuResult code = standin_begin (G_STRFUNC);
  Launch launch = { .entry = get_entry (function), .n_blocks = grid_x, .n_threads = block_x };

  if (code != WS_CUDA_SUCCESS)
    return code;
  code = standin_get_number ("launch", WS_CUDA_SUCCESS);
  if (code != WS_CUDA_SUCCESS)
    return code;
  if (grid_x == 0 || grid_x > G_MAXINT32 || block_x == 0 || block_x > 1024 || grid_y != 1 ||
      grid_z != 1 || block_y != 1 || block_z != 1 || n_bytes_shared != 0 || extra != NULL)
    return WS_CUDA_ERROR_INVALID_VALUE;
  /* By value, at the time of the call. */
  g_assert_cmpuint (standin_entry_get_n_parameters (launch.entry), <=, STANDIN_MOST_PARAMETERS);
  for (guint i = 0; i < standin_entry_get_n_parameters (launch.entry); i++)
    launch.parameters[i] = *(const guint64 *) arguments[i];
  standin_push (stream, run, &launch, sizeof launch);
  standin_count (STANDIN_LAUNCHED, 1);
  return standin_get_sticky ();
}
