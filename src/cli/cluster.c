/* SPDX-License-Identifier: MIT */
/* weightscope-cli cluster: clusters of the embedding, how many there are, and whose tokens. */
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "base/atomic-file.h"
#include "base/error.h"
#include "base/format.h"
#include "cli/cluster-run.h"
#include "cli/cluster-table.h"
#include "cli/earlier-output.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/remote.h"
#include "cli/terminal.h"
#include "export/cluster-files.h"
#include "export/cluster-json.h"
#include "export/cluster-tables.h"

typedef enum
{
  FORM_TABLE,
  FORM_CSV,
  FORM_JSON,
} Form;

typedef struct
{
  CliRun run;
  CliClusterRun clusters;
  Form form; /* of what is printed */
} Cluster;

static void
cluster_clear (Cluster *self)
{
  cli_cluster_run_clear (&self->clusters);
  cli_run_clear (&self->run);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Cluster, cluster_clear)

static gboolean
choose_form (Cluster *self, GError **error)
{
  const CliOptions *options = self->run.options;
  g_autofree char *shown = NULL;

  self->form = cli_is_terminal (STDOUT_FILENO) ? FORM_TABLE : FORM_CSV;
  if (options->format == NULL)
    return TRUE;
  shown = ws_format_name (options->format);
  if (options->out != NULL)
    {
      g_set_error (error, WS_ERROR, WS_ERROR_ARGUMENT,
                   _ ("--format '%s': with --out the folder gets every form"), shown);
      return FALSE;
    }
  if (strcmp (options->format, "table") == 0)
    self->form = FORM_TABLE;
  else if (strcmp (options->format, "csv") == 0)
    self->form = FORM_CSV;
  else if (strcmp (options->format, "json") == 0)
    self->form = FORM_JSON;
  else
    {
      g_set_error (error, WS_ERROR, WS_ERROR_ARGUMENT,
                   _ ("--format does not take '%s': expected %s"), shown, "table, csv, json");
      return FALSE;
    }
  return TRUE;
}

/* Before the work, not after it. */
static gboolean
check_folder (Cluster *self, GError **error)
{
  const char *folder = self->run.options->out;

  if (folder == NULL)
    return TRUE;
  for (const char *const *name = ws_cluster_file_names; *name != NULL; name++)
    {
      g_autofree char *path = g_build_filename (folder, *name, NULL);

      if (!cli_check_not_of_model ("out", path, self->run.model, error) ||
          !ws_atomic_file_can_replace (path, error))
        return FALSE;
    }
  return cli_check_earlier_output (self->run.options, ws_cluster_file_names, WS_CLUSTER_RECORD,
                                   self->run.model, error) &&
         cli_check_folder (folder, error);
}

static gboolean
print (FILE *stream, guint width, gpointer user_data, GError **error)
{
  Cluster *self = user_data;
  const WsRecordInput record = cli_cluster_run_get_record (&self->clusters);
  const guint n_members = self->run.options->n_representatives;

  if (self->form == FORM_CSV)
    return ws_cluster_write_summary (stream, self->clusters.study, n_members, error);
  if (self->form == FORM_JSON)
    return ws_cluster_write_json (stream, self->clusters.study, &record, n_members, error);
  cli_print_clusters (stream, width, self->clusters.study, n_members);
  return TRUE;
}

/* A script that asked for a folder is told the folder; a person sees the clusters as well. */
static gboolean
write_results (Cluster *self, GError **error)
{
  const CliOptions *options = self->run.options;
  const WsRecordInput record = cli_cluster_run_get_record (&self->clusters);
  g_autofree char *shown = NULL;

  if (options->out == NULL)
    return cli_write_output (NULL, print, self, error);
  if (!ws_cluster_files_save (options->out, self->clusters.study, &record,
                              options->n_representatives, self->run.cancellable, error))
    return FALSE;
  if (options->quiet || self->form != FORM_TABLE)
    {
      printf ("%s\n", options->out);
      return TRUE;
    }
  if (!cli_write_output (NULL, print, self, error))
    return FALSE;
  shown = ws_format_name (options->out);
  /* Translators: the name of a folder */
  cli_print_message (_ ("wrote the files into %s"), shown);
  return TRUE;
}

static gboolean
prepare (Cluster *self, GError **error)
{
  const CliOptions *options = self->run.options;

  if (!choose_form (self, error) || !cli_run_open (&self->run, error) ||
      !cli_cluster_run_find_tensor (&self->clusters, error) || !check_folder (self, error))
    return FALSE;
  if (!options->quiet)
    cli_print_warnings (self->run.model);
  if (!options->quiet && options->analysis.device_kind == WS_DEVICE_CUDA)
    cli_print_message (_ ("clusters are computed by the processor"));
  self->run.started = ws_record_get_time ();
  self->run.progress = cli_progress_new (options->quiet, options->verbose);
  cli_run_open_store (&self->run);
  return TRUE;
}

/* The window has no such option, so that what failed does not name it. */
static void
name_option (const Cluster *self, GError **error)
{
  if (self->clusters.has_tensor || self->run.options->tensor != NULL ||
      self->run.model->embedding_shard != NULL ||
      !g_error_matches (*error, WS_ERROR, WS_ERROR_NOT_FOUND))
    return;
  g_clear_error (error);
  g_set_error_literal (error, WS_ERROR, WS_ERROR_NOT_FOUND,
                       _ ("no matrix of this model has a row for each token: name with --tensor "
                          "the one whose rows are to be clustered; inspect lists them"));
}

static CliStatus
run_and_write (Cluster *self, GError **error)
{
  if (!cli_cluster_run_compute (&self->clusters, error))
    {
      name_option (self, error);
      if (!g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return CLI_FAILED;
      g_clear_error (error);
      cli_print_message (
          _ ("interrupted: finished clusterings are kept; the same command goes on"));
      return CLI_INTERRUPTED;
    }
  if (!write_results (self, error))
    return g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? CLI_INTERRUPTED
                                                                      : CLI_FAILED;
  return cli_get_model_status (self->run.model);
}

CliStatus
cli_cluster (const CliOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_auto (Cluster) self = { .run = { options, g_cancellable_new () } };
  g_autoptr (CliInterrupt) interrupt = cli_interrupt_new (self.run.cancellable, &error);
  CliStatus status;

  cli_cluster_run_init (&self.clusters, &self.run);
  if (interrupt == NULL || !prepare (&self, &error))
    return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? CLI_INTERRUPTED
                                                                     : cli_report_error (error);
  status = run_and_write (&self, &error);
  cli_print_traffic (options, self.run.hub);
  if (error)
    return cli_report_error (error);
  return status;
}
