/* SPDX-License-Identifier: MIT */
/* How many eigenvalues of a symmetric tridiagonal matrix lie below some numbers, built once for
 * each kind of vector unit. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Numbers that are looked at together. */
#define WS_STURM_POINTS 32

/* Of a matrix whose elements are at most 1 in size, and those beside the diagonal at least
 * WS_STURM_LEAST.
 * @d: n elements of the diagonal
 * @squares: n - 1 of those beside it
 * @x: WS_STURM_POINTS numbers in [0, 2], aligned to 64 bytes
 * @counts: (out): eigenvalues that are less, of each; aligned to 64 bytes */
typedef void (*WsSturmFunc) (const double *d, const double *squares, gsize n, const double *x,
                             guint64 *counts);

/* Small enough to be rounding, great enough that no term vanishes between two scalings. */
#define WS_STURM_LEAST 0x1p-56

void ws_sturm_count_2 (const double *d, const double *squares, gsize n, const double *x,
                       guint64 *counts);
void ws_sturm_count_4 (const double *d, const double *squares, gsize n, const double *x,
                       guint64 *counts);
void ws_sturm_count_8 (const double *d, const double *squares, gsize n, const double *x,
                       guint64 *counts);

G_END_DECLS
