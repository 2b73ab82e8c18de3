/* SPDX-License-Identifier: MIT */
/* weightscope-cli analyze: spectra, ranks, metrics and statistics of every tensor. */
#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/filter.h"
#include "analysis/speed.h"
#include "base/atomic-file.h"
#include "base/error.h"
#include "base/memory.h"
#include "cli/analyze-table.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/remote.h"
#include "cli/run-report.h"
#include "cli/terminal.h"
#include "export/spectra-file.h"

typedef struct
{
  const CliOptions *options;
  CliForm form;
  GCancellable *cancellable;
  WsHub *hub; /* or NULL: the model is here */
  WsModel *model;
  WsFilter *filter;
  WsStore *store;     /* or NULL: the run goes on without */
  GPtrArray *results; /* (element-type WsResult) those asked for; finished ones replace pending */
  guint n_missing;    /* of those asked for, after an interruption */
  CliProgress *progress;
  char *started;
  char *device, *device_note; /* where it was computed, and why there, or NULL */
} Run;

static void
run_clear (Run *self)
{
  g_clear_pointer (&self->progress, cli_progress_free);
  g_clear_pointer (&self->results, g_ptr_array_unref);
  g_clear_pointer (&self->store, ws_store_free);
  g_clear_pointer (&self->filter, ws_filter_free);
  g_clear_pointer (&self->model, ws_model_unref);
  g_clear_pointer (&self->hub, ws_hub_unref);
  g_clear_object (&self->cancellable);
  g_free (self->started);
  g_free (self->device);
  g_free (self->device_note);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

/* Keeps those among the results that @matches says. */
static void
apply_filter (Run *self, gboolean (*matches) (const WsFilter *, const WsResult *))
{
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func ((GDestroyNotify) ws_result_unref);

  for (guint i = 0; i < self->results->len; i++)
    {
      WsResult *result = g_ptr_array_index (self->results, i);

      if (matches (self->filter, result))
        g_ptr_array_add (kept, ws_result_ref (result));
    }
  g_ptr_array_unref (self->results);
  self->results = g_steal_pointer (&kept);
}

static gboolean
plan (Run *self, GError **error)
{
  const char *text = self->options->filter ? self->options->filter : "";

  self->filter = ws_filter_new (text, &self->options->analysis.metrics, error);
  if (self->filter == NULL)
    return FALSE;
  self->results = ws_analysis_plan (self->model, &self->options->analysis.metrics);
  /* What a comparison or a state says of the others is known after the run. */
  apply_filter (self, ws_filter_may_match);
  if (self->results->len > 0 || *text == '\0')
    return TRUE;
  cli_set_no_match_error (text, error);
  return FALSE;
}

static gboolean
check_target (Run *self, const char *option, const char *path, GError **error)
{
  return path == NULL || (cli_check_not_of_model (option, path, self->model, error) &&
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
check_targets (Run *self, GError **error)
{
  const CliOptions *options = self->options;

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

/* A store that cannot be used costs time, not results: it is said, and the run goes on. */
static void
open_store (Run *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *warning = NULL;

  self->store = ws_store_open (NULL, &warning, &error);
  if (warning)
    cli_print_message ("%s", warning);
  if (self->store)
    ws_speeds_recall (self->store);
  if (error)
    cli_print_message (_ ("finished rows will not be kept for the next run: %s"), error->message);
}

static void
load_finished (Run *self)
{
  g_autoptr (GError) error = NULL;
  guint n_found;

  if (self->store == NULL || self->options->fresh)
    return;
  n_found = ws_store_load (self->store, self->results, &self->options->analysis.spectrum,
                           &self->options->analysis.metrics, &error);
  if (error)
    cli_print_message (_ ("not all finished rows could be taken from the store: %s"),
                       error->message);
  if (n_found > 0 && self->options->verbose)
    cli_print_message (ngettext ("%u row taken from the result store",
                                 "%u rows taken from the result store", n_found),
                       n_found);
}

static void
on_result (WsResult *result, guint index, gpointer user_data)
{
  Run *self = user_data;

  ws_result_unref (g_ptr_array_index (self->results, index));
  g_ptr_array_index (self->results, index) = ws_result_ref (result);
  cli_progress_add_result (self->progress, result);
}

static void
on_progress (const WsProgress *progress, gpointer user_data)
{
  cli_progress_show (((Run *) user_data)->progress, progress);
}

static void
on_warning (const char *sentence, gpointer user_data)
{
  cli_progress_add_warning (((Run *) user_data)->progress, sentence);
}

static gpointer
ref_result (gconstpointer result, gpointer user_data)
{
  return ws_result_ref ((WsResult *) result);
}

/* Of a model on the Hub a part of the memory is for reading ahead. */
static WsAnalysis *
new_analysis (Run *self, GPtrArray *pending, const WsAnalysisCallbacks *callbacks)
{
  WsAnalysisOptions options = self->options->analysis;

  if (self->hub)
    options.memory_limit =
        (options.memory_limit > 0 ? options.memory_limit : ws_memory_get_total () / 2) -
        cli_get_ahead_bytes (self->options);
  return ws_analysis_new (pending, &options, self->store, callbacks);
}

static gboolean
compute (Run *self, GError **error)
{
  const WsAnalysisCallbacks callbacks = { on_result, on_progress, on_warning, self };
  /* The run reads its list while on_result changes ours. */
  g_autoptr (GPtrArray) pending = g_ptr_array_copy (self->results, (GCopyFunc) ref_result, NULL);
  g_autoptr (WsAnalysis) analysis = new_analysis (self, pending, &callbacks);
  gboolean complete = ws_analysis_run (analysis, self->cancellable, error);

  self->device = g_strdup (ws_analysis_get_device_name (analysis));
  self->device_note = g_strdup (ws_analysis_get_device_note (analysis));
  return complete;
}

/* Rows that an interrupted run did not come to. */
static void
drop_unfinished (Run *self)
{
  for (guint i = self->results->len; i-- > 0;)
    if (ws_result_needs_run (g_ptr_array_index (self->results, i)))
      {
        g_ptr_array_remove_index (self->results, i);
        self->n_missing++;
      }
}

static gboolean
write_table (FILE *stream, guint width, gpointer user_data, GError **error)
{
  Run *self = user_data;
  const CliOptions *options = self->options;
  const WsRecordInput input = {
    .model_id = options->model_id ? options->model_id : self->model->model_id,
    .revision = cli_get_revision (options, self->model, self->hub),
    .started = self->started,
    .options = &options->analysis,
    .device = self->device,
    .device_note = self->device_note,
  };

  if (!self->form.for_people)
    return ws_table_write (stream, self->form.format, self->results, self->model, &input, error);
  cli_print_analysis (stream, width, self->model, self->results, self->n_missing);
  return TRUE;
}

static gboolean
write_results (Run *self, GError **error)
{
  const char *spectra = self->options->spectra;

  return cli_write_output (self->options->out, write_table, self, error) &&
         (spectra == NULL || ws_spectra_file_save (spectra, self->results, error));
}

/* Scripts stay silent when all is well. */
static gboolean
tells_what_it_wrote (const CliOptions *options)
{
  return !options->quiet && (options->verbose || cli_is_terminal (STDERR_FILENO));
}

/* On stderr. Returns: what the process ends with, unless interrupted. */
static CliStatus
report (const Run *self)
{
  const CliOptions *options = self->options;
  /* Its summary says what is wrong with the rows. */
  gboolean has_table = self->form.for_people && !options->out && cli_is_terminal (STDOUT_FILENO);
  CliStatus status = self->model->n_shards_missing > 0 ? CLI_INCOMPLETE : CLI_DONE;

  for (guint i = 0; i < self->results->len; i++)
    if (cli_is_problem (g_ptr_array_index (self->results, i)))
      status = CLI_INCOMPLETE;
  if (!has_table)
    {
      cli_print_problems (self->results);
      if (!options->quiet)
        cli_print_nonfinite (self->results);
    }
  if (!options->quiet)
    cli_print_faults (self->results);
  if (options->out && tells_what_it_wrote (options))
    cli_print_wrote_table (options->out, self->results);
  if (options->spectra && tells_what_it_wrote (options))
    cli_print_wrote_spectra (options->spectra, self->results);
  return status;
}

static gboolean
prepare (Run *self, GError **error)
{
  const CliOptions *options = self->options;

  if (!cli_choose_form (&self->form, options, TRUE, error))
    return FALSE;
  self->model = cli_open_model (options, &self->hub, self->cancellable, error);
  if (self->model == NULL || !check_targets (self, error) || !plan (self, error))
    return FALSE;
  if (!options->quiet)
    cli_print_warnings (self->model);
  self->started = ws_record_get_time ();
  self->progress = cli_progress_new (options->quiet, options->verbose);
  open_store (self);
  load_finished (self);
  if (!cli_check_traffic (options, self->results, error))
    return FALSE;
  cli_print_estimate (self->results, options);
  return TRUE;
}

/* Runs and writes, also what an interrupted run has finished. */
static CliStatus
run_and_write (Run *self, GError **error)
{
  g_autoptr (GError) run_error = NULL;
  gboolean complete = compute (self, &run_error);
  CliStatus status;

  g_clear_pointer (&self->progress, cli_progress_free);
  if (!complete && !g_error_matches (run_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&run_error));
      return CLI_FAILED;
    }
  if (!complete)
    drop_unfinished (self);
  apply_filter (self, ws_filter_matches);
  if (!write_results (self, error))
    return CLI_FAILED;
  status = report (self);
  if (!complete)
    {
      cli_print_message (_ ("interrupted: finished rows are kept; the same command goes on"));
      return CLI_INTERRUPTED;
    }
  return status;
}

CliStatus
cli_analyze (const CliOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_auto (Run) run = { options, .cancellable = g_cancellable_new () };
  g_autoptr (CliInterrupt) interrupt = cli_interrupt_new (run.cancellable, &error);
  CliStatus status;

  if (interrupt == NULL || !prepare (&run, &error))
    return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? CLI_INTERRUPTED
                                                                     : cli_report_error (error);
  status = run_and_write (&run, &error);
  cli_print_traffic (options, run.hub);
  if (error)
    cli_report_error (error);
  return status;
}
