/* SPDX-License-Identifier: MIT */
/* Share and time left, from work and seconds alone: no clock is needed to test them. */
#include "analysis/pace.h"

static void
test_unknown_in_first_second (void)
{
  WsPace pace = { 0 };

  ws_pace_update (&pace, 0.9, 50, 100);
  g_assert_cmpfloat (ws_pace_get_seconds_left (&pace, 100), <, 0);
}

static void
test_unknown_while_nothing_moves (void)
{
  WsPace pace = { 0 };

  ws_pace_update (&pace, 5, 0, 100);
  g_assert_cmpfloat (ws_pace_get_seconds_left (&pace, 100), <, 0);
}

/* 10 of 100 in each second: after 3 s, 70 are left, which takes 7 s. */
static void
test_steady_speed (void)
{
  WsPace pace = { 0 };

  for (int second = 1; second <= 3; second++)
    ws_pace_update (&pace, second, 10.0 * second, 100);
  g_assert_cmpfloat_with_epsilon (ws_pace_get_seconds_left (&pace, 100), 7, 1e-12);
}

/* The speed falls from 10 to 1: the estimate moves towards 1 step by step, never past it. */
static void
test_speed_is_smoothed (void)
{
  WsPace pace = { 0 };
  double work = 20, last;

  ws_pace_update (&pace, 2, work, 1000);
  last = pace.work_per_second;
  g_assert_cmpfloat (last, ==, 10);
  for (int i = 1; i <= 100; i++)
    {
      work += 1;
      ws_pace_update (&pace, 2 + i, work, 1000);
      g_assert_cmpfloat (pace.work_per_second, <, last);
      g_assert_cmpfloat (pace.work_per_second, >, 1);
      last = pace.work_per_second;
    }
  /* Of the difference of 9, exp (-10) is left after ten times the smoothing time. */
  g_assert_cmpfloat (last, <, 1 + 9 * 5e-5);
}

static void
test_share_never_falls (void)
{
  WsPace pace = { 0 };

  ws_pace_update (&pace, 1, 60, 100);
  ws_pace_update (&pace, 2, 40, 100); /* a matrix was broken off */
  g_assert_cmpfloat (pace.share, ==, 0.6);
}

static void
test_share_of_no_work (void)
{
  WsPace pace = { 0 };

  ws_pace_update (&pace, 2, 0, 0);
  g_assert_cmpfloat (pace.share, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pace/unknown/in-first-second", test_unknown_in_first_second);
  g_test_add_func ("/pace/unknown/while-nothing-moves", test_unknown_while_nothing_moves);
  g_test_add_func ("/pace/steady-speed", test_steady_speed);
  g_test_add_func ("/pace/speed-is-smoothed", test_speed_is_smoothed);
  g_test_add_func ("/pace/share/never-falls", test_share_never_falls);
  g_test_add_func ("/pace/share/of-no-work", test_share_of_no_work);
  return g_test_run ();
}
