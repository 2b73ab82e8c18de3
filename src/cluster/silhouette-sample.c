/* SPDX-License-Identifier: MIT */
/* Draws from each cluster the points with the least random numbers, which do not depend on k: the
 * samples of two clusterings have most points in common, so what differs is the clusterings. */
#include "cluster/silhouette-private.h"

#include "cluster/random.h"

/* Of random numbers, for this use. */
#define STREAM 0x73696c68
/* With 32 groups the standard error is known to an eighth of itself, with 4 to a half; the sums
 * that are held, 8 bytes for each part and point, shall not grow without need. */
#define MAX_GROUPS 32
#define MIN_GROUPS 4
#define PARTS 1024

typedef struct
{
  guint64 key;
  guint32 cluster;
  guint32 point;
} Member;

guint
ws_silhouette_sample_get_n_groups (gsize n, guint k, guint64 n_sample)
{
  if (n_sample == 0 || n_sample >= n)
    return 1;
  return CLAMP (PARTS / k, MIN_GROUPS, MAX_GROUPS);
}
static int
compare_members (const void *a, const void *b)
{
  const Member *left = a, *right = b;

  if (left->cluster != right->cluster)
    return left->cluster < right->cluster ? -1 : 1;
  if (left->key != right->key)
    return left->key < right->key ? -1 : 1;
  return left->point < right->point ? -1 : left->point > right->point;
}

/* All points: by cluster, in the order in which they are drawn. (transfer full) */
static Member *
list_members (const WsClustering *clustering, gboolean shuffle, guint64 seed)
{
  Member *members = g_new (Member, clustering->n);

  for (gsize i = 0; i < clustering->n; i++)
    members[i] = (Member){ .key = shuffle ? ws_random_get (seed, STREAM, i) : 0,
                           .cluster = clustering->labels[i],
                           .point = i };
  qsort (members, clustering->n, sizeof *members, compare_members);
  return members;
}

/* How many of each cluster: the first half of @n_sample the same number from each, what is left in
 * proportion to what is left of them. (transfer full) */
static guint64 *
share_out (const WsClustering *clustering, guint64 n_sample)
{
  const guint k = clustering->k;
  const guint64 n_each = MAX (2, n_sample / (2 * (guint64) k));
  guint64 *counts = g_new (guint64, k);
  guint64 n_taken = 0, n_open, n_more, n_left;

  for (guint c = 0; c < k; c++)
    {
      counts[c] = MIN (clustering->sizes[c], n_each);
      n_taken += counts[c];
    }
  n_open = clustering->n - n_taken;
  n_more = n_left = n_sample > n_taken ? MIN (n_sample - n_taken, n_open) : 0;
  for (guint c = 0; c < k && n_open > 0; c++)
    {
      const guint64 n = n_more * (clustering->sizes[c] - counts[c]) / n_open;

      counts[c] += n;
      n_left -= n;
    }
  /* by rounding fewer than k */
  for (guint c = 0; c < k && n_left > 0; c++)
    if (counts[c] < clustering->sizes[c])
      {
        counts[c]++;
        n_left--;
      }
  return counts;
}

/* Cluster @c of @members into its groups. The groups begin where those of the cluster before ended,
 * so that what is left over of small clusters is not all in the first. */
static void
add_cluster (WsSilhouetteSample *self, const Member *members, guint64 n, guint c, gsize *n_added)
{
  const guint n_groups = self->n_groups;
  const guint offset = *n_added % n_groups;
  gsize n_done = *n_added;

  for (guint g = 0; g < n_groups; g++)
    {
      self->starts[c * n_groups + g] = n_done;
      for (guint64 i = (g + n_groups - offset) % n_groups; i < n; i += n_groups)
        self->points[n_done++] = members[i].point;
    }
  *n_added = n_done;
}

void
ws_silhouette_sample_init (WsSilhouetteSample *self, const WsClustering *clustering,
                           guint64 n_sample, guint64 seed)
{
  const gsize n = clustering->n;
  const guint k = clustering->k;
  const guint n_groups = ws_silhouette_sample_get_n_groups (n, k, n_sample);
  const gboolean is_exact = n_groups == 1;
  g_autofree Member *members = list_members (clustering, !is_exact, seed);
  g_autofree guint64 *counts = is_exact ? NULL : share_out (clustering, n_sample);
  gsize n_added = 0;

  *self = (WsSilhouetteSample){ .k = k, .n_groups = n_groups };
  self->points = g_new (guint32, n);
  self->starts = g_new (gsize, (gsize) k * n_groups + 1);
  for (gsize i = 0, c = 0; c < k; i += clustering->sizes[c], c++)
    add_cluster (self, members + i, is_exact ? clustering->sizes[c] : counts[c], c, &n_added);
  self->starts[(gsize) k * n_groups] = self->n = n_added;
}

void
ws_silhouette_sample_clear (WsSilhouetteSample *self)
{
  g_clear_pointer (&self->points, g_free);
  g_clear_pointer (&self->starts, g_free);
}

gsize
ws_silhouette_sample_count (const WsSilhouetteSample *self, guint cluster)
{
  return self->starts[(cluster + 1) * self->n_groups] - self->starts[cluster * self->n_groups];
}
