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

/* "csv", "json", "jsonl", "seed-csv", "tsv". Returns: FALSE if unknown. */
gboolean ws_table_format_from_key (const char *key, WsTableFormat *format);
/* From the extension of @path; CSV when it says nothing. */
WsTableFormat ws_table_format_from_path (const char *path);

/* As Python writes a tuple: "(4096, 2560)", "(2560,)", "()". (transfer full) */
char *ws_table_dup_shape (const guint64 *dims, guint n_dims);

/* A published table tells nothing of the author's disk: the path below the current folder, else
 * the last name only. What is on the Hub is nobody's disk. (transfer full) */
char *ws_table_dup_public_path (const char *path);

/* Writes @results (element-type WsResult), in their order, to @stream. Cells that are unknown are
 * empty (CSV) or null (JSON). created_at is the record's start time; model_path is relative to the
 * current folder, or the base name only. A slice of a packed tensor is named "NAME[3]". With
 * SOURCE_DATE_EPOCH set, measured times are unknown, so that equal results give equal bytes.
 * Returns: FALSE with @error when @stream fails. */
gboolean ws_table_write (FILE *stream, WsTableFormat format, GPtrArray *results,
                         const WsModel *model, const WsRecordInput *record, GError **error);

/* The same into a file, atomically. */
gboolean ws_table_save (const char *path, WsTableFormat format, GPtrArray *results,
                        const WsModel *model, const WsRecordInput *record, GError **error);

G_END_DECLS
