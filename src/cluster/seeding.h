/* SPDX-License-Identifier: MIT */
/* Where k-means starts: k-means++ with several candidates for each centre. */
#pragma once

#include "cluster/lloyd.h"

G_BEGIN_DECLS

/* Chooses rows as centres: the first by chance, each next one out of some that are drawn with a
 * chance that grows with the squared distance to the nearest centre, the one that leaves the least
 * sum of squares.
 * @stream: of the random numbers
 * @centroids: (out): k x d
 * Source: Arthur, Vassilvitskii, k-means++, SODA 2007: with the number of candidates, 2 + ln k,
 * that their experiments use. Advances @work by ws_seeding_estimate_work. */
gboolean ws_seeding_run (const WsRows *rows, guint k, guint64 seed, guint64 stream,
                         float *centroids, WsWork *work, GError **error);

double ws_seeding_estimate_work (gsize n, gsize d, guint k);

G_END_DECLS
