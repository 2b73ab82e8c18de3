/* SPDX-License-Identifier: MIT */
/* Points seen from afar: some hundreds of places, each with the number of points that it stands
 * for. Small enough that many starts can be followed to their end. */
#pragma once

#include "cluster/lloyd.h"

G_BEGIN_DECLS

typedef struct
{
  guint m; /* places */
  gsize d;
  float *centroids; /* (owned) m x d */
  double *weights;  /* (owned) m: the number of rows there, above 0 */
  double *products; /* (owned) m x m: of the places, seen from the mean of the rows */
} WsCoarse;

/* The places are clusters of @rows, begun with draws by the squared distance to those drawn before,
 * and iterated some times.
 * @most: places wanted; fewer when there are fewer different rows
 * @stream: of the random numbers
 * Advances @work by ws_coarse_estimate_work. */
gboolean ws_coarse_init (WsCoarse *self, const WsRows *rows, guint most, guint64 seed,
                         guint64 stream, WsWork *work, GError **error);
void ws_coarse_clear (WsCoarse *self);

double ws_coarse_estimate_work (gsize n, gsize d, guint most);
/* With what ws_coarse_init takes meanwhile. */
guint64 ws_coarse_get_required_bytes (gsize n, gsize d, guint most);

/* The best of @n_init ways to put the places into k groups: each begins as k-means++ does, then
 * moves single places from group to group as long as that makes the inertia smaller (Hartigan).
 * @k: at most m
 * @centroids: (out): k x d, the means of the groups
 * Returns: FALSE: cancelled */
gboolean ws_coarse_group (const WsCoarse *self, guint k, guint n_init, guint64 seed, guint64 stream,
                          float *centroids, WsWork *work, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsCoarse, ws_coarse_clear)

G_END_DECLS
