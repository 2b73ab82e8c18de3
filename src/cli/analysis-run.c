/* SPDX-License-Identifier: MIT */
/* A run of the analysis on the command line: from the model to its results. */
#include "cli/analysis-run.h"

#include <glib/gi18n-lib.h>

#include "analysis/speed.h"
#include "base/memory.h"
#include "cli/remote.h"
#include "cli/run-report.h"
#include "cli/terminal.h"

void
cli_run_clear (CliRun *self)
{
  g_clear_pointer (&self->progress, cli_progress_free);
  g_clear_pointer (&self->results, g_ptr_array_unref);
  g_clear_pointer (&self->store, ws_store_free);
  g_clear_pointer (&self->filter, ws_filter_free);
  g_clear_pointer (&self->model, ws_model_unref);
  g_clear_pointer (&self->hub, ws_hub_unref);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->started, g_free);
  g_clear_pointer (&self->device, g_free);
  g_clear_pointer (&self->device_note, g_free);
}

gboolean
cli_run_open (CliRun *self, GError **error)
{
  self->model = cli_open_model (self->options, &self->hub, self->cancellable, error);
  return self->model != NULL;
}

/* Keeps those among the results that @matches says. */
static void
apply_filter (CliRun *self, gboolean (*matches) (const WsFilter *, const WsResult *))
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
plan (CliRun *self, GError **error)
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

void
cli_run_open_store (CliRun *self)
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
load_finished (CliRun *self)
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
  CliRun *self = user_data;

  ws_result_unref (g_ptr_array_index (self->results, index));
  g_ptr_array_index (self->results, index) = ws_result_ref (result);
  cli_progress_add_result (self->progress, result);
}

static void
on_progress (const WsProgress *progress, gpointer user_data)
{
  cli_progress_show (((CliRun *) user_data)->progress, progress);
}

static void
on_warning (const char *sentence, gpointer user_data)
{
  cli_progress_add_warning (((CliRun *) user_data)->progress, sentence);
}

static gpointer
ref_result (gconstpointer result, gpointer user_data)
{
  return ws_result_ref ((WsResult *) result);
}

static WsAnalysis *
new_analysis (CliRun *self, GPtrArray *pending, const WsAnalysisCallbacks *callbacks)
{
  WsAnalysisOptions options = self->options->analysis;

  if (self->hub)
    cli_leave_ahead_bytes (self->options, &options);
  return ws_analysis_new (pending, &options, self->store, callbacks);
}

static gboolean
run (CliRun *self, GError **error)
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
drop_unfinished (CliRun *self)
{
  for (guint i = self->results->len; i-- > 0;)
    if (ws_result_needs_run (g_ptr_array_index (self->results, i)))
      {
        g_ptr_array_remove_index (self->results, i);
        self->n_missing++;
      }
}

gboolean
cli_run_prepare (CliRun *self, GError **error)
{
  const CliOptions *options = self->options;

  if (!plan (self, error))
    return FALSE;
  if (!options->quiet)
    cli_print_warnings (self->model);
  self->started = ws_record_get_time ();
  self->progress = cli_progress_new (options->quiet, options->verbose);
  cli_run_open_store (self);
  load_finished (self);
  if (!cli_check_traffic (options, self->results, error))
    return FALSE;
  cli_print_estimate (self->results, options);
  return TRUE;
}

gboolean
cli_run_compute (CliRun *self, GError **error)
{
  g_autoptr (GError) run_error = NULL;
  gboolean complete = run (self, &run_error);

  g_clear_pointer (&self->progress, cli_progress_free);
  if (g_error_matches (run_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    drop_unfinished (self);
  apply_filter (self, ws_filter_matches);
  if (run_error)
    g_propagate_error (error, g_steal_pointer (&run_error));
  return complete;
}

WsRecordInput
cli_run_get_record (const CliRun *self)
{
  const CliOptions *options = self->options;

  return (WsRecordInput){
    .model_id = options->model_id ? options->model_id : self->model->model_id,
    .revision = cli_get_revision (options, self->model, self->hub),
    .started = self->started,
    .options = &options->analysis,
    .device = self->device,
    .device_note = self->device_note,
  };
}

CliStatus
cli_run_get_status (const CliRun *self)
{
  if (cli_get_model_status (self->model) != CLI_DONE)
    return CLI_INCOMPLETE;
  for (guint i = 0; i < self->results->len; i++)
    if (cli_is_problem (g_ptr_array_index (self->results, i)))
      return CLI_INCOMPLETE;
  return CLI_DONE;
}
