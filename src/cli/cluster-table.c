/* SPDX-License-Identifier: MIT */
/* Clusters as a table of text for people. */
#include "cli/cluster-table.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/format.h"
#include "cli/text-table.h"
#include "export/cluster-tables.h"

enum
{
  COLUMN_CLUSTER,
  COLUMN_SIZE,
  COLUMN_SHARE,
  COLUMN_DISTANCE,
  COLUMN_SILHOUETTE,
  COLUMN_TOKENS,
  N_COLUMNS
};

static void
add_row (CliTextTable *table, guint cluster, const WsClusterSummary *summary,
         const WsClusterStudy *study)
{
  char **cells = g_new0 (char *, N_COLUMNS + 1);

  cells[COLUMN_CLUSTER] = g_strdup_printf ("%u", cluster);
  cells[COLUMN_SIZE] = ws_format_count (summary->size);
  cells[COLUMN_SHARE] = g_strdup_printf ("%.1f %%", 100 * summary->share);
  cells[COLUMN_DISTANCE] = ws_format_significant (summary->average_distance, 4);
  cells[COLUMN_SILHOUETTE] = ws_format_significant (summary->silhouette, 3);
  cells[COLUMN_TOKENS] = ws_cluster_summary_dup_text (summary, study);
  cli_text_table_add_row (table, cells);
}

static void
print_subject (FILE *stream, const WsClusterStudy *study)
{
  const guint64 n = study->n_rows - study->n_points;
  g_autofree char *n_left_out = ws_format_count (n);
  g_autofree char *name = ws_format_name (study->tensor->name);
  g_autofree char *shape = ws_format_shape (study->tensor->dims, study->tensor->n_dims);
  g_autofree char *words = ws_choice_describe (&study->choice, TRUE);

  /* Translators: the name of a matrix, its shape, a key such as zscore */
  fprintf (stream, _ ("%s %s, normalized: %s\n"), name, shape,
           ws_normalization_get_key (study->options.normalization));
  if (n > 0)
    fprintf (stream,
             ngettext ("%s row is not finite and in no cluster\n",
                       "%s rows are not finite and in no cluster\n", n),
             n_left_out);
  fprintf (stream, "%s\n", words);
}

void
cli_print_clusters (FILE *stream, guint width, const WsClusterStudy *study, guint n_members)
{
  static const CliTextColumn columns[N_COLUMNS] = {
    { N_ ("cluster"), TRUE, FALSE },    { N_ ("size"), TRUE, FALSE },
    { N_ ("share"), TRUE, FALSE },      { N_ ("distance"), TRUE, FALSE },
    { N_ ("silhouette"), TRUE, FALSE }, { N_ ("nearest to the centre"), FALSE, TRUE },
  };
  static const guint spare[] = { COLUMN_DISTANCE, COLUMN_SILHOUETTE };
  g_autoptr (CliTextTable) table = cli_text_table_new (columns, G_N_ELEMENTS (columns));
  g_autoptr (GArray) summaries = ws_cluster_summaries_new (study, n_members);

  cli_text_table_set_spare_columns (table, spare, G_N_ELEMENTS (spare));
  for (guint i = 0; i < summaries->len; i++)
    add_row (table, i, &g_array_index (summaries, WsClusterSummary, i), study);
  cli_text_table_print (table, stream, width);
  fputc ('\n', stream);
  print_subject (stream, study);
}
