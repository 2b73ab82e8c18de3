/* SPDX-License-Identifier: MIT */
/* Which of the kernels this processor can run. */
#include "cluster/kernel.h"

extern const WsKernel ws_kernel_4;
#if defined(__x86_64__)
extern const WsKernel ws_kernel_8, ws_kernel_16;
#endif

const WsKernel *
ws_kernel_get (void)
{
#if defined(__x86_64__)
  if (__builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("fma"))
    return &ws_kernel_16;
  if (__builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma"))
    return &ws_kernel_8;
#endif
  return &ws_kernel_4;
}
