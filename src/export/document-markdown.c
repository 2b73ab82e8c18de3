/* SPDX-License-Identifier: MIT */
/* A document as Markdown: CommonMark, and tables as GitHub reads them. */
#include "export/document-private.h"

#include <string.h>

/* A backslash before punctuation makes it mean itself. Only what could begin something inside a
 * line is escaped, so that the text can be read as it is. */
static void
write_text (FILE *stream, const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    {
      if (strchr ("\\`*_[]<>|&~#$", *p))
        putc ('\\', stream);
      putc (*p == '\n' ? ' ' : *p, stream);
    }
}

static gsize
count_longest_run (const char *text, char c)
{
  gsize longest = 0, n = 0;

  for (const char *p = text; *p != '\0'; p++)
    {
      n = *p == c ? n + 1 : 0;
      longest = MAX (longest, n);
    }
  return longest;
}

/* Between more backquotes than it has in a row; blanks part them from its own. A bar would end the
 * cell of a table, even here. */
static void
write_code (FILE *stream, const char *text)
{
  gsize n = count_longest_run (text, '`') + 1;
  gboolean pad = text[0] == '`' || g_str_has_suffix (text, "`") || g_str_has_prefix (text, " ");

  if (*text == '\0')
    return;
  for (gsize i = 0; i < n; i++)
    putc ('`', stream);
  if (pad)
    putc (' ', stream);
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '|')
        putc ('\\', stream);
      putc (*p, stream);
    }
  if (pad)
    putc (' ', stream);
  for (gsize i = 0; i < n; i++)
    putc ('`', stream);
}

/* Returns: the part behind them. */
static guint
write_inline (const WsDocument *self, guint i, FILE *stream)
{
  for (; ws_document_is_inline (self, i); i++)
    {
      const WsPart *part = &g_array_index (self->parts, WsPart, i);

      if (part->kind == WS_PART_CODE)
        write_code (stream, part->text);
      else if (part->kind == WS_PART_TEXT)
        write_text (stream, part->text);
      else
        {
          fputs ("**", stream);
          write_text (stream, part->text);
          fputs ("**", stream);
        }
    }
  return i;
}

static guint
write_table (const WsDocument *self, guint i, FILE *stream)
{
  const WsPart *table = &g_array_index (self->parts, WsPart, i++);

  putc ('|', stream);
  for (guint j = 0; j < table->n_columns; j++)
    {
      putc (' ', stream);
      write_text (stream, table->columns[j].title);
      fputs (" |", stream);
    }
  fputs ("\n|", stream);
  for (guint j = 0; j < table->n_columns; j++)
    fputs (table->columns[j].numeric ? "--:|" : "---|", stream);
  putc ('\n', stream);
  for (guint column = 0;
       i < self->parts->len && g_array_index (self->parts, WsPart, i).kind == WS_PART_CELL;
       column = (column + 1) % table->n_columns)
    {
      fputs (column == 0 ? "| " : " ", stream);
      i = write_inline (self, i + 1, stream);
      fputs (column + 1 < table->n_columns ? " |" : " |\n", stream);
    }
  putc ('\n', stream);
  return i;
}

void
ws_document_write_markdown (const WsDocument *self, FILE *stream)
{
  fputs ("# ", stream);
  write_text (stream, self->title);
  fputs ("\n\n", stream);
  for (guint i = 0; i < self->parts->len;)
    {
      const WsPart *part = &g_array_index (self->parts, WsPart, i);
      guint next = ws_document_skip_inline (self, i);

      switch (part->kind)
        {
        case WS_PART_HEADING:
          for (guint j = 0; j < part->level; j++)
            putc ('#', stream);
          putc (' ', stream);
          write_text (stream, part->text);
          fputs ("\n\n", stream);
          break;
        case WS_PART_ITEM:
          fputs ("- ", stream);
          write_inline (self, i + 1, stream);
          /* a list ends with an empty line */
          fputs (next < self->parts->len &&
                         g_array_index (self->parts, WsPart, next).kind == WS_PART_ITEM
                     ? "\n"
                     : "\n\n",
                 stream);
          break;
        case WS_PART_TABLE:
          next = write_table (self, i, stream);
          break;
        case WS_PART_FIGURE:
          fputs ("![", stream);
          write_text (stream, part->text);
          fprintf (stream, "](%s)\n\n", part->path);
          break;
        default:
          write_inline (self, i + 1, stream);
          fputs ("\n\n", stream);
          break;
        }
      i = next;
    }
}
