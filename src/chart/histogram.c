/* SPDX-License-Identifier: MIT */
/* How many values fall into each of some equal bins. */
#include "chart/histogram.h"

#include "chart/order-statistic.h"

#include <math.h>
#include <stdlib.h>

#define MIN_BINS 8
#define MAX_BINS 200

static int
compare (const void *a, const void *b)
{
  float x = *(const float *) a, y = *(const float *) b;

  return (x > y) - (x < y);
}

static guint
choose_n_bins (const float *sorted, gsize n)
{
  double range = (double) sorted[n - 1] - sorted[0];
  double spread = (double) sorted[3 * (n - 1) / 4] - sorted[(n - 1) / 4];
  double width = 2 * spread / cbrt (n);

  if (!(range > 0))
    return 1;
  /* Many equal values may have no spread. */
  return width > 0 ? (guint) CLAMP (ceil (range / width), MIN_BINS, MAX_BINS) : MAX_BINS;
}

void
ws_histogram_compute (WsHistogram *self, const float *values, gsize n)
{
  g_autofree float *sorted = n > 0 ? g_memdup2 (values, n * sizeof (float)) : NULL;
  gsize n_finite = ws_values_keep_finite (sorted, n);

  *self = (WsHistogram){ .n = n_finite, .n_not_finite = n - n_finite, .width = 1 };
  if (n_finite == 0)
    return;
  qsort (sorted, n_finite, sizeof *sorted, compare);
  self->n_bins = choose_n_bins (sorted, n_finite);
  self->min = sorted[0];
  self->width = ((double) sorted[n_finite - 1] - sorted[0]) / self->n_bins;
  if (!(self->width > 0))
    self->width = 1;
  self->counts = g_new0 (guint64, self->n_bins);
  for (gsize i = 0; i < n_finite; i++)
    {
      double bin = floor ((sorted[i] - self->min) / self->width);

      self->counts[(guint) CLAMP (bin, 0, self->n_bins - 1.0)]++;
    }
}

void
ws_histogram_clear (WsHistogram *self)
{
  g_clear_pointer (&self->counts, g_free);
  self->n_bins = 0;
}
