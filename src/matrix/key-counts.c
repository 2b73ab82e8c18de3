/* SPDX-License-Identifier: MIT */
/* How often each value occurs among few elements of 16 bits and fewer. */
#include "matrix/key-counts.h"

#include <math.h>
#include <string.h>

#define N_ROWS 256
#define ROW 256

/* Loops over a known number of elements are vectorised by GCC at -O2. */
#define STRIDE 64

struct _WsKeyCounts
{
  WsDtype dtype;
  guint n_bits;
  /* of a pattern of 16 bits: what makes a key of it, by its first bit; -0 sorts just below 0 */
  guint16 if_set, if_not;
  guint16 exponent; /* bits that are all set where the value is not finite; 0: it always is */
  guint32 *counts;  /* N_ROWS x ROW */
  guint8 is_there[N_ROWS]; /* whether a row has been cleared */
};

void
ws_bins_init (WsBins *self, gsize n_most)
{
  self->values = g_new (double, n_most);
  self->counts = g_new (double, n_most);
  self->n = 0;
}

void
ws_bins_clear (WsBins *self)
{
  g_clear_pointer (&self->values, g_free);
  g_clear_pointer (&self->counts, g_free);
}

WsKeyCounts *
ws_key_counts_new (WsDtype dtype)
{
  WsKeyCounts *self = g_new0 (WsKeyCounts, 1);
  const gboolean is_float = ws_dtype_get_kind (dtype) == WS_DTYPE_KIND_FLOAT;

  self->dtype = dtype;
  self->n_bits = ws_dtype_get_n_bits (dtype);
  if (self->n_bits == 16 && dtype != WS_DTYPE_U16)
    {
      self->if_set = is_float ? 0xffff : 0x8000;
      self->if_not = 0x8000;
    }
  self->exponent = dtype == WS_DTYPE_BF16 ? 0x7f80 : dtype == WS_DTYPE_F16 ? 0x7c00 : 0;
  self->counts = g_new (guint32, N_ROWS * ROW);
  return self;
}

void
ws_key_counts_free (WsKeyCounts *self)
{
  g_free (self->counts);
  g_free (self);
}

static inline void
count_key (WsKeyCounts *self, guint key)
{
  const guint row = key / ROW;

  if (!self->is_there[row])
    {
      memset (self->counts + row * ROW, 0, ROW * sizeof *self->counts);
      self->is_there[row] = TRUE;
    }
  self->counts[key]++;
}

/* Returns: how many are not finite. */
static inline guint
make_keys (const WsKeyCounts *self, const guint16 *restrict patterns, guint16 *restrict keys)
{
  const guint16 if_set = self->if_set, if_not = self->if_not, exponent = self->exponent;
  guint16 n_bad = 0;

  for (int i = 0; i < STRIDE; i++)
    {
      const guint16 is_set = -(patterns[i] >> 15);

      keys[i] = patterns[i] ^ ((if_set & is_set) | (if_not & ~is_set));
      n_bad += (patterns[i] & exponent) == exponent;
    }
  return exponent != 0 ? n_bad : 0;
}

static guint64
add_16 (WsKeyCounts *self, const guint8 *stored, guint64 n)
{
  guint16 patterns[STRIDE] = { 0 }, keys[STRIDE];
  guint64 n_bad = 0;

  for (guint64 start = 0; start < n; start += STRIDE)
    {
      const gsize n_there = MIN (STRIDE, n - start);

      memcpy (patterns, stored + 2 * start, n_there * sizeof *patterns);
      memset (patterns + n_there, 0, (STRIDE - n_there) * sizeof *patterns);
      if (G_BYTE_ORDER != G_LITTLE_ENDIAN)
        for (int i = 0; i < STRIDE; i++)
          patterns[i] = GUINT16_FROM_LE (patterns[i]);
      n_bad += make_keys (self, patterns, keys);
      for (gsize i = 0; i < n_there; i++)
        count_key (self, keys[i]);
    }
  return n_bad;
}

