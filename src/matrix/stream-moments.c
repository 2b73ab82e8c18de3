/* SPDX-License-Identifier: MIT */
/* Moments of types of 32 and 64 bits: streamed in chunks that stay in the cache.
 *
 * Each chunk takes two passes (its mean, then the sums of the powers of the distances from it) and
 * is merged into the whole. Sums run in two lanes, the width that every 64-bit processor has,
 * so that the order of the additions is the same everywhere; wider vectors are taken to pieces by
 * the compiler and were more than twice as slow. */
#include "matrix/stream-moments.h"

#include "matrix/central-moments.h"
#include "matrix/order-statistics.h"

#include <math.h>
#include <string.h>

#define N_CHUNK 2048
#define N_LANES 2

/* Fourth powers of values in here, and their sums, are normal doubles. */
#define SAFE_MAX 0x1p200
#define SAFE_MIN 0x1p-200

typedef double Lanes __attribute__ ((vector_size (N_LANES * sizeof (double))));
typedef gint64 Mask __attribute__ ((vector_size (N_LANES * sizeof (double))));

struct _WsStreamMoments
{
  WsDtype dtype;
  guint64 n_cols;
  double zero_eps;
  double scale; /* the values are multiplied by it for the central sums: a power of two */
  gboolean is_rescaled;
  gboolean has_ulp;
  WsUlp ulp;
  guint n_passes; /* ended */
  gboolean has_quantiles;
  WsMoments moments;
  WsCentralMoments central;
  WsSum ulp_squares; /* in units of 2^-n_digits, scaled */
  WsOrderStatistics *order;
};

static guint
get_key_bits (WsDtype dtype)
{
  return dtype == WS_DTYPE_F32 ? 32 : 64;
}

guint
ws_stream_moments_count_passes (WsDtype dtype, guint64 n_elements)
{
  return ws_order_statistics_count_passes (get_key_bits (dtype), n_elements);
}

WsStreamMoments *
ws_stream_moments_new (WsDtype dtype, guint64 n_rows, guint64 n_cols, double zero_eps)
{
  WsStreamMoments *self = g_new0 (WsStreamMoments, 1);

  self->dtype = dtype;
  self->n_cols = n_cols;
  self->zero_eps = zero_eps;
  self->scale = 1.0;
  self->has_ulp = ws_dtype_get_ulp (dtype, &self->ulp);
  self->order = ws_order_statistics_new (get_key_bits (dtype), n_rows * n_cols);
  ws_moments_init (&self->moments);
  self->moments.min = INFINITY;
  self->moments.max = -INFINITY;
  return self;
}

void
ws_stream_moments_free (WsStreamMoments *self)
{
  g_clear_pointer (&self->order, ws_order_statistics_free);
  g_free (self);
}

/* @a where @mask is set, else @b. */
#define SELECT(mask, a, b) ((Lanes) (((Mask) (a) & (mask)) | ((Mask) (b) & ~(mask))))

static double
add_lanes (const Lanes *lanes)
{
  return (*lanes)[0] + (*lanes)[1];
}

static gint64
add_masks (const Mask *mask)
{
  gint64 sum = 0;

  for (int i = 0; i < N_LANES; i++)
    sum -= (*mask)[i];
  return sum;
}

/* How many of the @n values are neither NaN nor infinite is seen from x * 0. */
static gboolean
is_finite_chunk (const double *x, gsize n)
{
  Lanes sum = { 0 };

  for (gsize i = 0; i < n; i += N_LANES)
    {
      Lanes v;

      memcpy (&v, x + i, sizeof v);
      sum += v * 0.0;
    }
  return add_lanes (&sum) == 0.0;
}

