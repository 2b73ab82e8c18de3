/* SPDX-License-Identifier: MIT */
/* The token map on image surfaces: where things are, what is found, what it survives. */
#include "chart/token-map.h"

#include "chart-fixture.h"

#include <math.h>
#include <string.h>

#define WIDTH 600
#define HEIGHT 400
#define N 900

static cairo_surface_t *
draw_at (WsTokenMap *map, int width, int height)
{
  return draw_chart (map, (DrawChart) ws_token_map_draw, width, height);
}

static void
draw_only (WsTokenMap *map)
{
  cairo_surface_destroy (draw_at (map, WIDTH, HEIGHT));
}

/* A lattice of 30 x 30 points, two units high and wide, in three clusters: columns 0 to 9, 10 to
 * 19, 20 to 29. */
static WsTokenMap *
new_lattice (void)
{
  WsTokenMap *map = ws_token_map_new ();
  float xy[2 * N], norms[N];
  guint32 labels[N], ids[N];

  for (guint i = 0; i < N; i++)
    {
      xy[2 * i] = (i % 30) / 29.0f * 2;
      xy[2 * i + 1] = (i / 30) / 29.0f * 2;
      norms[i] = i;
      labels[i] = i % 30 / 10;
      ids[i] = 1000 + i;
    }
  ws_token_map_set_points (map, xy, N, ids);
  ws_token_map_set_norms (map, norms);
  ws_token_map_set_clusters (map, labels, 3, NULL);
  return map;
}

static void
test_both_axes_have_one_scale (void)
{
  for (int theme = 0; theme < 3; theme++)
    {
      g_autoptr (WsTokenMap) map = new_lattice ();
      WsTokenMapPoint a, b, c;

      ws_token_map_set_theme (map, (WsChartTheme) theme);
      draw_only (map);
      g_assert_true (ws_token_map_get_point (map, 0, &a));
      g_assert_true (ws_token_map_get_point (map, 29, &b));
      g_assert_true (ws_token_map_get_point (map, 29 * 30, &c));
      g_assert_cmpfloat_with_epsilon (b.y, a.y, 1e-9);
      g_assert_cmpfloat (b.x, >, a.x + 100);
      /* a digit more or less beside the axis of a figure: see token-map-draw.c */
      g_assert_cmpfloat_with_epsilon (b.x - a.x, a.y - c.y, theme == WS_CHART_PAPER ? 3 : 1e-6);
    }
}

static void
test_pick_finds_each_point (void)
{
  g_autoptr (WsTokenMap) map = new_lattice ();
  WsTokenMapPoint point, picked;

  g_assert_false (ws_token_map_pick (map, 300, 200, &picked));
  draw_only (map);
  for (guint i = 0; i < N; i += 7)
    {
      g_assert_true (ws_token_map_get_point (map, i, &point));
      g_assert_true (ws_token_map_pick (map, point.x + 2, point.y - 2, &picked));
      g_assert_cmpuint (picked.index, ==, i);
      g_assert_cmpuint (picked.id, ==, 1000 + i);
      g_assert_cmpint (picked.cluster, ==, (int) (i % 30 / 10));
      g_assert_cmpfloat (picked.norm, ==, i);
    }
  g_assert_false (ws_token_map_pick (map, 5, 200, &picked));
  g_assert_false (ws_token_map_pick (map, NAN, 200, &picked));
  g_assert_false (ws_token_map_pick (map, 300, 1e9, &picked));
}

static void
test_pick_prefers_what_is_highlighted (void)
{
  g_autoptr (WsTokenMap) map = new_lattice ();
  const guint32 chosen[] = { 465, 4000000 };
  WsTokenMapPoint point, picked;

  draw_only (map);
  ws_token_map_set_highlight (map, chosen, 2);
  g_assert_true (ws_token_map_get_point (map, 464, &point));
  g_assert_true (ws_token_map_pick (map, point.x, point.y, &picked));
  g_assert_cmpuint (picked.index, ==, 465);
}

