/* SPDX-License-Identifier: MIT */
/* How far a run is, on stderr. */
#include "cli/progress.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>

#include "base/format.h"
#include "cli/status-line.h"
#include "cli/terminal.h"

#define BAR_WIDTH 20
/* With fewer columns a name says nothing. */
#define MIN_NAME_WIDTH 12

struct _CliProgress
{
  CliStatusLine line;
  gboolean verbose;
};

CliProgress *
cli_progress_new (gboolean quiet, gboolean verbose)
{
  CliProgress *self = g_new0 (CliProgress, 1);

  cli_status_line_init (&self->line);
  self->line.is_possible &= !quiet;
  self->verbose = !quiet && verbose;
  return self;
}

void
cli_progress_free (CliProgress *self)
{
  cli_status_line_clear (&self->line);
  g_free (self);
}

static void
append_bar (GString *text, double share)
{
  char bar[BAR_WIDTH + 1] = "";
  guint filled = CLAMP (share, 0, 1) * BAR_WIDTH;

  memset (bar, ' ', BAR_WIDTH);
  memset (bar, '=', filled);
  g_string_append_printf (text, "[%s] %3.0f %%", bar, 100 * share);
}

static void
append_time_left (GString *text, double seconds_left)
{
  g_autofree char *left = NULL;

  if (seconds_left < 0)
    return;
  left = ws_format_duration (seconds_left);
  /* Translators: time left, such as "2 min 10 s left" */
  g_string_append_printf (text, _ ("  %s left"), left);
}

/* What there is room for in @width columns; the name of the matrix is shortened first. */
static char *
describe (const WsProgress *progress, guint width)
{
  GString *text = g_string_new (NULL);
  guint used;

  append_bar (text, progress->share);
  g_string_append_printf (text, "  %u/%u", progress->n_done, progress->n_total);
  append_time_left (text, progress->seconds_left);
  g_string_append_printf (text, "  %s", progress->device != NULL ? progress->device : _ ("CPU"));
  used = cli_get_text_width (text->str) + 2;
  if (progress->current != NULL && used + MIN_NAME_WIDTH <= width)
    {
      g_autofree char *name = ws_format_name (progress->current->name);
      g_autofree char *fitted = cli_shorten_text (name, width - used);

      g_string_append_printf (text, "  %s", fitted);
    }
  return g_string_free (text, FALSE);
}

void
cli_progress_show (CliProgress *self, const WsProgress *progress)
{
  g_autofree char *text = NULL;

  /* With everything from the store there is nothing to wait for. */
  if (!self->line.is_possible || progress->n_total == 0)
    return;
  text = describe (progress, cli_status_line_get_width (&self->line));
  cli_status_line_show (&self->line, text);
}

void
cli_progress_add_result (CliProgress *self, const WsResult *result)
{
  g_autofree char *name = NULL;
  g_autofree char *time = NULL;

  if (!self->verbose)
    return;
  name = ws_format_name (result->tensor->name);
  time = ws_format_duration (result->spectrum.seconds);
  cli_status_line_clear (&self->line);
  if (result->slice >= 0)
    fprintf (stderr, "%s[%d]: %s, %s\n", name, result->slice, ws_state_get_title (result->state),
             time);
  else
    fprintf (stderr, "%s: %s, %s\n", name, ws_state_get_title (result->state), time);
}

void
cli_progress_show_clusters (CliProgress *self, const WsClusterProgress *progress)
{
  g_autoptr (GString) text = NULL;

  if (!self->line.is_possible)
    return;
  text = g_string_new (NULL);
  append_bar (text, progress->share);
  if (progress->n_total > 0)
    g_string_append_printf (text, "  %u/%u", progress->n_done, progress->n_total);
  append_time_left (text, progress->seconds_left);
  g_string_append_printf (text, "  %s", ws_cluster_stage_get_title (progress->stage));
  if (progress->k > 0)
    g_string_append_printf (text, "  k = %u", progress->k);
  cli_status_line_show (&self->line, text->str);
}

void
cli_progress_add_clustering (CliProgress *self, const WsSweepEntry *entry)
{
  g_autofree char *inertia = NULL;
  g_autofree char *silhouette = NULL;
  g_autofree char *time = NULL;

  if (!self->verbose)
    return;
  inertia = ws_format_significant (entry->clustering->inertia, 6);
  silhouette = ws_format_significant (entry->silhouette.mean, 4);
  time = ws_format_duration (entry->seconds);
  cli_status_line_clear (&self->line);
  /* Translators: k, then two numbers and a duration */
  fprintf (stderr, _ ("k = %u: inertia %s, silhouette %s, %s\n"), entry->clustering->k, inertia,
           silhouette, time);
}

void
cli_progress_add_warning (CliProgress *self, const char *sentence)
{
  cli_status_line_clear (&self->line);
  cli_print_message ("%s", sentence);
}