/* Zeros and extremes. @x is padded to whole lanes by copies of its first value. */
static void
add_counts (WsStreamMoments *self, const double *x, gsize n, gsize n_padded)
{
  const Lanes eps = self->zero_eps - (Lanes){ 0 };
  Lanes low = x[0] - (Lanes){ 0 }, high = low;
  Mask n_zero = { 0 }, n_near = { 0 };
  const gint64 n_padding = n_padded - n;

  for (gsize i = 0; i < n_padded; i += N_LANES)
    {
      Lanes v;

      memcpy (&v, x + i, sizeof v);
      low = SELECT (v < low, v, low);
      high = SELECT (v > high, v, high);
      n_zero += v == 0.0;
      n_near += (v <= eps) & (v >= -eps);
    }
  self->moments.n_zero += add_masks (&n_zero) - n_padding * (x[0] == 0.0);
  self->moments.n_near_zero += add_masks (&n_near) - n_padding * (fabs (x[0]) <= self->zero_eps);
  for (int i = 0; i < N_LANES; i++)
    {
      self->moments.min = fmin (self->moments.min, low[i]);
      self->moments.max = fmax (self->moments.max, high[i]);
    }
}

/* Mean and central sums. @x is padded by copies of its first value, taken off again. */
static void
add_powers (WsStreamMoments *self, const double *x, gsize n, gsize n_padded)
{
  const double n_padding = n_padded - n;
  Lanes sum = { 0 }, s1 = { 0 }, s2 = { 0 }, s3 = { 0 }, s4 = { 0 };
  WsCentralMoments chunk;
  double pivot, d;

  for (gsize i = 0; i < n_padded; i += N_LANES)
    {
      Lanes v;

      memcpy (&v, x + i, sizeof v);
      sum += v * self->scale;
    }
  /* the padding moves the pivot a little: any number near the mean will do */
  pivot = add_lanes (&sum) / n_padded;
  for (gsize i = 0; i < n_padded; i += N_LANES)
    {
      Lanes v, v2;

      memcpy (&v, x + i, sizeof v);
      v = v * self->scale - pivot;
      v2 = v * v;
      s1 += v;
      s2 += v2;
      s3 += v2 * v;
      s4 += v2 * v2;
    }
  d = x[0] * self->scale - pivot;
  ws_central_moments_init_pivot (
      &chunk, n, pivot, add_lanes (&s1) - n_padding * d, add_lanes (&s2) - n_padding * d * d,
      add_lanes (&s3) - n_padding * d * d * d, add_lanes (&s4) - n_padding * d * d * d * d);
  ws_central_moments_merge (&self->central, &chunk);
}

/* The power of two at or below |v|, and never below that of the smallest normal number. */
static void
add_ulps (WsStreamMoments *self, const double *x, gsize n)
{
  const double floor = ldexp (1.0, self->ulp.min_exponent) * self->scale;
  const Lanes smallest = floor - (Lanes){ 0 };
  Lanes sum = { 0 };
  gsize i = 0;

  for (; i + N_LANES <= n; i += N_LANES)
    {
      Lanes v;
      Mask bits;

      memcpy (&v, x + i, sizeof v);
      v = v * self->scale;
      bits = (Mask) v & G_GINT64_CONSTANT (0x7ff0000000000000);
      v = (Lanes) bits;
      v = SELECT (v > smallest, v, smallest);
      sum += v * v;
    }
  for (; i < n; i++)
    {
      double size = x[i] == 0.0 ? 0.0 : ldexp (1.0, ilogb (x[i])) * self->scale;

      sum[0] += fmax (size, floor) * fmax (size, floor);
    }
  ws_sum_add (&self->ulp_squares, add_lanes (&sum));
}

static void
add_sums (WsStreamMoments *self, double *chunk, gsize n, gsize n_padded)
{
  add_powers (self, chunk, n, n_padded);
  if (self->has_ulp)
    add_ulps (self, chunk, n);
}

/* @chunk: n finite values, room for N_LANES more */
static void
add_finite (WsStreamMoments *self, double *chunk, gsize n)
{
  gsize n_padded = n;

  if (n == 0)
    return;
  while (n_padded % N_LANES != 0)
    chunk[n_padded++] = chunk[0];
  if (self->n_passes == 0)
    {
      self->moments.n_finite += n;
      add_counts (self, chunk, n, n_padded);
      add_sums (self, chunk, n, n_padded);
    }
  else if (self->is_rescaled && self->n_passes == 1)
    add_sums (self, chunk, n, n_padded);
  if (!self->has_quantiles)
    ws_order_statistics_add (self->order, chunk, n);
}

