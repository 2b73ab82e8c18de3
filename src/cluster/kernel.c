/* SPDX-License-Identifier: MIT */
/* The inner loops of k-means: built with WS_LANES floats in a vector and the instructions for it,
 * see meson.build.
 *
 * A tile of some rows and some centres is kept in registers, a vector of partial sums for each
 * pair, while their columns go by. Both are read along their rows, so nothing is copied. */
#include "cluster/kernel.h"

#include <math.h>
#include <string.h>

/* What fits into 32 registers, or into 16. */
#if WS_LANES == 16
#define TILE_ROWS 6
#else
#define TILE_ROWS 3
#endif
#define TILE_CENTRES 4

#define PASTE(a, b) a##b
#define NAME(lanes) PASTE (ws_kernel_, lanes)

typedef float Vector __attribute__ ((vector_size (4 * WS_LANES), aligned (4), may_alias));
typedef float Quad __attribute__ ((vector_size (16), aligned (4), may_alias));
typedef gint32 Mask __attribute__ ((vector_size (4 * WS_LANES), may_alias));

static inline __attribute__ ((always_inline)) Quad
fold (Vector x)
{
#if WS_LANES == 16
  typedef float Half __attribute__ ((vector_size (32)));
  Half half = __builtin_shufflevector (x, x, 0, 1, 2, 3, 4, 5, 6, 7) +
              __builtin_shufflevector (x, x, 8, 9, 10, 11, 12, 13, 14, 15);

  return __builtin_shufflevector (half, half, 0, 1, 2, 3) +
         __builtin_shufflevector (half, half, 4, 5, 6, 7);
#elif WS_LANES == 8
  return __builtin_shufflevector (x, x, 0, 1, 2, 3) + __builtin_shufflevector (x, x, 4, 5, 6, 7);
#else
  return x;
#endif
}

/* The sums of four vectors. */
static inline __attribute__ ((always_inline)) Quad
fold_four (const Vector *x)
{
  const Quad a = fold (x[0]), b = fold (x[1]), c = fold (x[2]), d = fold (x[3]);
  const Quad ab =
      __builtin_shufflevector (a, b, 0, 4, 1, 5) + __builtin_shufflevector (a, b, 2, 6, 3, 7);
  const Quad cd =
      __builtin_shufflevector (c, d, 0, 4, 1, 5) + __builtin_shufflevector (c, d, 2, 6, 3, 7);

  return __builtin_shufflevector (ab, cd, 0, 1, 4, 5) +
         __builtin_shufflevector (ab, cd, 2, 3, 6, 7);
}

/* The last columns, with zeros behind them. */
static inline __attribute__ ((always_inline)) Vector
load_rest (const float *x, gsize n)
{
  Vector rest = { 0 };

  memcpy (&rest, x, n * sizeof (float));
  return rest;
}

static inline __attribute__ ((always_inline)) void
multiply_tile (const float *x, const float *y, gsize d, const float *offsets, float *out, gsize k,
               int n_rows, int n_centres)
{
  const gsize n_whole = d / WS_LANES * WS_LANES;
  Vector sums[TILE_ROWS][TILE_CENTRES] = { 0 };

  for (gsize j = 0; j < n_whole; j += WS_LANES)
#pragma GCC unroll 8
    for (int r = 0; r < n_rows; r++)
      {
        const Vector row = *(const Vector *) (x + r * d + j);

#pragma GCC unroll 4
        for (int c = 0; c < n_centres; c++)
          sums[r][c] += row * *(const Vector *) (y + c * d + j);
      }
  if (n_whole < d)
#pragma GCC unroll 8
    for (int r = 0; r < n_rows; r++)
      {
        const Vector row = load_rest (x + r * d + n_whole, d - n_whole);

#pragma GCC unroll 4
        for (int c = 0; c < n_centres; c++)
          sums[r][c] += row * load_rest (y + c * d + n_whole, d - n_whole);
      }
#pragma GCC unroll 8
  for (int r = 0; r < n_rows; r++)
    {
      const Quad quad = fold_four (sums[r]);

#pragma GCC unroll 4
      for (int c = 0; c < n_centres; c++)
        out[r * k + c] = offsets[c] + quad[c];
    }
}

