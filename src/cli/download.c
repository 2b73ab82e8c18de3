/* SPDX-License-Identifier: MIT */
/* weightscope-cli download: a model from the Hub to this machine. */
#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

#include "base/format.h"
#include "cli/commands.h"
#include "cli/download-choice.h"
#include "cli/interrupt.h"
#include "cli/refusal.h"
#include "cli/remote.h"
#include "cli/status-line.h"
#include "cli/terminal.h"
#include "hub/cached-model.h"
#include "hub/download.h"
#include "hub/remote-names.h"
#include "model/model.h"

/* Where no line can be rewritten, one is printed for each tenth. */
#define PLAIN_STEPS 10
/* Shorter waits are not worth such a line. */
#define MIN_TOLD_SECONDS 2.0

typedef struct
{
  CliDownloadChoice choice;
  CliStatusLine line;
  guint n_steps_told;
  gint64 waits_until_usec; /* what was told */
} Run;

static void
run_clear (Run *self)
{
  cli_download_choice_clear (&self->choice);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

/* Bytes and path of each file on stdout, the sum on stderr. */
static void
print_plan (const CliDownloadChoice *self)
{
  g_autoptr (GPtrArray) files = ws_choice_get_files (self->rows);
  g_autofree char *total = ws_format_bytes (self->n_bytes);
  g_autofree char *here = ws_format_bytes (self->n_bytes_here);
  g_autofree char *missing = ws_format_bytes (self->n_bytes - self->n_bytes_here);

  for (guint i = 0; i < files->len; i++)
    {
      const WsHubFile *file = g_ptr_array_index (files, i);

      printf ("%" G_GUINT64_FORMAT "\t%s\n", file->n_bytes, file->path);
    }
  if (self->options->quiet)
    return;
  cli_print_message (ngettext ("%u of %u file, %s", "%u of %u files, %s", self->rows->len),
                     files->len, self->rows->len, total);
  /* Translators: amounts of bytes, such as 3.1 GB */
  cli_print_message (_ ("here already: %s, to fetch: %s"), here, missing);
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
  /* Translators: "waiting for the network, retry in 8 s", then why */
  cli_print_message (_ ("%s: %s"), wait, file->message);
}

static void
show_progress (const WsDownloadProgress *progress, gpointer user_data)
{
  Run *self = user_data;
  const double share =
      progress->n_bytes > 0 ? progress->n_bytes_done / (double) progress->n_bytes : 1;
  g_autofree char *text = NULL;

  if (self->choice.options->quiet)
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

/* What to do with what has come: weights that can be opened, at least. */
static void
print_next (const CliDownloadChoice *self, const char *folder)
{
  g_autofree char *quoted = g_shell_quote (folder);
  const char *argument = strpbrk (folder, " \t\n\"'\\$`&|;<>()*?[]#~!{}") ? quoted : folder;

  for (guint i = 0; i < self->rows->len; i++)
    {
      const WsChoiceRow *row = g_ptr_array_index (self->rows, i);

      if (!row->is_chosen || !g_str_has_suffix (row->file->path, ".safetensors"))
        continue;
      /* Translators: then a command: leave as it is */
      cli_print_message (_ ("next: weightscope-cli inspect %s"), argument);
      return;
    }
}

static gboolean
fetch (Run *self, GError **error)
{
  const CliDownloadChoice *choice = &self->choice;
  const CliDownloadOptions *options = choice->options;
  g_autoptr (GPtrArray) files = ws_choice_get_files (choice->rows);
  const WsDownloadRequest request = { .id = choice->listing->id,
                                      .revision =
                                          options->name.revision ? options->name.revision : "main",
                                      .listing = choice->listing,
                                      .files = files,
                                      .folder = options->out,
                                      .ignore_free_space = options->ignore_free_space };
  const WsDownloadCallbacks callbacks = { show_progress, show_warning, self };
  g_autoptr (WsDownload) download = ws_download_new (choice->hub, &request, &callbacks);
  g_autofree char *folder = NULL;

  cli_status_line_init (&self->line);
  folder = ws_download_run (download, choice->cancellable, error);
  cli_status_line_clear (&self->line);
  if (folder == NULL)
    return FALSE;
  printf ("%s\n", folder);
  fflush (stdout);
  if (!options->quiet)
    print_next (choice, folder);
  return TRUE;
}

/* Of a Hub that cannot be asked, and a cache without a list of what the model has (older programs
 * keep none): a snapshot that opens has all weights.
 * Returns: FALSE if there is none, or if something else was asked for. */
static gboolean
print_snapshot (const CliDownloadChoice *self, const GError *error)
{
  const CliDownloadOptions *options = self->options;
  const WsHubSettings *settings = &options->settings;
  const gboolean is_usual = options->part == WS_MODEL_PART_WEIGHTS && !options->include &&
                            !options->exclude && !options->out && !options->name.path &&
                            !options->name.variant && !options->dry_run;
  g_autofree char *commit = NULL;
  g_autofree char *folder = NULL;
  g_autoptr (WsModel) model = NULL;

  if (!is_usual || self->listing != NULL || !ws_remote_is_of_network (error))
    return FALSE;
  commit = ws_cached_model_find_commit (settings, &options->name);
  folder = commit ? ws_cached_model_dup_snapshot (settings, options->name.id, commit) : NULL;
  model = folder ? ws_model_open (folder, FALSE, self->cancellable, NULL) : NULL;
  if (model == NULL)
    return FALSE;
  if (!options->quiet)
    {
      cli_print_message ("%s", error->message);
      cli_print_message (_ ("what was asked for of '%s' is here, as of commit %.7s"),
                         options->name.id, commit);
    }
  printf ("%s\n", folder);
  return TRUE;
}

CliStatus
cli_download (const CliDownloadOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_auto (Run) run = { { options, g_cancellable_new () } };
  g_autoptr (CliInterrupt) interrupt = cli_interrupt_new (run.choice.cancellable, &error);

  if (interrupt != NULL && cli_download_choice_make (&run.choice, &error))
    {
      if (options->dry_run)
        {
          print_plan (&run.choice);
          return CLI_DONE;
        }
      if (fetch (&run, &error))
        return CLI_DONE;
    }
  if (error != NULL && print_snapshot (&run.choice, error))
    return CLI_DONE;
  if (run.choice.hub != NULL)
    cli_explain_refusal (&error, run.choice.hub, options->name.id, run.choice.cancellable);
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return cli_report_error (error);
  cli_print_message (_ ("interrupted: what has come is kept; the same command goes on"));
  return CLI_INTERRUPTED;
}
