/* SPDX-License-Identifier: MIT */
/* JSON written as it comes. Failures stay in the stream's error flag, for the caller to look at. */
#include "export/json.h"

#include <math.h>

#include "base/format.h"

static void
write_escaped (FILE *stream, const char *text)
{
  const char *plain = text; /* not written yet, needs no escape */
  const char *p;

  putc ('"', stream);
  for (p = text; *p != '\0'; p++)
    {
      gboolean control = (guchar) *p < 0x20 || *p == 0x7F;

      if (!control && *p != '"' && *p != '\\')
        continue;
      fwrite (plain, 1, p - plain, stream);
      if (control)
        fprintf (stream, "\\u%04x", (guchar) *p);
      else
        fprintf (stream, "\\%c", *p);
      plain = p + 1;
    }
  fwrite (plain, 1, p - plain, stream);
  putc ('"', stream);
}

void
ws_json_write_string (FILE *stream, const char *text)
{
  if (text == NULL)
    fputs ("null", stream);
  else if (g_utf8_validate (text, -1, NULL))
    write_escaped (stream, text);
  else
    {
      g_autofree char *valid = g_utf8_make_valid (text, -1);

      write_escaped (stream, valid);
    }
}

void
ws_json_write_number (FILE *stream, double value)
{
  char buffer[WS_FORMAT_SIZE];

  fputs (isfinite (value) ? ws_format_machine (buffer, value) : "null", stream);
}

static void
begin_line (FILE *stream, guint depth)
{
  putc ('\n', stream);
  for (guint i = 0; i < depth; i++)
    fputs ("  ", stream);
}

static void
write_value (FILE *stream, JsonNode *node)
{
  GType type = json_node_get_value_type (node);

  if (type == G_TYPE_STRING)
    ws_json_write_string (stream, json_node_get_string (node));
  else if (type == G_TYPE_BOOLEAN)
    fputs (json_node_get_boolean (node) ? "true" : "false", stream);
  else if (type == G_TYPE_INT64)
    fprintf (stream, "%" G_GINT64_FORMAT, json_node_get_int (node));
  else
    ws_json_write_number (stream, json_node_get_double (node));
}

static void
write_object (FILE *stream, JsonObject *object, guint depth)
{
  JsonObjectIter iter;
  const char *key;
  JsonNode *member;
  gboolean first = TRUE;

  putc ('{', stream);
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &key, &member))
    {
      if (!first)
        putc (',', stream);
      first = FALSE;
      begin_line (stream, depth + 1);
      ws_json_write_string (stream, key);
      fputs (": ", stream);
      ws_json_write_node (stream, member, depth + 1);
    }
  if (!first)
    begin_line (stream, depth);
  putc ('}', stream);
}

static void
write_array (FILE *stream, JsonArray *array, guint depth)
{
  guint n = json_array_get_length (array);

  putc ('[', stream);
  for (guint i = 0; i < n; i++)
    {
      if (i > 0)
        putc (',', stream);
      begin_line (stream, depth + 1);
      ws_json_write_node (stream, json_array_get_element (array, i), depth + 1);
    }
  if (n > 0)
    begin_line (stream, depth);
  putc (']', stream);
}

void
ws_json_write_node (FILE *stream, JsonNode *node, guint depth)
{
  switch (json_node_get_node_type (node))
    {
    case JSON_NODE_OBJECT:
      write_object (stream, json_node_get_object (node), depth);
      break;
    case JSON_NODE_ARRAY:
      write_array (stream, json_node_get_array (node), depth);
      break;
    case JSON_NODE_VALUE:
      write_value (stream, node);
      break;
    case JSON_NODE_NULL:
      fputs ("null", stream);
      break;
    }
}
