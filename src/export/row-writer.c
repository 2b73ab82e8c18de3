/* SPDX-License-Identifier: MIT */
/* Rows of named cells as CSV, TSV, JSON or JSON lines. */
#include "export/row-writer.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/format.h"
#include "export/json.h"

struct _WsRowWriter
{
  FILE *stream;
  WsTableFormat format;
  GPtrArray *keys;
  guint column; /* of the next cell */
  guint64 n_rows;
};

static gboolean
is_json (const WsRowWriter *self)
{
  return self->format == WS_TABLE_JSON || self->format == WS_TABLE_JSONL;
}

static char
get_separator (const WsRowWriter *self)
{
  return self->format == WS_TABLE_TSV ? '\t' : ',';
}

/* RFC 4180: quoted where a separator, a quote or a line end would be misread. Nothing else is
 * changed: a name that looks like a formula is still that name. */
static void
write_field (WsRowWriter *self, const char *text)
{
  if (strpbrk (text, "\"\r\n") == NULL && strchr (text, get_separator (self)) == NULL)
    {
      fputs (text, self->stream);
      return;
    }
  putc ('"', self->stream);
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '"')
        putc ('"', self->stream);
      putc (*p, self->stream);
    }
  putc ('"', self->stream);
}

/* What stands before the next cell. */
static void
begin_cell (WsRowWriter *self)
{
  if (!is_json (self))
    {
      if (self->column > 0)
        putc (get_separator (self), self->stream);
      return;
    }
  if (self->column > 0)
    fputs (", ", self->stream);
  else if (self->format == WS_TABLE_JSON)
    fputs (self->n_rows > 0 ? ",\n    {" : "\n    {", self->stream);
  else
    putc ('{', self->stream);
  ws_json_write_string (self->stream, g_ptr_array_index (self->keys, self->column));
  fputs (": ", self->stream);
}

static void
end_cell (WsRowWriter *self)
{
  if (++self->column < self->keys->len)
    return;
  self->column = 0;
  self->n_rows++;
  if (is_json (self))
    putc ('}', self->stream);
  if (self->format != WS_TABLE_JSON)
    putc ('\n', self->stream);
}

WsRowWriter *
ws_row_writer_new (FILE *stream, WsTableFormat format, GPtrArray *keys, JsonNode *record)
{
  WsRowWriter *self = g_new0 (WsRowWriter, 1);

  self->stream = stream;
  self->format = format;
  self->keys = keys;
  if (format == WS_TABLE_JSON)
    {
      fputs ("{\n  \"record\": ", stream);
      if (record != NULL)
        ws_json_write_node (stream, record, 1);
      else
        fputs ("null", stream);
      fputs (",\n  \"tensors\": [", stream);
    }
  else if (format != WS_TABLE_JSONL)
    for (guint i = 0; i < keys->len; i++)
      {
        write_field (self, g_ptr_array_index (keys, i));
        putc (i + 1 < keys->len ? get_separator (self) : '\n', stream);
      }
  return self;
}

void
ws_row_writer_free (WsRowWriter *self)
{
  g_free (self);
}

void
ws_row_writer_add_text (WsRowWriter *self, const char *text)
{
  begin_cell (self);
  if (is_json (self))
    ws_json_write_string (self->stream, text);
  else if (text != NULL && g_utf8_validate (text, -1, NULL))
    write_field (self, text);
  else if (text != NULL)
    {
      g_autofree char *valid = g_utf8_make_valid (text, -1);

      write_field (self, valid);
    }
  end_cell (self);
}

void
ws_row_writer_add_number (WsRowWriter *self, double value)
{
  char buffer[WS_FORMAT_SIZE];

  begin_cell (self);
  if (is_json (self))
    ws_json_write_number (self->stream, value);
  else if (isfinite (value))
    fputs (ws_format_machine (buffer, value), self->stream);
  end_cell (self);
}

gboolean
ws_row_writer_finish (WsRowWriter *self, GError **error)
{
  g_assert (self->column == 0);
  if (self->format == WS_TABLE_JSON)
    fputs (self->n_rows > 0 ? "\n  ]\n}\n" : "]\n}\n", self->stream);
  errno = 0;
  if (fflush (self->stream) == 0 && !ferror (self->stream))
    return TRUE;
  /* A write that failed earlier has left the flag, not the reason. */
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno ? errno : EIO),
               _ ("cannot write the table: %s"), g_strerror (errno ? errno : EIO));
  return FALSE;
}
