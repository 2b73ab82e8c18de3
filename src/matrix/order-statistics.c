/* SPDX-License-Identifier: MIT */
/* Exact order statistics of numbers that are seen several times but never stored. */
#include "matrix/order-statistics.h"

#include "base/sort.h"
#include "matrix/moments.h"

#include <string.h>

#define N_BINS 65536
/* two neighbours for each quantile */
#define MAX_TARGETS 16

/* One prefix of sort keys that holds a wanted order statistic. */
typedef struct
{
  guint64 prefix;
  guint64 *counts; /* N_BINS, of the next 16 bits */
} Group;

typedef struct
{
  guint64 rank;   /* among the values that share @prefix */
  guint64 prefix; /* the bits known so far */
} Target;

struct _WsOrderStatistics
{
  guint n_bits;
  guint n_known; /* bits of each prefix */
  guint n_groups;
  Group groups[MAX_TARGETS];
  guint n_targets;
  Target targets[MAX_TARGETS];
  guint8 *is_wanted; /* whether a target begins with these 16 bits: most values are dismissed by
                      * one look */
  guint64 *few;      /* sort keys of all values; then there are no tables */
  guint64 n_few, n_most;
};

/* An unsigned integer that sorts as the number does: flip the sign bit of positive numbers and all
 * bits of negative ones. -0 sorts just below 0. */
static inline guint64
get_key_64 (double value)
{
  guint64 bits;

  memcpy (&bits, &value, sizeof bits);
  return bits ^ (((guint64) ((gint64) bits >> 63)) | G_GUINT64_CONSTANT (1) << 63);
}

static inline guint32
get_key_32 (double value)
{
  float narrow = value;
  guint32 bits;

  memcpy (&bits, &narrow, sizeof bits);
  return bits ^ (((guint32) ((gint32) bits >> 31)) | 1u << 31);
}

static double
get_value (guint64 key, guint n_bits)
{
  if (n_bits == 32)
    {
      guint32 bits = key >> 31 & 1 ? key ^ 1u << 31 : ~key;
      float value;

      memcpy (&value, &bits, sizeof value);
      return value;
    }
  else
    {
      guint64 bits = key >> 63 ? key ^ G_GUINT64_CONSTANT (1) << 63 : ~key;
      double value;

      memcpy (&value, &bits, sizeof value);
      return value;
    }
}

WsOrderStatistics *
ws_order_statistics_new (guint n_bits, guint64 n_values)
{
  WsOrderStatistics *self = g_new0 (WsOrderStatistics, 1);

  self->n_bits = n_bits;
  self->n_most = n_values;
  if (n_values <= WS_MOMENTS_FEW)
    {
      self->few = g_new (guint64, n_values);
      return self;
    }
  self->is_wanted = g_new0 (guint8, N_BINS);
  self->n_groups = 1;
  self->groups[0].counts = g_new0 (guint64, N_BINS);
  return self;
}

void
ws_order_statistics_free (WsOrderStatistics *self)
{
  for (guint i = 0; i < MAX_TARGETS; i++)
    g_free (self->groups[i].counts);
  g_free (self->is_wanted);
  g_free (self->few);
  g_free (self);
}

static inline void
count_key (WsOrderStatistics *self, guint64 key, guint64 prefix, guint shift)
{
  for (guint i = 0; i < self->n_groups; i++)
    if (self->groups[i].prefix == prefix)
      self->groups[i].counts[key >> shift & (N_BINS - 1)]++;
}

static inline guint64
get_key (const WsOrderStatistics *self, double value)
{
  return self->n_bits == 32 ? get_key_32 (value) : get_key_64 (value);
}

static void
keep (WsOrderStatistics *self, const double *values, gsize n)
{
  g_return_if_fail (n <= self->n_most - self->n_few);

  for (gsize i = 0; i < n; i++)
    self->few[self->n_few++] = get_key (self, values[i]);
}

void
ws_order_statistics_add (WsOrderStatistics *self, const double *values, gsize n)
{
  const guint shift = self->n_bits - self->n_known - 16;
  guint64 *counts = self->groups[0].counts;

  if (self->few)
    keep (self, values, n);
  else if (self->n_known == 0 && self->n_bits == 32)
    for (gsize i = 0; i < n; i++)
      counts[get_key_32 (values[i]) >> 16]++;
  else if (self->n_known == 0)
    for (gsize i = 0; i < n; i++)
      counts[get_key_64 (values[i]) >> 48]++;
  else
    for (gsize i = 0; i < n; i++)
      {
        guint64 key = get_key (self, values[i]);

        if (self->is_wanted[key >> (self->n_bits - 16)])
          count_key (self, key, key >> (shift + 16), shift);
      }
}

