/* SPDX-License-Identifier: MIT */
/* What is known of an embedding: found again, and told. */
#include "analysis/cluster-run.h"

void
ws_cluster_options_init (WsClusterOptions *self)
{
  WsSweepOptions sweep;

  ws_sweep_options_init (&sweep);
  *self = (WsClusterOptions){
    .normalization = WS_NORMALIZATION_ZSCORE,
    .k_max = WS_CLUSTER_MAX_K,
    .criterion = WS_CRITERION_ELBOW,
    .seed = WS_CLUSTER_SEED,
    .n_init = sweep.n_init,
    .n_iterations_max = sweep.n_iterations_max,
    .n_silhouette = sweep.n_silhouette,
  };
}

WsClusterStudy *
ws_cluster_study_ref (WsClusterStudy *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
ws_cluster_study_unref (WsClusterStudy *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->ref_count))
    return;
  g_clear_pointer (&self->model, ws_model_unref);
  g_clear_pointer (&self->tokenizer, ws_tokenizer_unref);
  g_clear_pointer (&self->facts, ws_embedding_facts_unref);
  g_clear_pointer (&self->projection, ws_projection_unref);
  g_clear_pointer (&self->curve, g_ptr_array_unref);
  g_free (self->tokenizer_note);
  g_free (self->tokenizer_note_here);
  g_free (self->rows);
  g_free (self);
}

const WsSweepEntry *
ws_cluster_study_get_entry (const WsClusterStudy *self, guint k)
{
  for (guint i = 0; self->curve != NULL && i < self->curve->len; i++)
    {
      const WsSweepEntry *entry = g_ptr_array_index (self->curve, i);

      if (entry->clustering->k == k)
        return entry;
    }
  return NULL;
}

const WsSweepEntry *
ws_cluster_study_get_chosen (const WsClusterStudy *self)
{
  return ws_cluster_study_get_entry (self, self->choice.k);
}

guint64
ws_cluster_study_get_row (const WsClusterStudy *self, gsize point)
{
  return self->rows != NULL ? self->rows[point] : point;
}

char *
ws_cluster_study_dup_label (const WsClusterStudy *self, guint64 row)
{
  return self->tokenizer != NULL ? ws_tokenizer_dup_label (self->tokenizer, (guint) row)
                                 : g_strdup_printf ("#%" G_GUINT64_FORMAT, row);
}

const char *
ws_cluster_study_get_tokenizer_note (const WsClusterStudy *self, gboolean translated)
{
  return translated ? self->tokenizer_note_here : self->tokenizer_note;
}
