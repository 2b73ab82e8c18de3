/* SPDX-License-Identifier: MIT */
/* Putting tokens in order, and finding them by what they say: work for a thread. */
#include "token-order.h"

#include <stdlib.h>

/* More hits than that are not a search any more. */
#define MAX_HITS 2000

WsTokenOrdering *
ws_token_ordering_new (WsTokenOrder order, GArray *points, const WsEmbeddingFacts *facts,
                       WsClusterRows *rows)
{
  WsTokenOrdering *self = g_new0 (WsTokenOrdering, 1);

  self->order = order;
  self->points = g_array_ref (points);
  self->facts = facts != NULL ? ws_embedding_facts_ref ((WsEmbeddingFacts *) facts) : NULL;
  self->rows = rows != NULL ? ws_cluster_rows_ref (rows) : NULL;
  return self;
}

void
ws_token_ordering_free (WsTokenOrdering *self)
{
  g_array_unref (self->points);
  g_clear_pointer (&self->facts, ws_embedding_facts_unref);
  g_clear_pointer (&self->rows, ws_cluster_rows_unref);
  g_clear_pointer (&self->sorted, g_array_unref);
  g_free (self);
}

/* What the points are ordered by; NULL: their ids. */
static const float *
get_values (const WsTokenOrdering *self)
{
  switch (self->order)
    {
    case WS_TOKEN_ORDER_NEAREST:
    case WS_TOKEN_ORDER_FARTHEST:
      return self->rows != NULL ? self->rows->entry->clustering->distances : NULL;
    case WS_TOKEN_ORDER_LONGEST:
    case WS_TOKEN_ORDER_SHORTEST:
      return self->facts != NULL ? self->facts->norms : NULL;
    case WS_TOKEN_ORDER_ID:
      break;
    }
  return NULL;
}

static gboolean
is_descending (WsTokenOrder order)
{
  return order == WS_TOKEN_ORDER_FARTHEST || order == WS_TOKEN_ORDER_LONGEST;
}

/* Points are in the order of their ids, so equal ones go by id. */
static int
compare_points (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const WsTokenOrdering *self = user_data;
  const float *values = get_values (self);
  guint32 point_a = *(const guint32 *) a, point_b = *(const guint32 *) b;

  if (values == NULL || values[point_a] == values[point_b])
    return (point_a > point_b) - (point_a < point_b);
  return (values[point_a] < values[point_b]) == is_descending (self->order) ? 1 : -1;
}

gboolean
ws_token_ordering_execute (WsJob *job, gpointer data, GError **error)
{
  WsTokenOrdering *self = data;

  self->sorted = g_array_sized_new (FALSE, FALSE, sizeof (guint32), self->points->len);
  g_array_append_vals (self->sorted, self->points->data, self->points->len);
  g_array_sort_with_data (self->sorted, compare_points, self);
  return !g_cancellable_set_error_if_cancelled (ws_job_get_cancellable (job), error);
}

WsTokenSearch *
ws_token_search_new (const char *words, WsTokenizer *tokenizer)
{
  WsTokenSearch *self = g_new0 (WsTokenSearch, 1);

  self->words = g_strdup (words);
  self->tokenizer = tokenizer != NULL ? ws_tokenizer_ref (tokenizer) : NULL;
  self->ids = g_array_new (FALSE, FALSE, sizeof (guint));
  return self;
}

void
ws_token_search_free (WsTokenSearch *self)
{
  g_free (self->words);
  g_clear_pointer (&self->tokenizer, ws_tokenizer_unref);
  g_array_unref (self->ids);
  g_free (self);
}

/* "123" or "#123" */
static gboolean
parse_id (const char *words, guint *id)
{
  guint64 value;

  if (!g_ascii_string_to_unsigned (*words == '#' ? words + 1 : words, 10, 0, G_MAXUINT32, &value,
                                   NULL))
    return FALSE;
  *id = (guint) value;
  return TRUE;
}

gboolean
ws_token_search_execute (WsJob *job, gpointer data, GError **error)
{
  WsTokenSearch *self = data;
  guint id;

  if (self->tokenizer != NULL)
    {
      g_array_set_size (self->ids, MAX_HITS);
      g_array_set_size (self->ids, ws_tokenizer_search (self->tokenizer, self->words,
                                                        (guint *) self->ids->data, MAX_HITS));
    }
  else if (parse_id (self->words, &id))
    g_array_append_val (self->ids, id);
  return !g_cancellable_set_error_if_cancelled (ws_job_get_cancellable (job), error);
}
