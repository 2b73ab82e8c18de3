/* SPDX-License-Identifier: MIT */
/* A text with tables and figures, told once and written as Markdown and as HTML.
 *
 *   ws_document_add_heading (document, 2, "Layers");
 *   ws_document_begin_paragraph (document);
 *   ws_document_add_text (document, "The greatest is ");
 *   ws_document_add_code (document, name);
 *
 * Any text may be given, also names out of files: what would be read as markup is written so that
 * it is not, and control characters are shown as ws_format_name shows them. */
#pragma once

#include <gio/gio.h>
#include <stdio.h>

G_BEGIN_DECLS

typedef struct _WsDocument WsDocument;

typedef struct
{
  const char *title;
  gboolean numeric; /* aligned to the right */
} WsDocumentColumn;

/* @title: also the first heading */
WsDocument *ws_document_new (const char *title);
void ws_document_free (WsDocument *self);

/* @level: from 2, below the title */
void ws_document_add_heading (WsDocument *self, guint level, const char *text);

/* What is added by the four functions below belongs to the paragraph, list item or cell that was
 * begun last. Items that follow each other are one list. */
void ws_document_begin_paragraph (WsDocument *self);
void ws_document_begin_item (WsDocument *self);
void ws_document_add_text (WsDocument *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
void ws_document_add_strong (WsDocument *self, const char *text);
/* A name as it stands in a file. */
void ws_document_add_code (WsDocument *self, const char *text);

/* Cells follow, row by row; the table ends with anything else that is begun.
 * @columns: @n, copied with their titles */
void ws_document_begin_table (WsDocument *self, const WsDocumentColumn *columns, guint n);
void ws_document_begin_cell (WsDocument *self);
/* A cell of text alone. @text: NULL: unknown, "—" */
void ws_document_add_cell (WsDocument *self, const char *text);

/* @path: of an image, relative to the folder of the document
 * @embedded: (nullable): the same, for HTML: the file is read and put inside; NULL: @path */
void ws_document_add_figure (WsDocument *self, const char *path, const char *embedded,
                             const char *caption);

/* CommonMark with tables. Failures are seen on the stream. */
void ws_document_write_markdown (const WsDocument *self, FILE *stream);

/* One file that needs no other: the style and all figures are inside.
 * @folder: where the paths of the figures begin
 * Returns: FALSE with @error set if a figure cannot be read; failures of the stream are seen there.
 */
gboolean ws_document_write_html (const WsDocument *self, const char *folder, FILE *stream,
                                 GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsDocument, ws_document_free)

G_END_DECLS
