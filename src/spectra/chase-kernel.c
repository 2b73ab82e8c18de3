/* SPDX-License-Identifier: MIT */
/* The inner loops of band -> tridiagonal: built with WS_LANES doubles in a vector and the
 * instructions for it, see meson.build.
 *
 * Lang, "A parallel algorithm for reducing symmetric banded matrices to tridiagonal form", SIAM J.
 * Sci. Comput. 14(6), 1993. A sweep makes one column tridiagonal. Its reflector H acts on WIDTH
 * rows and columns: on the block D on the diagonal from both sides and on the block B below D from
 * the right. That fills B; a reflector of the first column of B takes what is in it away, acts on B
 * from the left, and is the next one of the sweep. What remains of the bulge is taken by later
 * sweeps.
 *
 * Blocks begin at any row, vectors at multiples of their length: the first and the last vector of
 * each column reach into the blocks beside, where the reflector is zero and nothing changes. */
#include "spectra/chase-kernel.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define WIDTH WS_BAND_WIDTH
#define STRIDE WS_BAND_STRIDE
#define N_VECTORS (WIDTH / WS_LANES + 1)

/* Sums of squares above it hold all their digits, about 1e-292. */
#define MIN_SQUARES (DBL_MIN / DBL_EPSILON)

#define PASTE(a, b) a##b
#define NAME(lanes) PASTE (ws_chase_move_, lanes)

typedef double Vector __attribute__ ((vector_size (8 * WS_LANES), may_alias));
typedef gint64 Mask __attribute__ ((vector_size (8 * WS_LANES), may_alias));

_Alignas(8 * WS_LANES) static const gint64 lanes[] = { 0, 1, 2, 3, 4, 5, 6, 7 };

/* Of one column, or of one reflector. */
typedef Vector Column[N_VECTORS];

static inline double
sum (const Vector *x)
{
#if WS_LANES == 8
  typedef double Half __attribute__ ((vector_size (32)));
  typedef double Quarter __attribute__ ((vector_size (16)));
  Half half =
      __builtin_shufflevector (*x, *x, 0, 1, 2, 3) + __builtin_shufflevector (*x, *x, 4, 5, 6, 7);
  Quarter quarter =
      __builtin_shufflevector (half, half, 0, 1) + __builtin_shufflevector (half, half, 2, 3);

  return quarter[0] + quarter[1];
#elif WS_LANES == 4
  return ((*x)[0] + (*x)[2]) + ((*x)[1] + (*x)[3]);
#else
  return (*x)[0] + (*x)[1];
#endif
}

static inline double
dot (const Column x, const Column y)
{
  Vector s = x[0] * y[0];

  for (int i = 1; i < N_VECTORS; i++)
    s += x[i] * y[i];
  return sum (&s);
}

/* Zeros outside of the WIDTH rows from @lane of the first vector on. */
static inline void
clip (Column x, gsize lane)
{
  const Mask index = *(const Mask *) lanes;

  x[0] = (Vector) ((Mask) x[0] & (index >= (gint64) lane));
  x[N_VECTORS - 1] = (Vector) ((Mask) x[N_VECTORS - 1] & (index < (gint64) lane));
}

/* The reflector that leaves only the first row of @x, which is clipped and lost. Squares do not
 * overflow: elements of a Gram matrix of float32 weights are 1e-90 to 1e80. What has been made of
 * them may be smaller, below MIN_SQUARES too small to count: squares have lost digits there, and
 * a reflector of them is not orthogonal.
 * Returns: what is left there. */
static inline double
make_reflector (WsReflector *self, Column x, gsize lane)
{
  const Mask is_first = *(const Mask *) lanes == (gint64) lane;
  const Vector one = (Vector){ 0 } + 1.0;
  const Vector first = (Vector) ((Mask) x[0] & is_first);
  const double alpha = sum (&first);
  Vector *v = (Vector *) self->v;
  double rest, beta = alpha, scale = 0.0;

  x[0] -= first;
  rest = dot (x, x);
  self->tau = 0.0;
  if (rest > MIN_SQUARES)
    {
      beta = -copysign (sqrt (alpha * alpha + rest), alpha);
      scale = 1.0 / (alpha - beta);
      self->tau = (beta - alpha) / beta;
    }
  for (int i = 0; i < N_VECTORS; i++)
    v[i] = x[i] * scale;
  v[0] += (Vector) ((Mask) one & is_first);
  return beta;
}

