/* SPDX-License-Identifier: MIT */
/* Clustering on the command line: from an opened model to what is known of its embedding. */
#include "cli/cluster-run.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/error.h"
#include "base/format.h"
#include "base/memory.h"
#include "cli/remote.h"

void
cli_cluster_run_init (CliClusterRun *self, CliRun *run)
{
  *self = (CliClusterRun){ run, run->options->clusters };
}

void
cli_cluster_run_clear (CliClusterRun *self)
{
  g_clear_pointer (&self->study, ws_cluster_study_unref);
}

gboolean
cli_cluster_run_find_tensor (CliClusterRun *self, GError **error)
{
  const char *name = self->run->options->tensor;
  const GPtrArray *tensors = self->run->model->tensors;
  g_autofree char *shown = NULL;

  if (name == NULL)
    return TRUE;
  for (guint i = 0; i < tensors->len; i++)
    {
      const WsTensor *tensor = g_ptr_array_index (tensors, i);

      if (strcmp (tensor->name, name) == 0)
        {
          self->options.tensor = tensor;
          return TRUE;
        }
    }
  shown = ws_format_name (name);
  g_set_error (error, WS_ERROR, WS_ERROR_NOT_FOUND,
               _ ("--tensor '%s': the model has no tensor of that name; inspect lists them"),
               shown);
  return FALSE;
}

static void
on_study (WsClusterStudy *study, gpointer user_data)
{
  CliClusterRun *self = user_data;
  const char *note = ws_cluster_study_get_tokenizer_note (study, TRUE);
  const char *warning = study->tokenizer ? ws_tokenizer_get_warning (study->tokenizer) : NULL;

  self->has_tensor = TRUE;
  if (self->run->options->quiet)
    return;
  if (note != NULL)
    cli_progress_add_warning (self->run->progress, note);
  if (warning != NULL)
    cli_progress_add_warning (self->run->progress, warning);
}

static void
on_entry (WsSweepEntry *entry, gpointer user_data)
{
  cli_progress_add_clustering (((CliClusterRun *) user_data)->run->progress, entry);
}

static void
on_progress (const WsClusterProgress *progress, gpointer user_data)
{
  cli_progress_show_clusters (((CliClusterRun *) user_data)->run->progress, progress);
}

static void
on_warning (const char *sentence, gpointer user_data)
{
  cli_progress_add_warning (((CliClusterRun *) user_data)->run->progress, sentence);
}

/* Of a model on the Hub a part of the memory is for reading ahead. */
static void
leave_memory_for_reading (CliClusterRun *self)
{
  WsClusterOptions *options = &self->options;

  if (self->run->hub != NULL)
    options->memory_limit =
        (options->memory_limit > 0 ? options->memory_limit : ws_memory_get_total () / 2) -
        cli_get_ahead_bytes (self->run->options);
}

gboolean
cli_cluster_run_compute (CliClusterRun *self, GError **error)
{
  const WsClusterCallbacks callbacks = {
    .study = on_study,
    .entry = on_entry,
    .progress = on_progress,
    .warning = on_warning,
    .user_data = self,
  };
  g_autoptr (WsClusterRun) run = NULL;

  if (self->run->progress == NULL)
    self->run->progress = cli_progress_new (self->run->options->quiet, self->run->options->verbose);
  leave_memory_for_reading (self);
  run = ws_cluster_run_new (self->run->model, &self->options, self->run->store, &callbacks);
  self->study = ws_cluster_run_execute (run, self->run->cancellable, error);
  g_clear_pointer (&self->run->progress, cli_progress_free);
  return self->study != NULL;
}

WsRecordInput
cli_cluster_run_get_record (const CliClusterRun *self)
{
  WsRecordInput record = cli_run_get_record (self->run);

  record.options = NULL;
  record.clusters = &self->study->options;
  /* Without a word it is where it was asked for. */
  if (self->run->options->analysis.device_kind == WS_DEVICE_CUDA)
    record.device_note = "clusters are computed by the processor";
  return record;
}