static void
test_steps_go_to_the_neighbour (void)
{
  g_autoptr (WsTokenMap) map = new_lattice ();
  WsTokenMapPoint point;

  draw_only (map);
  g_assert_true (ws_token_map_step (map, 465, 1, 0, &point));
  g_assert_cmpuint (point.index, ==, 466);
  g_assert_true (ws_token_map_step (map, 465, -1, 0, &point));
  g_assert_cmpuint (point.index, ==, 464);
  /* down in the drawing is down in the data */
  g_assert_true (ws_token_map_step (map, 465, 0, 1, &point));
  g_assert_cmpuint (point.index, ==, 435);
  g_assert_false (ws_token_map_step (map, 29, 1, 0, &point));
  g_assert_false (ws_token_map_step (map, 465, 0, 0, &point));
  g_assert_false (ws_token_map_step (map, N, 1, 0, &point));
}

/* A box around rows 10 to 12 and columns 3 to 5. */
static void
test_lasso_finds_what_is_inside (void)
{
  static const guint32 expected[] = { 303, 304, 305, 333, 334, 335, 363, 364, 365 };
  g_autoptr (WsTokenMap) map = new_lattice ();
  g_autoptr (GArray) found = NULL;
  WsTokenMapPoint a, b;
  double half;

  draw_only (map);
  g_assert_true (ws_token_map_get_point (map, 303, &a));
  g_assert_true (ws_token_map_get_point (map, 365, &b));
  half = (b.x - a.x) / 4;
  found =
      ws_token_map_find_inside (map,
                                (const double[]){ a.x - half, a.y + half, b.x + half, a.y + half,
                                                  b.x + half, b.y - half, a.x - half, b.y - half },
                                4);
  g_assert_cmpmem (found->data, found->len * sizeof (guint32), expected, sizeof expected);
}

static void
test_zoom_keeps_the_place_under_the_pointer (void)
{
  g_autoptr (WsTokenMap) map = new_lattice ();
  WsTokenMapPoint before, after;
  WsChartView view;

  draw_only (map);
  g_assert_true (ws_token_map_get_point (map, 465, &before));
  g_assert_true (ws_token_map_zoom_to_view (map, before.x, before.y, 2, &view));
  ws_token_map_set_view (map, &view);
  /* at once, and after a draw */
  for (int i = 0; i < 2; i++)
    {
      g_assert_true (ws_token_map_get_point (map, 465, &after));
      g_assert_cmpfloat_with_epsilon (after.x, before.x, 1e-6);
      g_assert_cmpfloat_with_epsilon (after.y, before.y, 1e-6);
      draw_only (map);
    }
}

static void
test_zoom_ends (void)
{
  g_autoptr (WsTokenMap) map = new_lattice ();
  WsTokenMapPoint first, last;
  WsChartView view;
  guint n = 0;

  draw_only (map);
  g_assert_true (ws_token_map_get_point (map, 0, &first));
  while (n < 100 && ws_token_map_zoom_to_view (map, 250, 150, 2, &view))
    {
      ws_token_map_set_view (map, &view);
      draw_only (map);
      n++;
    }
  g_assert_cmpuint (n, >, 5);
  g_assert_cmpuint (n, <, 40);
  for (guint i = 0; i < n + 5; i++)
    {
      g_assert_true (ws_token_map_zoom_to_view (map, 400, 100, 0.5, &view));
      ws_token_map_set_view (map, &view);
      draw_only (map);
    }
  g_assert_true (ws_token_map_get_point (map, 0, &last));
  g_assert_cmpfloat_with_epsilon (last.x, first.x, 1e-3);
  g_assert_cmpfloat_with_epsilon (last.y, first.y, 1e-3);
}

