/* SPDX-License-Identifier: MIT */
/* Points and clusterings that tests write down. */
#pragma once

#include "cluster/kmeans.h"

G_BEGIN_DECLS

typedef struct
{
  WsPoints points;
  WsClustering clustering;
} ClusterFixture;

/* @values: n x d; @labels: n, below k */
void cluster_fixture_init (ClusterFixture *self, gsize n, gsize d, const float *values, guint k,
                           const guint32 *labels);
/* Around @k centres at a distance of about @separation, with a standard deviation of 1; the labels
 * say which. */
void cluster_fixture_init_planted (ClusterFixture *self, gsize n, gsize d, guint k,
                                   double separation, guint64 seed);
void cluster_fixture_clear (ClusterFixture *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ClusterFixture, cluster_fixture_clear)

/* Standard normal numbers: pure. */
double cluster_fixture_get_normal (guint64 seed, guint64 counter);

G_END_DECLS
