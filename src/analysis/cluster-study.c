/* SPDX-License-Identifier: MIT */
/* What is known of an embedding: found again, and told. */
#include "analysis/cluster-run.h"

#include <glib/gi18n-lib.h>

#include "base/format.h"

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

/* (nullable) (transfer full) */
static char *
describe_left_out (const WsClusterStudy *self, gboolean translated)
{
  const guint64 n = self->n_points > 0 ? self->n_rows - self->n_points : 0;
  g_autofree char *count = ws_format_count (n);

  if (n == 0)
    return NULL;
  if (translated)
    return g_strdup_printf (ngettext ("%s row is not finite and in no cluster.",
                                      "%s rows are not finite and in no cluster.", n),
                            count);
  return g_strdup_printf (n == 1 ? "%s row is not finite and in no cluster."
                                 : "%s rows are not finite and in no cluster.",
                          count);
}

/* The last k of a curve that ends early, for want of rows; 0: it does not. */
static guint
get_end (const WsClusterStudy *self)
{
  const WsSweepEntry *last = self->is_complete && self->options.k == 0 && self->curve->len > 0
                                 ? g_ptr_array_index (self->curve, self->curve->len - 1)
                                 : NULL;

  if (last == NULL || last->clustering->inertia > 0)
    return 0;
  return last->clustering->k < MIN (self->options.k_max, self->n_points) ? last->clustering->k : 0;
}

/* (nullable) (transfer full) */
static char *
describe_end (const WsClusterStudy *self, gboolean translated)
{
  const guint k = get_end (self);

  if (k == 0)
    return NULL;
  if (translated)
    return g_strdup_printf (ngettext ("All rows are equal: there is one cluster.",
                                      "There are only %u different rows: the curve ends there.", k),
                            k);
  return g_strdup_printf (k == 1 ? "All rows are equal: there is one cluster."
                                 : "There are only %u different rows: the curve ends there.",
                          k);
}

char *
ws_cluster_study_describe_rows (const WsClusterStudy *self, gboolean translated)
{
  char *left_out = describe_left_out (self, translated);
  g_autofree char *end = describe_end (self, translated);
  char *both;

  if (left_out == NULL || end == NULL)
    return left_out != NULL ? left_out : g_steal_pointer (&end);
  both = g_strdup_printf ("%s %s", left_out, end);
  g_free (left_out);
  return both;
}
