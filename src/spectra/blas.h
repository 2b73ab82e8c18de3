/* SPDX-License-Identifier: MIT */
/* What OpenBLAS must be told before it computes. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* OpenBLAS takes a processor that it was made before for one of 2004: its products are ten times as
 * slow as those that the processor has the instructions for, which it gets here instead, unless
 * OPENBLAS_CORETYPE is set. Only while no product is under way. */
void ws_blas_choose_kernels (void);

G_END_DECLS
