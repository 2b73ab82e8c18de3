/* SPDX-License-Identifier: MIT */
/* What charts are drawn with: boxes, dots and grounds are where they are said to be. */
#include "chart/canvas.h"

#include "chart-fixture.h"

#include <math.h>

#define SIDE 40

typedef struct
{
  cairo_surface_t *surface;
  cairo_t *cr;
  WsCanvas canvas;
} Fixture;

static void
set_up (Fixture *self, gconstpointer theme)
{
  self->surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, SIDE, SIDE);
  self->cr = cairo_create (self->surface);
  ws_canvas_init (&self->canvas, self->cr, GPOINTER_TO_UINT (theme), NULL, 0);
}

static void
tear_down (Fixture *self, gconstpointer theme)
{
  ws_canvas_clear (&self->canvas);
  g_assert_cmpint (cairo_status (self->cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (self->cr);
  cairo_surface_destroy (self->surface);
}

/* 0xAARRGGBB */
static guint32
get_drawn (Fixture *self, int x, int y)
{
  cairo_surface_flush (self->surface);
  return get_pixel (self->surface, x, y);
}

static guint32
get_color_code (WsColor color)
{
  return 0xff000000 | (guint32) lround (color.r * 255) << 16 |
         (guint32) lround (color.g * 255) << 8 | (guint32) lround (color.b * 255);
}

static guint
count_drawn (Fixture *self)
{
  guint n = 0;

  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      n += get_drawn (self, x, y) != 0;
  return n;
}

static void
test_screen_has_a_ground (Fixture *self, gconstpointer theme)
{
  ws_canvas_paint_ground (&self->canvas, SIDE, SIDE / 2);
  g_assert_cmphex (get_drawn (self, SIDE - 1, SIDE / 2 - 1), ==,
                   get_color_code (self->canvas.style.ground));
  g_assert_cmpuint (count_drawn (self), ==, SIDE * SIDE / 2);
}

static void
test_paper_has_none (Fixture *self, gconstpointer theme)
{
  ws_canvas_paint_ground (&self->canvas, SIDE, SIDE);
  g_assert_cmpuint (count_drawn (self), ==, 0);
}

/* A line of one pixel round x + 1/2 covers the pixel at x and no other. */
static void
test_snapped_line_is_sharp_on_screen (Fixture *self, gconstpointer theme)
{
  const double x = ws_canvas_snap (&self->canvas, 10.8);

  cairo_set_line_width (self->cr, 1);
  ws_canvas_stroke_line (&self->canvas, x, 0, x, SIDE);
  g_assert_cmphex (get_drawn (self, 10, 5) >> 24, ==, 0xff);
  g_assert_cmpuint (count_drawn (self), ==, SIDE);
}

static void
test_places_on_paper_are_exact (Fixture *self, gconstpointer theme)
{
  g_assert_cmpfloat (ws_canvas_snap (&self->canvas, 10.8), ==, 10.8);
}

static void
test_context_is_given_back_as_it_was (Fixture *self, gconstpointer theme)
{
  WsCanvas inner = { 0 };

  ws_canvas_clear (&inner);
  cairo_set_line_width (self->cr, 7);
  ws_canvas_init (&inner, self->cr, WS_CHART_DARK, NULL, 0);
  ws_canvas_draw_dot (&inner, 0, 3, (WsColor){ 1, 0, 0 }, 9, 9);
  ws_canvas_clear (&inner);
  ws_canvas_clear (&inner);
  g_assert_cmpfloat (cairo_get_line_width (self->cr), ==, 7);
}

/* The dot's colour inside, the ground round it, nothing further out; four shapes of other areas. */
static void
test_dots_have_four_shapes (Fixture *self, gconstpointer theme)
{
  const WsColor red = { 1, 0, 0 };
  guint n_red[5] = { 0 };

  for (guint shape = 0; shape < 5; shape++)
    {
      cairo_set_operator (self->cr, CAIRO_OPERATOR_CLEAR);
      cairo_paint (self->cr);
      cairo_set_operator (self->cr, CAIRO_OPERATOR_OVER);
      ws_canvas_draw_dot (&self->canvas, shape, 8, red, SIDE / 2, SIDE / 2);
      g_assert_cmphex (get_drawn (self, SIDE / 2, SIDE / 2), ==, get_color_code (red));
      g_assert_cmphex (get_drawn (self, 1, 1), ==, 0);
      for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++)
          n_red[shape] += get_drawn (self, x, y) == get_color_code (red);
      for (guint other = 0; other < MIN (shape, 4); other++)
        g_assert_true ((n_red[shape] == n_red[other]) == (shape - other == 4));
    }
}

/* A square of 20 loses (4 - pi) r^2 at its corners, 21.5 for r = 5; half-covered pixels count too,
 * so that less is empty. */
static void
test_rounded_box_has_no_corners (Fixture *self, gconstpointer theme)
{
  const WsBox box = { 10, 10, 20, 20 };

  ws_canvas_trace_rounded (&self->canvas, &box, 5);
  cairo_fill (self->cr);
  g_assert_cmphex (get_drawn (self, 10, 10), ==, 0);
  g_assert_cmphex (get_drawn (self, 29, 29), ==, 0);
  g_assert_cmphex (get_drawn (self, 10, 20) >> 24, ==, 0xff);
  g_assert_cmphex (get_drawn (self, 20, 29) >> 24, ==, 0xff);
  g_assert_cmphex (get_drawn (self, 9, 20), ==, 0);
  g_assert_cmpuint (count_drawn (self), >, 400 - 22);
  g_assert_cmpuint (count_drawn (self), <, 400);
}

static void
test_boxes_that_touch_do_not_overlap (void)
{
  const WsBox box = { 0, 0, 10, 10 }, inside = { 4, 4, 1, 1 }, beside = { 10, 0, 10, 10 };
  const WsBox below = { 0, 10, 10, 10 }, corner = { 9, 9, 10, 10 };

  g_assert_true (ws_boxes_overlap (&box, &inside));
  g_assert_true (ws_boxes_overlap (&inside, &box));
  g_assert_true (ws_boxes_overlap (&box, &corner));
  g_assert_false (ws_boxes_overlap (&box, &beside));
  g_assert_false (ws_boxes_overlap (&below, &box));
  g_assert_false (ws_boxes_overlap (&inside, &corner));
}

/* Whether one of many points of the segment is in the box made larger by @room on each side. */
static gboolean
passes (const WsBox *box, WsPoint a, WsPoint b, double room)
{
  for (int i = 0; i <= 4000; i++)
    {
      double x = a.x + (b.x - a.x) * i / 4000, y = a.y + (b.y - a.y) * i / 4000;

      if (x >= box->x - room && x <= box->x + box->width + room && y >= box->y - room &&
          y <= box->y + box->height + room)
        return TRUE;
    }
  return FALSE;
}

/* Points are at most 40 sqrt (2) / 4000 apart: a segment that crosses has one so near to the box.
 */
static void
test_segments_cross_where_a_point_of_them_is_inside (void)
{
  const WsBox box = { 15, 12, 8, 5 };
  guint n_crossing = 0;

  for (guint i = 0; i < 2000; i++)
    {
      const WsPoint a = { g_test_rand_int_range (0, 41), g_test_rand_int_range (0, 41) };
      const WsPoint b = { g_test_rand_int_range (0, 41), g_test_rand_int_range (0, 41) };

      if (ws_box_crosses (&box, a, b))
        {
          n_crossing++;
          g_assert_true (passes (&box, a, b, 40 * G_SQRT2 / 4000));
        }
      else
        g_assert_false (passes (&box, a, b, 0));
    }
  g_assert_cmpuint (n_crossing, >, 200);
  g_assert_cmpuint (n_crossing, <, 1800);
}

#define ADD(path, theme, func)                                                                     \
  g_test_add ("/canvas/" path, Fixture, GUINT_TO_POINTER (theme), set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("ground/screen", WS_CHART_DARK, test_screen_has_a_ground);
  ADD ("ground/paper", WS_CHART_PAPER, test_paper_has_none);
  ADD ("snap/screen", WS_CHART_LIGHT, test_snapped_line_is_sharp_on_screen);
  ADD ("snap/paper", WS_CHART_PAPER, test_places_on_paper_are_exact);
  ADD ("context-is-given-back", WS_CHART_LIGHT, test_context_is_given_back_as_it_was);
  ADD ("dots-have-four-shapes", WS_CHART_LIGHT, test_dots_have_four_shapes);
  ADD ("rounded-box", WS_CHART_LIGHT, test_rounded_box_has_no_corners);
  g_test_add_func ("/canvas/boxes-that-touch", test_boxes_that_touch_do_not_overlap);
  g_test_add_func ("/canvas/segments-cross", test_segments_cross_where_a_point_of_them_is_inside);
  return g_test_run ();
}
