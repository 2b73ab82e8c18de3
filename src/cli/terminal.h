/* SPDX-License-Identifier: MIT */
/* What the terminal is, and text fitted to its columns. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Call first: standard streams that the parent has closed are given to nobody, so that no file that
 * is opened later takes their numbers, and with them what is printed. Printing to standard output
 * then fails, as it should. */
void cli_occupy_standard_streams (void);

gboolean cli_is_terminal (int fd);
/* Columns of the terminal @fd; 0 if it is none, or does not say. */
guint cli_get_terminal_width (int fd);

/* Columns that @text takes: wide characters take two, combining ones none. */
guint cli_get_text_width (const char *text);
/* @text in at most @width columns, its middle replaced by "…" if it is longer: both the layer and
 * the role of a tensor's name stay readable. (transfer full) */
char *cli_shorten_text (const char *text, guint width);

/* "weightscope-cli: MESSAGE" on stderr, on a line of its own. */
void cli_print_message (const char *format, ...) G_GNUC_PRINTF (1, 2);

G_END_DECLS
