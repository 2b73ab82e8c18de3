/* SPDX-License-Identifier: MIT */
/* The median of what is known. */
#include "base/median.h"

#include "base/sort.h"

#include <math.h>

double
ws_median_compute (double *values, gsize n)
{
  gsize n_known = 0;

  for (gsize i = 0; i < n; i++)
    if (!isnan (values[i]))
      values[n_known++] = values[i];
  if (n_known == 0)
    return NAN;
  ws_sort_doubles (values, n_known);
  /* of an odd number both are the same one */
  return 0.5 * values[(n_known - 1) / 2] + 0.5 * values[n_known / 2];
}
