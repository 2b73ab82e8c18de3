/* SPDX-License-Identifier: MIT */
/* What a report says of spectra: block types, layers, outliers, what factors would save. */
#include "export/report-text.h"

#include <math.h>
#include <string.h>

#include "base/format.h"
#include "export/document-cells.h"

#define DIGITS 4
/* As many as fit a page beside the layer and its medians. */
#define MAX_BLOCK_COLUMNS 9
#define MAX_OUTLIERS 20

/* "51.0 %"; NULL if it is not known. */
static char *
dup_percent (double share)
{
  return isnan (share) ? NULL : g_strdup_printf ("%.1f\u00a0%%", 100 * share);
}

static guint64
count_saved (const WsReportSummary *summary, const WsReportSaving *saving)
{
  return summary->n_bytes - saving->n_bytes_kept;
}

static double
get_saved_share (const WsReportSummary *summary, const WsReportSaving *saving)
{
  return summary->n_bytes > 0 ? count_saved (summary, saving) / (double) summary->n_bytes : NAN;
}

static guint
count_state (GPtrArray *results, WsState state)
{
  guint n = 0;

  for (guint i = 0; i < results->len; i++)
    n += ((const WsResult *) g_ptr_array_index (results, i))->state == state;
  return n;
}

static void
add_spectra_item (WsDocument *document, const WsReportFacts *facts)
{
  g_autofree char *share = dup_percent (facts->all.ratio_90);
  g_autofree char *stable = ws_format_significant (facts->all.stable_rank, DIGITS);

  ws_document_begin_item (document);
  if (facts->all.n_matrices == 0)
    {
      ws_document_add_text (document, "No matrix has a spectrum.");
      return;
    }
  ws_document_add_text (document,
                        facts->all.n_matrices == 1
                            ? "%u matrix has a spectrum. %s of its singular values hold "
                              "90\u00a0%% of the energy; its stable rank is %s."
                            : "%u matrices have a spectrum. In the median, %s of the singular "
                              "values hold 90\u00a0%% of the energy, and the stable rank is %s.",
                        facts->all.n_matrices, share, stable);
}

static void
add_saving_item (WsDocument *document, const WsReportFacts *facts)
{
  const WsReportSaving *saving = &facts->savings[0];
  g_autofree char *now = ws_format_bytes (facts->all.n_bytes);
  g_autofree char *then = ws_format_bytes (saving->n_bytes_kept);
  g_autofree char *share = dup_percent (get_saved_share (&facts->all, saving));

  if (facts->all.n_matrices == 0)
    return;
  ws_document_begin_item (document);
  ws_document_add_text (document,
                        "As two factors with 90\u00a0%% of the energy %u of %u would be smaller: "
                        "%s in all would become %s, %s less.",
                        saving->n_smaller, facts->all.n_matrices, now, then, share);
}

void
ws_report_add_summary (WsDocument *document, const WsModel *model, GPtrArray *results,
                       const WsReportFacts *facts)
{
  guint n_nonfinite = count_state (results, WS_STATE_NONFINITE);
  guint n_zero = count_state (results, WS_STATE_ZERO);
  guint n_pending =
      count_state (results, WS_STATE_PENDING) + count_state (results, WS_STATE_CANCELLED);

  ws_document_add_heading (document, 2, "In short");
  add_spectra_item (document, facts);
  add_saving_item (document, facts);
  if (facts->outliers->len > 0)
    {
      ws_document_begin_item (document);
      ws_document_add_text (document,
                            facts->outliers->len == 1
                                ? "%u value stands out from those of its block type."
                                : "%u values stand out from those of their block types.",
                            facts->outliers->len);
    }
  if (n_nonfinite > 0)
    {
      ws_document_begin_item (document);
      ws_document_add_strong (document, "Not finite");
      ws_document_add_text (document,
                            n_nonfinite == 1 ? ": %u tensor holds NaN or infinite values."
                                             : ": %u tensors hold NaN or infinite values.",
                            n_nonfinite);
    }
  if (n_zero > 0)
    {
      ws_document_begin_item (document);
      ws_document_add_text (document,
                            n_zero == 1 ? "%u tensor holds nothing but zeros."
                                        : "%u tensors hold nothing but zeros.",
                            n_zero);
    }
  if (n_pending > 0)
    {
      ws_document_begin_item (document);
      ws_document_add_strong (document, "Incomplete");
      ws_document_add_text (document, ": %u tensors had not been analysed when this was written.",
                            n_pending);
    }
  if (model->n_shards_missing > 0)
    {
      ws_document_begin_item (document);
      ws_document_add_strong (document, "Incomplete");
      ws_document_add_text (document, ": %u files of the model are missing, and their tensors.",
                            model->n_shards_missing);
    }
}

