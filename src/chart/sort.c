/* SPDX-License-Identifier: MIT */
/* Values in order, without those that are no numbers. */
#include "chart/sort.h"

#include "chart/order-statistic.h"

#include <stdlib.h>

static int
compare (const void *a, const void *b)
{
  float x = *(const float *) a, y = *(const float *) b;

  return (x > y) - (x < y);
}

gsize
ws_sort_finite (float *values, gsize n)
{
  gsize n_finite = ws_values_keep_finite (values, n);

  if (n_finite > 1)
    qsort (values, n_finite, sizeof (float), compare);
  return n_finite;
}
