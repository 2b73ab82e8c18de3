/* SPDX-License-Identifier: MIT */
/* Opening the Embeddings page: which matrices could be clustered, their tokens, and what the store
 * knows already. Computes nothing. */
#pragma once

#include "analysis/cluster-run.h"
#include "job.h"

G_BEGIN_DECLS

/* The worker fills it; the main thread takes from it when the work is done. */
typedef struct
{
  WsModel *model;
  WsClusterOptions options; /* its tensor: NULL for the best */
  gboolean finds;           /* looks for embeddings and tokens, else only into the store */
  GArray *embeddings;       /* (element-type WsEmbedding) the best first */
  WsTokenizer *tokenizer;   /* (nullable) */
  char *tokenizer_note;     /* (nullable) why there is none */
  WsClusterStudy *study;    /* (nullable) what was stored */
  char *warning;            /* (nullable) of the store */
} WsClusterLoading;

/* @model: with what it reads through, it may be elsewhere */
WsClusterLoading *ws_cluster_loading_new (WsModel *model, const WsClusterOptions *options,
                                          gboolean finds);
/* Any thread. */
void ws_cluster_loading_free (WsClusterLoading *self);

/* The work of a job with a WsClusterLoading as data. Fails only when cancelled. */
gboolean ws_cluster_loading_execute (WsJob *job, gpointer data, GError **error);

G_END_DECLS
