/* SPDX-License-Identifier: MIT */
/* Results as CSV, JSON, JSON lines, the seed's CSV, or TSV for the clipboard. C locale always. */
#pragma once

#include "analysis/record.h"
#include <stdio.h>

G_BEGIN_DECLS

typedef enum
{
  WS_TABLE_CSV,
  WS_TABLE_JSON,
  WS_TABLE_JSONL,
  WS_TABLE_SEED_CSV, /* exactly the seed's 22 columns */
  WS_TABLE_TSV,      /* as CSV, tabs: for pasting into a spreadsheet */
} WsTableFormat;

/* "csv", "json", "jsonl", "seed-csv". Returns: FALSE if unknown. */
gboolean ws_table_format_from_key (const char *key, WsTableFormat *format);
/* From the extension of @path; CSV when it says nothing. */
WsTableFormat ws_table_format_from_path (const char *path);

/* Writes @results (element-type WsResult), in their order, to @stream. Cells that are unknown are
 * empty (CSV) or null (JSON). created_at is the record's start time.
 * Returns: FALSE with @error when @stream fails. */
gboolean ws_table_write (FILE *stream, WsTableFormat format, GPtrArray *results,
                         const WsModel *model, const WsRecordInput *record, GError **error);

/* The same into a file, atomically. */
gboolean ws_table_save (const char *path, WsTableFormat format, GPtrArray *results,
                        const WsModel *model, const WsRecordInput *record, GError **error);

G_END_DECLS
