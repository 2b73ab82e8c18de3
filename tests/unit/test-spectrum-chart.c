/* SPDX-License-Identifier: MIT */
/* The spectrum chart on image surfaces: where things are, and what it survives. */
#include "chart/spectrum-chart.h"

#include "base/format.h"
#include "chart-fixture.h"

#include <math.h>
#include <string.h>

#define WIDTH 600
#define HEIGHT 400

static cairo_surface_t *
draw_at (WsSpectrumChart *chart, int width, int height)
{
  return draw_chart (chart, (DrawChart) ws_spectrum_chart_draw, width, height);
}

static cairo_surface_t *
draw (WsSpectrumChart *chart)
{
  return draw_at (chart, WIDTH, HEIGHT);
}

static void
draw_only (WsSpectrumChart *chart)
{
  cairo_surface_destroy (draw (chart));
}

/* Whether the pixels within @reach of (x, y) have one of exactly @color. */
static gboolean
has_color_near (cairo_surface_t *surface, double x, double y, int reach, guint32 color)
{
  for (int dy = -reach; dy <= reach; dy++)
    for (int dx = -reach; dx <= reach; dx++)
      if (get_color (surface, (int) x + dx, (int) y + dy) == color)
        return TRUE;
  return FALSE;
}

/* sigma_i = n + 1 - i */
static WsSpectrumChart *
new_descending (gsize n)
{
  WsSpectrumChart *chart = ws_spectrum_chart_new ();
  g_autofree double *sigma = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    sigma[i] = n - i;
  ws_spectrum_chart_add (chart, "matrix", -1, sigma, n);
  return chart;
}

static void
test_curve_has_its_colour_at_its_points (void)
{
  g_autoptr (WsSpectrumChart) chart = new_descending (101);
  cairo_surface_t *surface;
  WsSpectrumPoint point;

  ws_spectrum_chart_set_marker (chart, 0);
  surface = draw (chart);
  for (gsize i = 5; i <= 95; i += 10)
    {
      g_assert_true (ws_spectrum_chart_get_point (chart, 0, i, &point));
      g_assert_true (has_color_near (surface, point.x, point.y, 1, 0x0072B2) ||
                     has_color_near (surface, point.x, point.y, 2, 0x0072B2));
      /* 30 px above a falling line is the ground */
      g_assert_cmphex (get_color (surface, (int) point.x + 20, (int) point.y - 10), !=, 0x0072B2);
    }
  cairo_surface_destroy (surface);
}

static void
test_dark_ground (void)
{
  g_autoptr (WsSpectrumChart) chart = new_descending (10);
  cairo_surface_t *surface;

  ws_spectrum_chart_set_theme (chart, WS_CHART_DARK);
  surface = draw (chart);
  g_assert_cmphex (get_color (surface, 0, 0), ==, 0x17191C);
  cairo_surface_destroy (surface);
}

static void
test_paper_leaves_the_ground (void)
{
  g_autoptr (WsSpectrumChart) chart = new_descending (10);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, 100, 100);
  cairo_t *cr = cairo_create (surface);

  ws_spectrum_chart_set_theme (chart, WS_CHART_PAPER);
  ws_spectrum_chart_draw (chart, cr, 100, 100);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  g_assert_cmpint (cairo_image_surface_get_data (surface)[3], ==, 0);
  cairo_surface_destroy (surface);
}

/* On linear axes, (i, sigma) = (i, n + 1 - i) is a straight line from one corner to the other. */
static void
test_linear_places (void)
{
  g_autoptr (WsSpectrumChart) chart = new_descending (101);
  double x, y, width, height;
  WsSpectrumPoint point;
  WsChartView view;

  draw_only (chart);
  ws_spectrum_chart_get_plot (chart, &x, &y, &width, &height);
  ws_spectrum_chart_get_view (chart, &view);
  g_assert_true (ws_spectrum_chart_get_point (chart, 0, 51, &point));
  g_assert_cmpfloat_with_epsilon (point.x, x + width / 2, 1e-6);
  g_assert_cmpfloat_with_epsilon (point.y, y + height * (1 - 51 / view.y_max), 1e-6);
  g_assert_cmpfloat (point.sigma, ==, 51);
  g_assert_cmpfloat_with_epsilon (point.normalised, 51 / 101.0, 1e-15);
}

