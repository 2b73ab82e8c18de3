/* SPDX-License-Identifier: MIT */
/* What a report says of the clusters of an embedding. */
#include "export/cluster-section.h"

#include <math.h>

#include "base/format.h"
#include "export/cluster-figures.h"
#include "export/cluster-tables.h"
#include "export/document-cells.h"

#define DIGITS 4
/* More would hide the rest; the files have them all. */
#define MAX_CLUSTERS 60
#define MAX_UNTRAINED 40

/* @figures: NULL: there are none. */
static void
add_figure (WsDocument *document, const WsClusterStudy *study, WsClusterFigure figure,
            const char *figures)
{
  const char *key = ws_cluster_figure_get_key (figure);
  g_autofree char *png = NULL;
  g_autofree char *svg = NULL;

  if (figures == NULL || !ws_cluster_figure_exists (figure, study))
    return;
  png = g_strdup_printf ("%s%s%s.png", figures, *figures != '\0' ? "/" : "", key);
  svg = g_strdup_printf ("%s%s%s.svg", figures, *figures != '\0' ? "/" : "", key);
  ws_document_add_figure (document, png, svg, ws_cluster_figure_get_caption (figure));
}

static const char *
describe_normalization (WsNormalization normalization)
{
  switch (normalization)
    {
    case WS_NORMALIZATION_ZSCORE:
      return "every column standardised to mean 0 and standard deviation 1 (z-score)";
    case WS_NORMALIZATION_UNIT:
      return "every row divided by its length";
    case WS_NORMALIZATION_CENTER:
      return "the mean of every column subtracted";
    case WS_NORMALIZATION_NONE:
    case WS_N_NORMALIZATIONS:
      break;
    }
  return "the rows as they are";
}

static void
add_subject (WsDocument *document, const WsClusterStudy *study)
{
  g_autofree char *n_rows = ws_format_count (study->n_rows);
  g_autofree char *n_columns = ws_format_count (study->tensor->dims[1]);
  g_autofree char *rows = ws_cluster_study_describe_rows (study, FALSE);
  const char *note = ws_cluster_study_get_tokenizer_note (study, FALSE);

  ws_document_begin_paragraph (document);
  ws_document_add_text (document, "The %s rows of ", n_rows);
  ws_document_add_code (document, study->tensor->name);
  ws_document_add_text (document, " (%s columns, %s) were clustered by k-means, %s.", n_columns,
                        ws_dtype_get_name (study->tensor->dtype),
                        describe_normalization (study->options.normalization));
  if (rows != NULL)
    ws_document_add_text (document, " %s", rows);
  if (note != NULL)
    {
      ws_document_begin_paragraph (document);
      ws_document_add_text (document, "Of the tokens: %s.", note);
    }
}

static void
add_elbow_item (WsDocument *document, const char *rule, guint k)
{
  ws_document_begin_item (document);
  if (k > 0)
    ws_document_add_text (document, "%s: k = %u", rule, k);
  else
    ws_document_add_text (document, "%s: none", rule);
}

static void
add_choice (WsDocument *document, const WsClusterStudy *study)
{
  g_autofree char *words = ws_choice_describe (&study->choice, FALSE);

  ws_document_add_heading (document, 2, "Number of clusters");
  ws_document_begin_paragraph (document);
  ws_document_add_text (document, "%s", words);
  if (study->curve->len < 2)
    return;
  ws_document_begin_paragraph (document);
  ws_document_add_text (document, "The elbow of the inertia, by three rules:");
  add_elbow_item (document, "greatest second difference", study->elbow.second_difference);
  add_elbow_item (document, "Kneedle", study->elbow.kneedle);
  add_elbow_item (document, "greatest distance to the chord", study->elbow.chord);
}

static void
add_curve (WsDocument *document, const WsClusterStudy *study)
{
  static const WsDocumentColumn columns[] = {
    { "k", TRUE },          { "inertia", TRUE },          { "F ratio", TRUE },
    { "silhouette", TRUE }, { "± standard error", TRUE }, { "Davies-Bouldin", TRUE }
  };

  ws_document_begin_table (document, columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < study->curve->len; i++)
    {
      const WsSweepEntry *entry = g_ptr_array_index (study->curve, i);
      g_autofree char *k = g_strdup_printf ("%u", entry->clustering->k);

      ws_document_begin_cell (document);
      if (entry->clustering->k == study->choice.k)
        ws_document_add_strong (document, k);
      else
        ws_document_add_text (document, "%s", k);
      ws_document_add_number_cell (document, entry->clustering->inertia);
      ws_document_add_number_cell (document, entry->criteria.calinski_harabasz);
      ws_document_add_number_cell (document, entry->silhouette.mean);
      ws_document_add_number_cell (document, entry->silhouette.standard_error);
      ws_document_add_number_cell (document, entry->criteria.davies_bouldin);
    }
  ws_document_begin_paragraph (document);
  ws_document_add_text (document,
                        "The F ratio (the index of Calinski and Harabasz) is of clusters that were "
                        "fitted to the same data: no level of significance follows from it.");
}

