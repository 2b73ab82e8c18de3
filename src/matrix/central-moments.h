/* SPDX-License-Identifier: MIT */
/* Mean and central sums of a growing set of numbers, merged in a fixed order. */
#pragma once

#include "matrix/moments.h"

G_BEGIN_DECLS

/* A double and what rounding took from it. */
typedef struct
{
  double high, low;
} WsSum;

/* Knuth's exact sum: high + low stays the true sum to about 106 bits. */
static inline void
ws_sum_add (WsSum *self, double value)
{
  double sum = self->high + value;
  double part = sum - self->high;

  self->low += (self->high - (sum - part)) + (value - part);
  self->high = sum;
}

/* Sums of (x - mean)^k over @n values. */
typedef struct
{
  double n;
  WsSum mean;
  WsSum m2, m3, m4;
} WsCentralMoments;

/* Of values whose mean is @pivot nearly: @s1 to @s4 are the sums of (x - pivot)^k. */
void ws_central_moments_init_pivot (WsCentralMoments *self, double n, double pivot, double s1,
                                    double s2, double s3, double s4);
/* Source: Pebay, SAND2008-6212, 2008 (pairwise update of arbitrary order). */
void ws_central_moments_merge (WsCentralMoments *self, const WsCentralMoments *other);
/* Fills mean, variance, skewness, kurtosis and frobenius; @scale: what the values were multiplied
 * by, a power of two. */
void ws_central_moments_finish (const WsCentralMoments *self, double scale, WsMoments *moments);

/* The exponents of a floating type: ulp (x) = 2^(max (exponent of x, min_exponent) - n_digits). */
typedef struct
{
  int n_digits;
  int min_exponent;
} WsUlp;

/* Returns: FALSE for types whose values are not rounded numbers (integers, scales). */
gboolean ws_dtype_get_ulp (WsDtype dtype, WsUlp *ulp);

G_END_DECLS
