/* SPDX-License-Identifier: MIT */
/* Points and clusterings that tests write down. */
#include "cluster-fixture.h"

#include "cluster/random.h"

#include <math.h>
#include <string.h>

static void
label (ClusterFixture *self, guint k, const guint32 *labels)
{
  const gsize n = self->points.n, d = self->points.d;
  WsClustering *clustering = &self->clustering;

  *clustering = (WsClustering){ .k = k, .n = n, .d = d, .ref_count = 1 };
  clustering->labels = g_memdup2 (labels, n * sizeof *labels);
  clustering->centroids = g_new0 (float, k *d);
  clustering->distances = g_new0 (float, n);
  clustering->sizes = g_new0 (guint64, k);
  for (gsize i = 0; i < n; i++)
    {
      clustering->sizes[labels[i]]++;
      for (gsize j = 0; j < d; j++)
        clustering->centroids[labels[i] * d + j] += self->points.values[i * d + j];
    }
  for (guint c = 0; c < k; c++)
    for (gsize j = 0; j < d; j++)
      clustering->centroids[c * d + j] /= MAX (clustering->sizes[c], 1);
  for (gsize i = 0; i < n; i++)
    {
      double square = 0.0;

      for (gsize j = 0; j < d; j++)
        {
          const double difference =
              self->points.values[i * d + j] - clustering->centroids[labels[i] * d + j];

          square += difference * difference;
        }
      clustering->distances[i] = sqrt (square);
      clustering->inertia += square;
    }
}

void
cluster_fixture_init (ClusterFixture *self, gsize n, gsize d, const float *values, guint k,
                      const guint32 *labels)
{
  ws_points_init (&self->points, n, d, values);
  label (self, k, labels);
}

double
cluster_fixture_get_normal (guint64 seed, guint64 counter)
{
  const double u = ws_random_get_uniform (seed, 1, counter);
  const double v = ws_random_get_uniform (seed, 2, counter);

  return sqrt (-2.0 * log (1.0 - u)) * cos (2.0 * G_PI * v);
}

void
cluster_fixture_init_planted (ClusterFixture *self, gsize n, gsize d, guint k, double separation,
                              guint64 seed)
{
  g_autofree float *values = g_new (float, n *d);
  g_autofree guint32 *labels = g_new (guint32, n);

  for (gsize i = 0; i < n; i++)
    {
      labels[i] = i % k;
      for (gsize j = 0; j < d; j++)
        values[i * d + j] =
            cluster_fixture_get_normal (seed, i * d + j) +
            separation / sqrt (2.0 * d) * cluster_fixture_get_normal (~seed, labels[i] * d + j);
    }
  cluster_fixture_init (self, n, d, values, k, labels);
}

void
cluster_fixture_clear (ClusterFixture *self)
{
  ws_points_clear (&self->points);
  g_free (self->clustering.labels);
  g_free (self->clustering.centroids);
  g_free (self->clustering.distances);
  g_free (self->clustering.sizes);
}
