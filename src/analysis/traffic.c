/* SPDX-License-Identifier: MIT */
/* What an analysis would read from the Hub. */
#include "analysis/traffic.h"

#include "matrix/matrix.h"

/* Narrower types have their quantiles from the counts of one pass. */
#define MIN_TWICE_BITS 32

guint64
ws_traffic_count (const WsResult *result, guint64 n_ahead_bytes)
{
  const WsTensor *tensor = result->tensor;
  guint64 n_bytes = tensor->n_bytes;

  if (!ws_source_is_remote (tensor->source))
    return 0;
  /* one of the slices of a stack of experts is a share of its tensor */
  if (result->slice >= 0)
    n_bytes /= MAX (ws_matrix_count_slices (tensor), 1);
  if (ws_dtype_get_n_bits (tensor->dtype) >= MIN_TWICE_BITS && n_bytes > n_ahead_bytes)
    n_bytes *= 2;
  return n_bytes;
}
