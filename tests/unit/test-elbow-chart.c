/* SPDX-License-Identifier: MIT */
/* The elbow chart on image surfaces: where things are, what it says, and what it survives. */
#include "chart/elbow-chart.h"

#include "chart-fixture.h"

#include <math.h>
#include <string.h>

#define WIDTH 400
#define HEIGHT 300

static const guint uneven[] = { 1, 2, 3, 4, 6, 8, 12, 16 };

static cairo_surface_t *
draw_at (WsElbowChart *chart, int width, int height)
{
  return draw_chart (chart, (DrawChart) ws_elbow_chart_draw, width, height);
}

static void
draw_only (WsElbowChart *chart)
{
  cairo_surface_destroy (draw_at (chart, WIDTH, HEIGHT));
}

/* inertia 1000 / k; Calinski–Harabasz greatest at 4, silhouette at 6, Davies–Bouldin least at 8 */
static WsElbowValues
make_values (guint k)
{
  return (WsElbowValues){
    .k = k,
    .inertia = 1000.0 / k,
    .calinski_harabasz = k > 1 ? 100 - fabs (k - 4.0) : NAN,
    .silhouette = k > 1 ? 0.3 - 0.01 * fabs (k - 6.0) : NAN,
    .silhouette_error = k > 1 ? 0.02 : NAN,
    .davies_bouldin = k > 1 ? 1 + 0.1 * fabs (k - 8.0) : NAN,
  };
}

static WsElbowChart *
new_chart (const guint *ks, guint n)
{
  WsElbowChart *chart = ws_elbow_chart_new ();

  for (guint i = 0; i < n; i++)
    {
      WsElbowValues values = make_values (ks[i]);

      ws_elbow_chart_set_values (chart, &values);
    }
  return chart;
}

/* The place of @k as a share of the width of the plot. */
static double
find_place (const guint *ks, guint n, guint k)
{
  g_autoptr (WsElbowChart) chart = new_chart (ks, n);
  double x, y, width, height;
  WsElbowPoint point;

  draw_only (chart);
  ws_elbow_chart_get_plot (chart, &x, &y, &width, &height);
  g_assert_true (ws_elbow_chart_get_point (chart, k, &point));
  return (point.x - x) / width;
}

/* On an axis of log2 k from 1 to 16, k = 4 is in the middle. */
static void
test_geometric_grid_is_logarithmic (void)
{
  static const guint geometric[] = { 1, 2, 4, 8, 16 };

  g_assert_cmpfloat_with_epsilon (find_place (geometric, 5, 4), 0.5, 1e-6);
}

/* As the rules take it: steps of one and then wider ones are no geometric grid. */
static void
test_other_grids_are_linear (void)
{
  static const guint even[] = { 2, 4, 6, 8, 10 };

  g_assert_cmpfloat_with_epsilon (find_place (even, 5, 6), 0.5, 1e-6);
  g_assert_cmpfloat_with_epsilon (find_place (uneven, G_N_ELEMENTS (uneven), 4), 3 / 15.0, 1e-6);
}

static void
test_inertia_is_a_share_of_the_first (void)
{
  g_autoptr (WsElbowChart) chart = new_chart (uneven, G_N_ELEMENTS (uneven));
  double x, y, width, height;
  WsElbowPoint point;

  draw_only (chart);
  ws_elbow_chart_get_plot (chart, &x, &y, &width, &height);
  g_assert_true (ws_elbow_chart_get_point (chart, 1, &point));
  g_assert_cmpfloat (point.value, ==, 1);
  g_assert_cmpfloat_with_epsilon (point.y, y, 1e-6);
  g_assert_true (ws_elbow_chart_get_point (chart, 8, &point));
  g_assert_cmpfloat_with_epsilon (point.value, 0.125, 1e-15);
}

