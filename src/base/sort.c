/* SPDX-License-Identifier: MIT */
/* Numbers in order. */
#include "base/sort.h"

#include <stdlib.h>

static int
compare (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

void
ws_sort_doubles (double *values, gsize n)
{
  if (n > 1)
    qsort (values, n, sizeof *values, compare);
}