static void
test_pick_finds_each_point (void)
{
  static const gboolean logs[][2] = {
    { FALSE, FALSE }, { TRUE, FALSE }, { FALSE, TRUE }, { TRUE, TRUE }
  };

  for (guint l = 0; l < G_N_ELEMENTS (logs); l++)
    for (int quantity = 0; quantity < 3; quantity++)
      {
        g_autoptr (WsSpectrumChart) chart = new_descending (64);

        ws_spectrum_chart_set_log (chart, logs[l][0], logs[l][1]);
        ws_spectrum_chart_set_quantity (chart, (WsSpectrumQuantity) quantity);
        draw_only (chart);
        for (gsize i = 1; i <= 64; i += 7)
          {
            WsSpectrumPoint point, picked;

            g_assert_true (ws_spectrum_chart_get_point (chart, 0, i, &point));
            g_assert_true (ws_spectrum_chart_pick (chart, point.x, point.y, &picked));
            g_assert_cmpuint (picked.index, ==, i);
          }
      }
}

/* Two flat spectra, of 1 and of 3: the nearer one is found, and not if it is hidden. */
static void
test_pick_prefers_the_nearer_curve (void)
{
  g_autoptr (WsSpectrumChart) chart = ws_spectrum_chart_new ();
  const double low[] = { 1, 1, 1 }, high[] = { 3, 3, 3 };
  WsSpectrumPoint point, picked;

  ws_spectrum_chart_add (chart, "low", 0, low, 3);
  ws_spectrum_chart_add (chart, "high", 1, high, 3);
  draw_only (chart);
  g_assert_true (ws_spectrum_chart_get_point (chart, 1, 2, &point));
  g_assert_true (ws_spectrum_chart_pick (chart, point.x + 3, point.y + 5, &picked));
  g_assert_cmpuint (picked.curve, ==, 1);
  ws_spectrum_chart_set_visible (chart, 1, FALSE);
  draw_only (chart);
  g_assert_true (ws_spectrum_chart_pick (chart, WIDTH / 2, HEIGHT / 2, &picked));
  g_assert_cmpuint (picked.curve, ==, 0);
}

static void
test_pick_outside_the_plot_is_nothing (void)
{
  g_autoptr (WsSpectrumChart) chart = new_descending (10);
  WsSpectrumPoint point;

  g_assert_false (ws_spectrum_chart_pick (chart, 300, 200, &point));
  draw_only (chart);
  g_assert_false (ws_spectrum_chart_pick (chart, 2, 200, &point));
  g_assert_false (ws_spectrum_chart_pick (chart, 300, HEIGHT - 2, &point));
  g_assert_false (ws_spectrum_chart_pick (chart, NAN, 200, &point));
}

/* A box from the point 20 to the point 40 shows exactly these indices. */
static void
test_box_zoom_round_trip (void)
{
  for (int log = 0; log < 2; log++)
    {
      g_autoptr (WsSpectrumChart) chart = new_descending (100);
      WsSpectrumPoint a, b;
      WsChartView view;
      double x, y, width, height;

      ws_spectrum_chart_set_log (chart, log, log);
      draw_only (chart);
      g_assert_true (ws_spectrum_chart_get_point (chart, 0, 20, &a));
      g_assert_true (ws_spectrum_chart_get_point (chart, 0, 40, &b));
      g_assert_true (ws_spectrum_chart_box_to_view (chart, b.x, b.y, a.x, a.y, &view));
      g_assert_cmpfloat_with_epsilon (view.x_min, 20, 1e-9);
      g_assert_cmpfloat_with_epsilon (view.x_max, 40, 1e-9);
      g_assert_cmpfloat_with_epsilon (view.y_max, 81, 1e-9);
      ws_spectrum_chart_set_view (chart, &view);
      draw_only (chart);
      ws_spectrum_chart_get_plot (chart, &x, &y, &width, &height);
      g_assert_true (ws_spectrum_chart_get_point (chart, 0, 20, &a));
      g_assert_cmpfloat_with_epsilon (a.x, x, 1e-6);
      g_assert_cmpfloat_with_epsilon (a.y, y, 1e-6);
    }
}

static void
test_small_box_is_no_view (void)
{
  g_autoptr (WsSpectrumChart) chart = new_descending (100);
  WsChartView view;

  draw_only (chart);
  g_assert_false (ws_spectrum_chart_box_to_view (chart, 200, 200, 202, 300, &view));
  g_assert_false (ws_spectrum_chart_box_to_view (chart, 200, 200, 300, 200, &view));
}

