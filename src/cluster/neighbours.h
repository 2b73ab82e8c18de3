/* SPDX-License-Identifier: MIT */
/* The rows of a matrix that point most nearly the way one of them does. */
#pragma once

#include "matrix/matrix.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 row;
  double cosine; /* in [-1, 1] */
} WsNeighbour;

/* Reads all of @matrix once, a few rows at a time: 16 MiB at most, or two rows where they are
 * longer. Products are in float64.
 * @row: not itself among the neighbours
 * @n: that are wanted
 * @neighbours: (out caller-allocates): @n of them, the greatest cosine first, of equal ones the
 *   least row; rows of zeros, or with a NaN or an infinity, are none
 * @n_found: (out): at most @n
 * Looks at @cancellable between blocks: under 0.5 s.
 * Errors: G_IO_ERROR (also G_IO_ERROR_CANCELLED), WS_ERROR_ARGUMENT: there is no such row, or it
 * points nowhere. */
gboolean ws_neighbours_find (const WsMatrix *matrix, guint64 row, guint n, WsNeighbour *neighbours,
                             guint *n_found, GCancellable *cancellable, GError **error);

G_END_DECLS
