/* SPDX-License-Identifier: MIT */
#include "spectra/lanes.h"

/* Tests of the kernels that other processors run set their own. */
#ifndef WS_MOST_LANES
#define WS_MOST_LANES 8
#endif

guint
ws_lanes_get_most (void)
{
#if defined(__x86_64__)
  if (WS_MOST_LANES >= 8 && __builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("fma"))
    return 8;
  if (WS_MOST_LANES >= 4 && __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma"))
    return 4;
#endif
  return 2;
}