/* Zoomed again and again at a point: it ends with FALSE, never with an empty axis. */
static void
test_zoom_ends (void)
{
  g_autoptr (WsSpectrumChart) chart = new_descending (1000);
  double x, y, width, height;
  WsChartView view;
  guint n = 0;

  draw_only (chart);
  ws_spectrum_chart_get_plot (chart, &x, &y, &width, &height);
  while (n < 100 && ws_spectrum_chart_box_to_view (chart, x + 0.4 * width, y + 0.4 * height,
                                                   x + 0.6 * width, y + 0.6 * height, &view))
    {
      ws_spectrum_chart_set_view (chart, &view);
      draw_only (chart);
      n++;
    }
  g_assert_cmpuint (n, >, 3);
  g_assert_cmpuint (n, <, 40);
}

static void
test_zeros_have_no_place_on_log_axes (void)
{
  g_autoptr (WsSpectrumChart) chart = ws_spectrum_chart_new ();
  const double sigma[] = { 2, 1, 0, 0 };
  g_autofree char *description = NULL;
  WsSpectrumPoint point;

  ws_spectrum_chart_add (chart, "matrix", -1, sigma, 4);
  ws_spectrum_chart_set_log (chart, FALSE, TRUE);
  draw_only (chart);
  g_assert_true (ws_spectrum_chart_get_point (chart, 0, 2, &point));
  g_assert_false (ws_spectrum_chart_get_point (chart, 0, 3, &point));
  description = ws_spectrum_chart_describe (chart);
  g_assert_nonnull (strstr (description, "2 values are zero and left out"));
}

/* Whether there is anything but lines from side to side in the middle of the plot. */
static gboolean
has_words_in_the_middle (WsSpectrumChart *chart)
{
  cairo_surface_t *surface = draw (chart);
  double x, y, width, height;
  gboolean found = FALSE;

  ws_spectrum_chart_get_plot (chart, &x, &y, &width, &height);
  for (int row = (int) (y + height / 2) - 6; row < (int) (y + height / 2) + 6; row++)
    for (int column = (int) (x + width / 2) - 40; column < (int) (x + width / 2) + 40; column++)
      found = found || get_color (surface, column, row) != get_color (surface, column + 1, row);
  cairo_surface_destroy (surface);
  return found;
}

static void
test_zeros_alone_are_told (void)
{
  g_autoptr (WsSpectrumChart) chart = ws_spectrum_chart_new ();
  const double sigma[] = { 0, 0, 0 };

  ws_spectrum_chart_add (chart, "zero", -1, sigma, 3);
  ws_spectrum_chart_set_log (chart, TRUE, TRUE);
  g_assert_true (has_words_in_the_middle (chart));
  ws_spectrum_chart_set_log (chart, TRUE, FALSE);
  g_assert_false (has_words_in_the_middle (chart));
}

static void
test_zero_matrix (void)
{
  g_autoptr (WsSpectrumChart) chart = ws_spectrum_chart_new ();
  const double sigma[] = { 0, 0, 0 };

  ws_spectrum_chart_add (chart, "zero", -1, sigma, 3);
  g_assert_cmpuint (ws_spectrum_chart_get_marker_rank (chart, 0), ==, 0);
  for (int quantity = 0; quantity < 3; quantity++)
    for (int log = 0; log < 2; log++)
      {
        ws_spectrum_chart_set_quantity (chart, (WsSpectrumQuantity) quantity);
        ws_spectrum_chart_set_log (chart, log, log);
        draw_only (chart);
      }
}

/* NaN and infinity are not drawn and do not move the axes. */
static void
test_values_that_are_no_numbers (void)
{
  g_autoptr (WsSpectrumChart) chart = ws_spectrum_chart_new ();
  const double sigma[] = { INFINITY, 3, NAN, 1, -1 };
  WsSpectrumPoint point;
  WsChartView view;

  ws_spectrum_chart_add (chart, "odd", -1, sigma, 5);
  draw_only (chart);
  ws_spectrum_chart_get_view (chart, &view);
  g_assert_cmpfloat (view.y_max, <, 4);
  g_assert_false (ws_spectrum_chart_get_point (chart, 0, 1, &point));
  g_assert_true (ws_spectrum_chart_get_point (chart, 0, 2, &point));
}

