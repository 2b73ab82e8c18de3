/* SPDX-License-Identifier: MIT */
/* Cells of numbers, as people read them. */
#include "export/document-cells.h"

#include <math.h>

#include "base/format.h"

#define DIGITS 4

void
ws_document_add_percent_cell (WsDocument *self, double share)
{
  g_autofree char *text = g_strdup_printf ("%.1f\u00a0%%", 100 * share);

  ws_document_add_cell (self, isnan (share) ? NULL : text);
}

void
ws_document_add_number_cell (WsDocument *self, double value)
{
  g_autofree char *text = ws_format_significant (value, DIGITS);

  ws_document_add_cell (self, text);
}

void
ws_document_add_count_cell (WsDocument *self, guint64 count)
{
  g_autofree char *text = ws_format_count (count);

  ws_document_add_cell (self, text);
}

void
ws_document_add_bytes_cell (WsDocument *self, guint64 n_bytes)
{
  g_autofree char *text = ws_format_bytes (n_bytes);

  ws_document_add_cell (self, text);
}

void
ws_document_add_code_cell (WsDocument *self, const char *text)
{
  ws_document_begin_cell (self);
  ws_document_add_code (self, text);
}
