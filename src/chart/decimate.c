/* SPDX-License-Identifier: MIT */
/* A curve of many values as the few points that draw the same line.
 *
 * 1. Columns: of the values that fall into one, the first, the least, the greatest and the last.
 * 2. Cone (Williams 1978; Sklansky & Gonzalez 1980): from the last point kept, a point is left
 *    out while one straight line passes within the tolerance of all that were left out. */
#include "chart/decimate.h"

#include <math.h>

/* Cairo counts in 24.8 bits: far enough outside to keep slopes, near enough to be drawn. */
#define FAR_AWAY 1e6

typedef struct
{
  GArray *points;
  double tolerance;
  gboolean has_anchor, has_last;
  WsPoint anchor, last;
  double low, high; /* slopes of the cone */
} Cone;

static void
narrow_cone (Cone *cone, WsPoint point, gboolean fresh)
{
  double dx = MAX (point.x - cone->anchor.x, 1e-9);
  double low = (point.y - cone->tolerance - cone->anchor.y) / dx;
  double high = (point.y + cone->tolerance - cone->anchor.y) / dx;

  cone->low = fresh ? low : MAX (cone->low, low);
  cone->high = fresh ? high : MIN (cone->high, high);
  cone->last = point;
  cone->has_last = TRUE;
}

static void
add_point (Cone *cone, WsPoint point)
{
  double slope;

  if (!cone->has_anchor)
    {
      g_array_append_val (cone->points, point);
      cone->anchor = point;
      cone->has_anchor = TRUE;
      return;
    }
  if (!cone->has_last)
    {
      narrow_cone (cone, point, TRUE);
      return;
    }
  slope = (point.y - cone->anchor.y) / MAX (point.x - cone->anchor.x, 1e-9);
  if (slope >= cone->low && slope <= cone->high)
    {
      narrow_cone (cone, point, FALSE);
      return;
    }
  g_array_append_val (cone->points, cone->last);
  cone->anchor = cone->last;
  narrow_cone (cone, point, TRUE);
}

static void
end_line (Cone *cone)
{
  if (cone->has_last)
    g_array_append_val (cone->points, cone->last);
  cone->has_last = cone->has_anchor = FALSE;
}

static void
break_line (Cone *cone)
{
  const WsPoint gap = { NAN, NAN };

  if (!cone->has_anchor)
    return;
  end_line (cone);
  g_array_append_val (cone->points, gap);
}

typedef struct
{
  const double *values;
  double divisor;
  const WsScale *x, *y;
} Curve;

static gboolean
has_place (const Curve *curve, gsize i)
{
  double value = curve->values[i] / curve->divisor;

  return isfinite (value) && !(curve->y->log && value <= 0);
}

static void
add_value (Cone *cone, const Curve *curve, gsize i)
{
  WsPoint point = { ws_scale_map (curve->x, i + 1.0),
                    ws_scale_map (curve->y, curve->values[i] / curve->divisor) };

  point.x = CLAMP (point.x, -FAR_AWAY, FAR_AWAY);
  point.y = CLAMP (point.y, -FAR_AWAY, FAR_AWAY);
  add_point (cone, point);
}

/* The values [start, end), of one column and all with a place. */
static void
add_run (Cone *cone, const Curve *curve, gsize start, gsize end)
{
  gsize least = start, greatest = start;
  gsize picks[4];
  gsize last_added = G_MAXSIZE;

  for (gsize i = start + 1; i < end; i++)
    {
      if (curve->values[i] < curve->values[least])
        least = i;
      if (curve->values[i] > curve->values[greatest])
        greatest = i;
    }
  picks[0] = start;
  picks[1] = MIN (least, greatest);
  picks[2] = MAX (least, greatest);
  picks[3] = end - 1;
  for (guint i = 0; i < G_N_ELEMENTS (picks); i++)
    if (picks[i] != last_added)
      {
        add_value (cone, curve, picks[i]);
        last_added = picks[i];
      }
}

static void
add_column (Cone *cone, const Curve *curve, gsize start, gsize end)
{
  while (start < end)
    {
      gsize run = start;

      while (run < end && has_place (curve, run))
        run++;
      if (run > start)
        add_run (cone, curve, start, run);
      if (run < end)
        {
          break_line (cone);
          run++;
        }
      start = run;
    }
}

/* The number of indices (from 1) below @value, within [0, n]. */
static gsize
count_below (double value, gsize n)
{
  if (!(value > 1))
    return 0;
  return value > n ? n : (gsize) ceil (value) - 1;
}

void
ws_decimate (const double *values, gsize n, double divisor, const WsScale *x, const WsScale *y,
             const WsDecimation *decimation, GArray *points)
{
  Curve curve = { values, divisor, x, y };
  Cone cone = { .points = points, .tolerance = decimation->tolerance };
  gsize start = count_below (x->min, n);
  gsize stop = count_below (x->max, n);

  start -= start > 0;
  stop = MIN (stop + 2, n);
  while (start < stop)
    {
      double place = ws_scale_map (x, start + 1.0);
      double column_end =
          x->from + (floor ((place - x->from) / decimation->column) + 1) * decimation->column;
      gsize end = count_below (ws_scale_unmap (x, column_end), n);

      end = CLAMP (end, start + 1, stop);
      add_column (&cone, &curve, start, end);
      start = end;
    }
  end_line (&cone);
}
