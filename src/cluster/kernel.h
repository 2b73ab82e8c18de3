/* SPDX-License-Identifier: MIT */
/* The inner loops of k-means. They do not go through BLAS: it copies what it multiplies, which for
 * some ten centres takes longer than the products, and on a processor that it does not know it
 * falls back to the instructions of 2004. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Rows that are multiplied together best: a multiple of what each kind of vector unit takes. */
#define WS_KERNEL_ROWS 240

typedef struct
{
  guint n_lanes; /* floats of a vector: a product is that many sums, then added up */
  /* out[i * k + c] = offsets[c] + x_i · y_c
   * @x: n x d, @y: k x d, @offsets: k, @out: n x k */
  void (*multiply) (const float *x, gsize n, const float *y, gsize k, gsize d, const float *offsets,
                    float *out);
  /* out[i] = offsets[c] + x · y_c for each c of @chosen, the same bits as above.
   * @x: d, @chosen: n, @out: n */
  void (*multiply_some) (const float *x, const float *y, const guint32 *chosen, gsize n, gsize d,
                         const float *offsets, float *out);
  /* out[i] = offsets[c] + x_i · y_c, c being chosen[i]: the same bits again.
   * @x: n x d, @chosen: n, @out: n */
  void (*multiply_own) (const float *x, gsize n, const float *y, const guint32 *chosen, gsize d,
                        const float *offsets, float *out);
  /* bounds[c] = sqrt (sq_norm + scores[c] - (constants[c] + slopes[c] * length)), less by what
   * rounding may have added; 0 where that is negative. All k but the scalars. */
  void (*bound) (const float *scores, const float *constants, const float *slopes, gsize k,
                 float sq_norm, float length, float *bounds);
  /* Lowers @bounds by @moves and by what rounding may have added, and lists those below @limit.
   * @bounds, @moves: k, @chosen: (out): room for k
   * Returns: how many are listed. */
  gsize (*lower) (float *bounds, const float *moves, gsize k, float limit, guint32 *chosen);
  /* Returns: the index of the least of @k values, of equal ones the first. */
  gsize (*find_least) (const float *values, gsize k);
  /* Returns: how many of @k values are not above @limit. */
  gsize (*count_up_to) (const float *values, gsize k, float limit);
  /* Makes products distances: the root of sq_norm + sq_norms[j] - 2 values[j]; 0 where that is not
   * above @least times the sum of both squares.
   * Returns: how many are 0. */
  gsize (*find_roots) (float *values, const float *sq_norms, gsize n, float sq_norm, float least);
  /* The squared distance of two rows, in float64. */
  double (*measure) (const float *x, const float *y, gsize d);
  /* to += x, from -= x. @from: (nullable) */
  void (*move) (const float *x, gsize n, double *to, double *from);
} WsKernel;

/* For this processor. */
const WsKernel *ws_kernel_get (void);

G_END_DECLS
