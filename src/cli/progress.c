/* SPDX-License-Identifier: MIT */
/* How far a run is, on stderr. */
#include "cli/progress.h"

#include <glib/gi18n-lib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/format.h"
#include "cli/terminal.h"

#define BAR_WIDTH 20
/* With fewer columns a name says nothing. */
#define MIN_NAME_WIDTH 12
/* Back to the first column, and away with what stood there. */
#define CLEAR_LINE "\r\033[K"

struct _CliProgress
{
  gboolean has_line; /* may rewrite a line of a terminal */
  gboolean verbose;
  gboolean shown; /* a line stands there now */
};

/* A terminal that says it is dumb would show the control sequences. */
static gboolean
can_rewrite_line (void)
{
  return cli_is_terminal (STDERR_FILENO) && g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;
}

CliProgress *
cli_progress_new (gboolean quiet, gboolean verbose)
{
  CliProgress *self = g_new0 (CliProgress, 1);

  self->has_line = !quiet && can_rewrite_line ();
  self->verbose = !quiet && verbose;
  return self;
}

static void
clear_line (CliProgress *self)
{
  if (self->shown)
    fputs (CLEAR_LINE, stderr);
  self->shown = FALSE;
}

void
cli_progress_free (CliProgress *self)
{
  clear_line (self);
  g_free (self);
}

static void
append_bar (GString *text, const WsProgress *progress)
{
  char bar[BAR_WIDTH + 1] = "";
  guint filled = CLAMP (progress->share, 0, 1) * BAR_WIDTH;

  memset (bar, ' ', BAR_WIDTH);
  memset (bar, '=', filled);
  g_string_append_printf (text, "[%s] %3.0f %%  %u/%u", bar, 100 * progress->share,
                          progress->n_done, progress->n_total);
}

static void
append_time_left (GString *text, const WsProgress *progress)
{
  g_autofree char *left = NULL;

  if (progress->seconds_left < 0)
    return;
  left = ws_format_duration (progress->seconds_left);
  /* Translators: time left, such as "2 min 10 s left" */
  g_string_append_printf (text, _ ("  %s left"), left);
}

/* What there is room for in @width columns; the name of the matrix is shortened first. */
static char *
describe (const WsProgress *progress, guint width)
{
  GString *text = g_string_new (NULL);
  guint used;

  append_bar (text, progress);
  append_time_left (text, progress);
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
  guint width = self->has_line ? cli_get_terminal_width (STDERR_FILENO) : 0;
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;

  /* With everything from the store there is nothing to wait for. */
  if (!self->has_line || progress->n_total == 0)
    return;
  /* The last column stays free: writing there may begin a new line. */
  width = width > 1 ? width - 1 : 79;
  text = describe (progress, width);
  line = cli_shorten_text (text, width);
  fprintf (stderr, CLEAR_LINE "%s", line);
  fflush (stderr);
  self->shown = TRUE;
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
  clear_line (self);
  if (result->slice >= 0)
    fprintf (stderr, "%s[%d]: %s, %s\n", name, result->slice, ws_state_get_title (result->state),
             time);
  else
    fprintf (stderr, "%s: %s, %s\n", name, ws_state_get_title (result->state), time);
}

void
cli_progress_add_warning (CliProgress *self, const char *sentence)
{
  clear_line (self);
  cli_print_message ("%s", sentence);
}
