/* SPDX-License-Identifier: MIT */
/* What a column of the table shows, sorts by and copies: the row's facts and every metric. */
#pragma once

#include "analysis/result.h"

G_BEGIN_DECLS

typedef enum
{
  WS_COLUMN_LAYER,
  WS_COLUMN_BLOCK,
  WS_COLUMN_NAME,
  WS_COLUMN_SHAPE,
  WS_COLUMN_DTYPE,
  WS_COLUMN_STATE,
  WS_COLUMN_METRIC,
} WsColumnKind;

typedef struct
{
  WsColumnKind kind;
  const char *key;     /* the column's name in the CSV */
  char *title;         /* (owned) translated; unique among the columns */
  char *tooltip;       /* (owned) translated: what it is, with formula, unit and source */
  WsMetricInfo metric; /* of kind METRIC */
} WsResultColumn;

/* Layer, block, name, shape, dtype, each metric of @options in the order of its list, state.
 * (element-type WsResultColumn) (transfer full) */
GPtrArray *ws_result_columns_new (const WsMetricOptions *options);
/* Returns: (nullable) (transfer none) the column of @key. */
const WsResultColumn *ws_result_columns_find (GPtrArray *columns, const char *key);

/* Whether the column sorts by its text (block, name, dtype); else by its number. */
gboolean ws_result_column_is_text (const WsResultColumn *self);
/* Whether its values stand right-aligned. */
gboolean ws_result_column_is_numeric (const WsResultColumn *self);
/* Whether its cells draw the value as a share of the short side. */
gboolean ws_result_column_has_bar (const WsResultColumn *self);
/* Of a text column. (transfer none) */
const char *ws_result_column_get_text (const WsResultColumn *self, const WsResult *result);
/* Of any other column; NAN if unknown. The number of a shape is its elements, of a state its
 * place in WsState. */
double ws_result_column_get_number (const WsResultColumn *self, const WsResult *result);

/* For people, short: a cell of the table. (transfer full) */
char *ws_result_column_dup_cell (const WsResultColumn *self, const WsResult *result);
/* A number of this column for people, with @digits significant digits. (transfer full) */
char *ws_result_column_dup_number (const WsResultColumn *self, double value, guint digits);
/* For people, in full; for an unknown value the reason; NULL if the cell says it all.
 * (transfer full) */
char *ws_result_column_dup_tooltip (const WsResultColumn *self, const WsResult *result);
/* For machines: as in the CSV, C locale, "" when unknown. (transfer full) */
char *ws_result_column_dup_machine (const WsResultColumn *self, const WsResult *result);

G_END_DECLS