static void
test_pan_moves_and_ends (void)
{
  g_autoptr (WsTokenMap) map = new_lattice ();
  WsTokenMapPoint before, after;
  WsChartView view;

  draw_only (map);
  g_assert_true (ws_token_map_zoom_to_view (map, 300, 200, 4, &view));
  ws_token_map_set_view (map, &view);
  g_assert_true (ws_token_map_get_point (map, 465, &before));
  g_assert_true (ws_token_map_pan_to_view (map, 10, -20, &view));
  ws_token_map_set_view (map, &view);
  g_assert_true (ws_token_map_get_point (map, 465, &after));
  g_assert_cmpfloat_with_epsilon (after.x, before.x + 10, 1e-6);
  g_assert_cmpfloat_with_epsilon (after.y, before.y - 20, 1e-6);
  for (int i = 0; i < 100; i++)
    if (ws_token_map_pan_to_view (map, 100, 0, &view))
      ws_token_map_set_view (map, &view);
  g_assert_true (ws_token_map_get_point (map, 0, &after));
  g_assert_cmpfloat (after.x, <, WIDTH);
}

static void
test_box_shows_what_was_in_it (void)
{
  g_autoptr (WsTokenMap) map = new_lattice ();
  WsTokenMapPoint a, b;
  WsChartView view;

  draw_only (map);
  g_assert_true (ws_token_map_get_point (map, 303, &a));
  g_assert_true (ws_token_map_get_point (map, 520, &b));
  g_assert_false (ws_token_map_box_to_view (map, a.x, a.y, a.x + 1, b.y, &view));
  g_assert_true (ws_token_map_box_to_view (map, b.x, b.y, a.x, a.y, &view));
  ws_token_map_set_view (map, &view);
  draw_only (map);
  g_assert_true (ws_token_map_get_point (map, 303, &a));
  g_assert_true (ws_token_map_get_point (map, 520, &b));
  g_assert_cmpfloat (a.x, >=, -1e-6);
  g_assert_cmpfloat (a.y, <=, HEIGHT + 1e-6);
  g_assert_cmpfloat (b.x, <=, WIDTH + 1e-6);
  g_assert_cmpfloat (b.y, >=, -1e-6);
  /* and nothing larger than needed: one pair of edges is reached */
  g_assert_true (fabs (b.x - a.x - WIDTH) < 1e-6 || fabs (a.y - b.y - HEIGHT) < 1e-6);
}

/* One point a thousand times further out than the others: they do not shrink to a dot, and the
 * drawing can still reach it. */
static void
test_far_points_do_not_shrink_the_rest (void)
{
  g_autoptr (WsTokenMap) map = ws_token_map_new ();
  float *xy = g_new (float, 2 * 5000);
  WsTokenMapPoint a, b, far_out;
  WsChartView view;

  for (int i = 0; i < 5000; i++)
    {
      xy[2 * i] = (i % 100) / 99.0f;
      xy[2 * i + 1] = (i / 100) / 49.0f;
    }
  xy[0] = 1000;
  ws_token_map_set_points (map, xy, 5000, NULL);
  draw_only (map);
  g_assert_true (ws_token_map_get_point (map, 100, &a));
  g_assert_true (ws_token_map_get_point (map, 199, &b));
  g_assert_cmpfloat (b.x - a.x, >, HEIGHT / 2);
  for (int i = 0; i < 20; i++)
    {
      g_assert_true (ws_token_map_zoom_to_view (map, 300, 200, 0.5, &view));
      ws_token_map_set_view (map, &view);
    }
  draw_only (map);
  g_assert_true (ws_token_map_get_point (map, 0, &far_out));
  g_assert_cmpfloat (far_out.x, <, WIDTH);
  g_free (xy);
}

static gboolean
is_reddish (WsTokenMap *map, guint32 index)
{
  cairo_surface_t *surface = draw_at (map, WIDTH, HEIGHT);
  WsTokenMapPoint point;
  guint32 pixel;

  g_assert_true (ws_token_map_get_point (map, index, &point));
  pixel = get_color (surface, point.x, point.y);
  cairo_surface_destroy (surface);
  /* vermilion, cluster 1, has far more red than blue */
  return (int) (pixel >> 16 & 0xFF) - (int) (pixel & 0xFF) > 60;
}

