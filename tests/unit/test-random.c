/* SPDX-License-Identifier: MIT */
/* Random numbers are SplitMix64, wherever they are asked for, and look like chance. */
#include "cluster/random.h"

#include <math.h>

/* SplitMix64 as it is published, with a state. */
static guint64
next (guint64 *state)
{
  guint64 z = *state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/* The first numbers that everyone's SplitMix64 gives for the seed 1234567. */
static void
test_reference_is_splitmix64 (void)
{
  const guint64 published[] = { G_GUINT64_CONSTANT (6457827717110365317),
                                G_GUINT64_CONSTANT (3203168211198807973),
                                G_GUINT64_CONSTANT (9817491932198370423) };
  guint64 state = 1234567;

  for (guint i = 0; i < G_N_ELEMENTS (published); i++)
    g_assert_cmpuint (next (&state), ==, published[i]);
}

/* A stream is the sequence of a key that the first number of the seed gives for it. */
static void
test_streams_are_sequences (void)
{
  const guint64 seeds[] = { 0, 1, 42, G_MAXUINT64 };

  for (guint i = 0; i < G_N_ELEMENTS (seeds); i++)
    for (guint64 stream = 0; stream < 5; stream++)
      {
        guint64 seed = seeds[i], before, key;

        /* the state before the number that makes the key is one step back */
        before = next (&seed) + (stream - 1) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
        key = next (&before);
        for (guint64 counter = 0; counter < 5; counter++)
          g_assert_cmpuint (ws_random_get (seeds[i], stream, counter), ==, next (&key));
      }
}

/* Mean 1/2 and variance 1/12 of a million numbers, within five of their standard errors: 2.9e-4
 * and, from the fourth moment 1/80, 7.5e-5. In [0, 1) always. */
static void
assert_uniform (guint64 seed_step, guint64 stream_step, guint64 counter_step)
{
  const guint n = 1000000;
  double sum = 0, squares = 0;

  for (guint i = 0; i < n; i++)
    {
      const double u = ws_random_get_uniform (i * seed_step, i * stream_step, i * counter_step);

      g_assert_true (u >= 0 && u < 1);
      sum += u;
      squares += (u - 0.5) * (u - 0.5);
    }
  g_assert_cmpfloat_with_epsilon (sum / n, 0.5, 5 * 2.9e-4);
  g_assert_cmpfloat_with_epsilon (squares / n, 1.0 / 12, 5 * 7.5e-5);
}

static void
test_all_three_count (void)
{
  assert_uniform (0, 0, 1);
  assert_uniform (0, 1, 0);
  assert_uniform (1, 0, 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/random/reference-is-splitmix64", test_reference_is_splitmix64);
  g_test_add_func ("/random/streams-are-sequences", test_streams_are_sequences);
  g_test_add_func ("/random/seed-stream-and-counter-count", test_all_three_count);
  return g_test_run ();
}
