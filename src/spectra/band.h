/* SPDX-License-Identifier: MIT */
/* Symmetric matrix -> band -> tridiagonal matrix, all similar to each other. Of the first step
 * nearly all are matrix products; the second works in the cache. */
#pragma once

#include "spectra/work.h"

G_BEGIN_DECLS

/* See WsWork: p^3 of the first step, p^2 of the second. Measured at p = 2560 with both kernels:
 * 0.36 s where the products of OpenBLAS reach 90 GF/s and 0.57 s where they reach 54; 0.07 s. */
#define WS_BAND_WORK 1.9
#define WS_CHASE_WORK 800.0

/* @a: p x p, the lower triangle (column-major). In the end its diagonal and the WS_BAND_WIDTH
 *   diagonals below are the band; the rest is destroyed. */
gboolean ws_band_reduce (double *a, gsize p, WsWork *work, GError **error);

/* @a: as ws_band_reduce leaves it; read only
 * @d: (out): p elements of the diagonal
 * @e: (out): p - 1 below it */
gboolean ws_band_chase (const double *a, gsize p, double *d, double *e, WsWork *work,
                        GError **error);

/* Bytes that either takes beside its arguments. */
guint64 ws_band_get_required_bytes (gsize p);

G_END_DECLS
