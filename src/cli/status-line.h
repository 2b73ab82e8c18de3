/* SPDX-License-Identifier: MIT */
/* One line on stderr that is written over again and again, on a terminal only. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  gboolean is_possible; /* stderr is a terminal that can do it */
  gboolean is_shown;    /* a line stands there now */
} CliStatusLine;

void cli_status_line_init (CliStatusLine *self);
/* Columns there are; a guess where the terminal does not say. */
guint cli_status_line_get_width (const CliStatusLine *self);
/* @text: shortened to the width. Nothing where it is not possible. */
void cli_status_line_show (CliStatusLine *self, const char *text);
/* Removes the line, so that something else can be printed. */
void cli_status_line_clear (CliStatusLine *self);

G_END_DECLS
