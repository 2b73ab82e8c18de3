/* SPDX-License-Identifier: MIT */
/* Colours: contrast on their grounds, and told apart by colour-blind readers. */
#include "chart/palette.h"

#include <math.h>
#include <string.h>

/* WCAG 2.1, relative luminance and contrast ratio, written down a second time. */
static double
get_luminance (WsColor c)
{
  const double channels[3] = { c.r, c.g, c.b };
  const double weights[3] = { 0.2126, 0.7152, 0.0722 };
  double sum = 0;

  for (int i = 0; i < 3; i++)
    sum += weights[i] * (channels[i] <= 0.03928 ? channels[i] / 12.92
                                                : pow ((channels[i] + 0.055) / 1.055, 2.4));
  return sum;
}

static double
get_contrast (WsColor a, WsColor b)
{
  double la = get_luminance (a) + 0.05, lb = get_luminance (b) + 0.05;

  return la > lb ? la / lb : lb / la;
}

static WsColor
get_ground (gboolean dark)
{
  return ws_color_from_hex (dark ? 0x17191C : 0xFFFFFF);
}

/* Black on white is 21 by definition; #777777 on white is the 4.48 of every WCAG guide. */
static void
test_contrast_known_values (void)
{
  WsColor white = ws_color_from_hex (0xFFFFFF);

  g_assert_cmpfloat_with_epsilon (ws_color_get_contrast (ws_color_from_hex (0), white), 21, 1e-9);
  g_assert_cmpfloat_with_epsilon (ws_color_get_contrast (white, ws_color_from_hex (0x777777)), 4.48,
                                  0.005);
}

static void
test_lines_have_contrast_3 (void)
{
  for (int dark = 0; dark < 2; dark++)
    for (guint i = 0; i < WS_PALETTE_SERIES; i++)
      g_assert_cmpfloat (get_contrast (ws_palette_get_series (i, dark), get_ground (dark)), >=, 3);
}

static void
test_text_has_contrast_4_5 (void)
{
  for (int dark = 0; dark < 2; dark++)
    for (guint i = 0; i < WS_PALETTE_SERIES; i++)
      {
        WsColor text = ws_color_for_text (ws_palette_get_series (i, dark), get_ground (dark));

        g_assert_cmpfloat (get_contrast (text, get_ground (dark)), >=, 4.5);
      }
}

/* As a deuteranope sees it: Viénot, Brettel & Mollon 1999, on linear sRGB; then CIE Lab. */
static void
see_without_green_cones (WsColor color, double lab[3])
{
  const double in[3] = { color.r, color.g, color.b };
  double linear[3], seen[3], xyz[3], f[3];

  for (int i = 0; i < 3; i++)
    linear[i] = in[i] <= 0.04045 ? in[i] / 12.92 : pow ((in[i] + 0.055) / 1.055, 2.4);
  seen[0] = seen[1] = 0.29275 * linear[0] + 0.70725 * linear[1];
  seen[2] = -0.02234 * linear[0] + 0.02234 * linear[1] + linear[2];
  xyz[0] = (0.4124 * seen[0] + 0.3576 * seen[1] + 0.1805 * seen[2]) / 0.9505;
  xyz[1] = 0.2126 * seen[0] + 0.7152 * seen[1] + 0.0722 * seen[2];
  xyz[2] = (0.0193 * seen[0] + 0.1192 * seen[1] + 0.9505 * seen[2]) / 1.089;
  for (int i = 0; i < 3; i++)
    f[i] = xyz[i] > 0.008856 ? cbrt (xyz[i]) : 7.787 * xyz[i] + 16.0 / 116;
  lab[0] = 116 * f[1] - 16;
  lab[1] = 500 * (f[0] - f[1]);
  lab[2] = 200 * (f[1] - f[2]);
}

static double
get_seen_distance (WsColor a, WsColor b)
{
  double p[3], q[3];

  see_without_green_cones (a, p);
  see_without_green_cones (b, q);
  return sqrt ((p[0] - q[0]) * (p[0] - q[0]) + (p[1] - q[1]) * (p[1] - q[1]) +
               (p[2] - q[2]) * (p[2] - q[2]));
}

/* 10 in Lab is told apart at a glance. More than the first three rely on their dashes too. */
static void
test_first_lines_differ_for_deuteranopes (void)
{
  for (int dark = 0; dark < 2; dark++)
    for (guint i = 0; i < 3; i++)
      for (guint j = 0; j < i; j++)
        g_assert_cmpfloat (
            get_seen_distance (ws_palette_get_series (i, dark), ws_palette_get_series (j, dark)), >,
            10);
}

static void
test_dashes_all_differ (void)
{
  for (guint i = 0; i < WS_PALETTE_SERIES; i++)
    for (guint j = 0; j < i; j++)
      {
        double a[6] = { 0 }, b[6] = { 0 };
        guint n = ws_palette_get_dashes (i, a);

        g_assert_true (n != ws_palette_get_dashes (j, b) || memcmp (a, b, sizeof a) != 0);
        g_assert_cmpuint (n % 2, ==, 0);
      }
}

/* The ends and the middle of matplotlib's table: #440154, #21918C, #FDE725. */
static void
test_viridis_known_colours (void)
{
  WsColor first = ws_palette_get_viridis (0), middle = ws_palette_get_viridis (0.5),
          last = ws_palette_get_viridis (1);

  g_assert_cmpfloat_with_epsilon (first.r, 0x44 / 255.0, 1e-9);
  g_assert_cmpfloat_with_epsilon (middle.g, 0x91 / 255.0, 1.5 / 255);
  g_assert_cmpfloat_with_epsilon (last.b, 0x25 / 255.0, 1e-9);
}

static void
test_viridis_grows_lighter (void)
{
  double last = -1;

  for (int i = 0; i <= 100; i++)
    {
      double luminance = get_luminance (ws_palette_get_viridis (i / 100.0));

      g_assert_cmpfloat (luminance, >, last);
      last = luminance;
    }
}

static void
test_viridis_is_clamped (void)
{
  WsColor below = ws_palette_get_viridis (-3), first = ws_palette_get_viridis (0);

  g_assert_cmpfloat (below.r, ==, first.r);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/palette/contrast/known-values", test_contrast_known_values);
  g_test_add_func ("/palette/series/lines-have-contrast-3", test_lines_have_contrast_3);
  g_test_add_func ("/palette/series/text-has-contrast-4.5", test_text_has_contrast_4_5);
  g_test_add_func ("/palette/series/first-lines-differ-for-deuteranopes",
                   test_first_lines_differ_for_deuteranopes);
  g_test_add_func ("/palette/dashes/all-differ", test_dashes_all_differ);
  g_test_add_func ("/palette/viridis/known-colours", test_viridis_known_colours);
  g_test_add_func ("/palette/viridis/grows-lighter", test_viridis_grows_lighter);
  g_test_add_func ("/palette/viridis/is-clamped", test_viridis_is_clamped);
  return g_test_run ();
}