static void
test_empty_chart (void)
{
  g_autoptr (WsSpectrumChart) chart = ws_spectrum_chart_new ();
  g_autofree char *description = ws_spectrum_chart_describe (chart);
  WsSpectrumPoint point;
  double x, y, width, height;

  draw_only (chart);
  g_assert_cmpstr (description, ==, "Line chart without data.");
  g_assert_false (ws_spectrum_chart_pick (chart, 300, 200, &point));
  ws_spectrum_chart_get_plot (chart, &x, &y, &width, &height);
  g_assert_cmpfloat (width, ==, 0);
}

static void
test_one_value (void)
{
  g_autoptr (WsSpectrumChart) chart = new_descending (1);
  WsSpectrumPoint point;

  for (int log = 0; log < 2; log++)
    {
      ws_spectrum_chart_set_log (chart, log, log);
      draw_only (chart);
      g_assert_true (ws_spectrum_chart_get_point (chart, 0, 1, &point));
      g_assert_cmpfloat (point.energy, ==, 1);
    }
}

static void
test_no_values (void)
{
  g_autoptr (WsSpectrumChart) chart = ws_spectrum_chart_new ();
  WsSpectrumPoint point;

  ws_spectrum_chart_add (chart, "empty", -1, NULL, 0);
  draw_only (chart);
  g_assert_false (ws_spectrum_chart_get_point (chart, 0, 1, &point));
}

static void
test_large_charts (void)
{
  g_autoptr (WsSpectrumChart) one = new_descending (100000);
  g_autoptr (WsSpectrumChart) many = ws_spectrum_chart_new ();
  double sigma[512];

  for (int i = 0; i < 512; i++)
    sigma[i] = 512 - i;
  for (int layer = 0; layer < 200; layer++)
    ws_spectrum_chart_add (many, "matrix", layer, sigma, 512 - layer);
  ws_spectrum_chart_set_log (one, TRUE, TRUE);
  draw_only (one);
  draw_only (many);
}

static void
test_every_size (void)
{
  g_autoptr (WsSpectrumChart) chart = ws_spectrum_chart_new ();
  const double sigma[] = { 3, 2, 1 };

  for (int i = 0; i < 8; i++)
    ws_spectrum_chart_add (chart, "a name that is longer than what fits", i, sigma, 3);
  ws_spectrum_chart_set_legend (chart, TRUE);
  for (int theme = 0; theme < 3; theme++)
    for (int size = 1; size < 3000; size = size * 2 + 1)
      {
        ws_spectrum_chart_set_theme (chart, (WsChartTheme) theme);
        cairo_surface_destroy (draw_at (chart, size, MIN (size, 100)));
        cairo_surface_destroy (draw_at (chart, MIN (size, 100), size));
      }
}

/* The ninth line makes the colours a scale: layer 0 and layer 11 are the ends of viridis. */
static void
test_many_lines_are_coloured_by_layer (void)
{
  g_autoptr (WsSpectrumChart) chart = ws_spectrum_chart_new ();
  const double sigma[] = { 2, 1 };
  double rgb[3];

  for (int i = 0; i < 12; i++)
    ws_spectrum_chart_add (chart, "matrix", 11 - i, sigma, 2);
  ws_spectrum_chart_get_color (chart, 0, rgb);
  g_assert_cmpfloat_with_epsilon (rgb[0], 0xFD / 255.0, 1e-9);
  ws_spectrum_chart_get_color (chart, 11, rgb);
  g_assert_cmpfloat_with_epsilon (rgb[0], 0x44 / 255.0, 1e-9);
}

