/* SPDX-License-Identifier: MIT */
/* Which k a sweep looks at, and in which order. */
#include "cluster/sweep.h"

#include <math.h>

/* Every k up to it is looked at. */
#define DENSE 20
/* From one k to the next beyond: the fourth root of 2. */
#define STEPS_TO_DOUBLE 4

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

guint
ws_sweep_get_next_k (gsize n, const WsSweepOptions *options, const GPtrArray *curve)
{
  g_autoptr (GArray) list = ws_sweep_list_k (n, options);

  for (guint i = 0; i < list->len; i++)
    {
      const guint k = g_array_index (list, guint, i);

      if (find_entry (curve, k) == NULL)
        return k;
    }
  return 0;
}
