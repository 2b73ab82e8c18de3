/* SPDX-License-Identifier: MIT */
/* Colours, widths and distances of a chart theme. */
#pragma once

#include "chart/chart-theme.h"
#include "chart/palette.h"

#include <cairo.h>

G_BEGIN_DECLS

/* Lengths are in user units: pixels on screen, points on paper. */
typedef struct
{
  gboolean print, dark;
  const char *family; /* where none was asked for; static */
  double font_size;
  WsColor ground, ink, muted;
  WsColor rule, grid; /* already mixed with the ground */
  double rule_width;
  double line, chosen_line, thin_line; /* thin: where colours are a scale */
  double tick, minor_tick, tick_pad;
  double dot; /* radius of the marker's dot */
  double drop_dash[2];
  double margin; /* at the edges of the drawing */
  double gap;    /* between parts */
} WsChartStyle;

/* @font_size: 0 for the theme's own; screen distances grow with it */
void ws_chart_style_init (WsChartStyle *self, WsChartTheme theme, double font_size);

void ws_chart_set_color (cairo_t *cr, WsColor color);

G_END_DECLS
