/* SPDX-License-Identifier: MIT */
/* Studies as far as they are known at some moment. */
#include "cluster-snapshot.h"

WsClusterStudy *
ws_cluster_snapshot_new (const WsClusterStudy *study)
{
  WsClusterStudy *copy = g_new (WsClusterStudy, 1);

  *copy = *study;
  copy->ref_count = 1;
  if (copy->model != NULL)
    ws_model_ref (copy->model);
  if (copy->tokenizer != NULL)
    ws_tokenizer_ref (copy->tokenizer);
  copy->tokenizer_note = g_strdup (study->tokenizer_note);
  copy->tokenizer_note_here = g_strdup (study->tokenizer_note_here);
  copy->rows = g_memdup2 (study->rows, study->n_points * sizeof *study->rows);
  if (copy->facts != NULL)
    ws_embedding_facts_ref (copy->facts);
  if (copy->projection != NULL)
    ws_projection_ref (copy->projection);
  copy->curve = g_ptr_array_new_with_free_func ((GDestroyNotify) ws_sweep_entry_unref);
  return copy;
}
