/* SPDX-License-Identifier: MIT */
/* Clusters as JSON. */
#include "export/cluster-json.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/format.h"
#include "base/json-members.h"
#include "export/cluster-tables.h"
#include "export/json.h"
#include "export/table.h"

static void
begin_object (JsonBuilder *builder, const char *key)
{
  if (key != NULL)
    json_builder_set_member_name (builder, key);
  json_builder_begin_object (builder);
}

static void
begin_array (JsonBuilder *builder, const char *key)
{
  json_builder_set_member_name (builder, key);
  json_builder_begin_array (builder);
}

static const char *
get_embedding_key (WsEmbeddingKind kind)
{
  switch (kind)
    {
    case WS_EMBEDDING_TOKENS:
      return "tokens";
    case WS_EMBEDDING_OUTPUT:
      return "output";
    case WS_EMBEDDING_OTHER:
      return "other";
    }
  g_assert_not_reached ();
}

static const char *
get_tokenizer_key (WsTokenizerKind kind)
{
  switch (kind)
    {
    case WS_TOKENIZER_BYTE_LEVEL:
      return "byte-level";
    case WS_TOKENIZER_SENTENCEPIECE:
      return "sentencepiece";
    case WS_TOKENIZER_WORDPIECE:
      return "wordpiece";
    case WS_TOKENIZER_PLAIN:
      return "plain";
    }
  g_assert_not_reached ();
}

static void
add_embedding (JsonBuilder *builder, const WsClusterStudy *study)
{
  g_autofree char *path = ws_table_dup_public_path (study->model->path);
  g_autofree char *shape = ws_table_dup_shape (study->tensor->dims, study->tensor->n_dims);

  begin_object (builder, "embedding");
  ws_json_add_text (builder, "model_path", path);
  ws_json_add_text (builder, "param_name", study->tensor->name);
  ws_json_add_text (builder, "kind", get_embedding_key (study->kind));
  ws_json_add_text (builder, "shape", shape);
  ws_json_add_text (builder, "dtype", ws_dtype_get_name (study->tensor->dtype));
  ws_json_add_count (builder, "n_rows", study->n_rows);
  ws_json_add_count (builder, "n_points", study->n_points);
  ws_json_add_count (builder, "n_not_finite", study->n_rows - study->n_points);
  json_builder_end_object (builder);
}

static void
add_tokenizer (JsonBuilder *builder, const WsClusterStudy *study)
{
  begin_object (builder, "tokenizer");
  ws_json_add_text (builder, "file",
                    study->tokenizer ? ws_tokenizer_get_file (study->tokenizer) : NULL);
  ws_json_add_text (builder, "kind",
                    study->tokenizer ? get_tokenizer_key (ws_tokenizer_get_kind (study->tokenizer))
                                     : NULL);
  ws_json_add_real (builder, "n_tokens",
                    study->tokenizer ? ws_tokenizer_get_n_tokens (study->tokenizer) : NAN);
  ws_json_add_text (builder, "note", ws_cluster_study_get_tokenizer_note (study, FALSE));
  json_builder_end_object (builder);
}

static void
add_quantiles (JsonBuilder *builder, const char *key, const double *quantiles)
{
  static const char *const keys[WS_N_QUANTILES] = { "q001", "q01", "q50", "q99", "q999" };

  begin_object (builder, key);
  for (guint i = 0; i < WS_N_QUANTILES; i++)
    ws_json_add_real (builder, keys[i], quantiles[i]);
  json_builder_end_object (builder);
}

static void
add_facts (JsonBuilder *builder, const WsClusterStudy *study)
{
  const WsEmbeddingFacts *facts = study->facts;

  begin_object (builder, "facts");
  ws_json_add_real (builder, "anisotropy", facts->anisotropy);
  ws_json_add_real (builder, "anisotropy_centred", facts->anisotropy_centred);
  add_quantiles (builder, "norm", facts->norm_quantiles);
  begin_array (builder, "possibly_untrained");
  for (guint i = 0; i < facts->untrained->len; i++)
    json_builder_add_int_value (builder, g_array_index (facts->untrained, guint32, i));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
}

static void
add_projection (JsonBuilder *builder, const WsProjection *projection)
{
  begin_object (builder, "projection");
  ws_json_add_real (builder, "explained_variance_x",
                    projection->d > 0 ? projection->variance[0] / projection->total : NAN);
  ws_json_add_real (builder, "explained_variance_y",
                    projection->d > 1 ? projection->variance[1] / projection->total : NAN);
  ws_json_add_real (builder, "total_variance", projection->total);
  ws_json_add_real (builder, "participation_ratio", projection->participation_ratio);
  json_builder_end_object (builder);
}

static void
add_elbow (JsonBuilder *builder, const WsElbow *elbow)
{
  const struct
  {
    const char *key;
    guint k;
  } rules[] = { { "second_difference", elbow->second_difference },
                { "kneedle", elbow->kneedle },
                { "chord", elbow->chord } };

  begin_object (builder, "elbow");
  for (gsize i = 0; i < G_N_ELEMENTS (rules); i++)
    ws_json_add_real (builder, rules[i].key, rules[i].k > 0 ? rules[i].k : NAN);
  json_builder_end_object (builder);
}