static void
test_line_without_layer_among_layers_is_grey (void)
{
  g_autoptr (WsSpectrumChart) chart = ws_spectrum_chart_new ();
  const double sigma[] = { 2, 1 };
  double rgb[3];

  for (int layer = -1; layer < 12; layer++)
    ws_spectrum_chart_add (chart, "matrix", layer, sigma, 2);
  ws_spectrum_chart_get_color (chart, 0, rgb);
  g_assert_cmpfloat_with_epsilon (rgb[0], 0x55 / 255.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (rgb[2], 0x62 / 255.0, 1e-9);
  ws_spectrum_chart_get_color (chart, 12, rgb);
  g_assert_cmpfloat_with_epsilon (rgb[0], 0xFD / 255.0, 1e-9);
}

/* An exactly singular matrix has computed values near 1e-16: noise, and no reason for an axis of
 * sixteen decades. */
static void
test_rounding_noise_does_not_widen_the_axis (void)
{
  g_autoptr (WsSpectrumChart) chart = ws_spectrum_chart_new ();
  const double sigma[] = { 4, 2, 1, 1e-15, 1e-16 };
  WsChartView view;

  ws_spectrum_chart_add (chart, "rank 3", 0, sigma, G_N_ELEMENTS (sigma));
  ws_spectrum_chart_set_log (chart, FALSE, TRUE);
  ws_spectrum_chart_get_view (chart, &view);
  g_assert_cmpfloat (view.y_min, <, 1e-16);
  ws_spectrum_chart_set_resolution (chart, 0, 1e-14);
  ws_spectrum_chart_get_view (chart, &view);
  g_assert_cmpfloat (view.y_min, >, 0.5);
  g_assert_cmpfloat (view.y_min, <=, 1);
}

/* Names come from files. */
static void
test_names_of_any_kind (void)
{
  g_autoptr (WsSpectrumChart) chart = ws_spectrum_chart_new ();
  g_autofree char *long_name = g_strnfill (2000000, 'x');
  const double sigma[] = { 2, 1 };

  ws_spectrum_chart_add (chart, "<b>&amp;</b>\n\t%s", 0, sigma, 2);
  ws_spectrum_chart_add (chart, "\xff\xfe", 1, sigma, 2);
  ws_spectrum_chart_add (chart, "权重 وزن", 2, sigma, 2);
  ws_spectrum_chart_add (chart, "", 3, sigma, 2);
  ws_spectrum_chart_add (chart, long_name, 4, sigma, 2);
  ws_spectrum_chart_set_legend (chart, TRUE);
  draw_only (chart);
  g_assert_cmpuint (strlen (ws_spectrum_chart_get_label (chart, 4)), <, 1000);
}

static double
get_plot_top (WsSpectrumChart *chart)
{
  double x, y, width, height;

  draw_only (chart);
  ws_spectrum_chart_get_plot (chart, &x, &y, &width, &height);
  return y;
}

/* One line runs along the top, one from the lower left to the upper right: only the lower right is
 * free of lines, and there the mark of the second stands at 90 of 100. So a row goes above. */
static void
test_legend_keeps_off_drop_lines (void)
{
  g_autoptr (WsSpectrumChart) chart = ws_spectrum_chart_new ();
  double steep[100] = { 100 }, flat[100], inside;

  for (int i = 0; i < 100; i++)
    flat[i] = 1;
  ws_spectrum_chart_add (chart, "a matrix of one value", 0, steep, 100);
  ws_spectrum_chart_add (chart, "a matrix of equal values", 1, flat, 100);
  ws_spectrum_chart_set_quantity (chart, WS_SPECTRUM_ENERGY);
  ws_spectrum_chart_set_legend (chart, TRUE);
  ws_spectrum_chart_set_marker (chart, 0);
  inside = get_plot_top (chart);
  ws_spectrum_chart_set_marker (chart, 0.9);
  g_assert_cmpfloat (get_plot_top (chart), >, inside + 5);
}

/* Whether some pixel of the column half way between the mark of n equal values and the axis is
 * not of the ground: the dashes and their gaps are shorter than the range looked at. */
static gboolean
has_drop_line (guint n_curves)
{
  g_autoptr (WsSpectrumChart) chart = ws_spectrum_chart_new ();
  const double sigma[] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };
  cairo_surface_t *surface;
  WsSpectrumPoint point;
  gboolean found = FALSE;
  guint32 ground;

  for (guint i = 0; i < n_curves; i++)
    ws_spectrum_chart_add (chart, "matrix", -1, sigma, G_N_ELEMENTS (sigma));
  ws_spectrum_chart_set_quantity (chart, WS_SPECTRUM_ENERGY);
  ws_spectrum_chart_set_marker (chart, 0.55); /* k = 6, where there is no grid line */
  surface = draw (chart);
  g_assert_true (ws_spectrum_chart_get_point (chart, 0, 6, &point));
  ground = get_color (surface, (int) point.x - 5, (int) point.y + 60);
  for (int y = (int) point.y + 55; y < (int) point.y + 65; y++)
    for (int x = (int) point.x - 1; x <= (int) point.x + 1; x++)
      found |= get_color (surface, x, y) != ground;
  cairo_surface_destroy (surface);
  return found;
}

static void
test_four_curves_have_no_drop_lines (void)
{
  g_assert_true (has_drop_line (3));
  g_assert_false (has_drop_line (4));
}

