/* SPDX-License-Identifier: MIT */
/* Points as a density within a plot: on screen in its pixels, in a PDF or SVG as an embedded
 * picture. */
#pragma once

#include "chart/density.h"
#include "chart/plot.h"

G_BEGIN_DECLS

typedef struct
{
  WsDensityPoints points;
  double resolution; /* pixels to a user unit; 0: the target's own, 300 dpi where it has none */
  double strength;   /* 1, or less for what is to recede */
  double min_weight; /* points are at least this solid; 0: as solid as their density asks for */
} WsCloud;

/* The fewer points there are in the plot, the larger and the more solid they are. */
void ws_cloud_draw (const WsCloud *self, WsCanvas *canvas, const WsPlot *plot);

G_END_DECLS
