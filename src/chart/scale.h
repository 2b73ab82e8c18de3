/* SPDX-License-Identifier: MIT */
/* An axis: from data to places in the drawing, linear or logarithmic, and its ticks. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* @min < @max, both finite; > 0 when @log. @from is the place of @min and may exceed @to. */
typedef struct
{
  gboolean log;
  double min, max;
  double from, to;
} WsScale;

/* Place of @value; NAN where there is none (0 or less on a log axis, not finite). */
double ws_scale_map (const WsScale *self, double value);
/* Value at @position; not clamped to the axis. */
double ws_scale_unmap (const WsScale *self, double position);

typedef enum
{
  WS_TICKS_NUMBER,
  WS_TICKS_COUNT,   /* whole numbers only, thousands apart, never powers */
  WS_TICKS_PERCENT, /* 0.2 is "20 %" */
} WsTickStyle;

typedef struct
{
  double value;
  double position;
  char text[32]; /* for people; "" for a minor tick */
} WsTick;

/* Ticks at 1, 2 and 5 times powers of ten (all decades on long log axes, every n-th on very long
 * ones), minor ones between. Those with a text are at least @gap apart.
 * Returns: (transfer full) (element-type WsTick) by value, ascending. */
GArray *ws_scale_choose_ticks (const WsScale *self, double gap, WsTickStyle style);

G_END_DECLS
