/* SPDX-License-Identifier: MIT */
/* weightscope-cli report: everything about a model in one folder. */
#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "base/error.h"
#include "cli/cluster-run.h"
#include "cli/earlier-output.h"
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
check_folder (const CliOptions *options, const WsModel *model, GError **error)
{
  return cli_check_earlier_output (options, ws_report_file_names, WS_REPORT_RECORD, model, error) &&
         cli_check_folder (options->out, error);
}

typedef struct
{
  CliRun run;
  CliClusterRun clusters;
  char *no_study; /* in English: why nothing was clustered */
} Report;

static void
report_clear (Report *self)
{
  cli_cluster_run_clear (&self->clusters);
  cli_run_clear (&self->run);
  g_free (self->no_study);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Report, report_clear)

/* A model without an embedding, or with one that cannot be clustered, has a report all the same.
 * Returns: FALSE with @error: cancelled. */
static gboolean
cluster (Report *self, CliStatus *status, GError **error)
{
  g_autoptr (GError) refusal = NULL;

  if (cli_cluster_run_compute (&self->clusters, &refusal))
    return TRUE;
  if (g_error_matches (refusal, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&refusal));
      return FALSE;
    }
  self->no_study = g_strdup (ws_error_get_english (refusal));
  if (!g_error_matches (refusal, WS_ERROR, WS_ERROR_NOT_FOUND))
    {
      *status = CLI_INCOMPLETE;
      cli_print_message (_ ("nothing was clustered: %s"), refusal->message);
    }
  return TRUE;
}

static gboolean
write_report (const Report *self, GError **error)
{
  const CliRun *run = &self->run;
  const WsClusterStudy *study = self->clusters.study;
  const WsRecordInput record = cli_run_get_record (run);
  const WsRecordInput clusters_record =
      study != NULL ? cli_cluster_run_get_record (&self->clusters) : record;
  const WsReportInput input = {
    .model = run->model,
    .results = run->results,
    .record = &record,
    .study = study,
    .clusters_record = &clusters_record,
    .n_members = run->options->n_representatives,
    .no_study = self->no_study,
  };

  return ws_report_save (run->options->out, &input, NULL, NULL, run->cancellable, error);
}

static gboolean
compute_and_write (Report *self, CliStatus *status, GError **error)
{
  if (!cli_run_compute (&self->run, error))
    return FALSE;
  *status = cli_run_get_status (&self->run);
  return cluster (self, status, error) && write_report (self, error);
}

static CliStatus
run_and_write (Report *self, GError **error)
{
  const CliRun *run = &self->run;
  CliStatus status;

  if (!compute_and_write (self, &status, error))
    {
      if (!g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return CLI_FAILED;
      g_clear_error (error);
      cli_print_message (
          _ ("interrupted before the report: what is finished is kept; the same command goes on"));
      return CLI_INTERRUPTED;
    }
  cli_print_problems (run->results);
  if (!run->options->quiet)
    {
      cli_print_nonfinite (run->results);
      cli_print_faults (run->results);
    }
  printf ("%s\n", run->options->out);
  return status;
}

CliStatus
cli_report (const CliOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_auto (Report) self = { .run = { options, g_cancellable_new () } };
  g_autoptr (CliInterrupt) interrupt = cli_interrupt_new (self.run.cancellable, &error);
  CliStatus status;

  cli_cluster_run_init (&self.clusters, &self.run);
  if (interrupt == NULL || !check_options (options, &error) || !cli_run_open (&self.run, &error) ||
      !cli_cluster_run_find_tensor (&self.clusters, &error) ||
      !check_folder (options, self.run.model, &error) || !cli_run_prepare (&self.run, &error))
    return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? CLI_INTERRUPTED
                                                                     : cli_report_error (error);
  status = run_and_write (&self, &error);
  cli_print_traffic (options, self.run.hub);
  if (error)
    return cli_report_error (error);
  return status;
}