/* Values come one by one, in any order: nothing that is there moves sideways. */
static void
test_axis_stands_still_while_values_arrive (void)
{
  static const guint order[] = { 8, 1, 16, 4, 2, 12, 3, 6 };
  g_autoptr (WsElbowChart) chart = ws_elbow_chart_new ();
  WsElbowPoint first = { 0 }, point;

  ws_elbow_chart_set_grid (chart, uneven, G_N_ELEMENTS (uneven));
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      WsElbowValues values = make_values (order[i]);

      ws_elbow_chart_set_values (chart, &values);
      draw_only (chart);
      g_assert_true (ws_elbow_chart_get_point (chart, 8, &point));
      if (i == 0)
        first = point;
      /* the width of the texts of the y axis may change by a digit or two */
      g_assert_cmpfloat_with_epsilon (point.x, first.x, 12);
    }
  g_assert_cmpuint (ws_elbow_chart_get_n_values (chart), ==, G_N_ELEMENTS (order));
}

static void
test_values_of_a_k_are_replaced (void)
{
  g_autoptr (WsElbowChart) chart = new_chart (uneven, G_N_ELEMENTS (uneven));
  WsElbowValues values = make_values (8);
  WsElbowPoint point;

  values.inertia = 250;
  ws_elbow_chart_set_values (chart, &values);
  g_assert_cmpuint (ws_elbow_chart_get_n_values (chart), ==, G_N_ELEMENTS (uneven));
  draw_only (chart);
  g_assert_true (ws_elbow_chart_get_point (chart, 8, &point));
  g_assert_cmpfloat_with_epsilon (point.value, 0.25, 1e-15);
}

static void
test_pick_finds_the_nearest_k (void)
{
  g_autoptr (WsElbowChart) chart = new_chart (uneven, G_N_ELEMENTS (uneven));
  WsElbowPoint point, picked;

  g_assert_false (ws_elbow_chart_pick (chart, 200, 150, &picked));
  for (int quantity = 0; quantity < WS_ELBOW_N_QUANTITIES; quantity++)
    {
      ws_elbow_chart_set_quantity (chart, (WsElbowQuantity) quantity);
      draw_only (chart);
      for (guint i = 1; i < G_N_ELEMENTS (uneven); i++)
        {
          g_assert_true (ws_elbow_chart_get_point (chart, uneven[i], &point));
          g_assert_true (ws_elbow_chart_pick (chart, point.x + 2, 100, &picked) || uneven[i] == 16);
          g_assert_true (ws_elbow_chart_pick (chart, point.x - 2, 100, &picked));
          g_assert_cmpuint (picked.values.k, ==, uneven[i]);
        }
    }
  g_assert_false (ws_elbow_chart_pick (chart, 200, HEIGHT - 1, &picked));
  g_assert_false (ws_elbow_chart_pick (chart, NAN, 100, &picked));
}

/* Of k = 1 nothing but the inertia is known. */
static void
test_steps_visit_what_is_drawn (void)
{
  g_autoptr (WsElbowChart) chart = new_chart (uneven, G_N_ELEMENTS (uneven));
  guint k = 0;

  for (guint i = 0; i < G_N_ELEMENTS (uneven); i++)
    {
      k = ws_elbow_chart_step (chart, k, 1);
      g_assert_cmpuint (k, ==, uneven[i]);
    }
  g_assert_cmpuint (ws_elbow_chart_step (chart, 16, 1), ==, 16);
  g_assert_cmpuint (ws_elbow_chart_step (chart, 16, -1), ==, 12);
  g_assert_cmpuint (ws_elbow_chart_step (chart, 1, -1), ==, 1);
  ws_elbow_chart_set_quantity (chart, WS_ELBOW_SILHOUETTE);
  g_assert_cmpuint (ws_elbow_chart_step (chart, 0, 1), ==, 2);
  g_assert_cmpuint (ws_elbow_chart_step (chart, 2, -1), ==, 2);
  ws_elbow_chart_clear (chart);
  g_assert_cmpuint (ws_elbow_chart_step (chart, 2, 1), ==, 0);
}

static void
assert_described (const WsElbowChart *chart, const char *expected)
{
  g_autofree char *description = ws_elbow_chart_describe (chart);

  if (!strstr (description, expected))
    g_error ("'%s' is not in '%s'", expected, description);
}

