/* SPDX-License-Identifier: MIT */
/* weightscope-cli download: a model from the Hub to this machine. */
#include <glib/gi18n-lib.h>
#include <stdio.h>

#include "base/format.h"
#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/remote.h"
#include "cli/status-line.h"
#include "cli/terminal.h"
#include "hub/download.h"

/* Where no line can be rewritten, one is printed for each tenth. */
#define PLAIN_STEPS 10
/* Shorter waits are not worth such a line. */
#define MIN_TOLD_SECONDS 2.0

typedef struct
{
  const CliDownloadOptions *options;
  GCancellable *cancellable;
  WsHub *hub;
  WsHubListing *listing;
  GPtrArray *rows; /* (element-type WsChoiceRow) */
  CliStatusLine line;
  guint n_steps_told;
  gint64 waits_until_usec; /* what was told */
} Run;

static void
run_clear (Run *self)
{
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_pointer (&self->listing, ws_hub_listing_unref);
  g_clear_pointer (&self->hub, ws_hub_unref);
  g_clear_object (&self->cancellable);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

/* A file that was named by its address, or one quantisation of several. (transfer full): NULL: the
 * options decide. */
static char **
dup_include (const CliDownloadOptions *options)
{
  g_autoptr (GStrvBuilder) patterns = g_strv_builder_new ();

  if (options->include)
    return g_strdupv (options->include);
  if (options->name.path)
    g_strv_builder_add (patterns, options->name.path);
  else if (options->name.variant)
    {
      g_autofree char *weights = ws_choice_make_variant_pattern (options->name.variant);

      g_strv_builder_add (patterns, weights);
    }
  else
    return NULL;
  return g_strv_builder_end (patterns);
}

static void
print_refusals (const WsHubListing *listing)
{
  for (guint i = 0; i < listing->refusals->len; i++)
    {
      const WsHubRefusal *refusal = g_ptr_array_index (listing->refusals, i);

      cli_print_message (_ ("the file '%s' is left out: %s"), refusal->name, refusal->reason);
    }
}

/* The files of the part that was asked for, or of the patterns. */
static GPtrArray *
choose_files (Run *self, GError **error)
{
  const CliDownloadOptions *options = self->options;
  const char *const *exclude = (const char *const *) options->exclude;
  const gboolean is_layer = options->part == WS_MODEL_PART_LAYER;
  g_auto (GStrv) include = dup_include (options);
  g_auto (WsShardParts) parts = { 0 };
  GPtrArray *rows;

  if (include != NULL)
    return ws_choice_new (self->listing, WS_CHOICE_WEIGHTS, (const char *const *) include, exclude);
  if ((is_layer || options->part == WS_MODEL_PART_EMBEDDINGS) &&
      !ws_shard_parts_read (&parts, self->hub, self->listing, self->cancellable, error))
    return NULL;
  rows = ws_shard_parts_choose (&parts, self->listing, options->part, exclude);
  if (rows == NULL)
    /* Translators: the second %s is the ID again, the third a part of a command: leave as it is */
    g_set_error (error, WS_HUB_ERROR, WS_HUB_ERROR_NO_FILE,
                 is_layer ? _ ("'%s' has no files that hold one layer and not the others; 'analyze "
                               "hf:%s --filter %s' reads it alone, without a download")
                          : _ ("'%s' has no files that hold the token embedding and not the rest; "
                               "'analyze hf:%s --filter %s' reads it alone, without a download"),
                 self->listing->id, self->listing->id, is_layer ? "layer:0" : "type:embedding");
  return rows;
}

/* What there is, and what of it is wanted. */
static gboolean
choose (Run *self, GError **error)
{
  const CliDownloadOptions *options = self->options;
  g_autoptr (WsHubModel) model = NULL;
  g_autoptr (GPtrArray) files = NULL;
  g_autofree char *pickles = NULL;

  self->hub = ws_hub_new (&options->settings);
  if (!options->quiet)
    ws_hub_set_wait_func (self->hub, cli_print_wait, NULL);
  model = ws_hub_read_model (self->hub, options->name.id, options->name.revision, self->cancellable,
                             error);
  if (model == NULL)
    return FALSE;
  if (g_strcmp0 (model->id, options->name.id) != 0)
    cli_print_message (_ ("'%s' is called '%s' now"), options->name.id, model->id);
  self->listing =
      ws_hub_read_listing (self->hub, model->id, model->commit, self->cancellable, error);
  if (self->listing == NULL)
    return FALSE;
  print_refusals (self->listing);
  self->rows = choose_files (self, error);
  if (self->rows == NULL)
    return FALSE;
  pickles = ws_hub_describe_pickles (self->hub, self->listing, self->cancellable);
  if (pickles != NULL)
    cli_print_message ("%s", pickles);
  files = ws_choice_get_files (self->rows);
  if (files->len > 0)
    return TRUE;
  g_set_error (error, WS_HUB_ERROR, WS_HUB_ERROR_NO_FILE,
               _ ("'%s' has no file that fits what was asked for; --dry-run --all-files lists all"),
               model->id);
  return FALSE;
}

/* Bytes and path of each file on stdout, the sum on stderr. */
static void
print_plan (const Run *self)
{
  g_autoptr (GPtrArray) files = ws_choice_get_files (self->rows);
  g_autofree char *total = ws_format_bytes (ws_choice_get_n_bytes (self->rows));

  for (guint i = 0; i < files->len; i++)
    {
      const WsHubFile *file = g_ptr_array_index (files, i);

      printf ("%" G_GUINT64_FORMAT "\t%s\n", file->n_bytes, file->path);
    }
  if (!self->options->quiet)
    cli_print_message (ngettext ("%u of %u file, %s", "%u of %u files, %s", self->rows->len),
                       files->len, self->rows->len, total);
}

/* (nullable) */
static const WsFileProgress *
find_file (const WsDownloadProgress *progress, WsFileState state)
{
  for (guint i = 0; i < progress->files->len; i++)
    if (g_array_index (progress->files, WsFileProgress, i).state == state)
      return &g_array_index (progress->files, WsFileProgress, i);
  return NULL;
}

/* Why nothing comes. (transfer full): NULL: something does, or may at any moment. */
static char *
describe_standstill (const WsDownloadProgress *progress)
{
  const WsFileProgress *waiting = find_file (progress, WS_FILE_RETRYING);

  if (find_file (progress, WS_FILE_FETCHING))
    return NULL;
  if (waiting)
    return cli_describe_wait (waiting->code, waiting->retry_seconds);
  if (progress->bytes_per_second > 0)
    return NULL;
  if (find_file (progress, WS_FILE_CHECKING))
    return g_strdup (_ ("checking"));
  return find_file (progress, WS_FILE_STALLED) ? g_strdup (_ ("nothing comes")) : NULL;
}

/* "[=====     ] 40 %  3.1 of 7.9 GB  42 MB/s  2 min left" (transfer full) */
static char *
describe (const WsDownloadProgress *progress, double share)
{
  g_autofree char *done = ws_format_bytes (progress->n_bytes_done);
  g_autofree char *all = ws_format_bytes (progress->n_bytes);
  g_autofree char *trouble = describe_standstill (progress);
  GString *text = g_string_new (NULL);

  /* Translators: a share, then bytes there and in total */
  g_string_append_printf (text, _ ("%.0f %%  %s of %s"), 100 * share, done, all);
  if (trouble != NULL)
    g_string_append_printf (text, "  %s", trouble);
  else if (progress->bytes_per_second > 0)
    {
      g_autofree char *speed = ws_format_bytes (progress->bytes_per_second);

      g_string_append_printf (text, "  %s/s", speed);
    }
  if (trouble == NULL && progress->seconds_left >= 0)
    {
      g_autofree char *left = ws_format_duration (progress->seconds_left);

      g_string_append_printf (text, _ ("  %s left"), left);
    }
  return g_string_free (text, FALSE);
}

/* Where no line can be rewritten, a wait is told when it begins, with its reason. */
static void
print_wait (Run *self, const WsDownloadProgress *progress)
{
  const WsFileProgress *file = find_file (progress, WS_FILE_RETRYING);
  const gint64 now_usec = g_get_monotonic_time ();
  g_autofree char *wait = NULL;

  if (file == NULL || find_file (progress, WS_FILE_FETCHING) || now_usec < self->waits_until_usec ||
      file->retry_seconds < MIN_TOLD_SECONDS)
    return;
  self->waits_until_usec = now_usec + (gint64) (file->retry_seconds * G_USEC_PER_SEC);
  wait = cli_describe_wait (file->code, file->retry_seconds);
  cli_print_message ("%s: %s", wait, file->message);
}

static void
show_progress (const WsDownloadProgress *progress, gpointer user_data)
{
  Run *self = user_data;
  const double share =
      progress->n_bytes > 0 ? progress->n_bytes_done / (double) progress->n_bytes : 1;
  g_autofree char *text = NULL;

  if (self->options->quiet)
    return;
  if (!self->line.is_possible)
    print_wait (self, progress);
  if (!self->line.is_possible && (guint) (share * PLAIN_STEPS) <= self->n_steps_told)
    return;
  self->n_steps_told = share * PLAIN_STEPS;
  text = describe (progress, share);
  if (self->line.is_possible)
    cli_status_line_show (&self->line, text);
  else
    cli_print_message ("%s", text);
}

static void
show_warning (const char *sentence, gpointer user_data)
{
  Run *self = user_data;

  cli_status_line_clear (&self->line);
  cli_print_message ("%s", sentence);
}

static gboolean
fetch (Run *self, GError **error)
{
  const CliDownloadOptions *options = self->options;
  g_autoptr (GPtrArray) files = ws_choice_get_files (self->rows);
  const WsDownloadRequest request = { .id = self->listing->id,
                                      .revision =
                                          options->name.revision ? options->name.revision : "main",
                                      .listing = self->listing,
                                      .files = files,
                                      .folder = options->out,
                                      .ignore_free_space = options->ignore_free_space };
  const WsDownloadCallbacks callbacks = { show_progress, show_warning, self };
  g_autoptr (WsDownload) download = ws_download_new (self->hub, &request, &callbacks);
  g_autofree char *folder = NULL;

  cli_status_line_init (&self->line);
  folder = ws_download_run (download, self->cancellable, error);
  cli_status_line_clear (&self->line);
  if (folder == NULL)
    return FALSE;
  printf ("%s\n", folder);
  return TRUE;
}

CliStatus
cli_download (const CliDownloadOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_auto (Run) run = { options, .cancellable = g_cancellable_new () };
  g_autoptr (CliInterrupt) interrupt = cli_interrupt_new (run.cancellable, &error);

  if (interrupt != NULL && choose (&run, &error))
    {
      if (options->dry_run)
        {
          print_plan (&run);
          return CLI_DONE;
        }
      if (fetch (&run, &error))
        return CLI_DONE;
    }
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return cli_report_error (error);
  cli_print_message (_ ("interrupted: what has come is kept; the same command goes on"));
  return CLI_INTERRUPTED;
}