/* Whatever is set changes the picture that was kept. */
static void
test_kept_picture_is_never_old (void)
{
  g_autoptr (WsTokenMap) map = new_lattice ();
  guint32 labels[N];

  g_assert_true (is_reddish (map, 15));
  g_assert_false (is_reddish (map, 5));
  ws_token_map_highlight_cluster (map, 0);
  g_assert_false (is_reddish (map, 15));
  ws_token_map_highlight_cluster (map, 1);
  g_assert_true (is_reddish (map, 15));
  ws_token_map_set_coloring (map, WS_TOKEN_MAP_ID);
  g_assert_false (is_reddish (map, 15));
  ws_token_map_set_coloring (map, WS_TOKEN_MAP_CLUSTER);
  for (guint i = 0; i < N; i++)
    labels[i] = 1;
  ws_token_map_set_clusters (map, labels, 2, NULL);
  g_assert_true (is_reddish (map, 5));
}

/* The middle of cluster 1 is its column 15, row 15, where its name lies unless that is marked or
 * was searched for. */
static void
test_names_give_way (void)
{
  g_autoptr (WsTokenMap) map = new_lattice ();
  const char *names[] = { "█", "█████", "█" };
  const guint32 middle = 15 * 30 + 15;
  guint32 labels[N];

  for (guint i = 0; i < N; i++)
    labels[i] = i % 30 / 10;
  ws_token_map_set_clusters (map, labels, 3, names);
  g_assert_false (is_reddish (map, middle));
  ws_token_map_set_marked (map, (int) middle, "█████");
  g_assert_true (is_reddish (map, middle));
  ws_token_map_set_marked (map, -1, NULL);
  g_assert_false (is_reddish (map, middle));
  ws_token_map_set_highlight (map, &middle, 1);
  g_assert_true (is_reddish (map, middle));
  ws_token_map_highlight_cluster (map, 1);
  g_assert_false (is_reddish (map, middle));
}

static void
test_same_picture_twice (void)
{
  for (int theme = 0; theme < 3; theme++)
    {
      g_autoptr (WsTokenMap) map = new_lattice ();
      g_autoptr (WsTokenMap) copy = NULL;
      cairo_surface_t *first, *second;

      ws_token_map_set_theme (map, (WsChartTheme) theme);
      copy = ws_token_map_copy (map);
      first = draw_at (map, WIDTH, HEIGHT);
      second = draw_at (copy, WIDTH, HEIGHT);
      g_assert_cmpmem (cairo_image_surface_get_data (first), 4 * WIDTH * HEIGHT,
                       cairo_image_surface_get_data (second), 4 * WIDTH * HEIGHT);
      cairo_surface_destroy (first);
      cairo_surface_destroy (second);
    }
}

static void
test_odd_points (void)
{
  static const float odd[] = { NAN, 0, 0, INFINITY, 1e38f, -1e38f, 3, 3, 3, 3, 1e-40f, 0 };
  static const float spot[] = { 3, 3, 3, 3 };
  static const float line[] = { 0, 3, 1, 3, 2, 3 };
  static const float nowhere[] = { NAN, NAN };
  const struct
  {
    const float *xy;
    gsize n;
  } sets[] = { { odd, 6 }, { spot, 2 }, { line, 3 }, { nowhere, 1 }, { NULL, 0 } };

  for (guint s = 0; s < G_N_ELEMENTS (sets); s++)
    for (int theme = 0; theme < 3; theme++)
      {
        g_autoptr (WsTokenMap) map = ws_token_map_new ();
        g_autofree char *description = NULL;
        const float norms[] = { NAN, INFINITY, 1, 1, 1, 1 };
        WsTokenMapPoint point;
        WsChartView view;

        ws_token_map_set_points (map, sets[s].xy, sets[s].n, NULL);
        ws_token_map_set_theme (map, (WsChartTheme) theme);
        for (int coloring = 0; coloring < 3; coloring++)
          {
            ws_token_map_set_coloring (map, (WsTokenMapColoring) coloring);
            ws_token_map_set_norms (map, norms);
            draw_only (map);
            if (ws_token_map_zoom_to_view (map, 300, 200, 3, &view))
              ws_token_map_set_view (map, &view);
            draw_only (map);
            ws_token_map_pick (map, 300, 200, &point);
          }
        description = ws_token_map_describe (map);
      }
}

