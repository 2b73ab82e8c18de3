/* SPDX-License-Identifier: MIT */
/* Square -> bidiagonal matrix -> singular values: where both routes end. */
#pragma once

#include "spectra/work.h"

G_BEGIN_DECLS

#define WS_BIDIAGONAL_PANEL 32

/* @a: p x p, column-major; destroyed
 * @d, @e: (out): p elements of the diagonal, p - 1 above it
 * @xy: room for p x 2 WS_BIDIAGONAL_PANEL
 * Returns: FALSE: cancelled, or no memory. */
gboolean ws_bidiagonal_reduce (double *a, gsize p, double *d, double *e, double *xy, WsWork *work,
                               GError **error);

/* To high relative accuracy, also of the smallest (dqds: Fernando & Parlett 1994).
 * @d: n diagonal elements; (out) the singular values, descending
 * @e: n - 1 elements above it
 * Returns: FALSE: cancelled, or WS_ERROR_NUMERIC. */
gboolean ws_bidiagonal_compute_values (double *d, const double *e, gsize n,
                                       GCancellable *cancellable, GError **error);

G_END_DECLS
