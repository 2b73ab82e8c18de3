/* SPDX-License-Identifier: MIT */
/* A text with tables and figures: how it is kept. */
#include "export/document-private.h"

#include "base/format.h"

static void
part_clear (gpointer data)
{
  WsPart *part = data;

  g_free (part->text);
  g_free (part->path);
  g_free (part->embedded);
  for (guint i = 0; i < part->n_columns; i++)
    g_free ((char *) part->columns[i].title);
  g_free (part->columns);
}

WsDocument *
ws_document_new (const char *title)
{
  WsDocument *self = g_new0 (WsDocument, 1);

  self->title = ws_format_name (title);
  self->parts = g_array_new (FALSE, FALSE, sizeof (WsPart));
  g_array_set_clear_func (self->parts, part_clear);
  return self;
}

void
ws_document_free (WsDocument *self)
{
  g_free (self->title);
  g_array_unref (self->parts);
  g_free (self);
}

static WsPart *
append (WsDocument *self, WsPartKind kind)
{
  const WsPart part = { kind };

  g_array_append_val (self->parts, part);
  return &g_array_index (self->parts, WsPart, self->parts->len - 1);
}

void
ws_document_add_heading (WsDocument *self, guint level, const char *text)
{
  WsPart *part = append (self, WS_PART_HEADING);

  part->level = level;
  part->text = ws_format_name (text);
}

void
ws_document_begin_paragraph (WsDocument *self)
{
  append (self, WS_PART_PARAGRAPH);
}

void
ws_document_begin_item (WsDocument *self)
{
  append (self, WS_PART_ITEM);
}

/* Not through ws_format_name: sentences may be longer than a name is shown, and are ours. What
 * comes from a file goes through it before, or into code. */
void
ws_document_add_text (WsDocument *self, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  append (self, WS_PART_TEXT)->text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
}

void
ws_document_add_strong (WsDocument *self, const char *text)
{
  append (self, WS_PART_STRONG)->text = g_strdup (text);
}

void
ws_document_add_code (WsDocument *self, const char *text)
{
  append (self, WS_PART_CODE)->text = ws_format_name (text);
}

void
ws_document_begin_table (WsDocument *self, const WsDocumentColumn *columns, guint n)
{
  WsPart *part = append (self, WS_PART_TABLE);

  part->n_columns = n;
  part->columns = g_memdup2 (columns, n * sizeof *columns);
  for (guint i = 0; i < n; i++)
    part->columns[i].title = g_strdup (columns[i].title);
}

void
ws_document_begin_cell (WsDocument *self)
{
  append (self, WS_PART_CELL);
}

void
ws_document_add_cell (WsDocument *self, const char *text)
{
  ws_document_begin_cell (self);
  ws_document_add_text (self, "%s", text != NULL ? text : "—");
}

void
ws_document_add_figure (WsDocument *self, const char *path, const char *embedded,
                        const char *caption)
{
  WsPart *part = append (self, WS_PART_FIGURE);

  part->path = g_strdup (path);
  part->embedded = g_strdup (embedded != NULL ? embedded : path);
  part->text = g_strdup (caption);
}

gboolean
ws_document_is_inline (const WsDocument *self, guint i)
{
  return i < self->parts->len && g_array_index (self->parts, WsPart, i).kind >= WS_PART_TEXT;
}

guint
ws_document_skip_inline (const WsDocument *self, guint i)
{
  do
    i++;
  while (ws_document_is_inline (self, i));
  return i;
}
