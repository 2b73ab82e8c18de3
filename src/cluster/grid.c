/* SPDX-License-Identifier: MIT */
/* Which k a sweep looks at, and in which order. */
#include "cluster/elbow.h"
#include "cluster/pace.h"

#include <math.h>

/* Every k up to it is looked at. */
#define DENSE 20
/* From one k to the next beyond: the fourth root of 2. */
#define STEPS_TO_DOUBLE 4
/* k that refining adds at most. */
#define MOST_REFINED 16
/* Rules that say which k is best: three of the elbow, silhouette, Calinski-Harabasz. */
#define N_RULES 5

static guint
get_most (gsize n, const WsSweepOptions *options)
{
  return MIN (n, MAX (options->k_max, 1));
}

GArray *
ws_sweep_list_k (gsize n, const WsSweepOptions *options)
{
  GArray *list = g_array_new (FALSE, FALSE, sizeof (guint));
  const guint most = options->k > 0 ? options->k : get_most (n, options);
  guint k;

  if (options->k == 0)
    {
      for (k = 1; k <= MIN (DENSE, most); k++)
        g_array_append_val (list, k);
      for (guint i = 1; k < most; i++)
        {
          k = round (DENSE * exp2 ((double) i / STEPS_TO_DOUBLE));
          /* not one that is nearer to the last one than to the one before */
          if (k * exp2 (0.5 / STEPS_TO_DOUBLE) < most)
            g_array_append_val (list, k);
        }
    }
  if (list->len == 0 || g_array_index (list, guint, list->len - 1) < most)
    g_array_append_val (list, most);
  return list;
}

static const WsSweepEntry *
find_entry (const GPtrArray *curve, guint k)
{
  for (guint i = 0; i < curve->len; i++)
    {
      const WsSweepEntry *entry = g_ptr_array_index (curve, i);

      if (entry->clustering->k == k)
        return entry;
    }
  return NULL;
}

/* A curve as the sweep has gone through it: entries that something else added are not in it. */
typedef struct
{
  guint n;
  guint *k;
  double *inertia, *silhouette, *calinski_harabasz;
} Path;

static void
path_init (Path *self, guint most)
{
  *self = (Path){ .k = g_new (guint, most), .inertia = g_new (double, 3 * most) };
  self->silhouette = self->inertia + most;
  self->calinski_harabasz = self->silhouette + most;
}

static void
path_clear (Path *self)
{
  g_free (self->k);
  g_free (self->inertia);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Path, path_clear)

static void
path_set (Path *self, guint i, const WsSweepEntry *entry)
{
  self->k[i] = entry->clustering->k;
  self->inertia[i] = entry->clustering->inertia;
  self->silhouette[i] = entry->silhouette.mean;
  self->calinski_harabasz[i] = entry->criteria.calinski_harabasz;
}

/* Where it belongs by its k. */
static void
path_insert (Path *self, const WsSweepEntry *entry)
{
  guint i = self->n++;

  for (; i > 0 && self->k[i - 1] > entry->clustering->k; i--)
    {
      self->k[i] = self->k[i - 1];
      self->inertia[i] = self->inertia[i - 1];
      self->silhouette[i] = self->silhouette[i - 1];
      self->calinski_harabasz[i] = self->calinski_harabasz[i - 1];
    }
  path_set (self, i, entry);
}

/* 0: no value is known. */
static guint
find_greatest (const Path *self, const double *values)
{
  guint k = 0;
  double greatest = -INFINITY;

  for (guint i = 0; i < self->n; i++)
    if (values[i] > greatest)
      {
        greatest = values[i];
        k = self->k[i];
      }
  return k;
}

/* The middle of the wider gap beside @k; 0: it has neighbours on both sides. */
static guint
split_gap (const Path *self, guint k)
{
  guint i = 0, below, above;

  while (i < self->n && self->k[i] < k)
    i++;
  if (k == 0 || i == self->n)
    return 0;
  below = i > 0 ? k - self->k[i - 1] : 1;
  above = i + 1 < self->n ? self->k[i + 1] - k : 1;
  if (MAX (below, above) < 2)
    return 0;
  return below >= above ? k - below / 2 : k + above / 2;
}

