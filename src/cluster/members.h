/* SPDX-License-Identifier: MIT */
/* The members of a cluster, the most typical first. */
#pragma once

#include "cluster/kmeans.h"

G_BEGIN_DECLS

/* By distance to the own centre, of equal ones the least point first.
 * @cluster: below k
 * @n: (out): sizes[cluster]
 * Returns: (transfer full): points, not rows of the matrix (see WsPoints) */
guint32 *ws_members_sort (const WsClustering *clustering, guint cluster, gsize *n);

G_END_DECLS
