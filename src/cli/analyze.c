/* SPDX-License-Identifier: MIT */
/* weightscope-cli analyze: spectra, ranks, metrics and statistics of every tensor. */
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "base/atomic-file.h"
#include "base/error.h"
#include "cli/analysis-run.h"
#include "cli/analyze-table.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/remote.h"
#include "cli/run-report.h"
#include "cli/terminal.h"
#include "export/spectra-file.h"

typedef struct
{
  CliRun run;
  CliForm form;
} Analyze;

static void
analyze_clear (Analyze *self)
{
  cli_run_clear (&self->run);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Analyze, analyze_clear)

static gboolean
check_target (Analyze *self, const char *option, const char *path, GError **error)
{
  return path == NULL || (cli_check_not_of_model (option, path, self->run.model, error) &&
                          cli_check_writable (path, error));
}

/* However the two are spelled. */
static gboolean
is_same_path (const char *path, const char *other)
{
  g_autofree char *canonical = path ? g_canonicalize_filename (path, NULL) : NULL;
  g_autofree char *other_canonical = other ? g_canonicalize_filename (other, NULL) : NULL;

  return canonical && other_canonical && strcmp (canonical, other_canonical) == 0;
}

static gboolean
check_targets (Analyze *self, GError **error)
{
  const CliOptions *options = self->run.options;

  if (is_same_path (options->out, options->spectra))
    {
      g_set_error (error, WS_ERROR, WS_ERROR_ARGUMENT,
                   _ ("--out and --spectra are the same file '%s'"), options->out);
      return FALSE;
    }
  return (options->spectra == NULL || cli_check_is_npz (options->spectra, error)) &&
         check_target (self, "out", options->out, error) &&
         check_target (self, "spectra", options->spectra, error) &&
         (options->spectra == NULL || ws_atomic_file_can_replace (options->spectra, error));
}

static gboolean
write_table (FILE *stream, guint width, gpointer user_data, GError **error)
{
  Analyze *self = user_data;
  const WsRecordInput record = cli_run_get_record (&self->run);

  if (!self->form.for_people)
    return ws_table_write (stream, self->form.format, self->run.results, self->run.model, &record,
                           error);
  cli_print_analysis (stream, width, self->run.model, self->run.results, self->run.n_missing);
  return TRUE;
}

static gboolean
write_results (Analyze *self, GError **error)
{
  const char *spectra = self->run.options->spectra;

  return cli_write_output (self->run.options->out, write_table, self, error) &&
         (spectra == NULL || ws_spectra_file_save (spectra, self->run.results, error));
}

/* Scripts stay silent when all is well. */
static gboolean
tells_what_it_wrote (const CliOptions *options)
{
  return !options->quiet && (options->verbose || cli_is_terminal (STDERR_FILENO));
}

/* On stderr. */
static void
report (const Analyze *self)
{
  const CliOptions *options = self->run.options;
  GPtrArray *results = self->run.results;

  /* The summary of the table says what is wrong with the rows. */
  if (!(self->form.for_people && !options->out && cli_is_terminal (STDOUT_FILENO)))
    {
      cli_print_problems (results);
      if (!options->quiet)
        cli_print_nonfinite (results);
    }
  if (!options->quiet)
    cli_print_faults (results);
  if (options->out && tells_what_it_wrote (options))
    cli_print_wrote_table (options->out, results);
  if (options->spectra && tells_what_it_wrote (options))
    cli_print_wrote_spectra (options->spectra, results);
}

/* Runs and writes, also what an interrupted run has finished. */
static CliStatus
run_and_write (Analyze *self, GError **error)
{
  g_autoptr (GError) run_error = NULL;
  gboolean complete = cli_run_compute (&self->run, &run_error);

  if (!complete && !g_error_matches (run_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&run_error));
      return CLI_FAILED;
    }
  if (!write_results (self, error))
    return CLI_FAILED;
  report (self);
  if (!complete)
    {
      cli_print_message (_ ("interrupted: finished rows are kept; the same command goes on"));
      return CLI_INTERRUPTED;
    }
  return cli_run_get_status (&self->run);
}

CliStatus
cli_analyze (const CliOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_auto (Analyze) analyze = { .run = { options, g_cancellable_new () } };
  g_autoptr (CliInterrupt) interrupt = cli_interrupt_new (analyze.run.cancellable, &error);
  CliStatus status;

  if (interrupt == NULL || !cli_choose_form (&analyze.form, options, TRUE, &error) ||
      !cli_run_open (&analyze.run, &error) || !check_targets (&analyze, &error) ||
      !cli_run_prepare (&analyze.run, &error))
    return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? CLI_INTERRUPTED
                                                                     : cli_report_error (error);
  status = run_and_write (&analyze, &error);
  cli_print_traffic (options, analyze.run.hub);
  if (error)
    cli_report_error (error);
  return status;
}
