/* SPDX-License-Identifier: MIT */
/* Results layer by layer, for people. */
#include "cli/analyze-table.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/format.h"
#include "base/median.h"
#include "cli/commands.h"
#include "cli/run-report.h"
#include "cli/text-table.h"

#define DIGITS 4

char *
cli_get_result_name (const WsResult *result)
{
  g_autofree char *name = ws_format_name (result->tensor->name);

  return result->slice < 0 ? g_steal_pointer (&name)
                           : g_strdup_printf ("%s[%d]", name, result->slice);
}

char *
cli_describe_result (const WsResult *result)
{
  g_autofree char *name = cli_get_result_name (result);
  g_autofree char *note = ws_result_dup_note (result, TRUE);

  return g_strdup_printf ("%s: %s: %s", name, ws_state_get_title (result->state), note ? note : "");
}

static char *
dup_shape (const WsResult *result)
{
  const guint64 view[] = { result->n_rows, result->n_cols };

  return result->slice < 0 ? ws_format_shape (result->tensor->dims, result->tensor->n_dims)
                           : ws_format_shape (view, G_N_ELEMENTS (view));
}

/* "48/48"; "—" where there is no spectrum. */
static char *
dup_rank (const WsResult *result)
{
  if (isnan (result->metrics.actual_rank))
    return g_strdup ("—");
  return g_strdup_printf ("%.0f/%" G_GUINT64_FORMAT, result->metrics.actual_rank,
                          ws_result_get_max_rank (result));
}

static double
get_90_percent_rank (const WsResult *result)
{
  const WsSpectrum *spectrum = &result->spectrum;

  return spectrum->n_sigma > 0 ? ws_energy_rank (spectrum->sigma, spectrum->n_sigma, 0.9) : NAN;
}

/* "28 (58 %)" */
static char *
dup_90_percent_rank (const WsResult *result)
{
  double rank = get_90_percent_rank (result);

  if (isnan (rank))
    return g_strdup ("—");
  return g_strdup_printf ("%.0f (%.0f %%)", rank, 100 * rank / ws_result_get_max_rank (result));
}

static void
add_result (CliTextTable *table, const WsResult *result)
{
  char **cells = g_new0 (char *, 11);
  guint i = 0;

  cells[i++] = cli_get_result_name (result);
  cells[i++] = g_strdup (ws_block_type_get_key (result->tensor->block.type));
  cells[i++] = dup_shape (result);
  cells[i++] = g_strdup (ws_dtype_get_name (result->tensor->dtype));
  cells[i++] = dup_rank (result);
  cells[i++] = dup_90_percent_rank (result);
  cells[i++] = ws_format_significant (result->metrics.stable_rank, DIGITS);
  cells[i++] = ws_format_significant (result->metrics.erank, DIGITS);
  cells[i++] = ws_format_significant (result->metrics.std, DIGITS);
  cells[i++] = g_strdup (ws_state_get_title (result->state));
  cli_text_table_add_row (table, cells);
}

static void
print_rows (FILE *stream, guint width, GPtrArray *results)
{
  static const CliTextColumn columns[] = {
    { N_ ("name"), FALSE, TRUE },   { N_ ("type"), FALSE, FALSE },
    { N_ ("shape"), TRUE, FALSE },  { N_ ("dtype"), FALSE, FALSE },
    { N_ ("rank"), TRUE, FALSE },   { N_ ("90 % rank"), TRUE, FALSE },
    { N_ ("stable"), TRUE, FALSE }, { N_ ("effective"), TRUE, FALSE },
    { N_ ("std"), TRUE, FALSE },    { N_ ("state"), FALSE, FALSE },
  };
  g_autoptr (CliTextTable) table = cli_text_table_new (columns, G_N_ELEMENTS (columns));
  static const guint spare[] = { 8, 7, 3 }; /* std, effective, dtype */
  int layer = -2;

  cli_text_table_set_spare_columns (table, spare, G_N_ELEMENTS (spare));
  for (guint i = 0; i < results->len; i++)
    {
      const WsResult *result = g_ptr_array_index (results, i);

      if (result->tensor->block.layer_index != layer)
        {
          g_autofree char *heading = cli_get_layer_heading (result->tensor->block.layer_index);

          cli_text_table_add_heading (table, heading);
          layer = result->tensor->block.layer_index;
        }
      add_result (table, result);
    }
  cli_text_table_print (table, stream, width);
}