/* The value that a pattern of 8 bits or fewer stands for. */
static double
widen_narrow (const WsKeyCounts *self, guint8 pattern)
{
  /* two elements of 4 bits fill a byte: the first is the low one */
  double values[2];

  ws_dtype_widen (self->dtype, &pattern, values, self->n_bits == 4 ? 2 : 1);
  return values[0];
}

guint64
ws_key_counts_add (WsKeyCounts *self, const guint8 *stored, guint64 n)
{
  guint64 n_bad = 0;

  if (self->n_bits == 16)
    return add_16 (self, stored, n);
  for (guint64 i = 0; i < n; i++)
    {
      const guint8 pattern = self->n_bits == 4 ? stored[i / 2] >> (i % 2 ? 4 : 0) & 15 : stored[i];

      count_key (self, pattern);
      n_bad += !isfinite (widen_narrow (self, pattern));
    }
  return n_bad;
}

/* Returns: how many keys occur. */
static gsize
list_keys (const WsKeyCounts *self, guint16 *keys, double *counts)
{
  gsize n = 0;

  for (guint row = 0; row < N_ROWS; row++)
    for (guint i = row * ROW; self->is_there[row] && i < (row + 1) * ROW; i++)
      {
        keys[n] = i;
        counts[n] = self->counts[i];
        n += self->counts[i] != 0;
      }
  return n;
}

static void
widen_keys (const WsKeyCounts *self, guint16 *keys, gsize n, double *values)
{
  if (self->n_bits < 16)
    {
      for (gsize i = 0; i < n; i++)
        values[i] = widen_narrow (self, keys[i]);
      return;
    }
  for (gsize i = 0; i < n; i++)
    keys[i] = GUINT16_TO_LE (keys[i] ^ (keys[i] >> 15 ? self->if_not : self->if_set));
  ws_dtype_widen (self->dtype, keys, values, n);
}

static void
drop_nonfinite (WsBins *bins, guint64 *n_nan, guint64 *n_inf)
{
  const gsize n = bins->n;

  bins->n = *n_nan = *n_inf = 0;
  for (gsize i = 0; i < n; i++)
    {
      const double value = bins->values[i], count = bins->counts[i];

      if (isfinite (value))
        {
          bins->values[bins->n] = value;
          bins->counts[bins->n++] = count;
        }
      else
        *(isnan (value) ? n_nan : n_inf) += count;
    }
}

/* By insertion: of 16 bits there are but 0 and -0 to be put right, of 8 not many. */
static void
order (WsBins *bins, gboolean is_reversed)
{
  for (gsize i = 1, j; i < bins->n; i++)
    {
      const double value = bins->values[i], count = bins->counts[i];

      for (j = i;
           j > 0 && (bins->values[j - 1] > value || (is_reversed && bins->values[j - 1] == value));
           j--)
        {
          bins->values[j] = bins->values[j - 1];
          bins->counts[j] = bins->counts[j - 1];
        }
      bins->values[j] = value;
      bins->counts[j] = count;
    }
}

void
ws_key_counts_finish (const WsKeyCounts *self, WsBins *bins, guint64 *n_nan, guint64 *n_inf)
{
  g_autofree guint16 *keys = NULL;
  gsize n_rows = 0;

  for (guint row = 0; row < N_ROWS; row++)
    n_rows += self->is_there[row];
  ws_bins_init (bins, n_rows * ROW + 1);
  keys = g_new (guint16, n_rows * ROW + 1);
  bins->n = list_keys (self, keys, bins->counts);
  widen_keys (self, keys, bins->n, bins->values);
  drop_nonfinite (bins, n_nan, n_inf);
  order (bins, self->n_bits == 16);
}

gsize
ws_key_counts_get_required_bytes (guint64 n_elements)
{
  return sizeof (WsKeyCounts) + MIN (n_elements, N_ROWS) * ROW * sizeof (guint32) +
         n_elements * (sizeof (guint16) + 2 * sizeof (double));
}
