/* SPDX-License-Identifier: MIT */
/* Rows of named cells as CSV, TSV, JSON or JSON lines: one place that knows quoting and unknowns.
 * Nothing is kept but the names of the columns. */
#pragma once

#include "export/table.h"

G_BEGIN_DECLS

typedef struct _WsRowWriter WsRowWriter;

/* Writes the header line, or the beginning of {"record": ..., "tensors": [...]}.
 * @stream: borrowed. @keys: (element-type utf8) names of the columns, borrowed.
 * @record: (nullable) only for JSON; borrowed during the call. */
WsRowWriter *ws_row_writer_new (FILE *stream, WsTableFormat format, GPtrArray *keys,
                                JsonNode *record);
void ws_row_writer_free (WsRowWriter *self);

/* Cells come in the order of the columns, one call each; the last one ends the row. Unknown is
 * NULL or NAN: an empty field, or null. */
void ws_row_writer_add_text (WsRowWriter *self, const char *text);
void ws_row_writer_add_number (WsRowWriter *self, double value);

/* Ends the table and flushes the stream. Returns: FALSE with @error (G_IO_ERROR) if anything that
 * was written since the beginning has failed. Call once. */
gboolean ws_row_writer_finish (WsRowWriter *self, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsRowWriter, ws_row_writer_free)

G_END_DECLS
