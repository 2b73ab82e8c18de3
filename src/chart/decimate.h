/* SPDX-License-Identifier: MIT */
/* A curve of many values as the few points that draw the same line. */
#pragma once

#include "chart/scale.h"

G_BEGIN_DECLS

typedef struct
{
  double x, y;
} WsPoint;

typedef struct
{
  double column;    /* values within this width share a column: at most four points each */
  double tolerance; /* the drawn line passes no further than this from a point it leaves out */
} WsDecimation;

/* The places of values[i] / divisor at index i + 1, as far as the x axis shows them and one step
 * beyond. The least and the greatest of each column are kept. A value without a place (not finite;
 * 0 or less on a log axis) breaks the line: a point with x NAN.
 *
 * @values: n of them; any order
 * @points: (element-type WsPoint) appended to */
void ws_decimate (const double *values, gsize n, double divisor, const WsScale *x, const WsScale *y,
                  const WsDecimation *decimation, GArray *points);

G_END_DECLS