void
ws_report_add_blocks (WsDocument *document, const WsReportFacts *facts)
{
  static const WsDocumentColumn columns[] = {
    { "Block" },           { "Matrices", TRUE },    { "Parameters", TRUE }, { "90 % rank", TRUE },
    { "Effective", TRUE }, { "Stable rank", TRUE }, { "Std", TRUE },
  };

  if (facts->blocks->len == 0)
    return;
  ws_document_begin_paragraph (document);
  ws_document_add_text (document,
                        "Medians over the matrices of each block type. 90 %% rank: how many "
                        "singular values hold 90 %% of the energy; Effective: the effective rank; "
                        "both as a share of the short side of the matrix.");
  ws_document_begin_table (document, columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < facts->blocks->len; i++)
    {
      const WsReportBlock *block = &g_array_index (facts->blocks, WsReportBlock, i);
      const WsReportSummary *summary = &block->summary;

      ws_document_add_code_cell (document, ws_block_type_get_key (block->type));
      ws_document_add_count_cell (document, summary->n_matrices);
      ws_document_add_count_cell (document, summary->n_elements);
      ws_document_add_percent_cell (document, summary->ratio_90);
      ws_document_add_percent_cell (document, summary->erank_ratio);
      ws_document_add_number_cell (document, summary->stable_rank);
      ws_document_add_number_cell (document, summary->std);
    }
}

/* Whether any layer has a matrix of that type. */
static gboolean
has_block (GPtrArray *results, const WsReportFacts *facts, WsBlockType type)
{
  for (guint i = 0; i < facts->layers->len; i++)
    {
      const WsReportLayer *layer = &g_array_index (facts->layers, WsReportLayer, i);

      if (!isnan (ws_report_get_ratio (results, layer->stack, layer->layer_index, type)))
        return TRUE;
    }
  return FALSE;
}

/* The types that the layers are made of, most bytes first. Returns: how many. */
static guint
choose_block_columns (GPtrArray *results, const WsReportFacts *facts,
                      WsBlockType types[MAX_BLOCK_COLUMNS])
{
  guint n = 0;

  for (guint i = 0; i < facts->blocks->len && n < MAX_BLOCK_COLUMNS; i++)
    {
      WsBlockType type = g_array_index (facts->blocks, WsReportBlock, i).type;

      if (has_block (results, facts, type))
        types[n++] = type;
    }
  return n;
}

static gboolean
has_several_stacks (const WsReportFacts *facts)
{
  const WsReportLayer *layers = (const WsReportLayer *) facts->layers->data;

  for (guint i = 1; i < facts->layers->len; i++)
    if (g_strcmp0 (layers[i].stack, layers[0].stack) != 0)
      return TRUE;
  return FALSE;
}

static void
add_layer_row (WsDocument *document, GPtrArray *results, const WsReportLayer *layer,
               gboolean with_stack, const WsBlockType *types, guint n_types)
{
  if (with_stack)
    ws_document_add_code_cell (document, layer->stack);
  ws_document_add_count_cell (document, layer->layer_index);
  ws_document_add_count_cell (document, layer->summary.n_elements);
  for (guint i = 0; i < n_types; i++)
    ws_document_add_percent_cell (
        document, ws_report_get_ratio (results, layer->stack, layer->layer_index, types[i]));
  ws_document_add_percent_cell (document, layer->summary.erank_ratio);
  ws_document_add_number_cell (document, layer->summary.stable_rank);
}

void
ws_report_add_layers (WsDocument *document, GPtrArray *results, const WsReportFacts *facts)
{
  WsDocumentColumn columns[MAX_BLOCK_COLUMNS + 5];
  WsBlockType types[MAX_BLOCK_COLUMNS];
  guint n_types = choose_block_columns (results, facts, types), n = 0;
  gboolean with_stack = has_several_stacks (facts);

  if (facts->layers->len == 0)
    return;
  ws_document_add_heading (document, 2, "Layers");
  ws_document_begin_paragraph (document);
  ws_document_add_text (document,
                        "The 90 %% rank of each block as a share of its short side (the median "
                        "where a layer has several), then the medians of effective and stable rank "
                        "over the layer.");
  if (with_stack)
    columns[n++] = (WsDocumentColumn){ "Stack" };
  columns[n++] = (WsDocumentColumn){ "Layer", TRUE };
  columns[n++] = (WsDocumentColumn){ "Parameters", TRUE };
  for (guint i = 0; i < n_types; i++)
    columns[n++] = (WsDocumentColumn){ ws_block_type_get_key (types[i]), TRUE };
  columns[n++] = (WsDocumentColumn){ "Effective", TRUE };
  columns[n++] = (WsDocumentColumn){ "Stable rank", TRUE };
  ws_document_begin_table (document, columns, n);
  for (guint i = 0; i < facts->layers->len; i++)
    add_layer_row (document, results, &g_array_index (facts->layers, WsReportLayer, i), with_stack,
                   types, n_types);
}

