/* SPDX-License-Identifier: MIT */
/* What a chart is drawn with. */
#include "chart/canvas.h"

#include <math.h>

void
ws_canvas_init (WsCanvas *self, cairo_t *cr, WsChartTheme theme, const char *family,
                double font_size)
{
  cairo_save (cr);
  self->cr = cr;
  ws_chart_style_init (&self->style, theme, font_size);
  ws_text_init (&self->text, cr, family ? family : self->style.family, self->style.font_size,
                self->style.print);
}

void
ws_canvas_clear (WsCanvas *self)
{
  if (!self->cr)
    return;
  ws_text_clear (&self->text);
  cairo_restore (self->cr);
  self->cr = NULL;
}

void
ws_canvas_paint_ground (WsCanvas *self, double width, double height)
{
  if (self->style.print)
    return;
  ws_chart_set_color (self->cr, self->style.ground);
  cairo_rectangle (self->cr, 0, 0, width, height);
  cairo_fill (self->cr);
}

double
ws_canvas_snap (const WsCanvas *self, double position)
{
  return self->style.print ? position : floor (position) + 0.5;
}

void
ws_canvas_show (WsCanvas *self, const char *markup, double x, double y, double align_x,
                double align_y)
{
  g_autoptr (PangoLayout) layout = ws_text_layout (&self->text, markup);

  ws_text_show (self->cr, layout, x, y, align_x, align_y);
}

double
ws_canvas_get_text_width (const WsCanvas *self, const char *markup)
{
  g_autoptr (PangoLayout) layout = ws_text_layout (&self->text, markup);
  double width;

  ws_text_get_size (layout, &width, NULL);
  return width;
}

void
ws_canvas_stroke_line (WsCanvas *self, double x0, double y0, double x1, double y1)
{
  cairo_move_to (self->cr, x0, y0);
  cairo_line_to (self->cr, x1, y1);
  cairo_stroke (self->cr);
}

void
ws_canvas_trace_rounded (WsCanvas *self, const WsBox *box, double radius)
{
  cairo_t *cr = self->cr;
  double left = box->x + radius, right = box->x + box->width - radius;
  double top = box->y + radius, bottom = box->y + box->height - radius;

  cairo_new_path (cr);
  cairo_arc (cr, right, top, radius, -G_PI_2, 0);
  cairo_arc (cr, right, bottom, radius, 0, G_PI_2);
  cairo_arc (cr, left, bottom, radius, G_PI_2, G_PI);
  cairo_arc (cr, left, top, radius, G_PI, 3 * G_PI_2);
  cairo_close_path (cr);
}

/* The shape of the dot tells series apart without colour, as dashes do. */
void
ws_canvas_draw_dot (WsCanvas *self, guint shape, double radius, WsColor color, double x, double y)
{
  cairo_t *cr = self->cr;
  double r = radius;

  cairo_new_path (cr);
  switch (shape % 4)
    {
    case 0:
      cairo_arc (cr, x, y, r, 0, 2 * G_PI);
      break;
    case 1:
      cairo_rectangle (cr, x - 0.9 * r, y - 0.9 * r, 1.8 * r, 1.8 * r);
      break;
    case 2:
      cairo_move_to (cr, x, y - 1.2 * r);
      cairo_line_to (cr, x + 1.15 * r, y + 0.85 * r);
      cairo_line_to (cr, x - 1.15 * r, y + 0.85 * r);
      break;
    default:
      cairo_move_to (cr, x, y - 1.3 * r);
      cairo_line_to (cr, x + 1.3 * r, y);
      cairo_line_to (cr, x, y + 1.3 * r);
      cairo_line_to (cr, x - 1.3 * r, y);
    }
  cairo_close_path (cr);
  /* A ring of the ground keeps the dot apart from the lines that it lies on. */
  ws_chart_set_color (cr, self->style.ground);
  cairo_set_line_width (cr, 0.8 * r);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_stroke_preserve (cr);
  ws_chart_set_color (cr, color);
  cairo_fill (cr);
}

void
ws_canvas_draw_cross_hair (WsCanvas *self, double x, double top, double bottom)
{
  const WsChartStyle *style = &self->style;

  x = floor (x) + 0.5;
  ws_chart_set_color (self->cr, ws_color_mix (style->ground, style->ink, 0.5));
  cairo_set_line_width (self->cr, style->rule_width);
  ws_canvas_stroke_line (self, x, top, x, bottom);
}

gboolean
ws_boxes_overlap (const WsBox *a, const WsBox *b)
{
  return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height &&
         b->y < a->y + a->height;
}

/* Liang and Barsky's clipping of the segment a–b, asked only whether anything is left. */
gboolean
ws_box_crosses (const WsBox *self, WsPoint a, WsPoint b)
{
  double dx = b.x - a.x, dy = b.y - a.y;
  const double p[4] = { -dx, dx, -dy, dy };
  const double q[4] = { a.x - self->x, self->x + self->width - a.x, a.y - self->y,
                        self->y + self->height - a.y };
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
