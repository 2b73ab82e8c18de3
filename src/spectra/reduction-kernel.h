/* SPDX-License-Identifier: MIT */
/* A small symmetric matrix -> tridiagonal, built once for each kind of vector unit. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Rows come in vectors of at most so many. */
#define WS_REDUCTION_LANES 8

/* By Householder's reflections; elements of about 1 at most.
 * @a: n columns of @stride doubles, a multiple of WS_REDUCTION_LANES, aligned to 64 bytes: those on
 *   and below the diagonal, with all of each square of WS_REDUCTION_LANES on it, zeros from row n
 *   on; left changed
 * @vectors: 4 x @stride doubles, aligned
 * @d: (out): the diagonal; @e: (out): n - 1 elements beside it */
typedef void (*WsReductionFunc) (double *a, gsize n, gsize stride, double *vectors, double *d,
                                 double *e);

void ws_reduction_run_2 (double *a, gsize n, gsize stride, double *vectors, double *d, double *e);
void ws_reduction_run_4 (double *a, gsize n, gsize stride, double *vectors, double *d, double *e);
void ws_reduction_run_8 (double *a, gsize n, gsize stride, double *vectors, double *d, double *e);

G_END_DECLS
