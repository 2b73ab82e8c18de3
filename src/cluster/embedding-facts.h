/* SPDX-License-Identifier: MIT */
/* What the rows of an embedding are like before anything is done to them. */
#pragma once

#include "cluster/points.h"
#include "matrix/moments.h"

G_BEGIN_DECLS

/* Immutable once made. */
typedef struct
{
  gsize n;
  float *norms; /* (owned) n: the length of each point */
  /* The mean cosine of two different points, of all pairs: (|sum of u|^2 - m) / (m (m - 1)) for
   * the m points that are not 0, u being their directions; NAN for m < 2. (Ethayarajh, EMNLP 2019,
   * there from a sample.) */
  double anisotropy;
  double anisotropy_centred; /* the same after the mean of all points is taken off */
  /* of the norms; at ws_quantile_probabilities, linear between order statistics */
  double norm_quantiles[WS_N_QUANTILES];
  /* (owned) (element-type guint32) rows of the matrix that training may never have touched: their
   * norm, or their distance to the mean of all points, is not above the 0.1 % quantile, and below
   * the median. One in a thousand rows is, in any matrix: a list to look at. The one first that is
   * the least part of the median. */
  GArray *untrained;
  int ref_count; /* atomic */
} WsEmbeddingFacts;

WsEmbeddingFacts *ws_embedding_facts_ref (WsEmbeddingFacts *self);
void ws_embedding_facts_unref (WsEmbeddingFacts *self);

/* Takes 40 bytes for each point, and reads them twice.
 * @points: not normalized
 * @team: (nullable): the same bits without
 * Looks at @cancellable between blocks: under 0.5 s.
 * Errors: cancelled, or no memory. */
WsEmbeddingFacts *ws_embedding_facts_compute (const WsPoints *points, WsTeam *team,
                                              GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsEmbeddingFacts, ws_embedding_facts_unref)

G_END_DECLS
