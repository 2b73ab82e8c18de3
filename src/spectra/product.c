/* SPDX-License-Identifier: MIT */
/* Which kernel of products this processor runs. */
#include "spectra/product-kernel.h"

#include "spectra/lanes.h"

const WsProductKernel *
ws_product_choose_kernel (void)
{
#if defined(__x86_64__)
  const guint n_lanes = ws_lanes_get_most ();

  if (n_lanes == 8)
    return &ws_product_kernel_8;
  if (n_lanes == 4)
    return &ws_product_kernel_4;
#endif
  return &ws_product_kernel_2;
}
