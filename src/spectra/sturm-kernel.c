/* SPDX-License-Identifier: MIT */
/* Eigenvalues below some numbers: built with WS_LANES doubles in a vector and the instructions for
 * it, see meson.build.
 *
 * Givens 1954; Wilkinson, "The Algebraic Eigenvalue Problem", 1965, ch. 5: as many as there are
 * changes of sign in p_0 = 1, p_1 = d_1 - x, p_i = (d_i - x) p_{i-1} - e_{i-1}^2 p_{i-2}. Rounding
 * amounts to changes of the elements of some eps. No element beside the diagonal is 0, so no two
 * terms in a row are, and a single 0 makes one change whatever its sign. */
#include "spectra/sturm-kernel.h"

#define N_VECTORS (WS_STURM_POINTS / WS_LANES)
/* Vectors that are under way at a time, of which each waits for itself. */
#define TOGETHER 4
/* Terms between two scalings: they grow by up to 2^2, or shrink by 2^112 in two of them. */
#define N_TERMS 8

#define PASTE(a, b) a##b
#define NAME(lanes) PASTE (ws_sturm_count_, lanes)
#define UNROLLED _Pragma ("GCC unroll 8") for
#define INLINE static inline __attribute__ ((always_inline))

typedef double Vector __attribute__ ((vector_size (8 * WS_LANES), may_alias));
typedef guint64 Bits __attribute__ ((vector_size (8 * WS_LANES), may_alias));

#define EXPONENT G_GUINT64_CONSTANT (0x7ff0000000000000)
#define LARGEST G_GUINT64_CONSTANT (0x7fe0000000000000)

typedef struct
{
  Vector x[TOGETHER], last[TOGETHER], before[TOGETHER];
  Bits count[TOGETHER];
} Terms;

INLINE void
add_term (Terms *self, double d, double square)
{
  UNROLLED (int i = 0; i < TOGETHER; i++)
  {
    const Vector next = (d - self->x[i]) * self->last[i] - square * self->before[i];

    self->count[i] += ((Bits) next ^ (Bits) self->last[i]) >> 63;
    self->before[i] = self->last[i];
    self->last[i] = next;
  }
}

/* By the power of two that brings the greater of both near 1. */
INLINE void
scale_terms (Terms *self)
{
  UNROLLED (int i = 0; i < TOGETHER; i++)
  {
    const Bits last = (Bits) self->last[i] & EXPONENT, before = (Bits) self->before[i] & EXPONENT;
    const Bits is_less = (Bits) (last < before);
    const Vector scale = (Vector) (LARGEST - ((last & ~is_less) | (before & is_less)));

    self->last[i] *= scale;
    self->before[i] *= scale;
  }
}

static void
count (const double *d, const double *squares, gsize n, const Vector *x, Bits *counts)
{
  Terms terms;
  gsize k = 1;

  UNROLLED (int i = 0; i < TOGETHER; i++)
  {
    terms.x[i] = x[i];
    terms.before[i] = (Vector){ 0 } + 1.0;
    terms.last[i] = d[0] - x[i];
    terms.count[i] = (Bits) terms.last[i] >> 63;
  }
  for (; k + N_TERMS <= n; k += N_TERMS)
    {
      UNROLLED (int j = 0; j < N_TERMS; j++)
      add_term (&terms, d[k + j], squares[k + j - 1]);
      scale_terms (&terms);
    }
  for (; k < n; k++)
    add_term (&terms, d[k], squares[k - 1]);
  UNROLLED (int i = 0; i < TOGETHER; i++)
  counts[i] = terms.count[i];
}

void
NAME (WS_LANES) (const double *d, const double *squares, gsize n, const double *x, guint64 *counts)
{
  for (int i = 0; i < N_VECTORS; i += TOGETHER)
    count (d, squares, n, (const Vector *) x + i, (Bits *) counts + i);
}