static inline __attribute__ ((always_inline)) void
multiply_rows (const float *x, const float *y, gsize k, gsize d, const float *offsets, float *out,
               int n_rows)
{
  gsize c = 0;

  for (; c + TILE_CENTRES <= k; c += TILE_CENTRES)
    multiply_tile (x, y + c * d, d, offsets + c, out + c, k, n_rows, TILE_CENTRES);
  if (k - c == 3)
    multiply_tile (x, y + c * d, d, offsets + c, out + c, k, n_rows, 3);
  else if (k - c == 2)
    multiply_tile (x, y + c * d, d, offsets + c, out + c, k, n_rows, 2);
  else if (k - c == 1)
    multiply_tile (x, y + c * d, d, offsets + c, out + c, k, n_rows, 1);
}

static void
multiply (const float *x, gsize n, const float *y, gsize k, gsize d, const float *offsets,
          float *out)
{
  gsize i = 0;

  for (; i + TILE_ROWS <= n; i += TILE_ROWS)
    multiply_rows (x + i * d, y, k, d, offsets, out + i * k, TILE_ROWS);
  for (; i < n; i++)
    multiply_rows (x + i * d, y, k, d, offsets, out + i * k, 1);
}

/* The products of @n_pairs pairs of rows; as many sums at once as hide how long each addition
 * takes.
 */
static inline __attribute__ ((always_inline)) void
multiply_pairs (const float *const *x, const float *const *y, gsize d, int n_pairs, Vector *sums)
{
  const gsize n_whole = d / WS_LANES * WS_LANES;

  for (gsize j = 0; j < n_whole; j += WS_LANES)
#pragma GCC unroll 8
    for (int i = 0; i < n_pairs; i++)
      sums[i] += *(const Vector *) (x[i] + j) * *(const Vector *) (y[i] + j);
  if (n_whole < d)
#pragma GCC unroll 8
    for (int i = 0; i < n_pairs; i++)
      sums[i] += load_rest (x[i] + n_whole, d - n_whole) * load_rest (y[i] + n_whole, d - n_whole);
}

/* @x, @y: PAIRS each, of which the last ones may repeat the first */
#define PAIRS 8

static inline __attribute__ ((always_inline)) void
add_products (const float *const *x, const float *const *y, gsize d, gsize n, float *products)
{
  Vector sums[PAIRS] = { 0 };
  Quad quads[2];

  if (n > PAIRS / 2)
    multiply_pairs (x, y, d, PAIRS, sums);
  else
    multiply_pairs (x, y, d, PAIRS / 2, sums);
  quads[0] = fold_four (sums);
  quads[1] = fold_four (sums + PAIRS / 2);
  for (gsize i = 0; i < n; i++)
    products[i] = quads[i / 4][i % 4];
}

static void
multiply_some (const float *x, const float *y, const guint32 *chosen, gsize n, gsize d,
               const float *offsets, float *out)
{
  const float *lefts[PAIRS], *rights[PAIRS];
  float products[PAIRS];

  for (gsize i = 0; i < PAIRS; i++)
    lefts[i] = x;
  for (gsize first = 0; first < n; first += PAIRS)
    {
      const gsize n_pairs = n - first < PAIRS ? n - first : PAIRS;

      for (gsize i = 0; i < PAIRS; i++)
        rights[i] = y + chosen[first + (i < n_pairs ? i : 0)] * d;
      add_products (lefts, rights, d, n_pairs, products);
      for (gsize i = 0; i < n_pairs; i++)
        out[first + i] = offsets[chosen[first + i]] + products[i];
    }
}

static void
multiply_own (const float *x, gsize n, const float *y, const guint32 *chosen, gsize d,
              const float *offsets, float *out)
{
  const float *lefts[PAIRS], *rights[PAIRS];
  float products[PAIRS];

  for (gsize first = 0; first < n; first += PAIRS)
    {
      const gsize n_pairs = n - first < PAIRS ? n - first : PAIRS;

      for (gsize i = 0; i < PAIRS; i++)
        {
          const gsize row = first + (i < n_pairs ? i : 0);

          lefts[i] = x + row * d;
          rights[i] = y + chosen[row] * d;
        }
      add_products (lefts, rights, d, n_pairs, products);
      for (gsize i = 0; i < n_pairs; i++)
        out[first + i] = offsets[chosen[first + i]] + products[i];
    }
}

