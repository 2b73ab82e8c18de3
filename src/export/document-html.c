/* SPDX-License-Identifier: MIT */
/* A document as one HTML file that needs no other, and no network. */
#include "export/document-private.h"

#include <string.h>

/* Light or dark as the reader's system is; figures are made for white paper. */
static const char style[] =
    ":root{color-scheme:light dark;--ground:#fff;--ink:#1c2024;--muted:#5f6670;--line:#d9dcdf;"
    "--wash:#f4f6f8}\n"
    "@media(prefers-color-scheme:dark){:root{--ground:#17191c;--ink:#e4e7ea;--muted:#a3abb3;"
    "--line:#3a3f44;--wash:#22262a}}\n"
    "body{background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,sans-serif;"
    "max-width:72em;margin:2em auto;padding:0 1em}\n"
    "h1{font-size:1.7em}h2{font-size:1.3em;margin-top:2em}h3{font-size:1.08em}\n"
    ".table{overflow-x:auto;margin:1em 0}table{border-collapse:collapse;font-size:.92em;"
    "font-variant-numeric:tabular-nums}\n"
    "th,td{padding:.25em .8em;border-bottom:1px solid var(--line);text-align:left;"
    "vertical-align:top}th{font-weight:600;color:var(--muted)}\n"
    "td.n,th.n{text-align:right;white-space:nowrap}\n"
    "code{font-size:.92em;background:var(--wash);border-radius:4px;padding:.05em .3em;"
    "overflow-wrap:anywhere}td code{white-space:nowrap}\n"
    ".figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(24em,1fr));gap:1em;"
    "margin:1.5em 0}figure{margin:0}figure img{background:#fff;width:100%;max-width:34em;"
    "box-sizing:border-box;padding:8px;border-radius:6px}"
    "figcaption{color:var(--muted);font-size:.92em}\n"
    "@media print{body{max-width:none;margin:0}h2{break-after:avoid}figure,tr{break-inside:avoid}}"
    "\n";

static void
write_text (FILE *stream, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  fputs (escaped, stream);
}

static void
write_element (FILE *stream, const char *name, const char *text)
{
  fprintf (stream, "<%s>", name);
  write_text (stream, text);
  fprintf (stream, "</%s>", name);
}

static void
write_inline (const WsDocument *self, guint i, FILE *stream)
{
  for (; ws_document_is_inline (self, i); i++)
    {
      const WsPart *part = &g_array_index (self->parts, WsPart, i);

      if (part->kind == WS_PART_TEXT)
        write_text (stream, part->text);
      else
        write_element (stream, part->kind == WS_PART_CODE ? "code" : "strong", part->text);
    }
}

static guint
write_table (const WsDocument *self, guint i, FILE *stream)
{
  const WsPart *table = &g_array_index (self->parts, WsPart, i++);

  fputs ("<div class=\"table\"><table>\n<thead><tr>", stream);
  for (guint j = 0; j < table->n_columns; j++)
    {
      fputs (table->columns[j].numeric ? "<th class=\"n\">" : "<th>", stream);
      write_text (stream, table->columns[j].title);
      fputs ("</th>", stream);
    }
  fputs ("</tr></thead>\n<tbody>\n", stream);
  for (guint column = 0;
       i < self->parts->len && g_array_index (self->parts, WsPart, i).kind == WS_PART_CELL;
       column = (column + 1) % table->n_columns, i = ws_document_skip_inline (self, i))
    {
      if (column == 0)
        fputs ("<tr>", stream);
      fputs (table->columns[column].numeric ? "<td class=\"n\">" : "<td>", stream);
      write_inline (self, i + 1, stream);
      fputs (column + 1 < table->n_columns ? "</td>" : "</td></tr>\n", stream);
    }
  fputs ("</tbody></table></div>\n", stream);
  return i;
}

static gboolean
write_figure (const WsPart *part, const char *folder, FILE *stream, GError **error)
{
  g_autofree char *path = g_build_filename (folder, part->embedded, NULL);
  gboolean is_svg = g_str_has_suffix (part->embedded, ".svg");
  g_autofree char *contents = NULL, *encoded = NULL;
  gsize n_bytes;

  if (!g_file_get_contents (path, &contents, &n_bytes, error))
    return FALSE;
  encoded = g_base64_encode ((const guchar *) contents, n_bytes);
  fprintf (stream, "<figure><img src=\"data:image/%s;base64,%s\" alt=\"",
           is_svg ? "svg+xml" : "png", encoded);
  write_text (stream, part->text);
  fputs ("\">\n", stream);
  write_element (stream, "figcaption", part->text);
  fputs ("</figure>\n", stream);
  return TRUE;
}

/* Those that follow each other stand side by side where there is room.
 * Returns: the part behind them; G_MAXUINT with @error set. */
static guint
write_figures (const WsDocument *self, guint i, const char *folder, FILE *stream, GError **error)
{
  fputs ("<div class=\"figures\">\n", stream);
  for (; i < self->parts->len; i++)
    {
      const WsPart *part = &g_array_index (self->parts, WsPart, i);

      if (part->kind != WS_PART_FIGURE)
        break;
      if (!write_figure (part, folder, stream, error))
        return G_MAXUINT;
    }
  fputs ("</div>\n", stream);
  return i;
}

/* Returns: the part behind the list. */
static guint
write_list (const WsDocument *self, guint i, FILE *stream)
{
  fputs ("<ul>\n", stream);
  while (i < self->parts->len && g_array_index (self->parts, WsPart, i).kind == WS_PART_ITEM)
    {
      fputs ("<li>", stream);
      write_inline (self, i + 1, stream);
      fputs ("</li>\n", stream);
      i = ws_document_skip_inline (self, i);
    }
  fputs ("</ul>\n", stream);
  return i;
}

/* Returns: the part behind the one at @i; G_MAXUINT with @error set. */
static guint
write_part (const WsDocument *self, guint i, const char *folder, FILE *stream, GError **error)
{
  const WsPart *part = &g_array_index (self->parts, WsPart, i);
  char name[8];

  switch (part->kind)
    {
    case WS_PART_HEADING:
      g_snprintf (name, sizeof name, "h%u", part->level);
      write_element (stream, name, part->text);
      putc ('\n', stream);
      return i + 1;
    case WS_PART_ITEM:
      return write_list (self, i, stream);
    case WS_PART_TABLE:
      return write_table (self, i, stream);
    case WS_PART_FIGURE:
      return write_figures (self, i, folder, stream, error);
    default:
      fputs ("<p>", stream);
      write_inline (self, i + 1, stream);
      fputs ("</p>\n", stream);
      return ws_document_skip_inline (self, i);
    }
}

gboolean
ws_document_write_html (const WsDocument *self, const char *folder, FILE *stream, GError **error)
{
  fputs ("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n",
         stream);
  write_element (stream, "title", self->title);
  fprintf (stream, "\n<style>\n%s</style>\n</head>\n<body>\n", style);
  write_element (stream, "h1", self->title);
  putc ('\n', stream);
  for (guint i = 0; i < self->parts->len;)
    {
      i = write_part (self, i, folder, stream, error);
      if (i == G_MAXUINT)
        return FALSE;
    }
  fputs ("</body>\n</html>\n", stream);
  return TRUE;
}
