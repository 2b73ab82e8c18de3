/* SPDX-License-Identifier: MIT */
/* How many values fall into each of some equal bins. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  double min, width; /* bin i is [min + i width, min + (i + 1) width); the last one is closed */
  guint n_bins;
  guint64 *counts;    /* (owned) */
  gsize n;            /* values counted */
  gsize n_not_finite; /* values left out */
} WsHistogram;

/* Bins of 2 IQR / n^(1/3), at least 8 and at most 200 of them; one if all values are the same.
 * Source: Freedman & Diaconis, Z. Wahrscheinlichkeitstheorie 57, 1981. */
void ws_histogram_compute (WsHistogram *self, const float *values, gsize n);
void ws_histogram_clear (WsHistogram *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsHistogram, ws_histogram_clear)

G_END_DECLS
