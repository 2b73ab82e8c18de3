/* SPDX-License-Identifier: MIT */
/* Putting tokens in order, and finding them by what they say: work for a thread. */
#pragma once

#include "cluster-session.h"

G_BEGIN_DECLS

typedef enum
{
  WS_TOKEN_ORDER_NEAREST, /* to the centre of the own cluster */
  WS_TOKEN_ORDER_FARTHEST,
  WS_TOKEN_ORDER_LONGEST, /* greatest norm first */
  WS_TOKEN_ORDER_SHORTEST,
  WS_TOKEN_ORDER_ID,
} WsTokenOrder;

/* One list on its way; the worker fills @sorted. */
typedef struct
{
  WsTokenOrder order;
  GArray *points;          /* (element-type guint32) never changed */
  WsEmbeddingFacts *facts; /* (nullable) */
  WsClusterRows *rows;     /* (nullable) */
  GArray *sorted;          /* (element-type guint32) */
} WsTokenOrdering;

WsTokenOrdering *ws_token_ordering_new (WsTokenOrder order, GArray *points,
                                        const WsEmbeddingFacts *facts, WsClusterRows *rows);
void ws_token_ordering_free (WsTokenOrdering *self);
gboolean ws_token_ordering_execute (WsJob *job, gpointer data, GError **error);

/* One search on its way; the worker fills @ids. */
typedef struct
{
  char *words;
  WsTokenizer *tokenizer; /* (nullable): then the words are an id */
  GArray *ids;            /* (element-type guint) the best first */
} WsTokenSearch;

WsTokenSearch *ws_token_search_new (const char *words, WsTokenizer *tokenizer);
void ws_token_search_free (WsTokenSearch *self);
gboolean ws_token_search_execute (WsJob *job, gpointer data, GError **error);

G_END_DECLS
