/* SPDX-License-Identifier: MIT */
/* Statistics of all elements of a matrix, in one pass over blocks, float64, order of blocks fixed.
 */
#pragma once

#include "model/dtype.h"

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
  double skewness; /* m3 / variance^1.5 */
  double kurtosis; /* excess: m4 / variance^2 - 3 */
  double min, max, abs_max;
  double frobenius; /* sqrt of the sum of x^2; never overflows where the norm itself does not */
  double rms_ulp;   /* sqrt of the mean of ulp(x)^2, ulp of the stored type (of its smallest
                     * normal number for what lies below it); NAN for integers */
  double quantile[WS_N_QUANTILES]; /* linear interpolation between order statistics (Hyndman & Fan
                                    * type 7, numpy.quantile's default), exact */
} WsMoments;

/* No element seen: counts 0, everything else NAN. */
void ws_moments_init (WsMoments *self);

/* The passes over the blocks of one matrix that its moments take. */
typedef struct _WsMomentsPass WsMomentsPass;

/* Up to so many elements of 32 and 64 bits are kept and sorted: tables take longer to clear than
 * that. Also the same numbers. */
#define WS_MOMENTS_FEW 8192

/* @n_rows, @n_cols: of the matrix. (transfer full) */
WsMomentsPass *ws_moments_pass_new (WsDtype dtype, guint64 n_rows, guint64 n_cols, double zero_eps);
void ws_moments_pass_free (WsMomentsPass *self);

/* A block of rows [row, row + n_rows) x columns [col, col + n_cols).
 * @stored: its bytes as stored, without gaps */
void ws_moments_pass_add_block (WsMomentsPass *self, const void *stored, guint64 row,
                                guint64 n_rows, guint64 col, guint64 n_cols);

/* Call after every element was added once.
 * Returns: TRUE when @moments is complete; FALSE when all blocks must be added once more, in the
 * same order: types of 16 bits and fewer never need that, F32 once, all others three times. */
gboolean ws_moments_pass_finish (WsMomentsPass *self, WsMoments *moments);

/* Passes that the moments of @n_elements take. */
guint ws_moments_pass_count (WsDtype dtype, guint64 n_elements);

/* Bytes that a pass over @n_elements holds at most. */
gsize ws_moments_pass_get_required_bytes (WsDtype dtype, guint64 n_elements);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsMomentsPass, ws_moments_pass_free)

G_END_DECLS
