/* SPDX-License-Identifier: MIT */
/* Moments of types of 16 bits and fewer: count every bit pattern, then sum over the patterns.
 *
 * One increment for each element is all the work that depends on the size; quantiles are exact and
 * the result does not depend on the order of the blocks at all. */
#include "matrix/pattern-moments.h"

#include "base/sort.h"
#include "matrix/central-moments.h"

#include <math.h>
#include <string.h>

#define N_PATTERNS 65536
/* A count of 32 bits must be flushed before it can overflow. */
#define FLUSH_EVERY G_MAXUINT32

/* Patterns that are looked at together, whether any of them occurs: 512 KiB of tables take longer
 * to go through, one by one in the order of their values, than a small matrix takes to be counted.
 */
#define GROUP 64
#define N_GROUPS (N_PATTERNS / GROUP)

/* Loops over a known number of elements are vectorised by GCC at -O2. */
#define STRIDE 64

/* What the patterns of a type stand for: the same for all matrices, so made once. */
typedef struct
{
  double values[N_PATTERNS];
  guint16 finite[N_PATTERNS]; /* patterns, by ascending value; equal ones (0 and -0) by pattern */
  guint16 nonfinite[N_PATTERNS]; /* NaN and Inf */
  guint n_finite, n_nonfinite;
  /* where in finite others of a group begin, and where finite ends */
  guint32 runs[N_PATTERNS + 1];
  guint n_runs;
} Patterns;

struct _WsPatternMoments
{
  WsDtype dtype;
  guint n_bits;
  guint n_patterns;
  guint64 n_cols;
  double zero_eps;
  const Patterns *patterns; /* NULL with few elements */
  guint64 n_bad;            /* elements that are not finite, so far */
  gint64 first_bad;         /* row-major index; -1: none yet */
  guint32 *recent[2];       /* two tables, so that equal neighbours do not wait for each other */
  guint64 n_recent;         /* elements in recent */
  guint64 *counts;          /* of those that were in recent before; NULL: none yet */
  guint16 *few;             /* a key for each element; then there are no tables */
  guint64 n_few, n_most;
};

/* The value that a pattern stands for. */
static double
widen (WsDtype dtype, guint pattern)
{
  /* two elements of 4 bits fill a byte: the first is the low one */
  const guint16 stored = GUINT16_TO_LE (pattern);
  double values[2];

  ws_dtype_widen (dtype, &stored, values, ws_dtype_get_n_bits (dtype) == 4 ? 2 : 1);
  return values[0];
}

static int
compare_values (gconstpointer a, gconstpointer b, gpointer values)
{
  const guint16 i = *(const guint16 *) a, j = *(const guint16 *) b;
  const double x = ((const double *) values)[i], y = ((const double *) values)[j];

  return x != y ? (x > y) - (x < y) : i - j;
}

static void
find_runs (Patterns *self)
{
  for (guint i = 0; i < self->n_finite; i++)
    if (i == 0 || self->finite[i] / GROUP != self->finite[i - 1] / GROUP)
      self->runs[self->n_runs++] = i;
  self->runs[self->n_runs] = self->n_finite;
}

static Patterns *
patterns_new (WsDtype dtype)
{
  Patterns *self = g_new0 (Patterns, 1);

  for (guint i = 0; i < 1u << ws_dtype_get_n_bits (dtype); i++)
    {
      self->values[i] = widen (dtype, i);
      if (isfinite (self->values[i]))
        self->finite[self->n_finite++] = i;
      else
        self->nonfinite[self->n_nonfinite++] = i;
    }
  g_qsort_with_data (self->finite, self->n_finite, sizeof *self->finite, compare_values,
                     self->values);
  find_runs (self);
  return self;
}

static const Patterns *
get_patterns (WsDtype dtype)
{
  static gsize patterns[WS_N_DTYPES];

  if (g_once_init_enter (&patterns[dtype]))
    g_once_init_leave (&patterns[dtype], (gsize) patterns_new (dtype));
  return (const Patterns *) patterns[dtype];
}

