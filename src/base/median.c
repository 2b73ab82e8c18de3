/* SPDX-License-Identifier: MIT */
/* The median of what is known. */
#include "base/median.h"

#include <math.h>
#include <stdlib.h>

static int
compare (const void *a, const void *b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return (x > y) - (x < y);
}

double
ws_median_compute (double *values, gsize n)
{
  gsize n_known = 0;

  for (gsize i = 0; i < n; i++)
    if (!isnan (values[i]))
      values[n_known++] = values[i];
  if (n_known == 0)
    return NAN;
  qsort (values, n_known, sizeof *values, compare);
  /* of an odd number both are the same one */
  return 0.5 * values[(n_known - 1) / 2] + 0.5 * values[n_known / 2];
}
