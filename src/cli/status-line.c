/* SPDX-License-Identifier: MIT */
/* One line on stderr that is written over again and again. */
#include "cli/status-line.h"

#include <stdio.h>
#include <unistd.h>

#include "cli/terminal.h"

/* Back to the first column, and away with what stood there. */
#define CLEAR_LINE "\r\033[K"
#define DEFAULT_WIDTH 79

void
cli_status_line_init (CliStatusLine *self)
{
  /* a terminal that says it is dumb would show the control sequences */
  *self = (CliStatusLine){ .is_possible = cli_is_terminal (STDERR_FILENO) &&
                                          g_strcmp0 (g_getenv ("TERM"), "dumb") != 0 };
}

guint
cli_status_line_get_width (const CliStatusLine *self)
{
  const guint width = self->is_possible ? cli_get_terminal_width (STDERR_FILENO) : 0;

  /* The last column stays free: writing there may begin a new line. */
  return width > 1 ? width - 1 : DEFAULT_WIDTH;
}

void
cli_status_line_show (CliStatusLine *self, const char *text)
{
  g_autofree char *line = NULL;

  if (!self->is_possible)
    return;
  line = cli_shorten_text (text, cli_status_line_get_width (self));
  fprintf (stderr, CLEAR_LINE "%s", line);
  fflush (stderr);
  self->is_shown = TRUE;
}

void
cli_status_line_clear (CliStatusLine *self)
{
  if (self->is_shown)
    fputs (CLEAR_LINE, stderr);
  self->is_shown = FALSE;
}
