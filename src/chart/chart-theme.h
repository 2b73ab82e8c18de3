/* SPDX-License-Identifier: MIT */
/* What all charts are told by their users. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  WS_CHART_LIGHT,
  WS_CHART_DARK,
  WS_CHART_PAPER, /* black on white (or nothing), fine lines, 7 pt: for figures */
} WsChartTheme;

/* The part of the data that is shown, in data coordinates. */
typedef struct
{
  double x_min, x_max, y_min, y_max;
} WsChartView;

G_END_DECLS
