/* SPDX-License-Identifier: MIT */
/* The peak memory of this process, for the programs that bench.py runs. */
#pragma once

#include <glib.h>
#include <stdlib.h>
#include <string.h>

/* Not getrusage: that counts the program which started this one. 0 where /proc is missing. */
static inline long
get_peak_kb (void)
{
  g_autofree char *status = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    return 0;
  line = strstr (status, "VmHWM:");
  return line ? strtol (line + strlen ("VmHWM:"), NULL, 10) : 0;
}
