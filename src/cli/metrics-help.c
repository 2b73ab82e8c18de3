/* SPDX-License-Identifier: MIT */
/* weightscope-cli help metrics: what the columns mean, from the one list of metrics. */
#include "cli/metrics-help.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "spectra/metrics.h"

/* Beside the metrics, in the order of the table. */
static const struct
{
  const char *key;
  const char *meaning; /* N_() */
} columns[] = {
  { "model_path", N_ ("the model: its path below the current folder, or its last name") },
  { "model_id", N_ ("--model-id, or what the model's own folder says") },
  { "revision", N_ ("--revision, or what the model's own folder says") },
  { "param_name", N_ ("name of the tensor; NAME[3] is one expert of a packed tensor") },
  { "layer_index", N_ ("layer, from 0") },
  { "block_type", N_ ("what the matrix does in its layer, such as q_proj") },
  { "coarse_type", N_ ("the same in fewer types, such as moe") },
  { "stack", N_ ("which part of a model with several, such as vision") },
  { "expert_index", N_ ("expert, from 0") },
  { "shape", N_ ("as stored") },
  { "rows", N_ ("m of the matrix") },
  { "cols", N_ ("n of the matrix") },
  { "design_rank", N_ ("min(m, n): the most that a rank can be") },
  { "rank_ratio", N_ ("actual_rank/design_rank") },
  { "svd_90_percent_rank", N_ ("the same as rank_energy_90, whatever --energy says") },
  { "svd_90_percent_ratio", N_ ("the same as ratio_90, whatever --energy says") },
  { "dtype", N_ ("type of the stored elements") },
  { "state", N_ ("what became of the row: ok, vector, nonfinite, unsupported, …") },
  { "note", N_ ("why, in a sentence") },
  { "method", N_ ("gram64: eigenvalues of the Gram matrix; svd64: direct decomposition") },
  { "backend", N_ ("where it was computed: cpu or cuda") },
  { "created_at", N_ ("when the run began") },
};

static int
get_key_width (GArray *infos)
{
  gsize width = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    width = MAX (width, strlen (columns[i].key));
  for (guint i = 0; i < infos->len; i++)
    width = MAX (width, strlen (g_array_index (infos, WsMetricInfo, i).key));
  return (int) width;
}

/* "  KEY  TITLE", then "FORMULA, in UNIT [SOURCE]" below the title: a line for all of it would be
 * wider than a terminal. */
static void
print_metric (FILE *stream, const WsMetricInfo *info, int key_width)
{
  fprintf (stream, "  %-*s  %s\n", key_width, info->key, _ (info->title));
  fprintf (stream, "  %*s  %s", key_width, "", info->formula);
  if (*info->unit != '\0')
    {
      /* Translators: a unit behind a formula, such as ", in bytes" */
      fprintf (stream, _ (", in %s"), _ (info->unit));
    }
  if (*info->source != '\0')
    fprintf (stream, "  [%s]", info->source);
  putc ('\n', stream);
}

void
cli_print_metrics (FILE *stream)
{
  WsMetricOptions options;
  g_autoptr (GArray) infos = NULL;
  const char *group = NULL;
  int key_width;

  ws_metric_options_init (&options);
  infos = ws_metric_infos (&options);
  key_width = get_key_width (infos);
  fprintf (
      stream, "%s\n",
      _ ("W is the matrix, m × n, with N finite elements w; σ₁ ≥ σ₂ ≥ … are its singular "
         "values.\nε is 2⁻²³, or 2⁻⁵² for F64; tol is --rank-tol; z is --zero-eps.\nA key is a "
         "column of CSV, a member in JSON, and a word of --filter, where rank90 is\nshort for "
         "rank_energy_90."));
  for (guint i = 0; i < infos->len; i++)
    {
      const WsMetricInfo *info = &g_array_index (infos, WsMetricInfo, i);

      if (g_strcmp0 (info->group, group) != 0)
        fprintf (stream, "\n%s\n", _ (info->group));
      group = info->group;
      print_metric (stream, info, key_width);
    }
  fprintf (stream, "\n%s\n", _ ("Columns"));
  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    fprintf (stream, "  %-*s  %s\n", key_width, columns[i].key, _ (columns[i].meaning));
  fprintf (stream, "\n%s\n", _ ("--energy X[,X…] chooses other shares of the energy."));
}
