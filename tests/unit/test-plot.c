/* SPDX-License-Identifier: MIT */
/* Two axes find room for their texts, or do without; texts along an axis never touch. */
#include "chart/plot.h"

#include <math.h>

typedef struct
{
  cairo_surface_t *surface; /* records */
  cairo_t *cr;
  WsCanvas canvas;
  WsPlotPlan plan;
  WsPlot plot;
} Fixture;

static const gsize n_indices = 5120;

static GArray *
choose_x_ticks (const WsScale *scale, const WsChartStyle *style, gconstpointer n)
{
  return ws_plot_choose_index_ticks (scale, style, *(const gsize *) n);
}

static GArray *
choose_y_ticks (const WsScale *scale, const WsChartStyle *style, gconstpointer n)
{
  return ws_plot_choose_y_ticks (scale, style, WS_TICKS_NUMBER);
}

static void
set_up (Fixture *self, gconstpointer theme)
{
  self->surface = cairo_recording_surface_create (CAIRO_CONTENT_COLOR_ALPHA, NULL);
  self->cr = cairo_create (self->surface);
  ws_canvas_init (&self->canvas, self->cr, GPOINTER_TO_UINT (theme), NULL, 0);
  self->plan = (WsPlotPlan){
    .x = { .log = TRUE, .min = 1, .max = (double) n_indices },
    .y = { .log = TRUE, .min = 1e-3, .max = 20 },
    .choose_x_ticks = choose_x_ticks,
    .choose_y_ticks = choose_y_ticks,
    .user_data = &n_indices,
  };
}

