/* SPDX-License-Identifier: MIT */
/* What a filter is once its text has been read: lists of tests. */
#pragma once

#include "analysis/filter.h"

G_BEGIN_DECLS

typedef enum
{
  WS_FILTER_KIND_NAME,
  WS_FILTER_KIND_TYPE,
  WS_FILTER_KIND_COARSE,
  WS_FILTER_KIND_LAYER,
  WS_FILTER_KIND_EXPERT,
  WS_FILTER_KIND_DTYPE,
  WS_FILTER_KIND_STATE,
  WS_FILTER_KIND_STACK,
  WS_FILTER_N_KINDS,
  WS_FILTER_KIND_COMPARISON = WS_FILTER_N_KINDS
} WsFilterKind;

typedef enum
{
  WS_FILTER_VALUE_METRIC,
  WS_FILTER_VALUE_ROWS,
  WS_FILTER_VALUE_COLS,
} WsFilterValue;

typedef enum
{
  WS_FILTER_OPERATOR_LESS_EQUAL,
  WS_FILTER_OPERATOR_GREATER_EQUAL,
  WS_FILTER_OPERATOR_NOT_EQUAL,
  WS_FILTER_OPERATOR_LESS,
  WS_FILTER_OPERATOR_GREATER,
  WS_FILTER_OPERATOR_EQUAL,
} WsFilterOperator;

/* One question to a row; which members count depends on the kind. */
typedef struct
{
  WsFilterKind kind;
  GPatternSpec *glob; /* (owned) name; NULL: text is contained */
  char *text;         /* (owned) name and stack: folded; coarse */
  int code;           /* block type, dtype, state */
  int first, last;    /* layer, expert; -1: none */
  WsFilterValue value;
  WsMetricInfo metric; /* of WS_FILTER_VALUE_METRIC */
  WsFilterOperator operator;
  double number;
  gboolean of_short_side; /* number is in units of it */
} WsFilterTest;

struct _WsFilter
{
  GPtrArray *alternatives[WS_FILTER_N_KINDS]; /* (element-type WsFilterTest) one of each list that
                                                 is not empty */
  GPtrArray *required;                        /* (element-type WsFilterTest) all */
  GPtrArray *forbidden;                       /* (element-type WsFilterTest) none */
};

void _ws_filter_test_free (gpointer test);
/* For comparing without regard to case; any bytes. (transfer full) */
char *_ws_filter_fold (const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsFilterTest, _ws_filter_test_free)

G_END_DECLS
