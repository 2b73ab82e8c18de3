/* SPDX-License-Identifier: MIT */
/* Rows of the table as text for the clipboard. */
#pragma once

#include "export/table.h"
#include "result-column.h"
#include "result-item.h"

G_BEGIN_DECLS

/* As a file of that format has them, without a record: keys for titles, all digits, unknown numbers
 * empty or null. @items: (element-type WsResultItem). @columns: (element-type WsResultColumn), in
 * their order. (transfer full) */
char *ws_result_copy_table (GPtrArray *items, GPtrArray *columns, WsTableFormat format);
/* A Markdown table of titles and cells as they are shown. (transfer full) */
char *ws_result_copy_markdown (GPtrArray *items, GPtrArray *columns);
/* The names as they are in the file, a line each. (transfer full) */
char *ws_result_copy_names (GPtrArray *items);

G_END_DECLS