WsPatternMoments *
ws_pattern_moments_new (WsDtype dtype, guint64 n_rows, guint64 n_cols, double zero_eps)
{
  WsPatternMoments *self = g_new0 (WsPatternMoments, 1);

  self->dtype = dtype;
  self->n_bits = ws_dtype_get_n_bits (dtype);
  self->n_patterns = 1u << self->n_bits;
  self->n_cols = n_cols;
  self->zero_eps = zero_eps;
  self->first_bad = -1;
  self->n_most = n_rows * n_cols;
  if (self->n_most <= WS_MOMENTS_FEW)
    self->few = g_new (guint16, self->n_most + STRIDE);
  else
    {
      self->patterns = get_patterns (dtype);
      for (int i = 0; i < 2; i++)
        self->recent[i] = g_new0 (guint32, N_PATTERNS);
    }
  return self;
}

void
ws_pattern_moments_free (WsPatternMoments *self)
{
  for (int i = 0; i < 2; i++)
    g_free (self->recent[i]);
  g_free (self->few);
  g_free (self->counts);
  g_free (self);
}

static inline guint
get_pattern (const WsPatternMoments *self, const guint8 *stored, guint64 index)
{
  switch (self->n_bits)
    {
    case 4:
      return stored[index / 2] >> (index % 2 ? 4 : 0) & 15;
    case 8:
      return stored[index];
    default:
      return stored[2 * index] | stored[2 * index + 1] << 8;
    }
}

static double
get_value (const WsPatternMoments *self, guint pattern)
{
  return self->few ? widen (self->dtype, pattern) : self->patterns->values[pattern];
}

/* Few elements */

/* Of 16 bits: of a number that sorts as the value does, which bits are flipped if the first is set,
 * and which if not. -0 sorts just below 0. Patterns of fewer bits are their own keys. */
static void
get_flips (const WsPatternMoments *self, guint16 *if_set, guint16 *if_not)
{
  const gboolean is_float = ws_dtype_get_kind (self->dtype) == WS_DTYPE_KIND_FLOAT;

  *if_set = is_float ? 0xffff : self->dtype == WS_DTYPE_I16 ? 0x8000 : 0;
  *if_not = self->n_bits == 16 && self->dtype != WS_DTYPE_U16 ? 0x8000 : 0;
}

/* Of 16 bits: those that are all set where the value is not finite; 0: it always is. */
static guint16
get_exponent_mask (const WsPatternMoments *self)
{
  return self->dtype == WS_DTYPE_BF16 ? 0x7f80 : self->dtype == WS_DTYPE_F16 ? 0x7c00 : 0;
}

/* Adds the keys of STRIDE elements at most, a number that the compiler knows. Returns: how many are
 * not finite. */
static inline guint
keep_stride (const guint16 *restrict patterns, guint16 *restrict keys, guint16 if_set,
             guint16 if_not, guint16 exponent)
{
  guint16 n_bad = 0;

  for (int i = 0; i < STRIDE; i++)
    {
      const guint16 is_set = -(patterns[i] >> 15);

      keys[i] = patterns[i] ^ ((if_set & is_set) | (if_not & ~is_set));
      n_bad += (patterns[i] & exponent) == exponent;
    }
  return n_bad;
}

static guint64
keep_16 (WsPatternMoments *self, const guint8 *stored, guint64 n)
{
  const guint16 exponent = get_exponent_mask (self);
  guint64 n_bad = 0;
  guint16 if_set, if_not;

  get_flips (self, &if_set, &if_not);
  for (guint64 i = 0; i < n; i += STRIDE)
    {
      const guint64 n_there = MIN (STRIDE, n - i);
      guint16 patterns[STRIDE] = { 0 };

      memcpy (patterns, stored + 2 * i, n_there * sizeof *patterns);
      if (G_BYTE_ORDER != G_LITTLE_ENDIAN)
        for (int j = 0; j < STRIDE; j++)
          patterns[j] = GUINT16_FROM_LE (patterns[j]);
      n_bad += keep_stride (patterns, self->few + self->n_few + i, if_set, if_not, exponent);
    }
  return exponent != 0 ? n_bad : 0;
}