static void
test_description (void)
{
  g_autoptr (WsElbowChart) chart = new_chart (uneven, G_N_ELEMENTS (uneven));

  assert_described (chart, "8 values, 1 to 16 clusters. At 16 clusters, 6.25 percent");
  assert_described (chart, "No rule sees an elbow.");
  ws_elbow_chart_set_marks (chart, 4, 8, 8);
  ws_elbow_chart_set_chosen (chart, 8);
  assert_described (chart, "Chosen: 8 clusters. Elbows: second difference at 4; Kneedle at 8; ");
  ws_elbow_chart_set_marks (chart, 4, 4, 4);
  assert_described (chart, "All three rules see an elbow at 4.");
  ws_elbow_chart_set_quantity (chart, WS_ELBOW_CALINSKI_HARABASZ);
  assert_described (chart, "The greatest is 100 at 4 clusters.");
  ws_elbow_chart_set_quantity (chart, WS_ELBOW_SILHOUETTE);
  assert_described (chart, "The greatest is 0.300 at 6 clusters.");
  ws_elbow_chart_set_quantity (chart, WS_ELBOW_DAVIES_BOULDIN);
  assert_described (chart, "The least is 1.00 at 8 clusters.");
  ws_elbow_chart_clear (chart);
  assert_described (chart, "without data");
}

static gboolean
is_marked (WsElbowChart *chart, guint k, guint32 color)
{
  cairo_surface_t *surface = draw_at (chart, WIDTH, HEIGHT);
  WsElbowPoint point;
  gboolean marked;

  g_assert_true (ws_elbow_chart_get_point (chart, k, &point));
  marked = get_color (surface, point.x, point.y) == color;
  cairo_surface_destroy (surface);
  return marked;
}

/* As texts are, and no curve or mark. */
static gboolean
is_dark (guint32 color)
{
  return (color >> 16 & 0xFF) < 0x60 && (color >> 8 & 0xFF) < 0x60 && (color & 0xFF) < 0x60;
}

/* Inertia falls steeply to the 8 groups there are, then hardly: labels must do beside it. */
static void
test_labels_keep_off_the_dots (void)
{
  static const double inertia[] = { 100, 81.5, 59, 50, 39.7, 32.6, 25, 18 };

  for (int height = 200; height <= 340; height += 7)
    {
      g_autoptr (WsElbowChart) chart = ws_elbow_chart_new ();
      cairo_surface_t *surface;

      for (guint k = 1; k <= 100; k += k < 20 ? 1 : 10)
        {
          WsElbowValues values = make_values (k);

          values.inertia = k <= 8 ? inertia[k - 1] : 18 - 0.02 * k;
          ws_elbow_chart_set_values (chart, &values);
        }
      ws_elbow_chart_set_marks (chart, 3, 8, 8);
      ws_elbow_chart_set_chosen (chart, 8);
      surface = draw_at (chart, 294, height);
      for (guint k = 2; k <= 8; k++)
        {
          WsElbowPoint point;

          g_assert_true (ws_elbow_chart_get_point (chart, k, &point));
          for (int dy = -5; dy <= 5; dy++)
            for (int dx = -5; dx <= 5; dx++)
              g_assert_false (is_dark (get_color (surface, point.x + dx, point.y + dy)));
        }
      cairo_surface_destroy (surface);
    }
}

/* The chosen k has the accent, an elbow that was not chosen amber; a mark of a k that is not there
 * is none. */
static void
test_marks_have_their_colours (void)
{
  g_autoptr (WsElbowChart) chart = new_chart (uneven, G_N_ELEMENTS (uneven));

  ws_elbow_chart_set_marks (chart, 4, 8, 9);
  ws_elbow_chart_set_chosen (chart, 8);
  g_assert_true (is_marked (chart, 8, 0x0072B2));
  g_assert_true (is_marked (chart, 4, 0xC98600));
  g_assert_false (is_marked (chart, 12, 0xC98600));
}