/* Each token by itself: many begin or end with what would be taken for a blank. */
static void
add_members_cell (WsDocument *document, const WsClusterSummary *summary,
                  const WsClusterStudy *study)
{
  ws_document_begin_cell (document);
  for (guint i = 0; i < summary->n_members; i++)
    {
      const guint64 row = ws_cluster_study_get_row (study, summary->members[i]);
      g_autofree char *label = ws_cluster_study_dup_label (study, row);

      ws_document_add_text (document, "%s", i > 0 ? " " : "");
      ws_document_add_code (document, label);
    }
}

static void
add_clusters (WsDocument *document, const WsClusterStudy *study, guint n_members)
{
  static const WsDocumentColumn columns[] = {
    { "cluster", TRUE },       { "size", TRUE },       { "share", TRUE },
    { "mean distance", TRUE }, { "silhouette", TRUE }, { "nearest to the centre", FALSE }
  };
  g_autoptr (GArray) summaries = ws_cluster_summaries_new (study, n_members);

  ws_document_add_heading (document, 2, "Clusters");
  ws_document_begin_table (document, columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < MIN (summaries->len, MAX_CLUSTERS); i++)
    {
      const WsClusterSummary *summary = &g_array_index (summaries, WsClusterSummary, i);

      ws_document_add_count_cell (document, i);
      ws_document_add_count_cell (document, summary->size);
      ws_document_add_percent_cell (document, summary->share);
      ws_document_add_number_cell (document, summary->average_distance);
      ws_document_add_number_cell (document, summary->silhouette);
      add_members_cell (document, summary, study);
    }
  if (summaries->len <= MAX_CLUSTERS)
    return;
  ws_document_begin_paragraph (document);
  ws_document_add_text (document, "The first %u of %u, the greatest; all are in ", MAX_CLUSTERS,
                        summaries->len);
  ws_document_add_code (document, "embedding_clusters_summary.csv");
  ws_document_add_text (document, ".");
}

static void
add_untrained (WsDocument *document, const WsClusterStudy *study)
{
  const GArray *untrained = study->facts->untrained;

  if (untrained->len == 0)
    return;
  ws_document_begin_paragraph (document);
  ws_document_add_text (
      document,
      "%u rows are possibly untrained (one in a thousand always is so short, or so near to "
      "the mean; a list to look at): ",
      untrained->len);
  for (guint i = 0; i < MIN (untrained->len, MAX_UNTRAINED); i++)
    {
      const guint64 row = g_array_index (untrained, guint32, i);
      g_autofree char *label = ws_cluster_study_dup_label (study, row);

      ws_document_add_text (document, "%s", i > 0 ? " " : "");
      ws_document_add_code (document, label);
    }
  ws_document_add_text (document, "%s",
                        untrained->len > MAX_UNTRAINED ? " …; all are marked in tokens.csv." : ".");
}

static void
add_facts (WsDocument *document, const WsClusterStudy *study)
{
  const WsEmbeddingFacts *facts = study->facts;
  g_autofree char *median = ws_format_significant (facts->norm_quantiles[2], DIGITS);
  g_autofree char *low = ws_format_significant (facts->norm_quantiles[1], DIGITS);
  g_autofree char *high = ws_format_significant (facts->norm_quantiles[3], DIGITS);
  g_autofree char *cosine = ws_format_significant (facts->anisotropy, DIGITS);
  g_autofree char *centred = ws_format_significant (facts->anisotropy_centred, DIGITS);

  ws_document_add_heading (document, 2, "Tokens");
  ws_document_begin_paragraph (document);
  ws_document_add_text (
      document,
      "As they are stored, the median length of a row is %s, 1 %% are below %s and "
      "1 %% above %s. The mean cosine of two rows is %s (anisotropy), %s once their "
      "mean is subtracted.",
      median, low, high, cosine, centred);
  if (study->projection != NULL)
    {
      const WsProjection *projection = study->projection;
      g_autofree char *ratio = ws_format_significant (projection->participation_ratio, DIGITS);

      ws_document_add_text (document,
                            " Once normalized, their variance is spread over about %s directions "
                            "(participation ratio).",
                            ratio);
    }
  add_untrained (document, study);
}

void
ws_cluster_section_add (WsDocument *document, const WsClusterStudy *study, guint n_members,
                        const char *figures)
{
  ws_document_add_heading (document, 2, "Embedding");
  add_subject (document, study);
  add_choice (document, study);
  add_figure (document, study, WS_CLUSTER_FIGURE_ELBOW, figures);
  add_curve (document, study);
  add_clusters (document, study, n_members);
  add_figure (document, study, WS_CLUSTER_FIGURE_SIZES, figures);
  add_figure (document, study, WS_CLUSTER_FIGURE_MAP, figures);
  add_facts (document, study);
  add_figure (document, study, WS_CLUSTER_FIGURE_NORMS, figures);
  add_figure (document, study, WS_CLUSTER_FIGURE_NORM_HISTOGRAM, figures);
  add_figure (document, study, WS_CLUSTER_FIGURE_VARIANCE, figures);
}