/* Returns: how many are not finite, so far. */
static guint64
keep (WsPatternMoments *self, const guint8 *stored, guint64 n)
{
  guint64 n_bad = self->n_bad;

  g_return_val_if_fail (n <= self->n_most - self->n_few, n_bad);

  if (self->n_bits == 16)
    n_bad += keep_16 (self, stored, n);
  else
    for (guint64 i = 0; i < n; i++)
      {
        guint pattern = get_pattern (self, stored, i);

        self->few[self->n_few + i] = pattern;
        n_bad += !isfinite (get_value (self, pattern));
      }
  self->n_few += n;
  return n_bad;
}

static void
flush (WsPatternMoments *self)
{
  if (!self->counts)
    self->counts = g_new0 (guint64, N_PATTERNS);
  for (guint i = 0; i < self->n_patterns; i++)
    {
      self->counts[i] += (guint64) self->recent[0][i] + self->recent[1][i];
      self->recent[0][i] = self->recent[1][i] = 0;
    }
  self->n_recent = 0;
}

static void
count_16 (WsPatternMoments *self, const guint8 *stored, guint64 n)
{
  guint32 *even = self->recent[0], *odd = self->recent[1];
  guint64 i = 0;

  for (; i + 4 <= n; i += 4)
    {
      guint64 word;

      memcpy (&word, stored + 2 * i, sizeof word);
      word = GUINT64_FROM_LE (word);
      even[word & 0xffff]++;
      odd[word >> 16 & 0xffff]++;
      even[word >> 32 & 0xffff]++;
      odd[word >> 48]++;
    }
  for (; i < n; i++)
    even[stored[2 * i] | stored[2 * i + 1] << 8]++;
}

static void
count (WsPatternMoments *self, const guint8 *stored, guint64 n)
{
  if (self->n_recent + n > FLUSH_EVERY)
    flush (self);
  self->n_recent += n;
  if (self->n_bits == 16)
    count_16 (self, stored, n);
  else
    for (guint64 i = 0; i < n; i++)
      self->recent[i % 2][get_pattern (self, stored, i)]++;
}

static guint64
get_count (const WsPatternMoments *self, guint pattern)
{
  return (self->counts ? self->counts[pattern] : 0) + self->recent[0][pattern] +
         self->recent[1][pattern];
}

static guint64
count_nonfinite (const WsPatternMoments *self)
{
  guint64 n = 0;

  for (guint i = 0; i < self->patterns->n_nonfinite; i++)
    n += get_count (self, self->patterns->nonfinite[i]);
  return n;
}

/* Only for a block that is known to hold one. */
static void
find_nonfinite (WsPatternMoments *self, const guint8 *stored, guint64 row, guint64 col,
                guint64 n_cols)
{
  guint64 i = 0;
  gint64 index;

  while (isfinite (get_value (self, get_pattern (self, stored, i))))
    i++;
  index = (row + i / n_cols) * self->n_cols + col + i % n_cols;
  if (self->first_bad < 0 || index < self->first_bad)
    self->first_bad = index;
}

void
ws_pattern_moments_add_block (WsPatternMoments *self, const void *stored, guint64 row,
                              guint64 n_rows, guint64 col, guint64 n_cols)
{
  const guint64 n = n_rows * n_cols;
  guint64 n_bad;

  if (self->few)
    n_bad = keep (self, stored, n);
  else
    {
      count (self, stored, n);
      n_bad = count_nonfinite (self);
    }
  if (n_bad != self->n_bad)
    find_nonfinite (self, stored, row, col, n_cols);
  self->n_bad = n_bad;
}

typedef struct
{
  double value;
  guint64 count;
} Bin;

/* The elements of a pattern that occurs. @bins: those of the finite ones so far */
static inline void
add_bin (double value, guint64 count, Bin *bins, gsize *n_bins, WsMoments *moments)
{
  moments->n_elements += count;
  if (isfinite (value))
    bins[(*n_bins)++] = (Bin){ value, count };
  else if (isnan (value))
    moments->n_nan += count;
  else
    moments->n_inf += count;
}

static int
compare_bins (gconstpointer a, gconstpointer b, gpointer user_data)
{
  double x = ((const Bin *) a)->value, y = ((const Bin *) b)->value;

  return (x > y) - (x < y);
}

