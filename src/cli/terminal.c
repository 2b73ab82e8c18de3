/* SPDX-License-Identifier: MIT */
/* What the terminal is, and text fitted to its columns. */
#include "cli/terminal.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

void
cli_occupy_standard_streams (void)
{
  /* the lowest free number is taken: in this order, the one that is missing */
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (fcntl (fd, F_GETFD) < 0 &&
        open ("/dev/null", fd == STDOUT_FILENO ? O_RDONLY : O_RDWR) != fd)
      _exit (1);
}

gboolean
cli_is_terminal (int fd)
{
  return isatty (fd) != 0;
}

guint
cli_get_terminal_width (int fd)
{
  struct winsize size;

  if (!isatty (fd) || ioctl (fd, TIOCGWINSZ, &size) != 0)
    return 0;
  return size.ws_col;
}

static guint
get_char_width (gunichar c)
{
  if (g_unichar_iszerowidth (c))
    return 0;
  return g_unichar_iswide (c) ? 2 : 1;
}

guint
cli_get_text_width (const char *text)
{
  guint width = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    width += get_char_width (g_utf8_get_char (p));
  return width;
}

/* Bytes at the beginning of @text that fit into @width columns. */
static gsize
measure_head (const char *text, guint width)
{
  const char *p = text;
  guint used = 0;

  while (*p != '\0' && used + get_char_width (g_utf8_get_char (p)) <= width)
    {
      used += get_char_width (g_utf8_get_char (p));
      p = g_utf8_next_char (p);
    }
  return p - text;
}

/* The longest end of @text that fits into @width columns. */
static const char *
find_tail (const char *text, guint width)
{
  guint excess = cli_get_text_width (text);
  const char *p = text;

  for (; excess > width; p = g_utf8_next_char (p))
    excess -= get_char_width (g_utf8_get_char (p));
  return p;
}

char *
cli_shorten_text (const char *text, guint width)
{
  if (cli_get_text_width (text) <= width)
    return g_strdup (text);
  if (width == 0)
    return g_strdup ("");
  return g_strdup_printf ("%.*s…%s", (int) measure_head (text, (width - 1) / 2), text,
                          find_tail (text, width - 1 - (width - 1) / 2));
}

void
cli_print_message (const char *format, ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  fprintf (stderr, "weightscope-cli: %s\n", message);
}
