/* SPDX-License-Identifier: MIT */
/* Which matrix is clustered, and what its rows are called. */
#include "analysis/cluster-tensor.h"

#include <glib/gi18n-lib.h>

#include "base/error.h"
#include "base/format.h"
#include "base/memory.h"
#include "matrix/matrix.h"

/* A note has a form for files and one for people, as errors have.
 * @note: (transfer full) */
static void
take_note (WsClusterStudy *self, GError *note)
{
  self->tokenizer_note = g_strdup (ws_error_get_english (note));
  self->tokenizer_note_here = g_strdup (note->message);
  g_error_free (note);
}

static void
note_unreadable (WsClusterStudy *self, const GError *cause)
{
  self->tokenizer_note =
      g_strdup_printf ("tokens are shown by their numbers, as the vocabulary cannot be read: %s",
                       ws_error_get_english (cause));
  self->tokenizer_note_here = g_strdup_printf (
      _ ("tokens are shown by their numbers, as the vocabulary cannot be read: %s"),
      cause->message);
}

/* Returns: FALSE with @error when cancelled only. */
static gboolean
read_tokenizer (WsClusterStudy *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) cause = NULL;
  GError *note = NULL;

  self->tokenizer = ws_tokenizer_read_model (self->model, cancellable, &cause);
  if (self->tokenizer != NULL)
    return TRUE;
  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
  if (g_error_matches (cause, WS_ERROR, WS_ERROR_NOT_FOUND))
    ws_error_set (&note, WS_ERROR_NOT_FOUND,
                  N_ ("tokens are shown by their numbers, as no vocabulary lies beside the "
                      "weights"));
  if (note != NULL)
    take_note (self, note);
  else
    note_unreadable (self, cause);
  return TRUE;
}

/* Whether clustering the rows of @tensor means anything at all. */
static gboolean
check_tensor (const WsTensor *tensor, GError **error)
{
  g_autofree char *shown = ws_format_name (tensor->name);
  WsMatrix matrix;

  ws_matrix_init (&matrix, tensor, -1);
  if (tensor->not_analysed != NULL)
    g_set_error (error, WS_ERROR, WS_ERROR_ARGUMENT, _ ("the rows of '%s' cannot be clustered: %s"),
                 shown, _ (tensor->not_analysed));
  else if (tensor->n_dims != 2 || tensor->n_elements == 0)
    g_set_error (error, WS_ERROR, WS_ERROR_ARGUMENT,
                 _ ("the rows of '%s' cannot be clustered: it is no matrix"), shown);
  else if (matrix.n_rows > G_MAXUINT32)
    g_set_error (error, WS_ERROR, WS_ERROR_UNSUPPORTED,
                 _ ("the rows of '%s' cannot be clustered: there are too many"), shown);
  else
    return TRUE;
  return FALSE;
}

static WsEmbeddingKind
find_kind (const WsTensor *tensor, GArray *embeddings)
{
  for (guint i = 0; i < embeddings->len; i++)
    if (g_array_index (embeddings, WsEmbedding, i).tensor == tensor)
      return g_array_index (embeddings, WsEmbedding, i).kind;
  return WS_EMBEDDING_OTHER;
}

static gboolean
choose_tensor (WsClusterStudy *self, GError **error)
{
  guint n_vocab = self->tokenizer != NULL ? ws_tokenizer_get_n_tokens (self->tokenizer) : 0;
  g_autoptr (GArray) embeddings = ws_embeddings_find (self->model, n_vocab);

  if (self->options.tensor != NULL)
    {
      self->tensor = self->options.tensor;
      self->kind = find_kind (self->tensor, embeddings);
      return check_tensor (self->tensor, error);
    }
  if (embeddings->len > 0)
    {
      const WsEmbedding *best = &g_array_index (embeddings, WsEmbedding, 0);

      self->tensor = self->options.tensor = best->tensor;
      self->kind = best->kind;
    }
  /* Positions are not what anybody means who asks for the clusters of a model. */
  if (self->tensor != NULL && self->kind != WS_EMBEDDING_OTHER)
    return check_tensor (self->tensor, error);
  if (self->model->embedding_shard != NULL)
    {
      g_set_error (error, WS_ERROR, WS_ERROR_NOT_FOUND,
                   _ ("the token embedding of this model is in '%s', which is not here"),
                   self->model->embedding_shard);
      return FALSE;
    }
  g_set_error_literal (error, WS_ERROR, WS_ERROR_NOT_FOUND,
                       _ ("no matrix of this model has a row for each token: name the one whose "
                          "rows are to be clustered"));
  return FALSE;
}

/* Of padding, and of tokens that were added later, there is often a little. */
static void
compare_lengths (WsClusterStudy *self)
{
  const guint64 n = ws_tokenizer_get_n_tokens (self->tokenizer);
  g_autofree char *n_tokens = ws_format_count (n);
  g_autofree char *n_rows = ws_format_count (self->n_rows);
  GError *note = NULL;

  if (n < self->n_rows)
    ws_error_set (
        &note, WS_ERROR_FORMAT,
        N_ ("the vocabulary has %s tokens and the matrix %s rows: the last rows are shown "
            "by their numbers"),
        n_tokens, n_rows);
  else if (n > self->n_rows)
    ws_error_set (
        &note, WS_ERROR_FORMAT,
        N_ ("the vocabulary has %s tokens and the matrix %s rows: the last tokens have no "
            "row"),
        n_tokens, n_rows);
  if (note != NULL)
    take_note (self, note);
}

/* A vocabulary says nothing of positions. */
static void
drop_tokenizer (WsClusterStudy *self)
{
  GError *note = NULL;

  g_clear_pointer (&self->tokenizer, ws_tokenizer_unref);
  g_clear_pointer (&self->tokenizer_note, g_free);
  g_clear_pointer (&self->tokenizer_note_here, g_free);
  ws_error_set (&note, WS_ERROR_NOT_FOUND,
                N_ ("the rows of this matrix are not tokens: they are shown by their numbers"));
  take_note (self, note);
}

WsClusterStudy *
_ws_cluster_study_open (WsModel *model, const WsClusterOptions *options, GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (WsClusterStudy) self = g_new0 (WsClusterStudy, 1);
  WsMatrix matrix;

  self->ref_count = 1;
  self->model = ws_model_ref (model);
  self->options = *options;
  if (self->options.memory_limit == 0)
    self->options.memory_limit = ws_memory_get_total () / 2;
  self->curve = g_ptr_array_new_with_free_func ((GDestroyNotify) ws_sweep_entry_unref);
  if (!read_tokenizer (self, cancellable, error) || !choose_tensor (self, error))
    return NULL;
  ws_matrix_init (&matrix, self->tensor, -1);
  self->n_rows = matrix.n_rows;
  if (self->kind == WS_EMBEDDING_OTHER)
    drop_tokenizer (self);
  else if (self->tokenizer != NULL)
    compare_lengths (self);
  return g_steal_pointer (&self);
}
