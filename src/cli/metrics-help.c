/* SPDX-License-Identifier: MIT */
/* weightscope-cli help metrics: what the columns mean, from the one list of metrics. */
#include "cli/metrics-help.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "spectra/metrics.h"

static int
get_key_width (GArray *infos)
{
  gsize width = 0;

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
  fprintf (stream, "%s\n",
           _ ("W is the matrix, m × n, with N finite elements w; σ₁ ≥ σ₂ ≥ … are its singular "
              "values.\nA key is a column of CSV, a member in JSON, and a word of --filter."));
  for (guint i = 0; i < infos->len; i++)
    {
      const WsMetricInfo *info = &g_array_index (infos, WsMetricInfo, i);

      if (g_strcmp0 (info->group, group) != 0)
        fprintf (stream, "\n%s\n", _ (info->group));
      group = info->group;
      print_metric (stream, info, key_width);
    }
  fprintf (stream, "\n%s\n", _ ("--energy X[,X…] chooses other shares of the energy."));
}
