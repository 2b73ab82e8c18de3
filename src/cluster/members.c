/* SPDX-License-Identifier: MIT */
/* The members of a cluster, the most typical first. */
#include "cluster/members.h"

static int
compare_points (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const float *distances = user_data;
  const guint32 left = *(const guint32 *) a, right = *(const guint32 *) b;

  if (distances[left] != distances[right])
    return distances[left] < distances[right] ? -1 : 1;
  return left < right ? -1 : left > right;
}

guint32 *
ws_members_sort (const WsClustering *clustering, guint cluster, gsize *n)
{
  guint32 *points;

  g_return_val_if_fail (cluster < clustering->k, NULL);
  points = g_new (guint32, MAX (clustering->sizes[cluster], 1));
  *n = 0;
  for (gsize i = 0; i < clustering->n; i++)
    if (clustering->labels[i] == cluster && *n < clustering->sizes[cluster])
      points[(*n)++] = i;
  g_qsort_with_data (points, *n, sizeof *points, compare_points, clustering->distances);
  return points;
}