/* The keys come in order: patterns in their place, each once. Returns: how many. */
static gsize
count_keys (WsPatternMoments *self, guint16 *counts)
{
  guint16 *patterns = self->few, if_set, if_not;
  gsize n = 0;

  get_flips (self, &if_set, &if_not);
  for (guint64 start = 0, end; start < self->n_few; start = end, n++)
    {
      const guint16 key = self->few[start];

      for (end = start + 1; end < self->n_few && self->few[end] == key;)
        end++;
      counts[n] = end - start;
      patterns[n] = GUINT16_TO_LE (key ^ (key >> 15 ? if_not : if_set));
    }
  return n;
}

/* Equal values (0 and -0) come to lie as in the tables: by pattern. */
static void
order_bins (const WsPatternMoments *self, Bin *bins, gsize n)
{
  if (self->n_bits < 16)
    g_qsort_with_data (bins, n, sizeof *bins, compare_bins, NULL);
  for (gsize i = 1; i < n && self->n_bits == 16; i++)
    if (bins[i].value == bins[i - 1].value)
      {
        const Bin bin = bins[i];

        bins[i] = bins[i - 1];
        bins[i - 1] = bin;
      }
}

static void
add_bins_of_few (WsPatternMoments *self, Bin *bins, gsize *n_bins, WsMoments *moments)
{
  g_autofree guint16 *counts = g_new (guint16, self->n_few);
  g_autofree double *values = NULL;
  gsize n;

  ws_sort_u16 (self->few, counts, self->n_few);
  n = count_keys (self, counts);
  values = g_new (double, n);
  if (self->n_bits == 16)
    ws_dtype_widen (self->dtype, self->few, values, n);
  else
    for (gsize i = 0; i < n; i++)
      values[i] = widen (self->dtype, self->few[i]);
  for (gsize i = 0; i < n; i++)
    add_bin (values[i], counts[i], bins, n_bins, moments);
  order_bins (self, bins, *n_bins);
}

static gboolean
occurs (const WsPatternMoments *self, guint group)
{
  guint64 any = 0;

  for (guint i = group * GROUP; i < (group + 1) * GROUP; i++)
    any |= self->recent[0][i] | self->recent[1][i];
  for (guint i = group * GROUP; self->counts && i < (group + 1) * GROUP; i++)
    any |= self->counts[i];
  return any != 0;
}

static void
add_bins_of_tables (WsPatternMoments *self, Bin *bins, gsize *n_bins, WsMoments *moments)
{
  const Patterns *patterns = self->patterns;
  gboolean is_there[N_GROUPS];
  guint64 count;

  for (guint i = 0; i < N_GROUPS; i++)
    is_there[i] = occurs (self, i);
  for (guint run = 0; run < patterns->n_runs; run++)
    if (is_there[patterns->finite[patterns->runs[run]] / GROUP])
      for (guint i = patterns->runs[run]; i < patterns->runs[run + 1]; i++)
        if ((count = get_count (self, patterns->finite[i])) > 0)
          add_bin (patterns->values[patterns->finite[i]], count, bins, n_bins, moments);
  for (guint i = 0; i < patterns->n_nonfinite; i++)
    if ((count = get_count (self, patterns->nonfinite[i])) > 0)
      add_bin (patterns->values[patterns->nonfinite[i]], count, bins, n_bins, moments);
}

/* The finite values that occur, ascending. (transfer full) */
static Bin *
dup_bins (WsPatternMoments *self, gsize *n_bins, WsMoments *moments)
{
  Bin *bins = g_new (Bin, self->few ? self->n_few : self->n_patterns);

  *n_bins = 0;
  if (self->few)
    add_bins_of_few (self, bins, n_bins, moments);
  else
    add_bins_of_tables (self, bins, n_bins, moments);
  moments->n_finite = moments->n_elements - moments->n_nan - moments->n_inf;
  return bins;
}

/* The values at ascending ranks, each found from where the last one was. */
typedef struct
{
  const Bin *bin;
  guint64 n_before;
} Place;