static guint64
get_position (double probability, guint64 n, double *fraction)
{
  double position = probability * (n - 1);
  guint64 rank = position;

  *fraction = position - rank;
  return rank;
}

static void
set_targets (WsOrderStatistics *self, guint64 n, const double *probabilities, guint n_quantiles)
{
  self->n_targets = 2 * n_quantiles;
  for (guint i = 0; i < n_quantiles; i++)
    {
      double fraction;
      guint64 rank = get_position (probabilities[i], n, &fraction);

      self->targets[2 * i] = (Target){ rank, 0 };
      self->targets[2 * i + 1] = (Target){ MIN (rank + 1, n - 1), 0 };
    }
}

static const Group *
find_group (const WsOrderStatistics *self, guint64 prefix)
{
  const Group *group = self->groups;

  while (group->prefix != prefix)
    group++;
  return group;
}

/* The next 16 bits of a target: the bin that its rank falls into. */
static void
extend_target (const WsOrderStatistics *self, Target *target)
{
  const guint64 *counts = find_group (self, target->prefix)->counts;
  guint bin = 0;

  while (target->rank >= counts[bin])
    target->rank -= counts[bin++];
  target->prefix = target->prefix << 16 | bin;
}

/* Empty tables for the prefixes that the targets have now. */
static void
set_groups (WsOrderStatistics *self)
{
  self->n_groups = 0;
  for (guint i = 0; i < self->n_targets; i++)
    {
      guint j = 0;

      while (j < self->n_groups && self->groups[j].prefix != self->targets[i].prefix)
        j++;
      if (j < self->n_groups)
        continue;
      if (!self->groups[j].counts)
        self->groups[j].counts = g_new (guint64, N_BINS);
      memset (self->groups[j].counts, 0, N_BINS * sizeof (guint64));
      self->groups[j].prefix = self->targets[i].prefix;
      self->n_groups++;
    }
}

/* All bits of all targets at once. */
static void
find_targets (WsOrderStatistics *self)
{
  g_autofree guint64 *spare = g_new (guint64, self->n_few);

  ws_sort_u64 (self->few, spare, self->n_few);
  for (guint i = 0; i < self->n_targets; i++)
    self->targets[i].prefix = self->few[self->targets[i].rank];
  self->n_known = self->n_bits;
}

/* 16 more bits of each target. */
static void
extend_targets (WsOrderStatistics *self)
{
  for (guint i = 0; i < self->n_targets; i++)
    extend_target (self, &self->targets[i]);
  self->n_known += 16;
  if (self->n_known == 16)
    for (guint i = 0; i < self->n_targets; i++)
      self->is_wanted[self->targets[i].prefix] = TRUE;
  if (self->n_known < self->n_bits)
    set_groups (self);
}

static double
interpolate (const WsOrderStatistics *self, guint index, double fraction)
{
  double low = get_value (self->targets[2 * index].prefix, self->n_bits);
  double high = get_value (self->targets[2 * index + 1].prefix, self->n_bits);

  /* halves, so that the difference of two extremes does not overflow */
  return low + 2.0 * (fraction * (0.5 * high - 0.5 * low));
}

gboolean
ws_order_statistics_end_pass (WsOrderStatistics *self, guint64 n, const double *probabilities,
                              guint n_quantiles, double *quantiles)
{
  g_return_val_if_fail (2 * n_quantiles <= MAX_TARGETS, TRUE);

  if (n == 0)
    return TRUE;
  if (self->n_known == 0)
    set_targets (self, n, probabilities, n_quantiles);
  if (self->few)
    find_targets (self);
  else
    extend_targets (self);
  if (self->n_known < self->n_bits)
    return FALSE;
  for (guint i = 0; i < n_quantiles; i++)
    {
      double fraction;

      get_position (probabilities[i], n, &fraction);
      quantiles[i] = interpolate (self, i, fraction);
    }
  return TRUE;
}

guint
ws_order_statistics_count_passes (guint n_bits, guint64 n_values)
{
  return n_values <= WS_MOMENTS_FEW ? 1 : n_bits / 16;
}

gsize
ws_order_statistics_get_required_bytes (guint64 n_values)
{
  if (n_values <= WS_MOMENTS_FEW)
    return sizeof (WsOrderStatistics) + 2 * n_values * sizeof (guint64);
  return sizeof (WsOrderStatistics) + N_BINS * (1 + MAX_TARGETS * sizeof (guint64));
}
