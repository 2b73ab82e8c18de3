/* SPDX-License-Identifier: MIT */
/* Symmetric matrix -> band -> tridiagonal matrix, all similar to each other. Of the first step
 * nearly all are matrix products; the second works in the cache. */
#pragma once

#include "spectra/work.h"

G_BEGIN_DECLS

/* See WsWork: p^3 of the first step, p^2 of the second. Measured at p = 2560 with AVX-512 and AVX2,
 * where products reach 70 and 36 GF/s: 0.43 s and 0.9 s; 0.08 s and 0.11 s. */
#define WS_BAND_WORK 1.9
#define WS_CHASE_WORK 800.0

/* From this side on it is faster to go by way of a band than with LAPACK's panels. */
gsize ws_band_get_least_side (void);

/* @a: p x p, the lower triangle (column-major). In the end its diagonal and the WS_BAND_WIDTH
 *   diagonals below are the band; the rest is destroyed. */
gboolean ws_band_reduce (double *a, gsize p, WsWork *work, GError **error);

/* @a: as ws_band_reduce leaves it; read only
 * @d: (out): p elements of the diagonal
 * @e: (out): p - 1 below it */
gboolean ws_band_chase (const double *a, gsize p, double *d, double *e, WsWork *work,
                        GError **error);

/* Bytes that either takes beside its arguments, and that the first does. */
guint64 ws_band_get_required_bytes (gsize p);
guint64 ws_band_get_reduce_bytes (gsize p);

G_END_DECLS
