/* SPDX-License-Identifier: MIT */
/* Numbers in order. */
#include "base/sort.h"

#include <stdlib.h>
#include <string.h>

/* Up to so many are sorted by insertion: going through tables of all bytes would take longer. */
#define MOST_INSERTED 24

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
ws_sort_u16 (guint16 *keys, guint16 *spare, gsize n)
{
  gsize low[N_BYTES] = { 0 }, high[N_BYTES] = { 0 };
  guint16 *from = keys;

  if (n <= MOST_INSERTED)
    {
      for (gsize i = 1, j; i < n; i++)
        {
          const guint16 key = keys[i];

          for (j = i; j > 0 && keys[j - 1] > key; j--)
            keys[j] = keys[j - 1];
          keys[j] = key;
        }
      return;
    }
  for (gsize i = 0; i < n; i++)
    {
      low[keys[i] & 255]++;
      high[keys[i] >> 8]++;
    }
  if (begin_bytes (low, keys[0] & 255, n))
    {
      for (gsize i = 0; i < n; i++)
        spare[low[keys[i] & 255]++] = keys[i];
      from = spare;
    }
  if (begin_bytes (high, from[0] >> 8, n))
    {
      guint16 *to = from == keys ? spare : keys;

      for (gsize i = 0; i < n; i++)
        to[high[from[i] >> 8]++] = from[i];
      from = to;
    }
  if (from != keys)
    memcpy (keys, from, n * sizeof *keys);
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