static void
test_one_value_and_none (void)
{
  static const guint one[] = { 5 };
  g_autoptr (WsElbowChart) chart = new_chart (one, 1);
  WsElbowPoint point;

  draw_only (chart);
  g_assert_true (ws_elbow_chart_get_point (chart, 5, &point));
  ws_elbow_chart_clear (chart);
  draw_only (chart);
  g_assert_false (ws_elbow_chart_get_point (chart, 5, &point));
}

static void
test_values_that_are_no_numbers (void)
{
  static const double odd[] = { NAN, INFINITY, -INFINITY, 0, -1, 1e308, 1e-320 };
  g_autoptr (WsElbowChart) chart = ws_elbow_chart_new ();

  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    {
      WsElbowValues values = { 1 + i * i, odd[i], odd[i], odd[i], odd[i], odd[i] };

      ws_elbow_chart_set_values (chart, &values);
      for (int quantity = 0; quantity < WS_ELBOW_N_QUANTITIES; quantity++)
        {
          g_autofree char *description = NULL;

          ws_elbow_chart_set_quantity (chart, (WsElbowQuantity) quantity);
          draw_only (chart);
          description = ws_elbow_chart_describe (chart);
        }
    }
}

static void
test_every_size (void)
{
  g_autoptr (WsElbowChart) chart = new_chart (uneven, G_N_ELEMENTS (uneven));

  ws_elbow_chart_set_marks (chart, 2, 4, 12);
  ws_elbow_chart_set_chosen (chart, 8);
  for (int theme = 0; theme < 3; theme++)
    for (int size = 1; size < 2000; size = size * 2 + 1)
      {
        ws_elbow_chart_set_theme (chart, (WsChartTheme) theme);
        cairo_surface_destroy (draw_at (chart, size, MIN (size, 100)));
        cairo_surface_destroy (draw_at (chart, MIN (size, 100), size));
      }
}

static void
test_read_out_stays_inside (void)
{
  g_autoptr (WsElbowChart) chart = new_chart (uneven, G_N_ELEMENTS (uneven));
  cairo_surface_t *surface = draw_at (chart, 200, 150);
  cairo_t *cr = cairo_create (surface);

  for (guint k = 0; k < 20; k++)
    ws_elbow_chart_draw_readout (chart, cr, k, 200, 150);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

/* The same on another thread: the copy is a chart of its own. */
static void
test_copy_outlives_its_source (void)
{
  WsElbowChart *source = new_chart (uneven, G_N_ELEMENTS (uneven));
  g_autoptr (WsElbowChart) copy = NULL;
  WsElbowPoint point;

  ws_elbow_chart_set_font (source, "DejaVu Sans", 9);
  copy = ws_elbow_chart_copy (source);
  ws_elbow_chart_free (source);
  draw_only (copy);
  g_assert_true (ws_elbow_chart_get_point (copy, 4, &point));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add_func ("/elbow-chart/" path, function)
  ADD ("axes/geometric-grid-is-logarithmic", test_geometric_grid_is_logarithmic);
  ADD ("axes/other-grids-are-linear", test_other_grids_are_linear);
  ADD ("axes/stand-still-while-values-arrive", test_axis_stands_still_while_values_arrive);
  ADD ("values/inertia-is-a-share-of-the-first", test_inertia_is_a_share_of_the_first);
  ADD ("values/are-replaced", test_values_of_a_k_are_replaced);
  ADD ("values/one-and-none", test_one_value_and_none);
  ADD ("values/no-numbers", test_values_that_are_no_numbers);
  ADD ("pick/finds-the-nearest-k", test_pick_finds_the_nearest_k);
  ADD ("step/visits-what-is-drawn", test_steps_visit_what_is_drawn);
  ADD ("marks/have-their-colours", test_marks_have_their_colours);
  ADD ("draw/labels-keep-off-the-dots", test_labels_keep_off_the_dots);
  ADD ("describe/says-what-is-seen", test_description);
  ADD ("draw/every-size", test_every_size);
  ADD ("draw/read-out-stays-inside", test_read_out_stays_inside);
  ADD ("copy/outlives-its-source", test_copy_outlives_its_source);
  return g_test_run ();
}
