/* SPDX-License-Identifier: MIT */
/* The read-out card stays on the drawing, beside what it tells of, however long its texts are. */
#include "chart/card.h"

#define WIDTH 600
#define HEIGHT 400
/* Round the drawing, to see what is off it. */
#define AROUND 300

typedef struct
{
  int left, top, right, bottom; /* of what is opaque, in the drawing; the shadow is not */
  guint n_red;
} Seen;

static Seen
look (cairo_surface_t *surface)
{
  const int stride = cairo_image_surface_get_stride (surface);
  const guint8 *data = cairo_image_surface_get_data (surface);
  Seen seen = { G_MAXINT, G_MAXINT, G_MININT, G_MININT, 0 };

  for (int y = 0; y < HEIGHT + 2 * AROUND; y++)
    for (int x = 0; x < WIDTH + 2 * AROUND; x++)
      {
        const guint32 pixel = *(const guint32 *) (data + y * stride + 4 * x);

        if (pixel >> 24 != 0xff)
          continue;
        seen.left = MIN (seen.left, x - AROUND);
        seen.top = MIN (seen.top, y - AROUND);
        seen.right = MAX (seen.right, x + 1 - AROUND);
        seen.bottom = MAX (seen.bottom, y + 1 - AROUND);
        seen.n_red += pixel == 0xffff0000;
      }
  return seen;
}

/* The card of a point at (x, y), with a name of @n letters and a value of as many. */
static Seen
draw (double x, double y, guint n, gboolean has_swatch)
{
  const WsColor red = { 1, 0, 0 };
  cairo_surface_t *surface =
      cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH + 2 * AROUND, HEIGHT + 2 * AROUND);
  cairo_t *cr = cairo_create (surface);
  g_autofree char *name = g_strnfill (n, 'w');
  g_autoptr (WsCard) card = NULL;
  WsCanvas canvas;
  Seen seen;

  cairo_translate (cr, AROUND, AROUND);
  ws_canvas_init (&canvas, cr, WS_CHART_LIGHT, NULL, 0);
  card = ws_card_new (&canvas, name, has_swatch ? &red : NULL);
  ws_card_take_row (card, &canvas, g_strdup ("index"), g_strdup (name));
  ws_card_take_row (card, &canvas, g_strdup ("energy"), g_strdup ("90 %"));
  ws_card_draw (card, &canvas, x, y, WIDTH, HEIGHT);
  ws_canvas_clear (&canvas);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  seen = look (surface);
  cairo_surface_destroy (surface);
  return seen;
}

static void
test_card_is_on_the_side_with_room (void)
{
  const Seen first = draw (50, 40, 5, TRUE);
  const Seen last = draw (WIDTH - 50, HEIGHT - 40, 5, TRUE);

  g_assert_cmpint (first.left, >, 50);
  g_assert_cmpint (first.top, >, 40);
  g_assert_cmpint (last.right, <, WIDTH - 50);
  g_assert_cmpint (last.bottom, <, HEIGHT - 40);
  g_assert_cmpint (first.right - first.left, ==, last.right - last.left);
}

static void
test_card_is_never_off_the_drawing (void)
{
  for (int x = 0; x <= WIDTH; x += WIDTH / 4)
    for (int y = 0; y <= HEIGHT; y += HEIGHT / 4)
      {
        const Seen seen = draw (x, y, 500, TRUE);

        g_assert_cmpint (seen.left, >=, 0);
        g_assert_cmpint (seen.top, >=, 0);
        g_assert_cmpint (seen.right, <=, WIDTH);
        g_assert_cmpint (seen.bottom, <=, HEIGHT);
      }
}

/* What is cut has one width, however much was cut. */
static void
test_long_texts_are_cut (void)
{
  const Seen cut = draw (50, 40, 500, TRUE), more = draw (50, 40, 5000, TRUE);
  const Seen whole = draw (50, 40, 5, TRUE);

  g_assert_cmpint (cut.right - cut.left, ==, more.right - more.left);
  g_assert_cmpint (cut.bottom - cut.top, ==, whole.bottom - whole.top);
  g_assert_cmpint (cut.right - cut.left, >, whole.right - whole.left);
}

static void
test_swatch_has_its_colour (void)
{
  g_assert_cmpuint (draw (50, 40, 5, TRUE).n_red, >, 0);
  g_assert_cmpuint (draw (50, 40, 5, FALSE).n_red, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/card/on-the-side-with-room", test_card_is_on_the_side_with_room);
  g_test_add_func ("/card/never-off-the-drawing", test_card_is_never_off_the_drawing);
  g_test_add_func ("/card/long-texts-are-cut", test_long_texts_are_cut);
  g_test_add_func ("/card/swatch", test_swatch_has_its_colour);
  return g_test_run ();
}