static void
test_every_size (void)
{
  g_autoptr (WsTokenMap) map = new_lattice ();

  for (int theme = 0; theme < 3; theme++)
    for (int coloring = 0; coloring < 3; coloring++)
      for (int size = 1; size < 2000; size = size * 2 + 1)
        {
          ws_token_map_set_theme (map, (WsChartTheme) theme);
          ws_token_map_set_coloring (map, (WsTokenMapColoring) coloring);
          cairo_surface_destroy (draw_at (map, size, MIN (size, 100)));
          cairo_surface_destroy (draw_at (map, MIN (size, 100), size));
        }
}

/* Names come from people and from vocabularies. */
static void
test_names_of_any_kind (void)
{
  g_autoptr (WsTokenMap) map = new_lattice ();
  g_autofree char *long_name = g_strnfill (100000, 'x');
  const char *names[] = { "<b>&amp;\n\xff\xfe", "代码 كود", long_name };
  const WsReadoutRow rows[] = { { "token", "<s>&\xff\n" }, { "<k>", long_name } };
  guint32 labels[N];
  cairo_surface_t *surface;
  cairo_t *cr;

  for (guint i = 0; i < N; i++)
    labels[i] = i % 3;
  ws_token_map_set_clusters (map, labels, 3, names);
  ws_token_map_set_marked (map, 465, names[0]);
  surface = draw_at (map, WIDTH, HEIGHT);
  cr = cairo_create (surface);
  for (guint32 i = 0; i < N + 2; i += 100)
    ws_token_map_draw_readout (map, cr, i, rows, 2, WIDTH, HEIGHT);
  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

static void
test_description (void)
{
  g_autoptr (WsTokenMap) map = new_lattice ();
  g_autofree char *description = NULL;

  ws_token_map_highlight_cluster (map, 1);
  description = ws_token_map_describe (map);
  g_assert_cmpstr (description, ==,
                   "Map of 900 tokens. 3 clusters: 1 33.3 percent; 2 33.3 percent; 3 33.3 percent."
                   " 300 tokens are highlighted.");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add_func ("/token-map/" path, function)
  ADD ("axes/one-scale", test_both_axes_have_one_scale);
  ADD ("axes/far-points-do-not-shrink-the-rest", test_far_points_do_not_shrink_the_rest);
  ADD ("pick/finds-each-point", test_pick_finds_each_point);
  ADD ("pick/prefers-what-is-highlighted", test_pick_prefers_what_is_highlighted);
  ADD ("step/goes-to-the-neighbour", test_steps_go_to_the_neighbour);
  ADD ("lasso/finds-what-is-inside", test_lasso_finds_what_is_inside);
  ADD ("view/zoom-keeps-the-place", test_zoom_keeps_the_place_under_the_pointer);
  ADD ("view/zoom-ends", test_zoom_ends);
  ADD ("view/pan-moves-and-ends", test_pan_moves_and_ends);
  ADD ("view/box-shows-what-was-in-it", test_box_shows_what_was_in_it);
  ADD ("draw/kept-picture-is-never-old", test_kept_picture_is_never_old);
  ADD ("draw/names-give-way", test_names_give_way);
  ADD ("draw/same-picture-twice", test_same_picture_twice);
  ADD ("draw/odd-points", test_odd_points);
  ADD ("draw/every-size", test_every_size);
  ADD ("draw/names-of-any-kind", test_names_of_any_kind);
  ADD ("describe/clusters-and-highlight", test_description);
  return g_test_run ();
}
