/* SPDX-License-Identifier: MIT */
/* Which kernel of products this processor runs. */
#include "spectra/product-kernel.h"

const WsProductKernel *
ws_product_choose_kernel (void)
{
#if defined(__x86_64__)
  if (__builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("fma"))
    return &ws_product_kernel_8;
  if (__builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma"))
    return &ws_product_kernel_4;
#endif
  return &ws_product_kernel_2;
}
