/* SPDX-License-Identifier: MIT */
/* What a chart is drawn with: a Cairo context, a style, text; and the shapes that charts share. */
#pragma once

#include "chart/chart-style.h"
#include "chart/decimate.h"
#include "chart/text.h"

G_BEGIN_DECLS

typedef struct
{
  cairo_t *cr; /* borrowed */
  WsChartStyle style;
  WsText text; /* (owned) */
} WsCanvas;

/* Saves the state of @cr. @family, @font_size: NULL and 0 for the theme's own. */
void ws_canvas_init (WsCanvas *self, cairo_t *cr, WsChartTheme theme, const char *family,
                     double font_size);
/* Restores the state. A zeroed one may be cleared too. */
void ws_canvas_clear (WsCanvas *self);
/* On [0, width) x [0, height) in a screen theme; a paper has a ground of its own. */
void ws_canvas_paint_ground (WsCanvas *self, double width, double height);

/* On screen, a line of one pixel must lie in the middle of it. */
double ws_canvas_snap (const WsCanvas *self, double position);
/* As ws_text_show. */
void ws_canvas_show (WsCanvas *self, const char *markup, double x, double y, double align_x,
                     double align_y);
double ws_canvas_get_text_width (const WsCanvas *self, const char *markup);
void ws_canvas_stroke_line (WsCanvas *self, double x0, double y0, double x1, double y1);
/* Filled, within a ring of the ground. @shape: series 0 to 3 have one each, then they come again */
void ws_canvas_draw_dot (WsCanvas *self, guint shape, double radius, WsColor color, double x,
                         double y);
/* The vertical line of a read-out. */
void ws_canvas_draw_cross_hair (WsCanvas *self, double x, double top, double bottom);

typedef struct
{
  double x, y, width, height;
} WsBox;

void ws_canvas_trace_rounded (WsCanvas *self, const WsBox *box, double radius);
gboolean ws_boxes_overlap (const WsBox *a, const WsBox *b);
/* Whether any of the segment from @a to @b is in the box. */
gboolean ws_box_crosses (const WsBox *self, WsPoint a, WsPoint b);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsCanvas, ws_canvas_clear)

G_END_DECLS
