/* SPDX-License-Identifier: MIT */
/* The value that would stand at a place if all were sorted, without sorting them. */
#include "chart/order-statistic.h"

#include <math.h>

gsize
ws_values_keep_finite (float *values, gsize n)
{
  gsize n_finite = 0;

  for (gsize i = 0; i < n; i++)
    if (isfinite (values[i]))
      values[n_finite++] = values[i];
  return n_finite;
}

static float
get_middle (float a, float b, float c)
{
  return MAX (MIN (a, b), MIN (MAX (a, b), c));
}

float
ws_values_select (float *values, gsize n, gsize rank)
{
  gssize first = 0, last = (gssize) n - 1, wanted = (gssize) rank;

  g_return_val_if_fail (rank < n, NAN);

  while (first < last)
    {
      float pivot = get_middle (values[first], values[first + (last - first) / 2], values[last]);
      gssize i = first, j = last;

      /* Equal ones are swapped too: many of them are then shared by both sides. */
      while (i <= j)
        {
          while (values[i] < pivot)
            i++;
          while (values[j] > pivot)
            j--;
          if (i <= j)
            {
              float value = values[i];

              values[i++] = values[j];
              values[j--] = value;
            }
        }
      if (wanted <= j)
        last = j;
      else if (wanted >= i)
        first = i;
      else
        break;
    }
  return values[wanted];
}
