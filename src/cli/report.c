/* SPDX-License-Identifier: MIT */
/* weightscope-cli report: everything about a model in one folder. */
#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "base/error.h"
#include "cli/analysis-run.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/remote.h"
#include "cli/run-report.h"
#include "cli/terminal.h"
#include "export/report.h"

static gboolean
refuse_option (const char *option, GError **error)
{
  g_set_error (error, WS_ERROR, WS_ERROR_ARGUMENT,
               _ ("--%s is no option of report: it writes every form into its folder"), option);
  return FALSE;
}

static gboolean
check_options (const CliOptions *options, GError **error)
{
  if (options->format != NULL)
    return refuse_option ("format", error);
  if (options->spectra != NULL)
    return refuse_option ("spectra", error);
  if (options->out != NULL)
    return TRUE;
  g_set_error (error, WS_ERROR, WS_ERROR_ARGUMENT,
               _ ("report needs --out and the folder to write to"));
  return FALSE;
}

static gboolean
write_report (const CliRun *run, GError **error)
{
  const WsRecordInput record = cli_run_get_record (run);
  const WsReportInput input = { run->model, run->results, &record };

  return ws_report_save (run->options->out, &input, NULL, NULL, run->cancellable, error);
}

static CliStatus
run_and_write (CliRun *run, GError **error)
{
  if (!cli_run_compute (run, error))
    {
      if (!g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return CLI_FAILED;
      g_clear_error (error);
      cli_print_message (
          _ ("interrupted before the report: finished rows are kept; the same command goes on"));
      return CLI_INTERRUPTED;
    }
  if (!write_report (run, error))
    return g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? CLI_INTERRUPTED
                                                                      : CLI_FAILED;
  cli_print_problems (run->results);
  if (!run->options->quiet)
    {
      cli_print_nonfinite (run->results);
      cli_print_faults (run->results);
    }
  return cli_run_get_status (run);
}

CliStatus
cli_report (const CliOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_auto (CliRun) run = { options, g_cancellable_new () };
  g_autoptr (CliInterrupt) interrupt = cli_interrupt_new (run.cancellable, &error);
  CliStatus status;

  if (interrupt == NULL || !check_options (options, &error) || !cli_run_open (&run, &error) ||
      !cli_check_folder (options->out, &error) || !cli_run_prepare (&run, &error))
    return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? CLI_INTERRUPTED
                                                                     : cli_report_error (error);
  status = run_and_write (&run, &error);
  cli_print_traffic (options, run.hub);
  if (error)
    cli_report_error (error);
  else if (status != CLI_INTERRUPTED)
    printf ("%s\n", options->out);
  return status;
}
