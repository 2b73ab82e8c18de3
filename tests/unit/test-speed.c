/* SPDX-License-Identifier: MIT */
/* Speeds: learnt from what matrices took, without a clock; and what outlives the program. */
#include "analysis-fixture.h"
#include "analysis/speed.h"

static const WsStages reading_only = { .reading = 1e9 };
static const WsStages of_all = { 1e9, 2e9, 3e9 };

static void
test_seconds (void)
{
  const WsSpeed speed = { 1e-9, 2e-9, 3e-9 };

  /* 1 x 1 + 2 x 2 + 3 x 3 */
  g_assert_cmpfloat_with_epsilon (ws_speed_get_seconds (&speed, &of_all), 14, 1e-12);
}

/* A machine of which only the speed at reading was judged wrong: after matrices of one stage and
 * of all of them, both are foretold. */
static void
test_learns_every_stage (void)
{
  const WsSpeed truth = { 8e-9, 1e-9, 1e-9 };
  WsSpeed speed;

  ws_speed_init_uniform (&speed, 1e-9);
  for (int i = 0; i < 100; i++)
    {
      ws_speed_learn (&speed, &reading_only, ws_speed_get_seconds (&truth, &reading_only));
      ws_speed_learn (&speed, &of_all, ws_speed_get_seconds (&truth, &of_all));
    }
  g_assert_cmpfloat_with_epsilon (ws_speed_get_seconds (&speed, &reading_only), 8, 0.2);
  g_assert_cmpfloat_with_epsilon (ws_speed_get_seconds (&speed, &of_all), 13, 0.2);
}

/* A stage that takes no part is not blamed. */
static void
test_blames_who_takes_part (void)
{
  WsSpeed speed;

  ws_speed_init_uniform (&speed, 1e-9);
  ws_speed_learn (&speed, &reading_only, 100);
  g_assert_cmpfloat (speed.reading, >, 1e-9);
  g_assert_cmpfloat (speed.gram, ==, 1e-9);
  g_assert_cmpfloat (speed.reduction, ==, 1e-9);
}

/* The machine slept: exp (0.3 log 20) = 2.46 at most. */
static void
test_an_accident_changes_little (void)
{
  WsSpeed speed;

  ws_speed_init_uniform (&speed, 1e-9);
  ws_speed_learn (&speed, &reading_only, 1e6);
  g_assert_cmpfloat (speed.reading, <, 2.5e-9);
  ws_speed_learn (&speed, &reading_only, 0);
  ws_speed_learn (&speed, &(WsStages){ 0 }, 1);
  g_assert_cmpfloat (speed.reading, <, 2.5e-9);
}

/* Fifty that were to take 0.1 ms each and took twenty times as long, because the machine was busy.
 * While the speed is less than twice what it was, each changes it by exp (0.3 x 0.2 / 20.2 x log
 * 20) at most: 1.56 in all. */
static void
test_short_ones_tell_little (void)
{
  const WsStages few = { .reading = 1e5 };
  WsSpeed speed;

  ws_speed_init_uniform (&speed, 1e-9);
  for (int i = 0; i < 50; i++)
    ws_speed_learn (&speed, &few, 2e-3);
  g_assert_cmpfloat (speed.reading, <, 1.6e-9);
}

/* Between 0.1 and 1,000 billion operations in a second. */
static void
test_probe_is_plausible (void)
{
  WsSpeed speed;

  ws_speed_init_processor (&speed);
  g_assert_cmpfloat (speed.gram, >, 1e-12);
  g_assert_cmpfloat (speed.gram, <, 1e-8);
}

/* In one program: what the store holds replaces a probe, and then nothing but what is learnt. */
static void
test_outlives_the_program (void)
{
  g_autofree char *folder = fixture_make_folder ();
  g_autofree char *path = g_build_filename (folder, "results.sqlite", NULL);
  g_autoptr (WsStore) store = ws_store_open (path, NULL, NULL);
  const WsSpeed learnt = { 1e-9, 2e-9, 3e-9 };
  WsSpeed speed;

  ws_speeds_save (store);
  g_assert_false (ws_speed_init_device (&speed));
  ws_speed_remember_processor (&learnt);
  ws_speed_remember_device (&learnt);
  ws_speeds_save (store);
  ws_speed_remember_processor (&(WsSpeed){ 7e-9, 7e-9, 7e-9 });
  ws_speeds_recall (store);
  ws_speed_init_processor (&speed);
  g_assert_cmpfloat (speed.gram, ==, 7e-9);
  g_assert_true (ws_speed_init_device (&speed));
  g_assert_cmpfloat (speed.reduction, ==, 3e-9);
  fixture_remove_folder (folder);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/speed/seconds", test_seconds);
  g_test_add_func ("/speed/learns-every-stage", test_learns_every_stage);
  g_test_add_func ("/speed/blames-who-takes-part", test_blames_who_takes_part);
  g_test_add_func ("/speed/an-accident-changes-little", test_an_accident_changes_little);
  g_test_add_func ("/speed/short-ones-tell-little", test_short_ones_tell_little);
  g_test_add_func ("/speed/probe-is-plausible", test_probe_is_plausible);
  g_test_add_func ("/speed/outlives-the-program", test_outlives_the_program);
  return g_test_run ();
}