static const char *
get_words (const char *key)
{
  static const struct
  {
    const char *key, *words;
  } metrics[] = {
    { "ratio_90", "90 % rank over short side" },
    { "stable_rank", "stable rank" },
    { "spectral", "largest singular value" },
    { "std", "standard deviation" },
    { "outlier_ratio", "largest magnitude over root mean square" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (metrics); i++)
    if (strcmp (metrics[i].key, key) == 0)
      return metrics[i].words;
  g_return_val_if_reached (key);
}

static void
add_outlier (WsDocument *document, const WsReportOutlier *outlier)
{
  const WsResult *result = outlier->result;
  g_autofree char *value = ws_format_significant (outlier->value, DIGITS);
  g_autofree char *median = ws_format_significant (outlier->median, DIGITS);
  g_autofree char *distance = ws_format_significant (outlier->n_deviations, 2);

  ws_document_begin_item (document);
  ws_document_add_code (document, result->tensor->name);
  if (result->slice >= 0)
    ws_document_add_text (document, " (expert %d)", result->slice);
  ws_document_add_text (document, ": %s %s; the median of the %u matrices of ",
                        get_words (outlier->key), value, outlier->n_peers);
  ws_document_add_code (document, ws_block_type_get_key (result->tensor->block.type));
  if (isinf (outlier->n_deviations))
    ws_document_add_text (document, " is %s, and most have just that.", median);
  else
    ws_document_add_text (document, " is %s (%s deviations away).", median, distance);
}

/* Whether there was anything to ask. */
static gboolean
has_peers (const WsReportFacts *facts)
{
  for (guint i = 0; i < facts->blocks->len; i++)
    if (g_array_index (facts->blocks, WsReportBlock, i).summary.n_matrices >= WS_REPORT_MIN_PEERS)
      return TRUE;
  return FALSE;
}

void
ws_report_add_outliers (WsDocument *document, const WsReportFacts *facts)
{
  guint n = facts->outliers->len;

  ws_document_add_heading (document, 2, "What stands out");
  ws_document_begin_paragraph (document);
  ws_document_add_text (document,
                        "Values further than three deviations from the median of their block type, "
                        "and by more than a tenth of it; the deviation is the median absolute one, "
                        "times 1.4826. Asked of block types with at least eight matrices.");
  if (n == 0)
    {
      ws_document_begin_paragraph (document);
      ws_document_add_text (document, "%s",
                            has_peers (facts)
                                ? "Nothing does."
                                : "No block type of this model has so many: nothing was asked.");
    }
  for (guint i = 0; i < MIN (n, MAX_OUTLIERS); i++)
    add_outlier (document, &g_array_index (facts->outliers, WsReportOutlier, i));
  if (n > MAX_OUTLIERS)
    {
      ws_document_begin_paragraph (document);
      ws_document_add_text (document, "And %u more, less far away.", n - MAX_OUTLIERS);
    }
}

static void
add_total_savings (WsDocument *document, const WsReportFacts *facts)
{
  static const WsDocumentColumn columns[] = {
    { "Energy kept", TRUE }, { "Median rank", TRUE }, { "Matrices that shrink", TRUE },
    { "Now", TRUE },         { "As factors", TRUE },  { "Less by", TRUE },
  };

  ws_document_begin_table (document, columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < WS_REPORT_N_ENERGIES; i++)
    {
      const WsReportSaving *saving = &facts->savings[i];

      ws_document_begin_cell (document);
      ws_document_add_text (document, "%.0f\u00a0%%", 100 * ws_report_energies[i]);
      ws_document_add_percent_cell (document, saving->ratio);
      ws_document_begin_cell (document);
      ws_document_add_text (document, "%u of %u", saving->n_smaller, facts->all.n_matrices);
      ws_document_add_bytes_cell (document, facts->all.n_bytes);
      ws_document_add_bytes_cell (document, saving->n_bytes_kept);
      ws_document_add_percent_cell (document, get_saved_share (&facts->all, saving));
    }
}

static void
add_block_savings (WsDocument *document, const WsReportFacts *facts)
{
  static const WsDocumentColumn columns[] = {
    { "Block" },           { "Now", TRUE },     { "Rank 90 %", TRUE }, { "Less by", TRUE },
    { "Rank 95 %", TRUE }, { "Less by", TRUE }, { "Rank 99 %", TRUE }, { "Less by", TRUE },
  };

  ws_document_begin_table (document, columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < facts->blocks->len; i++)
    {
      const WsReportBlock *block = &g_array_index (facts->blocks, WsReportBlock, i);

      ws_document_add_code_cell (document, ws_block_type_get_key (block->type));
      ws_document_add_bytes_cell (document, block->summary.n_bytes);
      for (guint j = 0; j < WS_REPORT_N_ENERGIES; j++)
        {
          ws_document_add_percent_cell (document, block->savings[j].ratio);
          ws_document_add_bytes_cell (document, count_saved (&block->summary, &block->savings[j]));
        }
    }
}

void
ws_report_add_savings (WsDocument *document, const WsReportFacts *facts)
{
  ws_document_add_heading (document, 2, "Compressibility");
  ws_document_begin_paragraph (document);
  ws_document_add_text (document,
                        "An m × n matrix cut to rank r is two factors of r·(m + n) numbers, fewer "
                        "than m·n below the break-even rank. The table keeps each matrix to the "
                        "rank that holds the given energy, as factors of its stored type where "
                        "these are smaller, else as it is. The energy of weights is not the loss "
                        "of a task: small singular values may matter.");
  if (facts->all.n_matrices == 0)
    return;
  add_total_savings (document, facts);
  add_block_savings (document, facts);
}
