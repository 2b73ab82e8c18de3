/* SPDX-License-Identifier: MIT */
/* The small charts on image surfaces: what is found where, what they say, what they survive. */
#include "chart/small-chart.h"

#include "chart-fixture.h"

#include <math.h>
#include <string.h>

#define WIDTH 400
#define HEIGHT 300

static cairo_surface_t *
draw_at (WsSmallChart *chart, int width, int height)
{
  return draw_chart (chart, (DrawChart) ws_small_chart_draw, width, height);
}

static void
draw_only (WsSmallChart *chart)
{
  cairo_surface_destroy (draw_at (chart, WIDTH, HEIGHT));
}

static const guint64 counts[] = { 40, 30, 20, 10 };
static const char *const names[] = { "<b>\xff", "数字", NULL, "last" };
static const float norms[] = { 1, 1.5f, 2, NAN, 2.5f, 3, 3.5f, 4, 5, 0.01f };
static const double variance[] = { 5, 3, 1, 0.5, 0.5 };

static WsSmallChart *
new_chart (int kind)
{
  static const guint32 marked[] = { 9, 9, 77 };
  WsSmallChart *chart =
      kind == 0   ? ws_small_chart_new_bars (names, counts, 4)
      : kind == 1 ? ws_small_chart_new_histogram (norms, G_N_ELEMENTS (norms))
      : kind == 2 ? ws_small_chart_new_cloud (norms, NULL, G_N_ELEMENTS (norms), marked, 3)
                  : ws_small_chart_new_shares (variance, G_N_ELEMENTS (variance), 0.9);

  ws_small_chart_set_titles (chart, "<x> & more", "词元");
  return chart;
}

static void
assert_described (WsSmallChart *chart, const char *expected)
{
  g_autofree char *description = ws_small_chart_describe (chart);

  g_assert_cmpstr (description, ==, expected);
}

static void
test_descriptions (void)
{
  g_autoptr (WsSmallChart) bars = new_chart (0);
  g_autoptr (WsSmallChart) histogram = new_chart (1);
  g_autoptr (WsSmallChart) cloud = new_chart (2);
  g_autoptr (WsSmallChart) shares = new_chart (3);

  assert_described (bars, "Bar chart of 4 clusters. <b>\\xFF: 40. 数字: 30. 3: 20. last: 10.");
  assert_described (histogram, "Histogram of 9 values from 0.01000 to 5.000.");
  assert_described (cloud, "Chart of 10 points, from 0.01000 to 5.000. 1 is marked.");
  assert_described (shares, "Curve of the share of the first of 5 components. The first has 50 "
                            "percent. The first 3 have 90 percent.");
}

/* 5 + 3 + 1 of 10 are exactly 90 %. */
static void
test_mark_of_shares (void)
{
  g_autoptr (WsSmallChart) shares = new_chart (3);
  g_autoptr (WsSmallChart) unmarked = ws_small_chart_new_shares (variance, 5, 0);
  g_autoptr (WsSmallChart) zeros = ws_small_chart_new_shares ((const double[]){ 0, 0 }, 2, 0.9);

  g_assert_cmpuint (ws_small_chart_get_mark (shares), ==, 3);
  g_assert_cmpuint (ws_small_chart_get_mark (unmarked), ==, 0);
  g_assert_cmpuint (ws_small_chart_get_mark (zeros), ==, 0);
  draw_only (unmarked);
  draw_only (zeros);
}

/* The four bars share the height of the plot: the second quarter is the second bar. */
static void
test_pick_of_bars (void)
{
  g_autoptr (WsSmallChart) bars = new_chart (0);
  gsize item, before = 0;

  g_assert_false (ws_small_chart_pick (bars, 200, 150, &item));
  draw_only (bars);
  g_assert_cmpuint (ws_small_chart_get_n_items (bars), ==, 4);
  for (int y = 60; y < 240; y++)
    {
      g_assert_true (ws_small_chart_pick (bars, 200, y, &item));
      g_assert_cmpuint (item, >=, before);
      before = item;
    }
  g_assert_cmpuint (before, ==, 3);
  g_assert_false (ws_small_chart_pick (bars, 200, 299, &item));
  g_assert_false (ws_small_chart_pick (bars, NAN, 150, &item));
}

