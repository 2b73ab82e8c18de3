/* SPDX-License-Identifier: MIT */
/* Clusters as CSV. */
#include "export/cluster-tables.h"

#include <math.h>

#include "base/format.h"
#include "cluster/members.h"
#include "export/row-writer.h"

static void
summary_clear (gpointer data)
{
  g_free (((WsClusterSummary *) data)->members);
}

guint8 *
ws_cluster_study_dup_untrained (const WsClusterStudy *study)
{
  guint8 *untrained = g_new0 (guint8, study->n_rows);

  for (guint i = 0; i < study->facts->untrained->len; i++)
    untrained[g_array_index (study->facts->untrained, guint32, i)] = 1;
  return untrained;
}

static void
fill_summary (WsClusterSummary *self, const WsClusterStudy *study, const WsSweepEntry *entry,
              guint cluster, const guint8 *untrained, guint n_members)
{
  const WsClustering *clustering = entry->clustering;
  gsize n;
  guint32 *members = ws_members_sort (clustering, cluster, &n);
  double sum = 0;

  *self = (WsClusterSummary){
    .size = n,
    .share = n / (double) clustering->n,
    .silhouette = entry->silhouette.of_cluster ? entry->silhouette.of_cluster[cluster] : NAN,
    .members = members,
    .n_members = MIN (n, n_members),
  };
  for (gsize i = 0; i < n; i++)
    {
      const double distance = clustering->distances[members[i]];

      sum += distance;
      self->inertia += distance * distance;
      self->greatest_distance = MAX (self->greatest_distance, distance);
      self->n_untrained += untrained[ws_cluster_study_get_row (study, members[i])];
    }
  self->average_distance = n > 0 ? sum / n : NAN;
}

GArray *
ws_cluster_summaries_new (const WsClusterStudy *study, guint n_members)
{
  const WsSweepEntry *entry = ws_cluster_study_get_chosen (study);
  GArray *summaries = g_array_new (FALSE, FALSE, sizeof (WsClusterSummary));
  g_autofree guint8 *untrained = NULL;

  g_array_set_clear_func (summaries, summary_clear);
  if (entry == NULL)
    return summaries;
  untrained = ws_cluster_study_dup_untrained (study);
  for (guint cluster = 0; cluster < entry->clustering->k; cluster++)
    {
      WsClusterSummary summary;

      fill_summary (&summary, study, entry, cluster, untrained, n_members);
      g_array_append_val (summaries, summary);
    }
  return summaries;
}

char *
ws_cluster_summary_dup_text (const WsClusterSummary *self, const WsClusterStudy *study)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->n_members; i++)
    {
      g_autofree char *label =
          ws_cluster_study_dup_label (study, ws_cluster_study_get_row (study, self->members[i]));

      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", label);
    }
  return g_string_free (text, FALSE);
}

/* "12 7 400" */
static char *
dup_ids (const WsClusterSummary *self, const WsClusterStudy *study)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->n_members; i++)
    g_string_append_printf (text, "%s%" G_GUINT64_FORMAT, i > 0 ? " " : "",
                            ws_cluster_study_get_row (study, self->members[i]));
  return g_string_free (text, FALSE);
}

/* @keys: NULL at the end */
static WsRowWriter *
new_writer (FILE *stream, GPtrArray *list, const char *const *keys)
{
  for (; *keys != NULL; keys++)
    g_ptr_array_add (list, (gpointer) *keys);
  return ws_row_writer_new (stream, WS_TABLE_CSV, list, NULL);
}

gboolean
ws_cluster_write_summary (FILE *stream, const WsClusterStudy *study, guint n_members,
                          GError **error)
{
  static const char *const keys[] = { "cluster_id",
                                      "size",
                                      "percentage",
                                      "avg_distance",
                                      "silhouette_score",
                                      "meaningful_text",
                                      "inertia",
                                      "max_distance",
                                      "possibly_untrained",
                                      "representative_ids",
                                      NULL };
  g_autoptr (GPtrArray) list = g_ptr_array_new ();
  g_autoptr (WsRowWriter) writer = new_writer (stream, list, keys);
  g_autoptr (GArray) summaries = ws_cluster_summaries_new (study, n_members);

  for (guint i = 0; i < summaries->len; i++)
    {
      const WsClusterSummary *summary = &g_array_index (summaries, WsClusterSummary, i);
      g_autofree char *text = ws_cluster_summary_dup_text (summary, study);
      g_autofree char *ids = dup_ids (summary, study);

      ws_row_writer_add_number (writer, i);
      ws_row_writer_add_number (writer, summary->size);
      ws_row_writer_add_number (writer, 100 * summary->share);
      ws_row_writer_add_number (writer, summary->average_distance);
      ws_row_writer_add_number (writer, summary->silhouette);
      ws_row_writer_add_text (writer, text);
      ws_row_writer_add_number (writer, summary->inertia);
      ws_row_writer_add_number (writer, summary->greatest_distance);
      ws_row_writer_add_number (writer, summary->n_untrained);
      ws_row_writer_add_text (writer, ids);
    }
  return ws_row_writer_finish (writer, error);
}

