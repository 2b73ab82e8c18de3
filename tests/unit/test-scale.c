/* SPDX-License-Identifier: MIT */
/* Axes: places of values, and which of them get a text. */
#include "chart/scale.h"

#include <math.h>

static const WsScale linear = { .min = 0, .max = 10, .from = 100, .to = 300 };
static const WsScale upward = { .log = TRUE, .min = 0.01, .max = 100, .from = 400, .to = 0 };

/* 0 … 10 on 100 … 300: 20 for each unit. */
static void
test_linear_map (void)
{
  g_assert_cmpfloat_with_epsilon (ws_scale_map (&linear, 0), 100, 1e-12);
  g_assert_cmpfloat_with_epsilon (ws_scale_map (&linear, 2.5), 150, 1e-12);
  g_assert_cmpfloat_with_epsilon (ws_scale_map (&linear, -1), 80, 1e-12);
}

/* Four decades on 400 … 0: 100 for each, 1 in the middle. */
static void
test_log_map (void)
{
  g_assert_cmpfloat_with_epsilon (ws_scale_map (&upward, 0.01), 400, 1e-9);
  g_assert_cmpfloat_with_epsilon (ws_scale_map (&upward, 1), 200, 1e-9);
  g_assert_cmpfloat_with_epsilon (ws_scale_map (&upward, 10), 100, 1e-9);
}

static void
test_log_of_zero_has_no_place (void)
{
  g_assert_true (isnan (ws_scale_map (&upward, 0)));
  g_assert_true (isnan (ws_scale_map (&upward, -1)));
  g_assert_true (isnan (ws_scale_map (&upward, NAN)));
  g_assert_true (isnan (ws_scale_map (&linear, INFINITY)));
}

static void
test_unmap_is_the_inverse (void)
{
  for (double value = 0.02; value < 90; value *= 1.7)
    {
      g_assert_cmpfloat_with_epsilon (ws_scale_unmap (&upward, ws_scale_map (&upward, value)),
                                      value, 1e-12 * value);
      g_assert_cmpfloat_with_epsilon (ws_scale_unmap (&linear, ws_scale_map (&linear, value)),
                                      value, 1e-12);
    }
}

/* The whole range of doubles fits on an axis. */
static void
test_extreme_log_axis (void)
{
  const WsScale scale = { .log = TRUE, .min = 5e-324, .max = 1e308, .from = 0, .to = 1000 };
  g_autoptr (GArray) ticks = ws_scale_choose_ticks (&scale, 40, WS_TICKS_NUMBER);

  g_assert_true (isfinite (ws_scale_map (&scale, 1)));
  g_assert_cmpuint (ticks->len, >, 2);
  g_assert_cmpuint (ticks->len, <, 200);
}

/* The texts of the ticks that have one, joined by "|". */
static char *
join_texts (const WsScale *scale, double gap, WsTickStyle style)
{
  g_autoptr (GArray) ticks = ws_scale_choose_ticks (scale, gap, style);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < ticks->len; i++)
    {
      const WsTick *tick = &g_array_index (ticks, WsTick, i);

      if (tick->text[0] != '\0')
        g_string_append_printf (text, "%s%s", text->len > 0 ? "|" : "", tick->text);
    }
  return g_string_free (text, FALSE);
}

static void
assert_texts (const WsScale *scale, double gap, WsTickStyle style, const char *expected)
{
  g_autofree char *texts = join_texts (scale, gap, style);

  g_assert_cmpstr (texts, ==, expected);
}

/* 20 a unit: a gap of 30 needs 1.5 units, the next of 1, 2, 5 is 2; one of 90 needs 5. */
static void
test_linear_steps_are_nice (void)
{
  assert_texts (&linear, 30, WS_TICKS_NUMBER, "0|2|4|6|8|10");
  assert_texts (&linear, 90, WS_TICKS_NUMBER, "0|5|10");
}

static void
test_decimals_follow_the_step (void)
{
  const WsScale scale = { .min = 0, .max = 1.04, .from = 0, .to = 200 };

  assert_texts (&scale, 30, WS_TICKS_NUMBER, "0.0|0.2|0.4|0.6|0.8|1.0");
}

static void
test_percent (void)
{
  const WsScale scale = { .min = 0, .max = 1, .from = 200, .to = 0 };

  assert_texts (&scale, 80, WS_TICKS_PERCENT, "0\u202f%|50\u202f%|100\u202f%");
}