/* Every item is found at some place of the drawing, but for what is not finite or empty. */
static void
test_pick_reaches_every_item (void)
{
  static const gsize expected[] = { 4, 8, 9, 5 };

  for (int kind = 0; kind < 4; kind++)
    {
      g_autoptr (WsSmallChart) chart = new_chart (kind);
      g_autoptr (GHashTable) found = g_hash_table_new (NULL, NULL);
      gsize item;

      draw_only (chart);
      for (int y = 0; y < HEIGHT; y += 3)
        for (int x = 0; x < WIDTH; x += 3)
          if (ws_small_chart_pick (chart, x, y, &item))
            g_hash_table_add (found, GSIZE_TO_POINTER (item + 1));
      g_assert_cmpuint (g_hash_table_size (found), ==, expected[kind]);
    }
}

static void
test_read_out_of_any_item (void)
{
  for (int kind = 0; kind < 4; kind++)
    {
      g_autoptr (WsSmallChart) chart = new_chart (kind);
      cairo_surface_t *surface = draw_at (chart, WIDTH, HEIGHT);
      cairo_t *cr = cairo_create (surface);

      for (gsize item = 0; item < 20; item++)
        ws_small_chart_draw_readout (chart, cr, item, WIDTH, HEIGHT);
      g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
      cairo_destroy (cr);
      cairo_surface_destroy (surface);
    }
}

static void
test_every_size (void)
{
  for (int kind = 0; kind < 4; kind++)
    for (int theme = 0; theme < 3; theme++)
      {
        g_autoptr (WsSmallChart) chart = new_chart (kind);

        ws_small_chart_set_theme (chart, (WsChartTheme) theme);
        for (int size = 1; size < 2000; size = size * 2 + 1)
          {
            cairo_surface_destroy (draw_at (chart, size, MIN (size, 100)));
            cairo_surface_destroy (draw_at (chart, MIN (size, 100), size));
          }
      }
}

static void
test_odd_values (void)
{
  static const float odd[] = { 1e38f, -1e38f, NAN, INFINITY, 1e-40f };
  static const float same[] = { 3, 3 };
  static const double parts[] = { NAN, INFINITY, -1, 1e308, 1e308 };
  static const guint64 large[] = { G_MAXUINT64, 0 };
  WsSmallChart *charts[] = {
    ws_small_chart_new_histogram (odd, 5),
    ws_small_chart_new_histogram (same, 2),
    ws_small_chart_new_histogram (NULL, 0),
    ws_small_chart_new_cloud (odd, NULL, 5, NULL, 0),
    ws_small_chart_new_cloud (same, NULL, 2, NULL, 0),
    ws_small_chart_new_cloud (same, NULL, 0, NULL, 0),
    ws_small_chart_new_shares (parts, 5, 0.9),
    ws_small_chart_new_shares (parts, 0, 0.9),
    ws_small_chart_new_shares (parts + 3, 1, 0.9),
    ws_small_chart_new_bars (NULL, large, 2),
    ws_small_chart_new_bars (NULL, large, 0),
  };

  for (guint i = 0; i < G_N_ELEMENTS (charts); i++)
    {
      g_autoptr (WsSmallChart) chart = charts[i];
      g_autofree char *description = NULL;
      gsize item;

      draw_only (chart);
      ws_small_chart_pick (chart, 200, 150, &item);
      description = ws_small_chart_describe (chart);
      g_assert_cmpuint (strlen (description), >, 0);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add_func ("/small-chart/" path, function)
  ADD ("describe/each-kind", test_descriptions);
  ADD ("shares/mark", test_mark_of_shares);
  ADD ("pick/bars", test_pick_of_bars);
  ADD ("pick/reaches-every-item", test_pick_reaches_every_item);
  ADD ("draw/read-out-of-any-item", test_read_out_of_any_item);
  ADD ("draw/every-size", test_every_size);
  ADD ("draw/odd-values", test_odd_values);
  return g_test_run ();
}