static void
bound (const float *restrict scores, const float *restrict constants, const float *restrict slopes,
       gsize k, float sq_norm, float length, float *restrict bounds)
{
  for (gsize c = 0; c < k; c++)
    {
      const float square = sq_norm + scores[c] - (constants[c] + slopes[c] * length);

      bounds[c] = sqrtf (square > 0 ? square : 0) * (1 - 1e-6f);
    }
}

static gsize
lower (float *restrict bounds, const float *restrict moves, gsize k, float limit,
       guint32 *restrict chosen)
{
  gsize n = 0;

  for (gsize c = 0; c < k; c++)
    bounds[c] = bounds[c] * (1 - 0x1p-22f) - moves[c];
  for (gsize c = 0; c < k; c++)
    {
      chosen[n] = c;
      n += bounds[c] < limit;
    }
  return n;
}

static inline Vector
get_lesser (Vector a, Vector b)
{
  const Mask is_less = a < b;

  return (Vector) ((is_less & (Mask) a) | (~is_less & (Mask) b));
}

static gsize
find_least (const float *values, gsize k)
{
  float least = values[0];
  gsize i = 0;

  if (k >= WS_LANES)
    {
      /* the last vector overlaps the one before */
      Vector lesser = *(const Vector *) (values + k - WS_LANES);

      for (; i + WS_LANES <= k; i += WS_LANES)
        lesser = get_lesser (*(const Vector *) (values + i), lesser);
      for (int lane = 0; lane < WS_LANES; lane++)
        least = lesser[lane] < least ? lesser[lane] : least;
    }
  else
    for (gsize j = 1; j < k; j++)
      least = values[j] < least ? values[j] : least;
  for (i = 0; i + 1 < k && values[i] != least;)
    i++;
  return i;
}

static gsize
count_up_to (const float *values, gsize k, float limit)
{
  const Vector limits = limit - (Vector){ 0 };
  Mask counts = { 0 };
  gsize n = 0, i = 0;

  for (; i + WS_LANES <= k; i += WS_LANES)
    counts -= *(const Vector *) (values + i) <= limits;
  for (; i < k; i++)
    n += values[i] <= limit;
  for (int lane = 0; lane < WS_LANES; lane++)
    n += counts[lane];
  return n;
}

static gsize
find_roots (float *restrict values, const float *restrict sq_norms, gsize n, float sq_norm,
            float least)
{
  guint32 n_zeros = 0;

  for (gsize j = 0; j < n; j++)
    {
      const float sum = sq_norm + sq_norms[j], square = sum - 2 * values[j];

      values[j] = sqrtf (square > least * sum ? square : 0);
      n_zeros += !(square > least * sum);
    }
  return n_zeros;
}

static double
measure (const float *x, const float *y, gsize d)
{
  double sums[WS_LANES] = { 0 };
  double sum = 0;
  gsize j = 0;

  for (; j + WS_LANES <= d; j += WS_LANES)
    for (int lane = 0; lane < WS_LANES; lane++)
      {
        const double difference = (double) x[j + lane] - y[j + lane];

        sums[lane] += difference * difference;
      }
  for (; j < d; j++)
    {
      const double difference = (double) x[j] - y[j];

      sums[j % WS_LANES] += difference * difference;
    }
  for (int lane = 0; lane < WS_LANES; lane++)
    sum += sums[lane];
  return sum;
}

static void
move (const float *restrict x, gsize n, double *restrict to, double *restrict from)
{
  for (gsize j = 0; j < n; j++)
    to[j] += x[j];
  if (from != NULL)
    for (gsize j = 0; j < n; j++)
      from[j] -= x[j];
}

extern const WsKernel NAME (WS_LANES);
const WsKernel NAME (WS_LANES) = { WS_LANES,   multiply, multiply_some, multiply_own,
                                   bound,      lower,    find_least,    count_up_to,
                                   find_roots, measure,  move };
