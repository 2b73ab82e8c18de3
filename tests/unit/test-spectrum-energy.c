/* SPDX-License-Identifier: MIT */
/* The energy that the spectrum chart marks is that of the metric, also of extreme values. */
#include "chart/spectrum-chart.h"

#include "chart-fixture.h"
#include "spectra/metrics.h"

#include <math.h>

static void
draw_only (WsSpectrumChart *chart)
{
  cairo_surface_destroy (draw_chart (chart, (DrawChart) ws_spectrum_chart_draw, 600, 400));
}

/* n equal values: the first k hold k / n. 90 % of 10 is 9; of 48, 43.2, so 44. */
static void
test_marker_rank_of_flat_spectra (void)
{
  g_autoptr (WsSpectrumChart) chart = ws_spectrum_chart_new ();
  double sigma[48];

  for (int i = 0; i < 48; i++)
    sigma[i] = 0.1;
  ws_spectrum_chart_add (chart, "ten", -1, sigma, 10);
  ws_spectrum_chart_add (chart, "48", -1, sigma, 48);
  g_assert_cmpuint (ws_spectrum_chart_get_marker_rank (chart, 0), ==, 9);
  g_assert_cmpuint (ws_spectrum_chart_get_marker_rank (chart, 1), ==, 44);
  ws_spectrum_chart_set_marker (chart, 1);
  g_assert_cmpuint (ws_spectrum_chart_get_marker_rank (chart, 1), ==, 48);
  ws_spectrum_chart_set_marker (chart, 0);
  g_assert_cmpuint (ws_spectrum_chart_get_marker_rank (chart, 1), ==, 0);
}

/* sigma_i^2 = 4^-i: the first k hold 1 - 4^-k (n large): 0.75, 0.9375. */
static void
test_marker_rank_of_geometric_spectrum (void)
{
  g_autoptr (WsSpectrumChart) chart = ws_spectrum_chart_new ();
  double sigma[40];
  WsSpectrumPoint point;

  for (int i = 0; i < 40; i++)
    sigma[i] = ldexp (1, -i);
  ws_spectrum_chart_add (chart, "geometric", -1, sigma, 40);
  g_assert_cmpuint (ws_spectrum_chart_get_marker_rank (chart, 0), ==, 2);
  draw_only (chart);
  g_assert_true (ws_spectrum_chart_get_point (chart, 0, 2, &point));
  g_assert_cmpfloat_with_epsilon (point.energy, 0.9375, 1e-12);
}

/* The chart keeps running sums; the table asks ws_energy_rank. */
static void
test_marker_rank_is_the_metric (void)
{
  for (gsize n = 1; n < 300; n += 17)
    {
      g_autoptr (WsSpectrumChart) chart = ws_spectrum_chart_new ();
      g_autofree double *sigma = g_new (double, n);

      for (gsize i = 0; i < n; i++)
        sigma[i] = 1 / sqrt (i + 1.0);
      ws_spectrum_chart_add (chart, "matrix", -1, sigma, n);
      for (double fraction = 0.1; fraction < 1.01; fraction += 0.1)
        {
          ws_spectrum_chart_set_marker (chart, MIN (fraction, 1));
          g_assert_cmpuint (ws_spectrum_chart_get_marker_rank (chart, 0), ==,
                            ws_energy_rank (sigma, n, MIN (fraction, 1)));
        }
    }
}

/* Squares of these neither overflow nor vanish: 3-4-5 triangles at both ends of doubles. */
static void
test_energy_of_extreme_values (void)
{
  static const double scales[] = { 1e307, 1e-307 };

  for (guint s = 0; s < G_N_ELEMENTS (scales); s++)
    {
      g_autoptr (WsSpectrumChart) chart = ws_spectrum_chart_new ();
      const double sigma[] = { 4 * scales[s], 3 * scales[s] };
      WsSpectrumPoint point;

      ws_spectrum_chart_add (chart, "matrix", -1, sigma, 2);
      draw_only (chart);
      g_assert_true (ws_spectrum_chart_get_point (chart, 0, 1, &point));
      g_assert_cmpfloat_with_epsilon (point.energy, 16 / 25.0, 1e-12);
      ws_spectrum_chart_set_log (chart, TRUE, TRUE);
      draw_only (chart);
      g_assert_true (ws_spectrum_chart_get_point (chart, 0, 2, &point));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add_func ("/spectrum-energy/" path, function)
  ADD ("marker/flat-spectra", test_marker_rank_of_flat_spectra);
  ADD ("marker/geometric-spectrum", test_marker_rank_of_geometric_spectrum);
  ADD ("marker/is-the-metric", test_marker_rank_is_the_metric);
  ADD ("extreme-values", test_energy_of_extreme_values);
  return g_test_run ();
}