static const char *
get_token_kind_key (const WsClusterStudy *study, guint64 row)
{
  if (study->tokenizer == NULL)
    return NULL;
  switch (ws_tokenizer_get_token_kind (study->tokenizer, (guint) row))
    {
    case WS_TOKEN_MISSING:
      return "missing";
    case WS_TOKEN_NORMAL:
      return "normal";
    case WS_TOKEN_SPECIAL:
      return "special";
    case WS_TOKEN_BYTE:
      return "byte";
    case WS_TOKEN_UNUSED:
      return "unused";
    }
  g_assert_not_reached ();
}

typedef struct
{
  WsRowWriter *writer;
  const WsClusterStudy *study;
  const WsClustering *clustering; /* (nullable) */
  const guint8 *untrained;
} TokenTable;

/* What is known of a point; @point: past the last one: nothing is. */
static void
add_numbers (const TokenTable *table, gsize point, const char *label, const char *kind)
{
  const WsClusterStudy *study = table->study;
  const gboolean is_point = point < study->n_points;
  const gboolean is_member = is_point && table->clustering != NULL;
  const gboolean is_projected = is_point && study->projection != NULL;

  ws_row_writer_add_number (table->writer, is_member ? table->clustering->labels[point] : NAN);
  ws_row_writer_add_number (
      table->writer, is_member ? ws_format_widen (table->clustering->distances[point]) : NAN);
  ws_row_writer_add_text (table->writer, label);
  ws_row_writer_add_text (table->writer, kind);
  ws_row_writer_add_number (table->writer,
                            is_point ? ws_format_widen (study->facts->norms[point]) : NAN);
  ws_row_writer_add_number (
      table->writer, is_projected ? ws_format_widen (study->projection->xy[2 * point]) : NAN);
  ws_row_writer_add_number (
      table->writer, is_projected ? ws_format_widen (study->projection->xy[2 * point + 1]) : NAN);
  ws_row_writer_add_number (
      table->writer, is_point ? table->untrained[ws_cluster_study_get_row (study, point)] : NAN);
}

gboolean
ws_cluster_write_tokens (FILE *stream, const WsClusterStudy *study, GError **error)
{
  static const char *const keys[] = {
    "token_id", "token", "cluster_id", "distance",           "label", "kind",
    "norm",     "x",     "y",          "possibly_untrained", NULL
  };
  const WsSweepEntry *entry = ws_cluster_study_get_chosen (study);
  g_autofree guint8 *untrained = ws_cluster_study_dup_untrained (study);
  g_autoptr (GPtrArray) list = g_ptr_array_new ();
  g_autoptr (WsRowWriter) writer = new_writer (stream, list, keys);
  const TokenTable table = { writer, study, entry ? entry->clustering : NULL, untrained };
  gsize point = 0;

  for (guint64 row = 0; row < study->n_rows; row++)
    {
      const gboolean is_point =
          point < study->n_points && ws_cluster_study_get_row (study, point) == row;
      g_autofree char *label = ws_cluster_study_dup_label (study, row);

      ws_row_writer_add_number (writer, row);
      ws_row_writer_add_text (
          writer, study->tokenizer ? ws_tokenizer_get_piece (study->tokenizer, (guint) row) : NULL);
      add_numbers (&table, is_point ? point++ : study->n_points, label,
                   get_token_kind_key (study, row));
    }
  return ws_row_writer_finish (writer, error);
}

gboolean
ws_cluster_write_curve (FILE *stream, const WsClusterStudy *study, GError **error)
{
  static const char *const keys[] = { "k",
                                      "inertia",
                                      "f_ratio",
                                      "silhouette",
                                      "seconds",
                                      "silhouette_standard_error",
                                      "silhouette_sample",
                                      "f_ratio_seed",
                                      "davies_bouldin",
                                      "n_iterations",
                                      "converged",
                                      "chosen",
                                      NULL };
  const gboolean reproducible = g_getenv ("SOURCE_DATE_EPOCH") != NULL;
  g_autoptr (GPtrArray) list = g_ptr_array_new ();
  g_autoptr (WsRowWriter) writer = new_writer (stream, list, keys);

  for (guint i = 0; i < study->curve->len; i++)
    {
      const WsSweepEntry *entry = g_ptr_array_index (study->curve, i);
      const WsClustering *clustering = entry->clustering;

      ws_row_writer_add_number (writer, clustering->k);
      ws_row_writer_add_number (writer, clustering->inertia);
      ws_row_writer_add_number (writer, entry->criteria.calinski_harabasz);
      ws_row_writer_add_number (writer, entry->silhouette.mean);
      ws_row_writer_add_number (writer, reproducible ? NAN : entry->seconds);
      ws_row_writer_add_number (writer, entry->silhouette.standard_error);
      ws_row_writer_add_number (writer, entry->silhouette.n_sampled);
      ws_row_writer_add_number (writer, entry->criteria.f_ratio_seed);
      ws_row_writer_add_number (writer, entry->criteria.davies_bouldin);
      ws_row_writer_add_number (writer, clustering->n_iterations);
      ws_row_writer_add_number (writer, clustering->converged);
      ws_row_writer_add_number (writer, clustering->k == study->choice.k);
    }
  return ws_row_writer_finish (writer, error);
}
