/* SPDX-License-Identifier: MIT */
/* What a run says before its start and at its end, on stderr. */
#include "cli/run-report.h"

#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "analysis/device-words.h"
#include "base/format.h"
#include "cli/analyze-table.h"
#include "cli/terminal.h"

/* Below, a bar that runs says enough. */
#define WORTH_TELLING_SECONDS 10

void
cli_print_estimate (GPtrArray *results, const CliOptions *options)
{
  gboolean on_terminal = !options->quiet && cli_is_terminal (STDERR_FILENO);
  g_autofree char *duration = NULL;
  double seconds;
  guint n = 0;

  for (guint i = 0; i < results->len; i++)
    n += ws_result_needs_run (g_ptr_array_index (results, i));
  if (n == 0 || !(options->verbose || on_terminal))
    return;
  seconds = ws_analysis_estimate_seconds (results, &options->analysis);
  if (!options->verbose && seconds < WORTH_TELLING_SECONDS)
    return;
  duration = ws_format_rough_duration (seconds);
  /* Translators: %s is a guess: "about 3 min" */
  cli_print_message (ngettext ("%u tensor to analyse, %s", "%u tensors to analyse, %s", n), n,
                     duration);
}

char *
cli_describe_states (GPtrArray *results)
{
  guint counts[WS_STATE_CANCELLED + 1] = { 0 };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < results->len; i++)
    counts[((const WsResult *) g_ptr_array_index (results, i))->state]++;
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    if (counts[i] > 0)
      g_string_append_printf (text, "%s%u %s", text->len > 0 ? _ (", ") : "", counts[i],
                              ws_state_get_title ((WsState) i));
  return g_string_free (text, FALSE);
}

gboolean
cli_is_problem (const WsResult *result)
{
  return result->state == WS_STATE_ERROR || result->state == WS_STATE_UNSUPPORTED ||
         result->state == WS_STATE_TOO_LARGE;
}

void
cli_print_problems (GPtrArray *results)
{
  guint n = 0;

  for (guint i = 0; i < results->len; i++)
    {
      const WsResult *result = g_ptr_array_index (results, i);
      g_autofree char *line = NULL;

      if (!cli_is_problem (result) || ++n > CLI_MAX_REMARKS)
        continue;
      line = cli_describe_result (result);
      cli_print_message ("%s", line);
    }
  if (n > CLI_MAX_REMARKS)
    cli_print_message (ngettext ("and %u more", "and %u more", n - CLI_MAX_REMARKS),
                       n - CLI_MAX_REMARKS);
}

void
cli_print_nonfinite (GPtrArray *results)
{
  const WsResult *first = NULL;
  g_autofree char *name = NULL;
  g_autofree char *note = NULL;
  guint n = 0;

  for (guint i = results->len; i-- > 0;)
    {
      const WsResult *result = g_ptr_array_index (results, i);

      if (result->state != WS_STATE_NONFINITE)
        continue;
      first = result;
      n++;
    }
  if (first == NULL)
    return;
  name = cli_get_result_name (first);
  note = ws_result_dup_note (first, TRUE);
  /* Translators: the name of the first such tensor, then where in it: "1 not finite, first at row
   * 7, column 9". */
  cli_print_message (ngettext ("%u tensor is not finite: %s (%s)",
                               "%u tensors are not finite, the first is %s (%s)", n),
                     n, name, note);
}

void
cli_print_faults (GPtrArray *results)
{
  g_autofree char *said = ws_faults_describe (results);
  g_auto (GStrv) sentences = g_strsplit (said != NULL ? said : "", "\n", -1);

  for (char **sentence = sentences; *sentence != NULL; sentence++)
    cli_print_message ("%s", *sentence);
}

void
cli_print_wrote_table (const char *path, GPtrArray *results)
{
  g_autofree char *shown = ws_format_name (path);
  g_autofree char *states = cli_describe_states (results);

  cli_print_message (ngettext ("wrote %s: %u row (%s)", "wrote %s: %u rows (%s)", results->len),
                     shown, results->len, states);
}

void
cli_print_wrote_spectra (const char *path, GPtrArray *results)
{
  g_autofree char *shown = ws_format_name (path);
  guint n = 0;

  for (guint i = 0; i < results->len; i++)
    n += ((const WsResult *) g_ptr_array_index (results, i))->spectrum.n_sigma > 0;
  cli_print_message (ngettext ("wrote %s: %u spectrum", "wrote %s: %u spectra", n), shown, n);
}
