/* SPDX-License-Identifier: MIT */
/* Where the curves leave room for text. */
#include "chart/spectrum-chart-private.h"

#include <math.h>

static gboolean
touches_line (const WsBox *box, GArray *points)
{
  for (guint i = 1; i < points->len; i++)
    {
      WsPoint a = g_array_index (points, WsPoint, i - 1), b = g_array_index (points, WsPoint, i);

      if (!isnan (a.x) && !isnan (b.x) && ws_box_crosses (box, a, b))
        return TRUE;
    }
  return FALSE;
}

gboolean
ws_chart_is_clear_of_lines (const WsChartDrawing *self, const WsBox *box)
{
  for (guint i = 0; i < self->lines->len; i++)
    if (touches_line (box, g_ptr_array_index (self->lines, i)))
      return FALSE;
  return TRUE;
}
