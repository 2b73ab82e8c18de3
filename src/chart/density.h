/* SPDX-License-Identifier: MIT */
/* Many points as pixels: the more of them fall on one, the less of the ground is left, and its
 * colour is the mean of theirs. Costs a pass over the points, whatever the number of pixels. */
#pragma once

#include "chart/palette.h"

#include <cairo.h>

G_BEGIN_DECLS

typedef struct
{
  const float *xy;      /* pairs; those that are not finite are left out */
  const guint32 *order; /* (nullable) n indices of points, neighbours near each other, which is
                         * several times faster on large surfaces; NULL: 0 to n - 1 */
  gsize n;
  const guint16 *colors; /* of each point: which of @palette */
  const WsColor *palette;
  const guint8 *mask; /* (nullable) of each point */
  guint8 wanted;      /* only points with this mask */
} WsDensityPoints;

typedef struct
{
  double x0, y0;           /* of the data, at the middle of nothing: pixel = (x - x0) * x_scale */
  double x_scale, y_scale; /* pixels to a unit of the data */
  double diameter;         /* of a point, in pixels; at least 1 */
  double weight; /* n points over each other let exp (-weight * n) of the ground through */
} WsDensityPlan;

/* How many points have their centre on a surface of @width x @height pixels. */
gsize ws_density_count (const WsDensityPoints *points, const WsDensityPlan *plan, int width,
                        int height);
/* Draws on @surface, which is transparent, CAIRO_FORMAT_ARGB32 and without a device scale. */
void ws_density_draw (cairo_surface_t *surface, const WsDensityPoints *points,
                      const WsDensityPlan *plan);

G_END_DECLS