/* A quarter of 48 equal values are 12 of them. */
static void
test_description_of_one (void)
{
  g_autoptr (WsSpectrumChart) chart = ws_spectrum_chart_new ();
  g_autofree char *description = NULL;
  double sigma[48];

  for (int i = 0; i < 48; i++)
    sigma[i] = 1;
  ws_spectrum_chart_add (chart, "matrix", -1, sigma, 48);
  ws_spectrum_chart_set_marker (chart, 0.25);
  description = ws_spectrum_chart_describe (chart);
  g_assert_cmpstr (description, ==, "Line chart, 48 values, 25 percent of the energy at 12.");
}

static void
test_read_out_stays_inside (void)
{
  g_autoptr (WsSpectrumChart) chart = new_descending (100);
  cairo_surface_t *surface = draw_at (chart, 260, 160);
  cairo_t *cr = cairo_create (surface);
  WsSpectrumPoint point;

  for (gsize i = 1; i <= 100; i += 33)
    {
      g_assert_true (ws_spectrum_chart_get_point (chart, 0, i, &point));
      ws_spectrum_chart_draw_readout (chart, cr, &point, 260, 160);
    }
  /* of a chart that has changed meanwhile: nothing is drawn, nothing breaks */
  point.curve = 7;
  ws_spectrum_chart_draw_readout (chart, cr, &point, 260, 160);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

static void
test_odd_views (void)
{
  static const WsChartView views[] = {
    { -5, 3, -1, 1 },   { 0, 0.5, -3, -2 },     { 5, 5, 0, 1 },
    { NAN, 1, 0, 1 },   { 0, INFINITY, 0, 1 },  { 1e6, 2e6, 1e6, 2e6 },
    { 1, 2, 0, 1e300 }, { 1, 1 + 1e-15, 0, 1 }, { 1, 1e300, 1e-300, 1e300 },
  };
  g_autoptr (WsSpectrumChart) chart = new_descending (50);

  for (guint i = 0; i < G_N_ELEMENTS (views); i++)
    for (int log = 0; log < 4; log++)
      {
        ws_spectrum_chart_set_log (chart, log & 1, log & 2);
        ws_spectrum_chart_set_view (chart, &views[i]);
        draw_only (chart);
      }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add_func ("/spectrum-chart/" path, function)
  ADD ("draw/curve-has-its-colour-at-its-points", test_curve_has_its_colour_at_its_points);
  ADD ("draw/dark-ground", test_dark_ground);
  ADD ("draw/paper-leaves-the-ground", test_paper_leaves_the_ground);
  ADD ("draw/linear-places", test_linear_places);
  ADD ("draw/every-size", test_every_size);
  ADD ("draw/large-charts", test_large_charts);
  ADD ("draw/names-of-any-kind", test_names_of_any_kind);
  ADD ("draw/many-lines-are-coloured-by-layer", test_many_lines_are_coloured_by_layer);
  ADD ("draw/line-without-layer-among-layers-is-grey",
       test_line_without_layer_among_layers_is_grey);
  ADD ("extent/rounding-noise-does-not-widen-the-axis",
       test_rounding_noise_does_not_widen_the_axis);
  ADD ("draw/read-out-stays-inside", test_read_out_stays_inside);
  ADD ("pick/finds-each-point", test_pick_finds_each_point);
  ADD ("pick/prefers-the-nearer-curve", test_pick_prefers_the_nearer_curve);
  ADD ("pick/outside-the-plot-is-nothing", test_pick_outside_the_plot_is_nothing);
  ADD ("zoom/box-round-trip", test_box_zoom_round_trip);
  ADD ("zoom/small-box-is-no-view", test_small_box_is_no_view);
  ADD ("zoom/ends", test_zoom_ends);
  ADD ("zoom/odd-views", test_odd_views);
  ADD ("marker/legend-keeps-off-drop-lines", test_legend_keeps_off_drop_lines);
  ADD ("marker/four-curves-no-drop-lines", test_four_curves_have_no_drop_lines);
  ADD ("values/zeros-have-no-place-on-log-axes", test_zeros_have_no_place_on_log_axes);
  ADD ("values/zeros-alone-are-told", test_zeros_alone_are_told);
  ADD ("values/zero-matrix", test_zero_matrix);
  ADD ("values/no-numbers", test_values_that_are_no_numbers);
  ADD ("values/empty-chart", test_empty_chart);
  ADD ("values/one-value", test_one_value);
  ADD ("values/no-values", test_no_values);
  ADD ("describe/one", test_description_of_one);
  return g_test_run ();
}
