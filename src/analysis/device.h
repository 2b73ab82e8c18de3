/* SPDX-License-Identifier: MIT */
/* Which device a run is to use. */
#pragma once

#include <glib.h>

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

G_END_DECLS
