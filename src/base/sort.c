/* SPDX-License-Identifier: MIT */
/* Numbers in order. */
#include "base/sort.h"

#include <stdlib.h>
#include <string.h>

#define N_BYTES 256

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

/* Turns counts into where the keys with each byte begin. Returns: FALSE: all have the same, @byte.
 */
static gboolean
begin_bytes (gsize counts[N_BYTES], guint8 byte, gsize n)
{
  gsize before = 0;

  if (counts[byte] == n)
    return FALSE;
  for (guint i = 0; i < N_BYTES; i++)
    {
      const gsize count = counts[i];

      counts[i] = before;
      before += count;
    }
  return TRUE;
}

void
ws_sort_u64 (guint64 *keys, guint64 *spare, gsize n)
{
  gsize counts[sizeof *keys][N_BYTES] = { 0 };
  guint64 *from = keys, *to = spare;

  for (gsize i = 0; i < n; i++)
    for (guint j = 0; j < sizeof *keys; j++)
      counts[j][keys[i] >> 8 * j & 255]++;
  for (guint j = 0; j < sizeof *keys && n > 0; j++)
    {
      guint64 *moved = to;

      if (!begin_bytes (counts[j], from[0] >> 8 * j & 255, n))
        continue;
      for (gsize i = 0; i < n; i++)
        to[counts[j][from[i] >> 8 * j & 255]++] = from[i];
      to = from;
      from = moved;
    }
  if (from != keys)
    memcpy (keys, from, n * sizeof *keys);
}
