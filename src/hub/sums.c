/* SPDX-License-Identifier: MIT */
/* Sums of products: about as fast as memory is read. */
#include "hub/sums.h"

#include <string.h>

#define MIN_PIECE_BYTES ((guint64) 4 << 20)
#define MAX_PIECES 1024
#define LINE_BYTES 64
/* 2^64 over the golden ratio: spreads the places over all bits. */
#define STEP G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)

void
ws_sums_init (WsSums *self, guint64 n_bytes)
{
  *self = (WsSums){ .n_bytes = n_bytes, .n_piece_bytes = MIN_PIECE_BYTES };
  while ((n_bytes - 1) / self->n_piece_bytes >= MAX_PIECES && n_bytes > 0)
    self->n_piece_bytes *= 2;
  self->n = n_bytes > 0 ? (n_bytes - 1) / self->n_piece_bytes + 1 : 0;
  self->values = g_new0 (guint64, self->n);
}

void
ws_sums_clear (WsSums *self)
{
  g_clear_pointer (&self->values, g_free);
}

void
ws_sums_copy (WsSums *self, const WsSums *from)
{
  for (guint i = 0; i < from->n; i++)
    self->values[i] = from->values[i];
}

void
ws_sums_forget (WsSums *self)
{
  for (guint i = 0; i < self->n; i++)
    self->values[i] = 0;
}

static guint64
get_word (const guint8 *bytes)
{
  guint64 value;

  memcpy (&value, bytes, sizeof value);
  return GUINT64_FROM_LE (value);
}

/* Additions and shifts, so that one multiplication is enough for a line. */
static guint64
mix (const guint8 *line)
{
  const guint64 first = get_word (line) + 3 * get_word (line + 8) + 5 * get_word (line + 16) +
                        9 * get_word (line + 24);
  const guint64 second = get_word (line + 32) + 3 * get_word (line + 40) +
                         5 * get_word (line + 48) + 9 * get_word (line + 56);

  return first + 11 * second;
}

static guint64
sum_lines (guint64 line, const guint8 *bytes, gsize n_lines)
{
  guint64 place = line * STEP, sum = 0;

  for (gsize i = 0; i < n_lines; i++, place += STEP)
    sum += mix (bytes + i * LINE_BYTES) * (place | 1);
  return sum;
}

/* Of bytes that lie within one line. */
static guint64
sum_part (guint64 offset, const guint8 *bytes, gsize n_bytes)
{
  guint8 line[LINE_BYTES] = { 0 };

  memcpy (line + offset % LINE_BYTES, bytes, n_bytes);
  return sum_lines (offset / LINE_BYTES, line, 1);
}

static guint64
sum_bytes (guint64 offset, const guint8 *bytes, gsize n_bytes)
{
  const gsize n_before = MIN (-offset % LINE_BYTES, n_bytes);
  const gsize n_lines = (n_bytes - n_before) / LINE_BYTES;
  const gsize n_after = n_bytes - n_before - n_lines * LINE_BYTES;

  return sum_part (offset, bytes, n_before) +
         sum_lines ((offset + n_before) / LINE_BYTES, bytes + n_before, n_lines) +
         sum_part (offset + n_bytes - n_after, bytes + n_bytes - n_after, n_after);
}

WsSumsShare
ws_sums_compute (const WsSums *self, guint64 offset, const void *bytes, gsize n_bytes)
{
  WsSumsShare share = { .first = offset / self->n_piece_bytes };
  const guint64 next = (share.first + 1) * self->n_piece_bytes;
  const gsize n_first = MIN (n_bytes, next - offset);

  share.values[0] = sum_bytes (offset, bytes, n_first);
  share.values[1] =
      sum_bytes (offset + n_first, (const guint8 *) bytes + n_first, n_bytes - n_first);
  return share;
}

void
ws_sums_add (WsSums *self, const WsSumsShare *share)
{
  for (guint i = 0; i < 2 && share->first + i < self->n; i++)
    self->values[share->first + i] += share->values[i];
}