static double
get_90_percent_share (const WsResult *result)
{
  return 100 * get_90_percent_rank (result) / ws_result_get_max_rank (result);
}

static double
get_stable_rank (const WsResult *result)
{
  return result->metrics.stable_rank;
}

static double
get_effective_rank (const WsResult *result)
{
  return result->metrics.erank;
}

/* The median over the matrices of one block type, as text. */
static char *
dup_median (GPtrArray *results, WsBlockType type, double (*get) (const WsResult *))
{
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < results->len; i++)
    {
      const WsResult *result = g_ptr_array_index (results, i);
      double value = get (result);

      if (result->tensor->block.type == type)
        g_array_append_val (values, value);
    }
  return ws_format_significant (ws_median_compute ((double *) values->data, values->len), DIGITS);
}

/* How many matrices of @type have a spectrum. */
static guint
count_spectra (GPtrArray *results, WsBlockType type)
{
  guint n = 0;

  for (guint i = 0; i < results->len; i++)
    {
      const WsResult *result = g_ptr_array_index (results, i);

      n += result->tensor->block.type == type && result->spectrum.n_sigma > 0;
    }
  return n;
}

static void
print_medians (FILE *stream, guint width, GPtrArray *results)
{
  static const CliTextColumn columns[] = {
    { N_ ("type"), FALSE, FALSE },        { N_ ("matrices"), TRUE, FALSE },
    { N_ ("90 % rank, %"), TRUE, FALSE }, { N_ ("stable"), TRUE, FALSE },
    { N_ ("effective"), TRUE, FALSE },
  };
  g_autoptr (CliTextTable) table = cli_text_table_new (columns, G_N_ELEMENTS (columns));
  gboolean any = FALSE;

  for (int type = 0; type < WS_N_BLOCK_TYPES; type++)
    {
      guint n = count_spectra (results, type);
      char **cells;

      if (n == 0)
        continue;
      any = TRUE;
      cells = g_new0 (char *, G_N_ELEMENTS (columns) + 1);
      cells[0] = g_strdup (ws_block_type_get_key (type));
      cells[1] = ws_format_count (n);
      cells[2] = dup_median (results, type, get_90_percent_share);
      cells[3] = dup_median (results, type, get_stable_rank);
      cells[4] = dup_median (results, type, get_effective_rank);
      cli_text_table_add_row (table, cells);
    }
  if (!any)
    return;
  fprintf (stream, "\n%s\n", _ ("Medians by block type"));
  cli_text_table_print (table, stream, width);
}

/* Why rows lack numbers, or hold such as cannot be trusted. */
static void
print_remarks (FILE *stream, GPtrArray *results)
{
  guint n = 0;

  for (guint i = 0; i < results->len; i++)
    {
      const WsResult *result = g_ptr_array_index (results, i);
      g_autofree char *line = NULL;

      if ((result->state != WS_STATE_NONFINITE && !cli_is_problem (result)) ||
          ++n > CLI_MAX_REMARKS)
        continue;
      line = cli_describe_result (result);
      fprintf (stream, "  %s\n", line);
    }
  if (n > CLI_MAX_REMARKS)
    {
      fprintf (stream, "  ");
      fprintf (stream, ngettext ("and %u more", "and %u more", n - CLI_MAX_REMARKS),
               n - CLI_MAX_REMARKS);
      fprintf (stream, "\n");
    }
}

void
cli_print_analysis (FILE *stream, guint width, const WsModel *model, GPtrArray *results,
                    guint n_missing)
{
  g_autofree char *title = ws_format_name (model->title);
  g_autofree char *parameters = ws_format_count (model->n_parameters);
  g_autofree char *bytes = ws_format_bytes (model->n_bytes);
  g_autofree char *states = cli_describe_states (results);

  print_rows (stream, width, results);
  print_medians (stream, width, results);
  fprintf (stream, "\n%s: ", title);
  fprintf (stream, _ ("%s parameters, %s"), parameters, bytes);
  fprintf (stream, "\n");
  fprintf (stream, ngettext ("%u row: %s", "%u rows: %s", results->len), results->len, states);
  fprintf (stream, "\n");
  print_remarks (stream, results);
  if (n_missing > 0)
    {
      guint n_all = results->len + n_missing;

      fprintf (stream,
               ngettext ("interrupted: %u of %u row is not computed yet",
                         "interrupted: %u of %u rows are not computed yet", n_all),
               n_missing, n_all);
      fprintf (stream, "\n");
    }
  cli_print_notes (stream, model);
}