static void
tear_down (Fixture *self, gconstpointer theme)
{
  ws_plot_clear (&self->plot);
  ws_canvas_clear (&self->canvas);
  g_assert_cmpint (cairo_status (self->cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (self->cr);
  cairo_surface_destroy (self->surface);
}

static gboolean
lay_out (Fixture *self, double width, double height)
{
  return ws_plot_lay_out (&self->plot, &self->canvas, &self->plan, width, height);
}

/* The y axis goes up where the drawing goes down. */
static void
test_axes_end_where_the_plot_does (Fixture *self, gconstpointer theme)
{
  const WsPlot *plot = &self->plot;

  g_assert_true (lay_out (self, 640, 300));
  g_assert_true (plot->has_texts);
  g_assert_cmpfloat (ws_scale_map (&plot->x, 1), ==, plot->left);
  g_assert_cmpfloat_with_epsilon (ws_scale_map (&plot->x, 5120), plot->right, 1e-9);
  g_assert_cmpfloat_with_epsilon (ws_scale_map (&plot->y, 1e-3), plot->bottom, 1e-9);
  g_assert_cmpfloat_with_epsilon (ws_scale_map (&plot->y, 20), plot->top, 1e-9);
  g_assert_cmpfloat (plot->top, <, plot->bottom);
}

/* Texts go first, and with them the room for a legend; then the plot. */
static void
test_small_ones_do_without_texts (Fixture *self, gconstpointer theme)
{
  self->plan.above = 10;
  g_assert_true (lay_out (self, 640, 300));
  g_assert_cmpfloat (self->plot.above, ==, 10);
  g_assert_true (lay_out (self, 640, 30));
  g_assert_false (self->plot.has_texts);
  g_assert_cmpfloat (self->plot.y.from, ==, self->plot.bottom);
  g_assert_cmpfloat (self->plot.y.to, ==, self->plot.top);
  g_assert_cmpfloat (self->plot.above, ==, 0);
  g_assert_true (lay_out (self, 30, 300));
  g_assert_false (self->plot.has_texts);
  g_assert_false (lay_out (self, 7, 300));
  g_assert_false (lay_out (self, 300, 7));
  g_assert_false (lay_out (self, 0, 0));
}

/* A line may be moved by half a pixel, to be sharp. */
static void
test_what_is_beside_and_above_gets_its_room (Fixture *self, gconstpointer theme)
{
  double right, top;

  self->plan.beside = 20;
  g_assert_true (lay_out (self, 640, 300));
  right = self->plot.right;
  top = self->plot.top;
  self->plan.beside = 70;
  self->plan.above = 30;
  g_assert_true (lay_out (self, 640, 300));
  g_assert_cmpfloat_with_epsilon (self->plot.right, right - 50, 0.5);
  g_assert_cmpfloat_with_epsilon (self->plot.top, top + 30, 0.5);
}

static void
test_wide_texts_at_the_axis_get_their_room (Fixture *self, gconstpointer theme)
{
  self->plan.y_labels = 150;
  g_assert_true (lay_out (self, 640, 300));
  g_assert_cmpfloat (self->plot.left, >, 150);
}

static int
compare_positions (gconstpointer a, gconstpointer b)
{
  const WsTick *x = a, *y = b;

  return (x->position > y->position) - (x->position < y->position);
}

static void
assert_apart (Fixture *self, GArray *ticks)
{
  double end = -INFINITY;

  g_array_sort (ticks, compare_positions);
  for (guint i = 0; i < ticks->len; i++)
    {
      const WsTick *tick = &g_array_index (ticks, WsTick, i);
      double half;

      if (tick->text[0] == '\0')
        continue;
      half = ws_canvas_get_text_width (&self->canvas, tick->text) / 2;
      g_assert_cmpfloat (tick->position - half, >, end);
      end = tick->position + half;
    }
}

static const WsTick *
find_tick (GArray *ticks, double value)
{
  for (guint i = 0; i < ticks->len; i++)
    if (g_array_index (ticks, WsTick, i).value == value)
      return &g_array_index (ticks, WsTick, i);
  return NULL;
}

/* For spectra of all sizes, on axes of both kinds, as wide as windows and as narrow as panes. */
static void
test_both_ends_have_texts_and_none_touch (Fixture *self, gconstpointer theme)
{
  static const gsize sizes[] = { 2, 3, 9, 10, 64, 96, 999, 1000, 4096, 5120, 99999, 151936 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (int log = 0; log < 2; log++)
      for (double width = 150; width < 1500; width += 75)
        {
          const WsScale scale = { log, 1, (double) sizes[i], 40, 40 + width };
          g_autoptr (GArray) ticks =
              ws_plot_choose_index_ticks (&scale, &self->canvas.style, sizes[i]);
          const WsTick *first = find_tick (ticks, 1), *last = find_tick (ticks, sizes[i]);
          g_autofree char *digits = g_strdup_printf ("%" G_GSIZE_FORMAT, sizes[i]);

          g_assert_cmpstr (first->text, ==, "1");
          /* the thousands stand apart */
          if (sizes[i] < 1000)
            g_assert_cmpstr (last->text, ==, digits);
          else
            g_assert_cmpuint (g_utf8_strlen (last->text, -1), ==, strlen (digits) + 1);
          assert_apart (self, ticks);
        }
}

/* A view may show more than there is. */
static void
test_no_tick_where_no_index_is (Fixture *self, gconstpointer theme)
{
  const WsScale scale = { FALSE, -20, 60, 0, 800 };
  g_autoptr (GArray) ticks = ws_plot_choose_index_ticks (&scale, &self->canvas.style, 40);

  g_assert_cmpuint (ticks->len, >, 2);
  for (guint i = 0; i < ticks->len; i++)
    {
      g_assert_cmpfloat (g_array_index (ticks, WsTick, i).value, >=, 1);
      g_assert_cmpfloat (g_array_index (ticks, WsTick, i).value, <=, 40);
    }
}

static gboolean
has_ink (Fixture *self)
{
  double x, y, width, height;

  cairo_recording_surface_ink_extents (self->surface, &x, &y, &width, &height);
  return width > 0 && height > 0;
}

static void
test_screen_has_a_grid (Fixture *self, gconstpointer theme)
{
  lay_out (self, 640, 300);
  g_assert_false (has_ink (self));
  ws_plot_draw_grid (&self->plot, &self->canvas);
  g_assert_true (has_ink (self));
}

static void
test_paper_has_no_grid (Fixture *self, gconstpointer theme)
{
  lay_out (self, 640, 300);
  ws_plot_draw_grid (&self->plot, &self->canvas);
  g_assert_false (has_ink (self));
  ws_plot_draw_axes (&self->plot, &self->canvas, "x", "y");
  g_assert_true (has_ink (self));
}

/* However long: nothing of the axes is off the drawing. */
static void
test_titles_stay_on_the_drawing (Fixture *self, gconstpointer theme)
{
  g_autofree char *title = g_strnfill (400, 'w');
  double x, y, width, height;

  g_assert_true (lay_out (self, 640, 300));
  ws_plot_draw_axes (&self->plot, &self->canvas, "index", title);
  cairo_recording_surface_ink_extents (self->surface, &x, &y, &width, &height);
  g_assert_cmpfloat (x, >=, 0);
  g_assert_cmpfloat (y, >=, 0);
  g_assert_cmpfloat (x + width, <=, 640);
  g_assert_cmpfloat (y + height, <=, 300);
}

#define ADD(path, theme, func)                                                                     \
  g_test_add ("/plot/" path, Fixture, GUINT_TO_POINTER (theme), set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("axes-end-where-the-plot-does", WS_CHART_LIGHT, test_axes_end_where_the_plot_does);
  ADD ("without-texts", WS_CHART_LIGHT, test_small_ones_do_without_texts);
  ADD ("room/beside-and-above", WS_CHART_LIGHT, test_what_is_beside_and_above_gets_its_room);
  ADD ("room/wide-texts", WS_CHART_LIGHT, test_wide_texts_at_the_axis_get_their_room);
  ADD ("index-ticks/screen", WS_CHART_LIGHT, test_both_ends_have_texts_and_none_touch);
  ADD ("index-ticks/paper", WS_CHART_PAPER, test_both_ends_have_texts_and_none_touch);
  ADD ("index-ticks/none-outside", WS_CHART_LIGHT, test_no_tick_where_no_index_is);
  ADD ("grid/screen", WS_CHART_LIGHT, test_screen_has_a_grid);
  ADD ("grid/paper", WS_CHART_PAPER, test_paper_has_no_grid);
  ADD ("titles/screen", WS_CHART_LIGHT, test_titles_stay_on_the_drawing);
  ADD ("titles/paper", WS_CHART_PAPER, test_titles_stay_on_the_drawing);
  return g_test_run ();
}
