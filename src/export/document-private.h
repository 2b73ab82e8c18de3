/* SPDX-License-Identifier: MIT */
/* What the writers of a document see: its parts in their order. */
#pragma once

#include "export/document.h"

G_BEGIN_DECLS

typedef enum
{
  WS_PART_HEADING,
  WS_PART_PARAGRAPH,
  WS_PART_ITEM,
  WS_PART_TABLE,
  WS_PART_CELL,
  WS_PART_FIGURE,
  /* inside a paragraph, an item or a cell */
  WS_PART_TEXT,
  WS_PART_STRONG,
  WS_PART_CODE,
} WsPartKind;

typedef struct
{
  WsPartKind kind;
  char *text;     /* (owned) of a heading, text, strong, code; caption of a figure */
  char *path;     /* (owned) of a figure */
  char *embedded; /* (owned) of a figure */
  guint level;    /* of a heading */
  guint n_columns;
  WsDocumentColumn *columns; /* (owned, with their titles) of a table */
} WsPart;

struct _WsDocument
{
  char *title;
  GArray *parts; /* (element-type WsPart) */
};

/* Whether the part at @i is inside what was begun before. */
gboolean ws_document_is_inline (const WsDocument *self, guint i);
/* The part after the inline ones that follow the one at @i. */
guint ws_document_skip_inline (const WsDocument *self, guint i);

G_END_DECLS
