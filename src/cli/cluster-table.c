/* SPDX-License-Identifier: MIT */
/* Clusters as a table of text for people. */
#include "cli/cluster-table.h"

#include <glib/gi18n-lib.h>

#include "base/format.h"
#include "cli/terminal.h"
#include "cli/text-table.h"
#include "export/cluster-tables.h"

/* What the columns before the tokens mostly take. */
#define NUMBERS_WIDTH 54
#define MIN_TOKENS_WIDTH 20

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

/* The nearest members, as many as there is @room for; the first in any case. */
static char *
dup_tokens (const WsClusterSummary *summary, const WsClusterStudy *study, guint room)
{
  GString *text = g_string_new (NULL);
  guint used = 0;

  for (guint i = 0; i < summary->n_members; i++)
    {
      const guint64 row = ws_cluster_study_get_row (study, summary->members[i]);
      g_autofree char *label = ws_cluster_study_dup_label (study, row);

      used += cli_get_text_width (label) + (i > 0);
      if (i > 0 && used + (i + 1 < summary->n_members ? 2 : 0) > room)
        {
          g_string_append (text, " …");
          break;
        }
      g_string_append_printf (text, "%s%s", i > 0 ? " " : "", label);
    }
  return g_string_free (text, FALSE);
}

static void
add_row (CliTextTable *table, guint cluster, const WsClusterSummary *summary,
         const WsClusterStudy *study, guint room)
{
  char **cells = g_new0 (char *, N_COLUMNS + 1);

  cells[COLUMN_CLUSTER] = g_strdup_printf ("%u", cluster);
  cells[COLUMN_SIZE] = ws_format_count (summary->size);
  cells[COLUMN_SHARE] = g_strdup_printf ("%.1f %%", 100 * summary->share);
  cells[COLUMN_DISTANCE] = ws_format_significant (summary->average_distance, 4);
  cells[COLUMN_SILHOUETTE] = ws_format_significant (summary->silhouette, 3);
  cells[COLUMN_TOKENS] = dup_tokens (summary, study, room);
  cli_text_table_add_row (table, cells);
}

static void
print_subject (FILE *stream, const WsClusterStudy *study)
{
  g_autofree char *name = ws_format_name (study->tensor->name);
  g_autofree char *shape = ws_format_shape (study->tensor->dims, study->tensor->n_dims);
  g_autofree char *rows = ws_cluster_study_describe_rows (study, TRUE);
  g_autofree char *words = ws_choice_describe (&study->choice, TRUE);

  /* Translators: the name of a matrix, its shape, a key such as zscore */
  fprintf (stream, _ ("%s %s, normalized: %s\n"), name, shape,
           ws_normalization_get_key (study->options.normalization));
  if (rows != NULL)
    fprintf (stream, "%s\n", rows);
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
  const guint room = width > NUMBERS_WIDTH ? MAX (width - NUMBERS_WIDTH, MIN_TOKENS_WIDTH)
                     : width > 0           ? MIN_TOKENS_WIDTH
                                           : G_MAXUINT;
  g_autoptr (CliTextTable) table = cli_text_table_new (columns, G_N_ELEMENTS (columns));
  g_autoptr (GArray) summaries = ws_cluster_summaries_new (study, n_members);

  for (guint i = 0; i < summaries->len; i++)
    add_row (table, i, &g_array_index (summaries, WsClusterSummary, i), study, room);
  cli_text_table_print (table, stream, width);
  fputc ('\n', stream);
  print_subject (stream, study);
}
