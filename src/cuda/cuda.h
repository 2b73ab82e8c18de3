/* SPDX-License-Identifier: MIT */
/* NVIDIA GPUs, through libraries that are opened at run time: nothing is linked, and where nothing
 * is found the processor computes. All of it may take a second: not for the main thread. */
#pragma once

#include "spectra/backend.h"

G_BEGIN_DECLS

/* What of a GPU can be known before it is used. */
typedef struct
{
  guint index;
  char *name; /* (owned): "NVIDIA H200" */
  guint64 n_bytes_total;
  guint64 n_bytes_free;
} WsCudaDevice;

void ws_cuda_device_free (WsCudaDevice *self);

/* (element-type WsCudaDevice) (transfer full); NULL with @error set: why there is none that can be
 * used, in a sentence: "NVIDIA driver too old for CUDA 13: 525.60, needs 580 or newer".
 * WS_ERROR_NOT_FOUND: there is no driver or no GPU, which is nothing to complain of;
 * WS_ERROR_UNSUPPORTED: there is one, but something is missing or too old or busy. */
GPtrArray *ws_cuda_list_devices (GError **error);

/* The GPU of that index. One for the whole program: every call returns the same, also after it has
 * stopped. What went wrong with a GPU is tried again by the next call, the driver and the libraries
 * are looked for once.
 * Errors: as ws_cuda_list_devices. */
WsBackend *ws_cuda_open (guint index, GError **error);

/* Whether a thread of ours stays in the driver, perhaps for ever: then the program must end by
 * _exit, with everything written, since exit runs handlers of the driver, which take the GPU from
 * under that thread or wait for it. */
gboolean ws_cuda_is_busy (void);

/* For --version: libraries and where they are from, driver, GPUs; or why there is none. A fact a
 * line, in English. (transfer full) */
char *ws_cuda_get_facts (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsCudaDevice, ws_cuda_device_free)

G_END_DECLS
