/* SPDX-License-Identifier: MIT */
/* Which device a run is to use. */
#include "analysis/device.h"

#include <string.h>

/* No machine has as many. */
#define MAX_INDEX 255

gboolean
ws_device_parse (const char *text, WsDeviceKind *kind, guint *index)
{
  guint64 number = 0;

  if (strcmp (text, "auto") == 0)
    *kind = WS_DEVICE_AUTO;
  else if (strcmp (text, "cpu") == 0)
    *kind = WS_DEVICE_CPU;
  else if (strcmp (text, "cuda") == 0 ||
           (g_str_has_prefix (text, "cuda:") &&
            g_ascii_string_to_unsigned (text + strlen ("cuda:"), 10, 0, MAX_INDEX, &number, NULL)))
    *kind = WS_DEVICE_CUDA;
  else
    return FALSE;
  *index = (guint) number;
  return TRUE;
}

char *
ws_device_dup_key (WsDeviceKind kind, guint index)
{
  if (kind == WS_DEVICE_CUDA)
    return g_strdup_printf ("cuda:%u", index);
  return g_strdup (kind == WS_DEVICE_CPU ? "cpu" : "auto");
}
