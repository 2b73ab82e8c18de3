/* SPDX-License-Identifier: MIT */
/* What the page says of each cluster of a clustering, computed once for each k. */
#pragma once

#include "cluster/embedding-facts.h"
#include "cluster/sweep.h"
#include "job.h"
#include "model/tokenizer.h"

G_BEGIN_DECLS

typedef struct
{
  char *name; /* of the tokens nearest to its centre, "dog · cat · horse"; safe to show */
  double share;
  double silhouette;  /* NAN: unknown */
  double median_norm; /* of the raw vectors; NAN: unknown */
} WsClusterRow;

/* Immutable, shared by widgets. */
typedef struct
{
  WsSweepEntry *entry;
  guint k;
  gsize n;
  guint32 *order; /* the points: of cluster 0 from its centre outwards, then of cluster 1 … */
  gsize *starts;  /* k + 1: where each begins in @order */
  WsClusterRow *rows;
  int ref_count;
} WsClusterRows;

WsClusterRows *ws_cluster_rows_ref (WsClusterRows *self);
void ws_cluster_rows_unref (WsClusterRows *self);

/* Blocks: sorts all points. NULL when cancelled.
 * @facts, @tokenizer: (nullable)
 * @token_ids: (nullable) of each point; NULL: the same */
WsClusterRows *ws_cluster_rows_compute (WsSweepEntry *entry, const WsEmbeddingFacts *facts,
                                        const WsTokenizer *tokenizer, const guint32 *token_ids,
                                        GCancellable *cancellable, GError **error);

/* Of a token as it is read; "#123" where there is no tokenizer. (transfer full) */
char *ws_token_dup_label (const WsTokenizer *tokenizer, guint32 id);
/* The same, and below it the piece of the vocabulary where that is another. (transfer full) */
char *ws_token_dup_tooltip (const WsTokenizer *tokenizer, guint32 id);
/* As it stands in the vocabulary; NULL where that has none. (transfer full) */
char *ws_token_dup_piece (const WsTokenizer *tokenizer, guint32 id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsClusterRows, ws_cluster_rows_unref)

G_END_DECLS
