/* SPDX-License-Identifier: MIT */
/* Where the curves leave room for text. */
#include "chart/spectrum-chart-private.h"

#include <math.h>

gboolean
ws_chart_boxes_overlap (const WsBox *a, const WsBox *b)
{
  return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height &&
         b->y < a->y + a->height;
}

/* Liang and Barsky's clipping of the segment a–b, asked only whether anything is left. */
static gboolean
crosses_box (const WsBox *box, WsPoint a, WsPoint b)
{
  double dx = b.x - a.x, dy = b.y - a.y;
  const double p[4] = { -dx, dx, -dy, dy };
  const double q[4] = { a.x - box->x, box->x + box->width - a.x, a.y - box->y,
                        box->y + box->height - a.y };
  double enter = 0, leave = 1;

  for (int i = 0; i < 4; i++)
    {
      if (p[i] == 0 && q[i] < 0)
        return FALSE;
      if (p[i] < 0)
        enter = MAX (enter, q[i] / p[i]);
      else if (p[i] > 0)
        leave = MIN (leave, q[i] / p[i]);
    }
  return enter <= leave;
}

static gboolean
touches_line (const WsBox *box, GArray *points)
{
  for (guint i = 1; i < points->len; i++)
    {
      WsPoint a = g_array_index (points, WsPoint, i - 1), b = g_array_index (points, WsPoint, i);

      if (!isnan (a.x) && !isnan (b.x) && crosses_box (box, a, b))
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