/* @rules: (out): N_RULES */
static void
list_rules (const Path *self, guint *rules)
{
  WsElbow elbow;

  ws_elbow_find (&elbow, self->k, self->inertia, self->n);
  rules[0] = elbow.kneedle;
  rules[1] = elbow.chord;
  rules[2] = elbow.second_difference;
  rules[3] = find_greatest (self, self->silhouette);
  rules[4] = find_greatest (self, self->calinski_harabasz);
}

static guint
refine (const Path *self)
{
  guint rules[N_RULES];

  list_rules (self, rules);
  for (guint i = 0; i < N_RULES; i++)
    {
      const guint k = split_gap (self, rules[i]);

      if (k > 0)
        return k;
    }
  return 0;
}

guint
ws_sweep_get_next_k (gsize n, const WsSweepOptions *options, const GPtrArray *curve)
{
  g_autoptr (GArray) list = ws_sweep_list_k (n, options);
  g_auto (Path) path = { 0 };

  path_init (&path, list->len + MOST_REFINED);
  for (guint i = 0; i < list->len; i++)
    {
      const guint k = g_array_index (list, guint, i);
      const WsSweepEntry *entry = find_entry (curve, k);

      if (entry == NULL)
        return k;
      path_insert (&path, entry);
    }
  while (path.n < list->len + MOST_REFINED)
    {
      const guint k = refine (&path);
      const WsSweepEntry *entry = k > 0 ? find_entry (curve, k) : NULL;

      if (entry == NULL)
        return k;
      path_insert (&path, entry);
    }
  return 0;
}

/* How often @gap can be halved until neighbours are left. */
static guint
count_halvings (guint gap)
{
  guint n = 0;

  for (; gap > 1; gap = (gap + 1) / 2)
    n++;
  return n;
}

/* Of the list, what is beside @k. */
static void
add_halvings (const GArray *list, guint k, GArray *expected)
{
  for (guint i = 1; i < list->len; i++)
    {
      const guint below = g_array_index (list, guint, i - 1);
      const guint above = g_array_index (list, guint, i);

      if (below <= k && k <= above)
        for (guint n = count_halvings (above - below); n > 0; n--)
          g_array_append_val (expected, k);
    }
}

GArray *
_ws_sweep_list_expected (gsize n, const WsSweepOptions *options, const GPtrArray *curve)
{
  g_autoptr (GArray) list = ws_sweep_list_k (n, options);
  GArray *expected = g_array_new (FALSE, FALSE, sizeof (guint));
  g_auto (Path) path = { 0 };
  guint rules[N_RULES], n_refined = 0, n_missing;

  path_init (&path, curve->len + 1);
  for (guint i = 0; i < curve->len; i++)
    path_insert (&path, g_ptr_array_index (curve, i));
  for (guint i = 0; i < list->len; i++)
    {
      const guint k = g_array_index (list, guint, i);

      if (find_entry (curve, k) == NULL)
        g_array_append_val (expected, k);
      else
        n_refined++;
    }
  n_missing = expected->len;
  n_refined = curve->len - n_refined;
  list_rules (&path, rules);
  for (guint i = 0; i < N_RULES; i++)
    {
      gboolean is_new = rules[i] > 0 && (n_refined == 0 || split_gap (&path, rules[i]) > 0);

      for (guint j = 0; j < i; j++)
        is_new &= rules[j] != rules[i];
      if (is_new)
        add_halvings (list, rules[i], expected);
    }
  /* what has been refined is part of what was expected; at the end what comes next is known */
  if (n_missing == 0)
    {
      const guint k = ws_sweep_get_next_k (n, options, curve);

      g_array_set_size (
          expected, k == 0 ? 0 : CLAMP (expected->len, n_refined + 1, MOST_REFINED) - n_refined);
      for (guint i = 0; i < expected->len; i++)
        g_array_index (expected, guint, i) = k;
    }
  else if (expected->len > n_missing + MOST_REFINED)
    g_array_set_size (expected, n_missing + MOST_REFINED);
  return expected;
}