/* 100 a decade: 1, 2, 5 are at least 30.1 apart. A gap of 30 has decades within three gaps, so
 * they suffice; a gap of 31 has them as well. On 400 a decade, 2 and 5 are shown too. */
static void
test_log_texts (void)
{
  const WsScale wide = { .log = TRUE, .min = 1, .max = 10, .from = 0, .to = 400 };
  const WsScale narrow = { .log = TRUE, .min = 1e-3, .max = 1e3, .from = 0, .to = 120 };

  assert_texts (&upward, 35, WS_TICKS_NUMBER, "0.01|0.1|1|10|100");
  assert_texts (&wide, 50, WS_TICKS_NUMBER, "1|2|5|10");
  /* 20 a decade: every third */
  assert_texts (&narrow, 50, WS_TICKS_NUMBER, "0.001|1|1\u2009000");
}

static void
test_long_log_axis_is_in_powers (void)
{
  const WsScale scale = { .log = TRUE, .min = 1e-8, .max = 1e2, .from = 0, .to = 300 };

  assert_texts (&scale, 50, WS_TICKS_NUMBER, "10⁻⁸|10⁻⁶|10⁻⁴|10⁻²|10⁰|10²");
}

/* 0.951 … 1.051 holds one power of ten. 50 of 300 are 0.0174 at the upper end: steps of 0.02. */
static void
test_short_log_axis_has_texts (void)
{
  const WsScale scale = { .log = TRUE, .min = 0.951, .max = 1.051, .from = 0, .to = 300 };

  assert_texts (&scale, 50, WS_TICKS_NUMBER, "0.96|0.98|1.00|1.02|1.04");
}

static void
test_tiny_values_share_a_power (void)
{
  const WsScale scale = { .min = 0, .max = 4.1e-7, .from = 0, .to = 200 };

  assert_texts (&scale, 60, WS_TICKS_NUMBER, "0|2×10⁻⁷|4×10⁻⁷");
}

static void
test_counts_are_whole (void)
{
  const WsScale scale = { .min = 1, .max = 3, .from = 0, .to = 900 };

  assert_texts (&scale, 40, WS_TICKS_COUNT, "1|2|3");
}

/* Every axis that a zoom can reach: no texts nearer than asked for, all inside. */
static void
test_texts_keep_their_distance (void)
{
  for (int log = 0; log < 2; log++)
    for (double width = 1e-3; width < 1e6; width *= 3.1)
      {
        const WsScale scale = { .log = log, .min = 0.7, .max = 0.7 + width, .from = 0, .to = 500 };
        g_autoptr (GArray) ticks = ws_scale_choose_ticks (&scale, 40, WS_TICKS_NUMBER);
        double last = -INFINITY;

        for (guint i = 0; i < ticks->len; i++)
          {
            const WsTick *tick = &g_array_index (ticks, WsTick, i);

            g_assert_cmpfloat (tick->position, >=, -1e-6);
            g_assert_cmpfloat (tick->position, <=, 500 + 1e-6);
            if (tick->text[0] == '\0')
              continue;
            g_assert_cmpfloat (tick->position - last, >=, 40 - 1e-6);
            last = tick->position;
          }
        g_assert_true (isfinite (last));
      }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scale/map/linear", test_linear_map);
  g_test_add_func ("/scale/map/log", test_log_map);
  g_test_add_func ("/scale/map/log-of-zero-has-no-place", test_log_of_zero_has_no_place);
  g_test_add_func ("/scale/unmap/is-the-inverse", test_unmap_is_the_inverse);
  g_test_add_func ("/scale/ticks/extreme-log-axis", test_extreme_log_axis);
  g_test_add_func ("/scale/ticks/linear-steps-are-nice", test_linear_steps_are_nice);
  g_test_add_func ("/scale/ticks/decimals-follow-the-step", test_decimals_follow_the_step);
  g_test_add_func ("/scale/ticks/percent", test_percent);
  g_test_add_func ("/scale/ticks/log-texts", test_log_texts);
  g_test_add_func ("/scale/ticks/long-log-axis-is-in-powers", test_long_log_axis_is_in_powers);
  g_test_add_func ("/scale/ticks/short-log-axis-has-texts", test_short_log_axis_has_texts);
  g_test_add_func ("/scale/ticks/tiny-values-share-a-power", test_tiny_values_share_a_power);
  g_test_add_func ("/scale/ticks/counts-are-whole", test_counts_are_whole);
  g_test_add_func ("/scale/ticks/texts-keep-their-distance", test_texts_keep_their_distance);
  return g_test_run ();
}
