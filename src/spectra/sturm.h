/* SPDX-License-Identifier: MIT */
/* Eigenvalues of a symmetric tridiagonal matrix by bisection, many at a time. */
#pragma once

#include "spectra/work.h"

G_BEGIN_DECLS

/* Whether that is faster than the iteration of bidiagonal.h, which is one long chain of divisions:
 * at n = 2560 it takes 0.13 s, bisection 0.047, 0.074 and 0.2 s with 8, 4 and 2 lanes. */
gboolean ws_sturm_is_fast (void);

/* Those that are negative, by rounding, become 0. The threads of work->team share it; the bits do
 * not depend on them.
 * @d: n elements of the diagonal
 * @e: n - 1 below it
 * @lambda: (out): n values, descending, each within some eps of the largest
 * Returns: FALSE: cancelled, or no memory. */
gboolean ws_sturm_compute_values (const double *d, const double *e, gsize n, double *lambda,
                                  WsWork *work, GError **error);

G_END_DECLS
