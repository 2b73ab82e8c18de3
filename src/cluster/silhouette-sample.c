/* SPDX-License-Identifier: MIT */
/* Which points of each cluster silhouettes look at: those with the least random numbers. */
#include "cluster/silhouette-private.h"

#include "cluster/random.h"

/* With 32 groups the standard error is known to an eighth of itself, with 4 to a half; the sums
 * that are held, 8 bytes for each part and point, shall not grow without need. */
#define MAX_GROUPS 32
#define MIN_GROUPS 4
#define PARTS 1024
/* Of the sample, what a cluster gets at least: 50 points of 10,000 tell its mean silhouette to
 * 0.03. A judgement. */
#define LEAST_PART 200

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

guint64
ws_silhouette_sample_get_least (guint k, guint64 n_sample)
{
  return MAX (2, n_sample / MAX (LEAST_PART, 2 * (guint64) k));
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
    members[i] = (Member){ .key = shuffle ? ws_random_get (seed, WS_PAIRS_STREAM, i) : 0,
                           .cluster = clustering->labels[i],
                           .point = i };
  qsort (members, clustering->n, sizeof *members, compare_members);
  return members;
}

/* How many of cluster @c: @members, in the order in which they are drawn. */
static gsize
count_drawn (const WsClustering *clustering, const WsPairs *pairs, const Member *members, guint c)
{
  const gsize size = clustering->sizes[c];
  const gsize least = ws_silhouette_sample_get_least (clustering->k, pairs->n_sample);
  gsize n_shared = 0;

  if (pairs->is_exact)
    return size;
  while (n_shared < size && pairs->places[members[n_shared].point] != G_MAXUINT32)
    n_shared++;
  return MAX (n_shared, MIN (size, least));
}

/* @n of the members of cluster @c into its groups. The groups begin where those of the cluster
 * before ended, so that what is left over of small clusters is not all in the first. */
static void
add_cluster (WsSilhouetteSample *self, const Member *members, gsize n, guint c,
             const WsPairs *pairs)
{
  const guint n_groups = self->n_groups;
  const guint offset = self->n % n_groups;

  for (guint g = 0; g < n_groups; g++)
    {
      self->starts[c * n_groups + g] = self->n;
      for (gsize i = (g + n_groups - offset) % n_groups; i < n; i += n_groups)
        {
          const guint32 point = members[i].point;
          guint32 place = pairs->places[point];

          if (place == G_MAXUINT32)
            {
              place = pairs->shared.n_blocks * WS_PAIRS_SIDE + self->n_own;
              self->own[self->n_own++] = point;
            }
          self->places[self->n++] = place;
        }
    }
}

void
ws_silhouette_sample_init (WsSilhouetteSample *self, const WsClustering *clustering,
                           const WsPairs *pairs)
{
  const gsize n = clustering->n;
  const guint k = clustering->k;
  g_autofree Member *members = list_members (clustering, !pairs->is_exact, pairs->seed);

  *self =
      (WsSilhouetteSample){ .k = k,
                            .n_groups = ws_silhouette_sample_get_n_groups (n, k, pairs->n_sample) };
  self->places = g_new (guint32, n);
  self->own = g_new (guint32, n);
  self->starts = g_new (gsize, (gsize) k * self->n_groups + 1);
  for (gsize i = 0, c = 0; c < k; i += clustering->sizes[c], c++)
    add_cluster (self, members + i, count_drawn (clustering, pairs, members + i, c), c, pairs);
  self->starts[(gsize) k * self->n_groups] = self->n;
}

void
ws_silhouette_sample_clear (WsSilhouetteSample *self)
{
  g_clear_pointer (&self->places, g_free);
  g_clear_pointer (&self->own, g_free);
  g_clear_pointer (&self->starts, g_free);
}

gsize
ws_silhouette_sample_count (const WsSilhouetteSample *self, guint cluster)
{
  return self->starts[(cluster + 1) * self->n_groups] - self->starts[cluster * self->n_groups];
}
