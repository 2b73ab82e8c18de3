/* SPDX-License-Identifier: MIT */
/* Statistics of all elements: by counting patterns for narrow types, by streaming for wide ones. */
#include "matrix/moments.h"

#include "matrix/pattern-moments.h"
#include "matrix/stream-moments.h"

#include <math.h>

const double ws_quantile_probabilities[WS_N_QUANTILES] = { .001, .01, .5, .99, .999 };

struct _WsMomentsPass
{
  WsPatternMoments *pattern; /* 16 bits and fewer; else NULL */
  WsStreamMoments *stream;   /* wider; else NULL */
};

void
ws_moments_init (WsMoments *self)
{
  *self = (WsMoments){
    .first_nonfinite = -1,
    .mean = NAN,
    .variance = NAN,
    .skewness = NAN,
    .kurtosis = NAN,
    .min = NAN,
    .max = NAN,
    .abs_max = NAN,
    .frobenius = NAN,
    .rms_ulp = NAN,
  };
  for (int i = 0; i < WS_N_QUANTILES; i++)
    self->quantile[i] = NAN;
}

static gboolean
is_narrow (WsDtype dtype)
{
  return ws_dtype_get_n_bits (dtype) <= 16;
}

WsMomentsPass *
ws_moments_pass_new (WsDtype dtype, guint64 n_rows, guint64 n_cols, double zero_eps)
{
  WsMomentsPass *self = g_new0 (WsMomentsPass, 1);

  if (is_narrow (dtype))
    self->pattern = ws_pattern_moments_new (dtype, n_rows, n_cols, zero_eps);
  else
    self->stream = ws_stream_moments_new (dtype, n_rows, n_cols, zero_eps);
  return self;
}

void
ws_moments_pass_free (WsMomentsPass *self)
{
  g_clear_pointer (&self->pattern, ws_pattern_moments_free);
  g_clear_pointer (&self->stream, ws_stream_moments_free);
  g_free (self);
}

void
ws_moments_pass_add_block (WsMomentsPass *self, const void *stored, guint64 row, guint64 n_rows,
                           guint64 col, guint64 n_cols)
{
  if (self->pattern)
    ws_pattern_moments_add_block (self->pattern, stored, row, n_rows, col, n_cols);
  else
    ws_stream_moments_add_block (self->stream, stored, row, n_rows, col, n_cols);
}

gboolean
ws_moments_pass_finish (WsMomentsPass *self, WsMoments *moments)
{
  if (self->stream)
    return ws_stream_moments_finish (self->stream, moments);
  ws_pattern_moments_finish (self->pattern, moments);
  return TRUE;
}

guint
ws_moments_pass_count (WsDtype dtype, guint64 n_elements)
{
  return is_narrow (dtype) ? 1 : ws_stream_moments_count_passes (dtype, n_elements);
}

gsize
ws_moments_pass_get_required_bytes (WsDtype dtype, guint64 n_elements)
{
  return is_narrow (dtype) ? ws_pattern_moments_get_required_bytes (n_elements)
                           : ws_stream_moments_get_required_bytes (n_elements);
}