static inline void
begin_sweep (const WsChase *chase, gsize sweep, WsReflector *reflector)
{
  const gsize row = sweep + 1, lane = row % WS_LANES;
  Column x;

  memcpy (x, chase->band + sweep * STRIDE + row - lane, sizeof x);
  clip (x, lane);
  reflector->row = row;
  chase->e[sweep] = make_reflector (reflector, x, lane);
}

/* y = block v, clipped. */
static inline void
multiply (const double *block, const double *v, gsize lane, Column y)
{
  for (int i = 0; i < N_VECTORS; i++)
    y[i] = (Vector){ 0 };
  for (int j = 0; j < WIDTH; j++)
    {
      const Vector *column = (const Vector *) (block + j * STRIDE);

      for (int i = 0; i < N_VECTORS; i++)
        y[i] += column[i] * v[j];
    }
  clip (y, lane);
}

/* D = H D H = D - v w' - w v', w = tau (y - tau/2 (y'v) v), y = D v. */
static inline void
reflect_diagonal (double *block, const WsReflector *reflector, gsize lane)
{
  const double *v = reflector->v + lane;
  Column x, w;
  double half;

  memcpy (x, reflector->v, sizeof x);
  multiply (block, v, lane, w);
  half = 0.5 * reflector->tau * dot (w, x);
  for (int i = 0; i < N_VECTORS; i++)
    w[i] = reflector->tau * (w[i] - half * x[i]);
  for (int j = 0; j < WIDTH; j++)
    {
      Vector *column = (Vector *) (block + j * STRIDE);
      const double w_j = ((const double *) w)[lane + j];

      for (int i = 0; i < N_VECTORS; i++)
        column[i] -= x[i] * w_j + w[i] * v[j];
    }
}

/* B = B H, the next reflector from its first column, B = H B. */
static inline void
reflect_below (double *block, WsReflector *reflector, gsize lane)
{
  Column x, y;
  double v[WIDTH];

  memcpy (v, reflector->v + lane, sizeof v);
  multiply (block, v, lane, y);
  for (int i = 0; i < N_VECTORS; i++)
    y[i] *= reflector->tau;

  for (int i = 0; i < N_VECTORS; i++)
    x[i] = ((const Vector *) block)[i] - y[i] * v[0];
  clip (x, lane);
  block[lane] = make_reflector (reflector, x, lane);
  memset (block + lane + 1, 0, (WIDTH - 1) * sizeof (double));

  memcpy (x, reflector->v, sizeof x);
  for (int j = 1; j < WIDTH; j++)
    {
      Vector *column = (Vector *) (block + j * STRIDE);
      Column z;
      double scale;

      for (int i = 0; i < N_VECTORS; i++)
        z[i] = column[i] - y[i] * v[j];
      scale = reflector->tau * dot (z, x);
      for (int i = 0; i < N_VECTORS; i++)
        column[i] = z[i] - x[i] * scale;
    }
}

/* The next sweep's D takes in the first row of B: it is wanted in the upper half as well. */
static inline void
mirror_row (double *band, gsize row, gsize column)
{
  for (gsize j = 0; j < WIDTH; j++)
    band[row * STRIDE + column + j] = band[(column + j) * STRIDE + row];
}

static inline void
move_block (const WsChase *chase, WsReflector *reflector)
{
  const gsize row = reflector->row, lane = row % WS_LANES;
  double *diagonal = chase->band + row * STRIDE + row - lane;

  reflect_diagonal (diagonal, reflector, lane);
  if (row + WIDTH < chase->p)
    {
      reflect_below (diagonal + WIDTH, reflector, lane);
      mirror_row (chase->band, row + WIDTH, row);
    }
  reflector->row = row + WIDTH;
}

void
NAME (WS_LANES) (const WsChase *chase, gsize sweep, gsize block)
{
  for (gsize i = block; i < block + WS_CHASE_BLOCKS; i++)
    for (gsize j = 0; j < WS_CHASE_SWEEPS && j <= i && sweep + j + 2 < chase->p; j++)
      {
        WsReflector *reflector = chase->reflectors + (sweep + j) % chase->n_reflectors;

        if (i == j)
          begin_sweep (chase, sweep + j, reflector);
        if (reflector->row < chase->p)
          move_block (chase, reflector);
      }
}
