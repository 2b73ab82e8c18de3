/* SPDX-License-Identifier: MIT */
/* Opening the Embeddings page: which matrices could be clustered, their tokens, and what the store
 * knows already. */
#include "cluster-loading.h"

#include "base/error.h"

#include <glib/gi18n-lib.h>

WsClusterLoading *
ws_cluster_loading_new (WsModel *model, const WsClusterOptions *options, gboolean finds)
{
  WsClusterLoading *self = g_new0 (WsClusterLoading, 1);

  self->model = ws_model_ref (model);
  self->options = *options;
  self->finds = finds;
  return self;
}

void
ws_cluster_loading_free (WsClusterLoading *self)
{
  ws_model_unref (self->model);
  g_clear_pointer (&self->embeddings, g_array_unref);
  g_clear_pointer (&self->tokenizer, ws_tokenizer_unref);
  g_free (self->tokenizer_note);
  g_clear_pointer (&self->study, ws_cluster_study_unref);
  g_free (self->warning);
  g_free (self);
}

/* Without one the page shows ids: that is told, not a failure. */
static void
read_tokenizer (WsClusterLoading *self, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;

  self->tokenizer = ws_tokenizer_read_model (self->model, cancellable, &error);
  if (self->tokenizer != NULL)
    return;
  if (g_error_matches (error, WS_ERROR, WS_ERROR_NOT_FOUND))
    self->tokenizer_note = g_strdup (
        _ ("There is no tokenizer beside the weights, so tokens are shown as their ids."));
  else
    /* Translators: %s tells why */
    self->tokenizer_note =
        g_strdup_printf (_ ("Tokens are shown as their ids: %s"), error->message);
}

static void
find_embeddings (WsClusterLoading *self, GCancellable *cancellable)
{
  read_tokenizer (self, cancellable);
  self->embeddings = ws_embeddings_find (
      self->model, self->tokenizer != NULL ? ws_tokenizer_get_n_tokens (self->tokenizer) : 0);
  if (self->options.tensor == NULL && self->embeddings->len > 0)
    self->options.tensor = g_array_index (self->embeddings, WsEmbedding, 0).tensor;
}

/* What cannot be loaded can be computed again. */
static void
load_stored (WsClusterLoading *self, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WsStore) store = ws_store_open (NULL, &self->warning, &error);

  if (store != NULL && self->finds)
    ws_cluster_run_find_stored (&self->options, store);
  if (store != NULL)
    self->study = ws_cluster_run_load (self->model, &self->options, store, cancellable, &error);
  if (error != NULL && self->warning == NULL)
    self->warning = g_strdup (error->message);
}

gboolean
ws_cluster_loading_execute (WsJob *job, gpointer data, GError **error)
{
  WsClusterLoading *self = data;
  GCancellable *cancellable = ws_job_get_cancellable (job);

  if (self->finds)
    find_embeddings (self, cancellable);
  if (!g_cancellable_is_cancelled (cancellable) && self->options.tensor != NULL)
    load_stored (self, cancellable);
  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}
