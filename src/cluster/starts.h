/* SPDX-License-Identifier: MIT */
/* Where k-means starts, for one k after the other. */
#pragma once

#include "cluster/lloyd.h"

G_BEGIN_DECLS

typedef struct _WsStarts WsStarts;

/* @rows: borrowed. What is common to several k is computed for the first one and kept. */
WsStarts *ws_starts_new (const WsRows *rows, guint64 seed);
void ws_starts_free (WsStarts *self);

/* Of a sample some hundreds of places are made, which are put into groups in @n_init ways; the best
 * of them is iterated on the sample. For so many clusters that places would be too many, k-means++
 * on the sample. A function of the rows, the seed, @k and @n_init: not of what was asked for
 * before.
 * @k: at most the number of different rows
 * @centroids: (out): k x d
 * Advances @work by ws_starts_estimate_work. */
gboolean ws_starts_choose (WsStarts *self, guint k, guint n_init, float *centroids, WsWork *work,
                           GError **error);

/* What choose takes next; less when the sample and the places are there. */
double ws_starts_estimate_work (const WsStarts *self, guint k, guint n_init);
guint64 ws_starts_get_required_bytes (gsize n, gsize d, guint k);

/* Seconds that went into what is common to several k. */
double ws_starts_get_seconds (const WsStarts *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsStarts, ws_starts_free)

G_END_DECLS
