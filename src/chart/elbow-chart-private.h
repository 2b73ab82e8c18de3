/* SPDX-License-Identifier: MIT */
/* What the files of the elbow chart share. */
#pragma once

#include "chart/elbow-chart.h"
#include "chart/plot.h"

G_BEGIN_DECLS

/* The rules that look for an elbow in the inertia. */
typedef enum
{
  WS_ELBOW_SECOND_DIFFERENCE,
  WS_ELBOW_KNEEDLE,
  WS_ELBOW_CHORD,
  WS_ELBOW_N_RULES
} WsElbowRule;

struct _WsElbowChart
{
  GArray *values; /* (element-type WsElbowValues) k ascending */
  GArray *grid;   /* (element-type guint) ascending */
  guint marks[WS_ELBOW_N_RULES];
  guint chosen;
  WsElbowQuantity quantity;
  WsChartTheme theme;
  char *family;
  double font_size;
  /* of the last draw */
  gboolean has_axes;
  WsScale x, y;
};

typedef struct
{
  const WsElbowChart *chart;
  WsCanvas canvas;
  WsPlot plot;
  GArray *line; /* (element-type WsPoint) the points drawn, left to right */
} WsElbowDrawing;

/* elbow-chart.c */
const WsElbowValues *ws_elbow_chart_peek_values (const WsElbowChart *self, guint k);
/* The value of the quantity that is drawn; NAN if unknown. */
double ws_elbow_chart_get_value (const WsElbowChart *self, const WsElbowValues *values);
/* Half the length of the error bar; 0: none. */
double ws_elbow_chart_get_error (const WsElbowChart *self, const WsElbowValues *values);
/* The least k with an inertia, which the shares are of; 0: none. */
guint ws_elbow_chart_get_reference (const WsElbowChart *self);
/* The best k by the quantity that is drawn; 0: none, or it is the inertia, which always falls. */
guint ws_elbow_chart_get_best (const WsElbowChart *self);
gboolean ws_elbow_chart_get_range (const WsElbowChart *self, guint *first, guint *last);
gboolean ws_elbow_chart_is_log (const WsElbowChart *self);

/* elbow-marks.c */
const char *ws_elbow_rule_get_name (WsElbowRule rule);
void ws_elbow_draw_marks (WsElbowDrawing *self);

G_END_DECLS
