/* SPDX-License-Identifier: MIT */
/* Moments of types of 16 bits and fewer: count every bit pattern, then sum over the patterns.
 *
 * One increment for each element is all the work that depends on the size; quantiles are exact and
 * the result does not depend on the order of the blocks at all. */
#include "matrix/pattern-moments.h"

#include "matrix/central-moments.h"
#include "matrix/key-counts.h"

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
  WsKeyCounts *few;         /* of few elements; NULL: there are tables of all patterns */
  const Patterns *patterns; /* NULL with few elements */
  guint64 n_bad;            /* elements that are not finite, so far */
  gint64 first_bad;         /* row-major index; -1: none yet */
  guint32 *recent[2];       /* two tables, so that equal neighbours do not wait for each other */
  guint64 n_recent;         /* elements in recent */
  guint64 *counts;          /* of those that were in recent before; NULL: none yet */
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
  if (n_rows * n_cols <= WS_PATTERN_MOMENTS_FEW)
    self->few = ws_key_counts_new (dtype);
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
  g_clear_pointer (&self->few, ws_key_counts_free);
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
    n_bad = self->n_bad + ws_key_counts_add (self->few, stored, n);
  else
    {
      count (self, stored, n);
      n_bad = count_nonfinite (self);
    }
  if (n_bad != self->n_bad)
    find_nonfinite (self, stored, row, col, n_cols);
  self->n_bad = n_bad;
}

