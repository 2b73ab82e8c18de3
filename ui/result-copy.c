/* SPDX-License-Identifier: MIT */
/* Rows of the table as text for the clipboard. */
#include "result-copy.h"

#include "export/row-writer.h"

static void
write_cell (WsRowWriter *writer, const WsResultColumn *column, const WsResult *result)
{
  g_autofree char *text = NULL;

  if (column->kind == WS_COLUMN_LAYER || column->kind == WS_COLUMN_METRIC)
    {
      ws_row_writer_add_number (writer, ws_result_column_get_number (column, result));
      return;
    }
  text = ws_result_column_dup_machine (column, result);
  ws_row_writer_add_text (writer, text);
}

char *
ws_result_copy_table (GPtrArray *items, GPtrArray *columns, WsTableFormat format)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new ();
  g_autoptr (WsRowWriter) writer = NULL;
  char *text = NULL;
  size_t length;
  FILE *stream = open_memstream (&text, &length);

  for (guint c = 0; c < columns->len; c++)
    g_ptr_array_add (keys, (gpointer) ((WsResultColumn *) columns->pdata[c])->key);
  writer = ws_row_writer_new (stream, format, keys, NULL);
  for (guint i = 0; i < items->len; i++)
    for (guint c = 0; c < columns->len; c++)
      write_cell (writer, columns->pdata[c], ws_result_item_get_result (items->pdata[i]));
  ws_row_writer_finish (writer, NULL); /* memory does not fail */
  fclose (stream);
  return text;
}

static void
append_markdown_cell (GString *text, const char *cell)
{
  g_string_append (text, "| ");
  for (const char *c = cell; *c != '\0'; c++)
    {
      if (*c == '|' || *c == '\\' || *c == '_' || *c == '*' || *c == '`' || *c == '<')
        g_string_append_c (text, '\\');
      g_string_append_c (text, *c);
    }
  g_string_append_c (text, ' ');
}

char *
ws_result_copy_markdown (GPtrArray *items, GPtrArray *columns)
{
  GString *text = g_string_new (NULL);

  for (guint c = 0; c < columns->len; c++)
    append_markdown_cell (text, ((WsResultColumn *) columns->pdata[c])->title);
  g_string_append (text, "|\n");
  for (guint c = 0; c < columns->len; c++)
    g_string_append (text, ws_result_column_is_numeric (columns->pdata[c]) ? "|--:" : "|:--");
  g_string_append (text, "|\n");
  for (guint i = 0; i < items->len; i++)
    {
      for (guint c = 0; c < columns->len; c++)
        {
          g_autofree char *cell = ws_result_column_dup_cell (
              columns->pdata[c], ws_result_item_get_result (items->pdata[i]));

          append_markdown_cell (text, cell);
        }
      g_string_append (text, "|\n");
    }
  return g_string_free (text, FALSE);
}

char *
ws_result_copy_names (GPtrArray *items)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < items->len; i++)
    {
      if (i > 0)
        g_string_append_c (text, '\n');
      g_string_append (text, ws_result_item_get_result (items->pdata[i])->tensor->name);
    }
  return g_string_free (text, FALSE);
}
