/* SPDX-License-Identifier: MIT */
/* Statistics of all elements of a matrix, in one pass over blocks, float64, order of blocks fixed.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define WS_N_QUANTILES 5
/* .001 .01 .5 .99 .999 */
extern const double ws_quantile_probabilities[WS_N_QUANTILES];

/* Values over the finite elements; NAN where undefined (no finite element; skewness and kurtosis
 * of a constant). */
typedef struct
{
  guint64 n_elements;
  guint64 n_finite;
  guint64 n_nan;
  guint64 n_inf;
  gint64 first_nonfinite; /* row-major index of the first NaN or Inf; -1: none */
  guint64 n_zero;         /* exactly 0 */
  guint64 n_near_zero;    /* |x| <= zero_eps */
  double mean;
  double variance; /* population: divided by N */
  double m3, m4;   /* central moments, divided by N */
  double min, max, abs_max;
  double sum_squares;              /* sum of x^2: the squared Frobenius norm */
  double quantile[WS_N_QUANTILES]; /* linear interpolation between order statistics (Hyndman & Fan
                                    * type 7, numpy.quantile's default), exact */
} WsMoments;

G_END_DECLS
