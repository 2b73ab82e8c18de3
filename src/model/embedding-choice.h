/* SPDX-License-Identifier: MIT */
/* Which matrices of a model have a row for each token. */
#pragma once

#include "model/model.h"

G_BEGIN_DECLS

typedef enum
{
  WS_EMBEDDING_TOKENS,
  WS_EMBEDDING_OUTPUT, /* to the vocabulary: lm_head */
  WS_EMBEDDING_OTHER,  /* positions, token types: only when asked for by name */
} WsEmbeddingKind;

typedef struct
{
  const WsTensor *tensor; /* of the model */
  WsEmbeddingKind kind;
} WsEmbedding;

/* Every matrix of @model whose rows could be clustered, the best first: token embeddings before
 * outputs before others; among them by how their rows fit the vocabulary (of the configuration, of
 * the tokenizer), by whether they lie outside the layers, by columns, rows and name. What cannot be
 * analysed is left out. Where no tensor is an embedding by its name, those of no known role with a
 * row for each token are.
 * @n_vocab: tokens of the tokenizer; 0: unknown
 * Returns: (element-type WsEmbedding) (transfer full): may be empty */
GArray *ws_embeddings_find (const WsModel *model, guint64 n_vocab);

G_END_DECLS
