/* SPDX-License-Identifier: MIT */
/* Cells of numbers, as people read them; "—" for what is not known. */
#pragma once

#include "export/document.h"

G_BEGIN_DECLS

/* @share: in [0, 1], "51.0 %"; NAN: unknown */
void ws_document_add_percent_cell (WsDocument *self, double share);
/* Four significant digits. @value: NAN: unknown */
void ws_document_add_number_cell (WsDocument *self, double value);
void ws_document_add_count_cell (WsDocument *self, guint64 count);
void ws_document_add_bytes_cell (WsDocument *self, guint64 n_bytes);
void ws_document_add_code_cell (WsDocument *self, const char *text);

G_END_DECLS