/* The elements of a pattern that occurs. */
static inline void
add_bin (WsBins *bins, double value, guint64 count)
{
  bins->values[bins->n] = value;
  bins->counts[bins->n++] = count;
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

/* The finite values that occur. */
static void
init_bins_of_tables (const WsPatternMoments *self, WsBins *bins, guint64 *n_nan, guint64 *n_inf)
{
  const Patterns *patterns = self->patterns;
  gboolean is_there[N_GROUPS];
  guint64 count;

  ws_bins_init (bins, self->n_patterns);
  for (guint i = 0; i < N_GROUPS; i++)
    is_there[i] = occurs (self, i);
  for (guint run = 0; run < patterns->n_runs; run++)
    if (is_there[patterns->finite[patterns->runs[run]] / GROUP])
      for (guint i = patterns->runs[run]; i < patterns->runs[run + 1]; i++)
        if ((count = get_count (self, patterns->finite[i])) > 0)
          add_bin (bins, patterns->values[patterns->finite[i]], count);
  *n_nan = *n_inf = 0;
  for (guint i = 0; i < patterns->n_nonfinite; i++)
    {
      count = get_count (self, patterns->nonfinite[i]);
      *(isnan (patterns->values[patterns->nonfinite[i]]) ? n_nan : n_inf) += count;
    }
}

/* The values at ascending ranks, each found from where the last one was. */
typedef struct
{
  gsize bin;
  double n_before;
} Place;

static double
advance (const WsBins *bins, Place *place, double rank)
{
  while (rank - place->n_before >= bins->counts[place->bin])
    place->n_before += bins->counts[place->bin++];
  return bins->values[place->bin];
}

static void
compute_quantiles (const WsBins *bins, WsMoments *moments)
{
  Place place = { 0 };

  for (int i = 0; i < WS_N_QUANTILES; i++)
    {
      double position = ws_quantile_probabilities[i] * (moments->n_finite - 1);
      guint64 rank = position;
      double low = advance (bins, &place, rank);
      Place next = place;
      double high = advance (bins, &next, MIN (rank + 1, moments->n_finite - 1));

      moments->quantile[i] = low + (position - rank) * (high - low);
    }
}

/* Two sums at a time, the width that every 64-bit processor has. */
typedef double Lanes __attribute__ ((vector_size (16)));

typedef struct
{
  Lanes high, low;
} LaneSums;

/* As ws_sum_add. */
static inline void
add_lanes (LaneSums *self, Lanes values)
{
  const Lanes sum = self->high + values;
  const Lanes part = sum - self->high;

  self->low += (self->high - (sum - part)) + (values - part);
  self->high = sum;
}

static double
get_sum (const LaneSums *lanes)
{
  WsSum sum = { lanes->high[0], lanes->low[0] + lanes->low[1] };

  ws_sum_add (&sum, lanes->high[1]);
  return sum.high + sum.low;
}

/* Of numbers from @index on; behind the last there is a 0. */
static inline Lanes
load (const double *numbers, gsize index, gsize n)
{
  return (Lanes){ numbers[index], index + 1 < n ? numbers[index + 1] : 0.0 };
}

static void
compute_sums (const WsBins *bins, WsMoments *moments)
{
  const double n = moments->n_finite;
  LaneSums sum = { 0 }, s[4] = { 0 };
  WsCentralMoments central;
  double pivot;

  for (gsize i = 0; i < bins->n; i += 2)
    add_lanes (&sum, load (bins->counts, i, bins->n) * load (bins->values, i, bins->n));
  pivot = get_sum (&sum) / n;
  for (gsize i = 0; i < bins->n; i += 2)
    {
      const Lanes distance = load (bins->values, i, bins->n) - pivot;
      Lanes term = load (bins->counts, i, bins->n);

      for (int k = 0; k < 4; k++)
        add_lanes (&s[k], term *= distance);
    }
  ws_central_moments_init_pivot (&central, n, pivot, get_sum (&s[0]), get_sum (&s[1]),
                                 get_sum (&s[2]), get_sum (&s[3]));
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
compute_rms_ulp (const WsPatternMoments *self, const WsBins *bins, WsMoments *moments)
{
  WsSum sum = { 0 };
  WsUlp ulp;

  if (!ws_dtype_get_ulp (self->dtype, &ulp))
    return;
  for (gsize i = 0; i < bins->n;)
    {
      const int exponent = MAX (get_exponent (bins->values[i]), ulp.min_exponent);
      double count = 0.0;

      for (; i < bins->n && MAX (get_exponent (bins->values[i]), ulp.min_exponent) == exponent; i++)
        count += bins->counts[i];
      ws_sum_add (&sum, ldexp (count, 2 * (exponent - ulp.n_digits)));
    }
  moments->rms_ulp = sqrt ((sum.high + sum.low) / moments->n_finite);
}

void
ws_pattern_moments_finish (WsPatternMoments *self, WsMoments *moments)
{
  g_auto (WsBins) bins = { 0 };

  ws_moments_init (moments);
  if (self->few)
    ws_key_counts_finish (self->few, &bins, &moments->n_nan, &moments->n_inf);
  else
    init_bins_of_tables (self, &bins, &moments->n_nan, &moments->n_inf);
  for (gsize i = 0; i < bins.n; i++)
    {
      moments->n_finite += (guint64) bins.counts[i];
      if (bins.values[i] == 0.0)
        moments->n_zero += (guint64) bins.counts[i];
      if (fabs (bins.values[i]) <= self->zero_eps)
        moments->n_near_zero += (guint64) bins.counts[i];
    }
  moments->n_elements = moments->n_finite + moments->n_nan + moments->n_inf;
  moments->first_nonfinite = self->first_bad;
  if (bins.n == 0)
    return;
  moments->min = bins.values[0];
  moments->max = bins.values[bins.n - 1];
  moments->abs_max = fmax (fabs (moments->min), fabs (moments->max));
  compute_sums (&bins, moments);
  compute_quantiles (&bins, moments);
  compute_rms_ulp (self, &bins, moments);
}

gsize
ws_pattern_moments_get_required_bytes (guint64 n_elements)
{
  if (n_elements <= WS_PATTERN_MOMENTS_FEW)
    return sizeof (WsPatternMoments) + ws_key_counts_get_required_bytes (n_elements);
  return sizeof (WsPatternMoments) + sizeof (Patterns) +
         N_PATTERNS * (2 * sizeof (guint32) + 2 * sizeof (double)) +
         (n_elements > FLUSH_EVERY ? N_PATTERNS * sizeof (guint64) : 0);
}
