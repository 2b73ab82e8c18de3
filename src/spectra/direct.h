/* SPDX-License-Identifier: MIT */
/* Singular values without squaring: QR by blocks, then the values of the triangle. */
#pragma once

#include "matrix/blocks.h"
#include "spectra/work.h"

G_BEGIN_DECLS

/* The triangle R of W = QR (of W' if W is wide), as far as the blocks have been added. */
typedef struct
{
  gsize p;
  double *r;       /* (borrowed) p x p, column-major, zeros below the diagonal */
  double *columns; /* (owned) a block, column-major */
  double *t, *w;   /* (owned) of a panel */
} WsTriangle;

/* @r: zeros
 * @n_step: of the blocks that will be added
 * Returns: FALSE when there is no memory. */
gboolean ws_triangle_init (WsTriangle *self, double *r, gsize p, gsize n_step, GError **error);
void ws_triangle_clear (WsTriangle *self);

/* @scale: a power of two that all values are multiplied by */
gboolean ws_triangle_add_block (WsTriangle *self, const WsBlock *block, gboolean by_columns,
                                double scale, WsWork *work, GError **error);

/* @sigma: (out): p values, descending, of the scaled matrix; R is destroyed.
 * Returns: FALSE: cancelled, no memory, or WS_ERROR_NUMERIC. */
gboolean ws_triangle_compute_values (WsTriangle *self, double *sigma, WsWork *work, GError **error);

/* Bytes that both steps take beside R. */
guint64 ws_triangle_get_required_bytes (gsize p, guint64 n_step);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsTriangle, ws_triangle_clear)

G_END_DECLS
