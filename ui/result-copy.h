/* SPDX-License-Identifier: MIT */
/* Rows of the table as text for the clipboard. */
#pragma once

#include "result-column.h"
#include "result-item.h"

G_BEGIN_DECLS

/* A header of keys and a line for each item, with tabs; numbers as in the CSV, unknown ones empty.
 * @items: (element-type WsResultItem). @columns: (element-type WsResultColumn), in their order.
 * (transfer full) */
char *ws_result_copy_tsv (GPtrArray *items, GPtrArray *columns);
/* The same as a Markdown table of titles and cells as they are shown. (transfer full) */
char *ws_result_copy_markdown (GPtrArray *items, GPtrArray *columns);
/* The names as they are in the file, a line each. (transfer full) */
char *ws_result_copy_names (GPtrArray *items);

G_END_DECLS