static double
advance (Place *place, guint64 rank)
{
  while (rank - place->n_before >= place->bin->count)
    place->n_before += (place->bin++)->count;
  return place->bin->value;
}

static void
compute_quantiles (const Bin *bins, WsMoments *moments)
{
  Place place = { bins, 0 };

  for (int i = 0; i < WS_N_QUANTILES; i++)
    {
      double position = ws_quantile_probabilities[i] * (moments->n_finite - 1);
      guint64 rank = position;
      double low = advance (&place, rank);
      Place next = place;
      double high = advance (&next, MIN (rank + 1, moments->n_finite - 1));

      moments->quantile[i] = low + (position - rank) * (high - low);
    }
}

static void
compute_sums (const Bin *bins, gsize n_bins, WsMoments *moments)
{
  WsSum sum = { 0 }, s[4] = { 0 };
  double n = moments->n_finite, pivot;
  WsCentralMoments central;

  for (gsize i = 0; i < n_bins; i++)
    ws_sum_add (&sum, bins[i].count * bins[i].value);
  pivot = (sum.high + sum.low) / n;
  for (gsize i = 0; i < n_bins; i++)
    {
      double distance = bins[i].value - pivot;
      double term = bins[i].count;

      for (int k = 0; k < 4; k++)
        ws_sum_add (&s[k], term *= distance);
    }
  ws_central_moments_init_pivot (&central, n, pivot, s[0].high + s[0].low, s[1].high + s[1].low,
                                 s[2].high + s[2].low, s[3].high + s[3].low);
  ws_central_moments_finish (&central, 1.0, moments);
}

/* The exponent of a value of 16 bits or fewer: a normal number, or 0 with one below all of them. */
static inline int
get_exponent (double value)
{
  guint64 bits;

  memcpy (&bits, &value, sizeof bits);
  return (int) (bits >> 52 & 0x7ff) - 1023;
}

/* Values of one exponent come together. */
static void
compute_rms_ulp (const WsPatternMoments *self, const Bin *bins, gsize n_bins, WsMoments *moments)
{
  int last = G_MAXINT;
  double square = 0.0;
  WsUlp ulp;
  WsSum sum = { 0 };

  if (!ws_dtype_get_ulp (self->dtype, &ulp))
    return;
  for (gsize i = 0; i < n_bins; i++)
    {
      const int exponent = MAX (get_exponent (bins[i].value), ulp.min_exponent);

      if (exponent != last)
        square = ldexp (1.0, 2 * (exponent - ulp.n_digits));
      last = exponent;
      ws_sum_add (&sum, bins[i].count * square);
    }
  moments->rms_ulp = sqrt ((sum.high + sum.low) / moments->n_finite);
}

void
ws_pattern_moments_finish (WsPatternMoments *self, WsMoments *moments)
{
  g_autofree Bin *bins = NULL;
  gsize n_bins;

  ws_moments_init (moments);
  bins = dup_bins (self, &n_bins, moments);
  moments->first_nonfinite = self->first_bad;
  if (n_bins == 0)
    return;
  for (gsize i = 0; i < n_bins; i++)
    {
      if (bins[i].value == 0.0)
        moments->n_zero += bins[i].count;
      if (fabs (bins[i].value) <= self->zero_eps)
        moments->n_near_zero += bins[i].count;
    }
  moments->min = bins[0].value;
  moments->max = bins[n_bins - 1].value;
  moments->abs_max = fmax (fabs (moments->min), fabs (moments->max));
  compute_sums (bins, n_bins, moments);
  compute_quantiles (bins, moments);
  compute_rms_ulp (self, bins, n_bins, moments);
}

gsize
ws_pattern_moments_get_required_bytes (guint64 n_elements)
{
  if (n_elements <= WS_MOMENTS_FEW)
    return sizeof (WsPatternMoments) + STRIDE * sizeof (guint16) +
           n_elements * (2 * sizeof (guint16) + sizeof (double) + sizeof (Bin));
  return sizeof (WsPatternMoments) + sizeof (Patterns) +
         N_PATTERNS * (2 * sizeof (guint32) + sizeof (Bin)) +
         (n_elements > FLUSH_EVERY ? N_PATTERNS * sizeof (guint64) : 0);
}
