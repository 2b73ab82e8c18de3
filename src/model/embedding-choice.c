/* SPDX-License-Identifier: MIT */
/* Embeddings in the order in which they are likely to be meant. */
#include "model/embedding-choice.h"

#include <string.h>

/* Rows that an embedding has beyond the vocabulary, for the sake of the machine: to a multiple of
 * 64 or 128 mostly, never a share of this. */
#define MAX_PADDING 1024

typedef struct
{
  WsEmbedding embedding;
  guint fit;    /* of the rows to the vocabulary: more is better */
  guint places; /* outside the layers, of the width of the model: more is better */
} Candidate;

static gboolean
is_close (guint64 n_rows, guint64 n_vocab)
{
  return n_vocab > 0 && n_rows >= n_vocab && n_rows - n_vocab <= MAX_PADDING;
}

/* Exact by the configuration; exact by the tokenizer; padded. */
static guint
get_fit (const WsModel *model, const WsTensor *tensor, guint64 n_vocab)
{
  const guint64 n_rows = tensor->dims[0];

  if (model->config.n_vocab > 0 && n_rows == model->config.n_vocab)
    return 3;
  if (n_vocab > 0 && n_rows == n_vocab)
    return 2;
  return is_close (n_rows, model->config.n_vocab) || is_close (n_rows, n_vocab) ? 1 : 0;
}

static gboolean
get_kind (const WsTensor *tensor, WsEmbeddingKind *kind)
{
  switch (tensor->block.type)
    {
    case WS_BLOCK_EMBEDDING:
      *kind = WS_EMBEDDING_TOKENS;
      return TRUE;
    case WS_BLOCK_OUTPUT:
      *kind = WS_EMBEDDING_OUTPUT;
      return TRUE;
    case WS_BLOCK_POSITION_EMBEDDING:
    case WS_BLOCK_TOKEN_TYPE_EMBEDDING:
    case WS_BLOCK_PATCH_EMBEDDING:
    case WS_BLOCK_SPECIAL_EMBEDDING:
      *kind = WS_EMBEDDING_OTHER;
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
can_be_clustered (const WsTensor *tensor)
{
  return tensor->n_dims == 2 && tensor->dims[0] > 1 && tensor->dims[1] > 0 &&
         tensor->not_analysed == NULL;
}

static int
compare_numbers (guint64 first, guint64 second)
{
  return (first < second) - (first > second); /* the greater first */
}

static int
compare_candidates (gconstpointer a, gconstpointer b)
{
  const Candidate *first = a, *second = b;
  const WsTensor *tensor = first->embedding.tensor, *other = second->embedding.tensor;
  int order;

  if (first->embedding.kind != second->embedding.kind)
    return first->embedding.kind < second->embedding.kind ? -1 : 1;
  if ((order = compare_numbers (first->fit, second->fit)) ||
      (order = compare_numbers (first->places, second->places)) ||
      (order = compare_numbers (tensor->dims[0], other->dims[0])) ||
      (order = compare_numbers (tensor->dims[1], other->dims[1])) ||
      /* "shared.weight" of T5 rather than its copies in the encoder and the decoder */
      (order = compare_numbers (strlen (other->name), strlen (tensor->name))))
    return order;
  return strcmp (tensor->name, other->name);
}

static void
add_candidate (GArray *candidates, const WsModel *model, const WsTensor *tensor,
               WsEmbeddingKind kind, guint64 n_vocab)
{
  const Candidate candidate = {
    { tensor, kind },
    kind == WS_EMBEDDING_OTHER ? 0 : get_fit (model, tensor, n_vocab),
    (tensor->block.layer_index < 0 ? 2 : 0) +
        (model->config.hidden_size > 0 && tensor->dims[1] == model->config.hidden_size ? 1 : 0),
  };

  g_array_append_val (candidates, candidate);
}

/* Matrices without a role that have a row for each token. */
static void
add_nameless (GArray *candidates, const WsModel *model, guint64 n_vocab)
{
  for (guint i = 0; i < model->tensors->len; i++)
    {
      const WsTensor *tensor = model->tensors->pdata[i];

      if (can_be_clustered (tensor) && tensor->block.type == WS_BLOCK_OTHER &&
          get_fit (model, tensor, n_vocab) > 0)
        add_candidate (candidates, model, tensor, WS_EMBEDDING_TOKENS, n_vocab);
    }
}

GArray *
ws_embeddings_find (const WsModel *model, guint64 n_vocab)
{
  g_return_val_if_fail (model != NULL, NULL);

  g_autoptr (GArray) candidates = g_array_new (FALSE, FALSE, sizeof (Candidate));
  GArray *found = g_array_new (FALSE, FALSE, sizeof (WsEmbedding));
  gboolean has_tokens = FALSE;

  for (guint i = 0; i < model->tensors->len; i++)
    {
      const WsTensor *tensor = model->tensors->pdata[i];
      WsEmbeddingKind kind;

      if (!can_be_clustered (tensor) || !get_kind (tensor, &kind))
        continue;
      has_tokens |= kind == WS_EMBEDDING_TOKENS;
      add_candidate (candidates, model, tensor, kind, n_vocab);
    }
  if (!has_tokens)
    add_nameless (candidates, model, n_vocab);
  g_array_sort (candidates, compare_candidates);
  for (guint i = 0; i < candidates->len; i++)
    g_array_append_val (found, g_array_index (candidates, Candidate, i).embedding);
  return found;
}
