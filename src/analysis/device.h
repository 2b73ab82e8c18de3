/* SPDX-License-Identifier: MIT */
/* Which device a run is to use, and looking for it. */
#pragma once

#include "spectra/backend.h"

G_BEGIN_DECLS

/* Which device is to compute what it can; the processor computes the rest. */
typedef enum
{
  WS_DEVICE_AUTO, /* a GPU where there is one, else the processor */
  WS_DEVICE_CPU,
  WS_DEVICE_CUDA, /* GPU @device_index; the processor, with a warning, if it cannot be had */
} WsDeviceKind;

/* "auto", "cpu", "cuda" (the first) or "cuda:N". Returns: FALSE: @text is none of them, and nothing
 * is set. */
gboolean ws_device_parse (const char *text, WsDeviceKind *kind, guint *index);

/* "auto", "cpu", "cuda:1": what ws_device_parse reads. (transfer full) */
char *ws_device_dup_key (WsDeviceKind kind, guint index);

/* Opens a GPU on a thread of its own: a driver may take a second, and a broken one for ever. */
typedef struct _WsDeviceSearch WsDeviceSearch;

/* @found: called on another thread when ws_device_search_finish has an answer, never after
 *   ws_device_search_free */
WsDeviceSearch *ws_device_search_new (guint index, void (*found) (gpointer), gpointer user_data);
/* @self: (nullable). Does not wait: an unfinished one goes on until the driver answers. */
void ws_device_search_free (WsDeviceSearch *self);
/* @backend: (out) (transfer full): NULL: there is none, with @error set, as ws_cuda_open has it
 * Returns: FALSE: it is not known yet. Once it is, call no more. */
gboolean ws_device_search_finish (WsDeviceSearch *self, WsBackend **backend, GError **error);

G_END_DECLS