static void
add_choice (JsonBuilder *builder, const WsClusterStudy *study)
{
  const WsSweepEntry *entry = ws_cluster_study_get_chosen (study);
  g_autofree char *words = ws_choice_describe (&study->choice, FALSE);

  ws_json_add_count (builder, "optimal_k", study->choice.k);
  ws_json_add_real (builder, "silhouette_score", entry ? entry->silhouette.mean : NAN);
  begin_object (builder, "choice");
  ws_json_add_text (builder, "criterion", ws_criterion_get_key (study->options.criterion));
  ws_json_add_flag (builder, "is_fixed", study->options.k > 0);
  ws_json_add_flag (builder, "agree", study->choice.agree);
  ws_json_add_flag (builder, "no_structure", study->choice.no_structure);
  ws_json_add_text (builder, "words", words);
  json_builder_end_object (builder);
  add_elbow (builder, &study->elbow);
}

static void
add_curve (JsonBuilder *builder, const WsClusterStudy *study)
{
  const gboolean reproducible = g_getenv ("SOURCE_DATE_EPOCH") != NULL;

  begin_array (builder, "k_values");
  for (guint i = 0; i < study->curve->len; i++)
    {
      const WsSweepEntry *entry = g_ptr_array_index (study->curve, i);

      json_builder_add_int_value (builder, entry->clustering->k);
    }
  json_builder_end_array (builder);
  begin_array (builder, "curve");
  for (guint i = 0; i < study->curve->len; i++)
    {
      const WsSweepEntry *entry = g_ptr_array_index (study->curve, i);
      const WsClustering *clustering = entry->clustering;

      begin_object (builder, NULL);
      ws_json_add_count (builder, "k", clustering->k);
      ws_json_add_real (builder, "inertia", clustering->inertia);
      ws_json_add_real (builder, "f_ratio", entry->criteria.calinski_harabasz);
      ws_json_add_real (builder, "f_ratio_seed", entry->criteria.f_ratio_seed);
      ws_json_add_real (builder, "davies_bouldin", entry->criteria.davies_bouldin);
      ws_json_add_real (builder, "silhouette", entry->silhouette.mean);
      ws_json_add_real (builder, "silhouette_standard_error", entry->silhouette.standard_error);
      ws_json_add_count (builder, "silhouette_sample", entry->silhouette.n_sampled);
      ws_json_add_count (builder, "n_iterations", clustering->n_iterations);
      ws_json_add_flag (builder, "converged", clustering->converged);
      ws_json_add_real (builder, "seconds", reproducible ? NAN : entry->seconds);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_members (JsonBuilder *builder, const WsClusterStudy *study, const WsClusterSummary *summary)
{
  const WsClustering *clustering = ws_cluster_study_get_chosen (study)->clustering;

  begin_array (builder, "representatives");
  for (guint i = 0; i < summary->n_members; i++)
    {
      const guint32 point = summary->members[i];
      const guint64 row = ws_cluster_study_get_row (study, point);
      g_autofree char *label = ws_cluster_study_dup_label (study, row);

      begin_object (builder, NULL);
      ws_json_add_count (builder, "token_id", row);
      ws_json_add_text (builder, "token",
                        study->tokenizer ? ws_tokenizer_get_piece (study->tokenizer, (guint) row)
                                         : NULL);
      ws_json_add_text (builder, "label", label);
      ws_json_add_real (builder, "distance", ws_format_widen (clustering->distances[point]));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_clusters (JsonBuilder *builder, const WsClusterStudy *study, guint n_members)
{
  g_autoptr (GArray) summaries = ws_cluster_summaries_new (study, n_members);

  begin_array (builder, "clusters");
  for (guint i = 0; i < summaries->len; i++)
    {
      const WsClusterSummary *summary = &g_array_index (summaries, WsClusterSummary, i);
      g_autofree char *text = ws_cluster_summary_dup_text (summary, study);

      begin_object (builder, NULL);
      ws_json_add_count (builder, "cluster_id", i);
      ws_json_add_count (builder, "size", summary->size);
      ws_json_add_real (builder, "percentage", 100 * summary->share);
      ws_json_add_real (builder, "avg_distance", summary->average_distance);
      ws_json_add_real (builder, "max_distance", summary->greatest_distance);
      ws_json_add_real (builder, "inertia", summary->inertia);
      ws_json_add_real (builder, "silhouette_score", summary->silhouette);
      ws_json_add_count (builder, "possibly_untrained", summary->n_untrained);
      ws_json_add_text (builder, "meaningful_text", text);
      add_members (builder, study, summary);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

gboolean
ws_cluster_write_json (FILE *stream, const WsClusterStudy *study, const WsRecordInput *record,
                       guint n_members, GError **error)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "record");
  json_builder_add_value (builder, ws_record_new (study->model, record));
  add_embedding (builder, study);
  add_tokenizer (builder, study);
  add_facts (builder, study);
  if (study->projection != NULL)
    add_projection (builder, study->projection);
  add_choice (builder, study);
  add_curve (builder, study);
  add_clusters (builder, study, n_members);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  ws_json_write_node (stream, root, 0);
  fputc ('\n', stream);
  errno = 0;
  if (fflush (stream) == 0 && !ferror (stream))
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno ? errno : EIO),
               _ ("cannot write the table: %s"), g_strerror (errno ? errno : EIO));
  return FALSE;
}
