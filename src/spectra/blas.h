/* SPDX-License-Identifier: MIT */
/* What OpenBLAS must be told before it computes. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* OpenBLAS takes a processor that it was made before for one of 2004: its products are ten times as
 * slow as those that the processor has the instructions for, which it gets here instead, unless
 * OPENBLAS_CORETYPE is set. Only while no product is under way. */
void ws_blas_choose_kernels (void);

/* A product that finds no addresses for its buffer waits for ever: where they are limited (ulimit
 * -v) the buffers are taken before anything is computed, and kept. Returns: how many of @n_threads
 * threads may compute at a time; 0: there is no room for one. */
guint ws_blas_reserve (guint n_threads);
/* Whether threads of OpenBLAS may wait like that, which it would join at the end of the process: it
 * must end by _exit. */
gboolean ws_blas_may_wait (void);

G_END_DECLS
