/* SPDX-License-Identifier: MIT */
/* A table of text for people. All rows are kept until printing: widths are known only then. */
#include "cli/text-table.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "cli/terminal.h"

#define GAP "  "
#define INDENT "  "
/* A name cut shorter than this says nothing: rather let the terminal wrap. */
#define MIN_FLEXIBLE_WIDTH 16

typedef struct
{
  char *heading; /* (owned) or NULL: then a row */
  char **cells;  /* (owned) */
} Line;

struct _CliTextTable
{
  const CliTextColumn *columns;
  guint n_columns;
  guint *widths; /* (owned) the widest cell so far */
  GArray *lines; /* (element-type Line) */
};

static void
line_clear (gpointer line)
{
  g_free (((Line *) line)->heading);
  g_strfreev (((Line *) line)->cells);
}

CliTextTable *
cli_text_table_new (const CliTextColumn *columns, guint n_columns)
{
  CliTextTable *self = g_new0 (CliTextTable, 1);

  self->columns = columns;
  self->n_columns = n_columns;
  self->widths = g_new0 (guint, n_columns);
  for (guint i = 0; i < n_columns; i++)
    self->widths[i] = cli_get_text_width (_ (columns[i].title));
  self->lines = g_array_new (FALSE, FALSE, sizeof (Line));
  g_array_set_clear_func (self->lines, line_clear);
  return self;
}

void
cli_text_table_free (CliTextTable *self)
{
  g_array_unref (self->lines);
  g_free (self->widths);
  g_free (self);
}

void
cli_text_table_add_heading (CliTextTable *self, const char *heading)
{
  Line line = { g_strdup (heading), NULL };

  g_array_append_val (self->lines, line);
}

void
cli_text_table_add_row (CliTextTable *self, char **cells)
{
  Line line = { NULL, cells };

  g_assert (g_strv_length (cells) == self->n_columns);
  for (guint i = 0; i < self->n_columns; i++)
    self->widths[i] = MAX (self->widths[i], cli_get_text_width (cells[i]));
  g_array_append_val (self->lines, line);
}

/* Takes from the flexible column what the terminal lacks. */
static void
fit_widths (CliTextTable *self, guint width)
{
  guint total = strlen (INDENT);

  for (guint i = 0; i < self->n_columns; i++)
    total += self->widths[i] + (i > 0 ? strlen (GAP) : 0);
  for (guint i = 0; i < self->n_columns && total > width; i++)
    if (self->columns[i].flexible)
      {
        guint least = MIN (self->widths[i], MIN_FLEXIBLE_WIDTH);
        guint fitted = MAX (least + total, self->widths[i] + width) - total;

        total -= self->widths[i] - fitted;
        self->widths[i] = fitted;
      }
}

static void
print_cell (FILE *stream, const char *text, guint width, gboolean right, gboolean last)
{
  g_autofree char *shown = cli_shorten_text (text, width);
  int pad = (int) (width - cli_get_text_width (shown));

  if (right)
    fprintf (stream, "%*s%s", pad, "", shown);
  else if (last) /* no space at the ends of lines */
    fputs (shown, stream);
  else
    fprintf (stream, "%s%*s", shown, pad, "");
}

static void
print_row (CliTextTable *self, FILE *stream, char **cells)
{
  fputs (INDENT, stream);
  for (guint i = 0; i < self->n_columns; i++)
    {
      if (i > 0)
        fputs (GAP, stream);
      print_cell (stream, cells ? cells[i] : _ (self->columns[i].title), self->widths[i],
                  self->columns[i].right, i + 1 == self->n_columns);
    }
  putc ('\n', stream);
}

void
cli_text_table_print (CliTextTable *self, FILE *stream, guint width)
{
  if (width > 0)
    fit_widths (self, width);
  print_row (self, stream, NULL);
  for (guint i = 0; i < self->lines->len; i++)
    {
      const Line *line = &g_array_index (self->lines, Line, i);

      if (line->heading)
        fprintf (stream, "%s\n", line->heading);
      else
        print_row (self, stream, line->cells);
    }
}
