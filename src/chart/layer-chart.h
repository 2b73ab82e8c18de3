/* SPDX-License-Identifier: MIT */
/* A value over the layers of a model, a line for each kind of matrix. For figures. */
#pragma once

#include "chart/chart-theme.h"

#include <cairo.h>

G_BEGIN_DECLS

typedef struct
{
  const char *label;
  const double *values; /* of each layer; >= 0; NAN where there is none */
} WsLayerLine;

typedef struct
{
  const WsLayerLine *lines;
  guint n_lines;     /* at most WS_PALETTE_SERIES */
  guint n_layers;    /* layers 0 to n_layers - 1 */
  const char *title; /* of the y axis: markup */
  gboolean percent;  /* values are shares */
  WsChartTheme theme;
} WsLayerChart;

/* Draws into [0, width) x [0, height) of @cr: the y axis from 0, the legend above. The screen
 * themes paint their ground, WS_CHART_PAPER paints none. Nothing more if no value is known or there
 * is no room. */
void ws_layer_chart_draw (const WsLayerChart *self, cairo_t *cr, double width, double height);

G_END_DECLS
