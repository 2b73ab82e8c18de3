/* SPDX-License-Identifier: MIT */
/* What a run says at its end, on stderr. */
#include "cli/run-report.h"

#include <glib/gi18n-lib.h>

#include "base/format.h"
#include "cli/analyze-table.h"
#include "cli/terminal.h"

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
