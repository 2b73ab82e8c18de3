/* SPDX-License-Identifier: MIT */
/* Opens the driver and the libraries of a toolkit. Nothing is ever closed: a library of CUDA leaves
 * threads and handlers behind. */
#pragma once

#include "cuda/cuda-api.h"

G_BEGIN_DECLS

typedef struct
{
  int version;   /* of CUDA, that it was made for: 12040 is 12.4 */
  char *release; /* (owned) (nullable) "550.54.14" */
  int n_devices;
  guint capability; /* the highest of them, 90 for 9.0; 0: not known */
} WsCudaDriver;

typedef struct
{
  guint version;  /* 12 or 13 */
  char *folder;   /* (owned) of cuBLAS */
  char *cublas;   /* (owned) "13.1.0" */
  char *cusolver; /* (owned) */
} WsCudaToolkit;

/* Fills the functions of the driver in @api.
 * Errors: WS_ERROR_NOT_FOUND: no driver, no GPU; WS_ERROR_UNSUPPORTED. */
gboolean ws_cuda_driver_load (WsCudaDriver *self, WsCudaApi *api, GError **error);
void ws_cuda_driver_clear (WsCudaDriver *self);

/* Fills the others, from the first place that has a set that @driver can work with.
 * Errors: WS_ERROR_UNSUPPORTED. */
gboolean ws_cuda_toolkit_load (WsCudaToolkit *self, WsCudaApi *api, const WsCudaDriver *driver,
                               GError **error);
void ws_cuda_toolkit_clear (WsCudaToolkit *self);

/* Whether libraries of CUDA @version (12 or 13) run on it, and on any of its GPUs; if not, @error
 * says what is needed. */
gboolean ws_cuda_driver_check (const WsCudaDriver *self, guint version, GError **error);

/* The release in the text of /proc/driver/nvidia/version; NULL if there is none. (transfer full) */
char *ws_cuda_driver_parse_release (const char *text);

/* The lowest compute capability that libraries of CUDA @version are made for. */
guint ws_cuda_toolkit_get_least_capability (guint version);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsCudaDriver, ws_cuda_driver_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsCudaToolkit, ws_cuda_toolkit_clear)

G_END_DECLS