/* Moves the finite values of @chunk to its front. Returns: how many. */
static gsize
drop_nonfinite (WsStreamMoments *self, double *chunk, gsize n, guint64 start, guint64 row,
                guint64 col, guint64 n_cols)
{
  gsize n_finite = 0;

  for (gsize i = 0; i < n; i++)
    {
      guint64 index = start + i;
      gint64 place = (row + index / n_cols) * self->n_cols + col + index % n_cols;

      if (isfinite (chunk[i]))
        {
          chunk[n_finite++] = chunk[i];
          continue;
        }
      if (self->n_passes > 0)
        continue;
      if (isnan (chunk[i]))
        self->moments.n_nan++;
      else
        self->moments.n_inf++;
      if (self->moments.first_nonfinite < 0 || place < self->moments.first_nonfinite)
        self->moments.first_nonfinite = place;
    }
  return n_finite;
}

void
ws_stream_moments_add_block (WsStreamMoments *self, const guint8 *stored, guint64 row,
                             guint64 n_rows, guint64 col, guint64 n_cols)
{
  const guint64 n = n_rows * n_cols;
  const gsize n_bytes = ws_dtype_get_n_bits (self->dtype) / 8; /* of an element */
  double chunk[N_CHUNK + N_LANES];

  for (guint64 start = 0; start < n; start += N_CHUNK)
    {
      gsize n_chunk = MIN (N_CHUNK, n - start);
      gsize n_whole = n_chunk - n_chunk % N_LANES;

      ws_dtype_widen (self->dtype, stored + start * n_bytes, chunk, n_chunk);
      for (gsize i = n_whole; i < n_chunk; i++)
        if (!isfinite (chunk[i]))
          n_whole = 0; /* look at each */
      if (n_whole == 0 || !is_finite_chunk (chunk, n_whole))
        n_chunk = drop_nonfinite (self, chunk, n_chunk, start, row, col, n_cols);
      add_finite (self, chunk, n_chunk);
    }
}

/* Sums of fourth powers that have left the range of doubles are taken again, scaled. */
static gboolean
needs_rescaling (WsStreamMoments *self)
{
  double abs_max = self->moments.abs_max;

  if (abs_max == 0.0 || (abs_max < SAFE_MAX && abs_max > SAFE_MIN))
    return FALSE;
  /* -ilogb of a subnormal would leave the range of doubles itself */
  self->scale = ldexp (1.0, MIN (-ilogb (abs_max), 1000));
  self->central = (WsCentralMoments){ 0 };
  self->ulp_squares = (WsSum){ 0 };
  return TRUE;
}

static void
end_first_pass (WsStreamMoments *self)
{
  WsMoments *moments = &self->moments;

  moments->n_elements = moments->n_finite + moments->n_nan + moments->n_inf;
  if (moments->n_finite == 0)
    {
      moments->min = moments->max = NAN;
      return;
    }
  moments->abs_max = fmax (fabs (moments->min), fabs (moments->max));
  self->is_rescaled = needs_rescaling (self);
}

gboolean
ws_stream_moments_finish (WsStreamMoments *self, WsMoments *moments)
{
  if (self->n_passes == 0)
    end_first_pass (self);
  self->n_passes++;
  if (!self->has_quantiles)
    self->has_quantiles = ws_order_statistics_end_pass (self->order, self->moments.n_finite,
                                                        ws_quantile_probabilities, WS_N_QUANTILES,
                                                        self->moments.quantile);
  if (!self->has_quantiles || (self->is_rescaled && self->n_passes == 1))
    return FALSE;
  *moments = self->moments;
  ws_central_moments_finish (&self->central, self->scale, moments);
  if (self->has_ulp && moments->n_finite > 0)
    moments->rms_ulp =
        ldexp (sqrt ((self->ulp_squares.high + self->ulp_squares.low) / moments->n_finite),
               -self->ulp.n_digits) /
        self->scale;
  return TRUE;
}

gsize
ws_stream_moments_get_required_bytes (guint64 n_elements)
{
  return ws_order_statistics_get_required_bytes (n_elements);
}
