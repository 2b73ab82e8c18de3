/* SPDX-License-Identifier: MIT */
/* Rows of the table as text for the clipboard. */
#include "result-copy.h"

#include "base/format.h"
#include <string.h>

/* As RFC 4180 quotes, which spreadsheets also read when the separator is a tab. */
static void
append_field (GString *text, const char *field)
{
  if (strpbrk (field, "\t\r\n\"") == NULL)
    {
      g_string_append (text, field);
      return;
    }
  g_string_append_c (text, '"');
  for (const char *c = field; *c != '\0'; c++)
    {
      if (*c == '"')
        g_string_append_c (text, '"');
      g_string_append_c (text, *c);
    }
  g_string_append_c (text, '"');
}

char *
ws_result_copy_tsv (GPtrArray *items, GPtrArray *columns)
{
  GString *text = g_string_new (NULL);

  for (guint c = 0; c < columns->len; c++)
    {
      const WsResultColumn *column = g_ptr_array_index (columns, c);

      g_string_append_printf (text, c == 0 ? "%s" : "\t%s", column->key);
    }
  for (guint i = 0; i < items->len; i++)
    for (guint c = 0; c < columns->len; c++)
      {
        g_autofree char *field = ws_result_column_dup_machine (
            g_ptr_array_index (columns, c), ws_result_item_get_result (items->pdata[i]));

        g_string_append_c (text, c == 0 ? '\n' : '\t');
        append_field (text, field);
      }
  g_string_append_c (text, '\n');
  return g_string_free (text, FALSE);
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
