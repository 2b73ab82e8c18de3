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
  guint *widths;      /* (owned) the widest cell so far */
  gboolean *hidden;   /* (owned) */
  const guint *spare; /* columns that may be hidden, in this order */
  guint n_spare;
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
  self->hidden = g_new0 (gboolean, n_columns);
  self->lines = g_array_new (FALSE, FALSE, sizeof (Line));
  g_array_set_clear_func (self->lines, line_clear);
  return self;
}

void
cli_text_table_free (CliTextTable *self)
{
  g_array_unref (self->lines);
  g_free (self->widths);
  g_free (self->hidden);
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

void
cli_text_table_set_spare_columns (CliTextTable *self, const guint *columns, guint n_columns)
{
  self->spare = columns;
  self->n_spare = n_columns;
}

static guint
measure_line (const CliTextTable *self)
{
  guint total = strlen (INDENT);

  for (guint i = 0; i < self->n_columns; i++)
    if (!self->hidden[i])
      total += self->widths[i] + (i > 0 ? strlen (GAP) : 0);
  return total;
}

/* Bytes that the cells of @column begin with in common, up to and with a dot. One row alone would
 * lose all but its last word. */
static gsize
measure_prefix (const CliTextTable *self, guint column)
{
  const char *first = NULL;
  gsize n = 0;
  guint n_rows = 0;

  for (guint i = 0; i < self->lines->len; i++)
    {
      char **cells = g_array_index (self->lines, Line, i).cells;
      gsize same = 0;

      if (cells == NULL)
        continue;
      if (n_rows++ == 0)
        {
          first = cells[column];
          n = strlen (first);
        }
      while (same < n && first[same] == cells[column][same])
        same++;
      n = same;
    }
  while (n > 0 && first[n - 1] != '.')
    n--;
  return n_rows > 1 ? n : 0;
}

/* Returns: what flexible cells do without from now on. (transfer full) */
static char *
drop_prefix (CliTextTable *self)
{
  for (guint column = 0; column < self->n_columns; column++)
    {
      gsize n = self->columns[column].flexible ? measure_prefix (self, column) : 0;
      char *prefix = NULL;

      if (n == 0)
        continue;
      self->widths[column] = cli_get_text_width (_ (self->columns[column].title));
      for (guint i = 0; i < self->lines->len; i++)
        {
          char **cells = g_array_index (self->lines, Line, i).cells;
          char *rest = cells ? g_strconcat ("…", cells[column] + n, NULL) : NULL;

          if (rest == NULL)
            continue;
          if (prefix == NULL)
            prefix = g_strndup (cells[column], n);
          self->widths[column] = MAX (self->widths[column], cli_get_text_width (rest));
          g_free (cells[column]);
          cells[column] = rest;
        }
      return prefix;
    }
  return NULL;
}

/* Returns: the titles of the columns that are hidden, or NULL. (transfer full) */
static char *
hide_columns (CliTextTable *self, guint width)
{
  g_autoptr (GString) titles = g_string_new (NULL);

  for (guint i = 0; i < self->n_spare && measure_line (self) > width; i++)
    {
      self->hidden[self->spare[i]] = TRUE;
      g_string_append_printf (titles, "%s%s", titles->len > 0 ? _ (", ") : "",
                              _ (self->columns[self->spare[i]].title));
    }
  return titles->len > 0 ? g_string_free (g_steal_pointer (&titles), FALSE) : NULL;
}

/* Takes from the flexible column what the terminal lacks. */
static void
fit_widths (CliTextTable *self, guint width)
{
  guint total = measure_line (self);

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
      if (self->hidden[i])
        continue;
      if (i > 0)
        fputs (GAP, stream);
      print_cell (stream, cells ? cells[i] : _ (self->columns[i].title), self->widths[i],
                  self->columns[i].right, i + 1 == self->n_columns);
    }
  putc ('\n', stream);
}

static void
print_rows (CliTextTable *self, FILE *stream)
{
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

void
cli_text_table_print (CliTextTable *self, FILE *stream, guint width)
{
  g_autofree char *prefix = width > 0 && measure_line (self) > width ? drop_prefix (self) : NULL;
  g_autofree char *hidden = width > 0 ? hide_columns (self, width) : NULL;

  if (width > 0)
    fit_widths (self, width);
  if (prefix)
    {
      g_autofree char *shown = cli_shorten_text (prefix, width / 2);

      fprintf (stream, _ ("Every name begins with %s"), shown);
      putc ('\n', stream);
    }
  print_rows (self, stream);
  if (hidden)
    {
      fprintf (stream, _ ("Not shown for want of room: %s. CSV has all columns."), hidden);
      putc ('\n', stream);
    }
}
