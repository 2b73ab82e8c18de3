/* SPDX-License-Identifier: MIT */
/* Random numbers that are a function of where they are used. */
#include "cluster/random.h"

/* The golden ratio in 64 bits, odd: multiples of it visit all numbers. */
#define GAMMA G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)

static guint64
mix (guint64 z)
{
  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

guint64
ws_random_get (guint64 seed, guint64 stream, guint64 counter)
{
  guint64 key = mix (mix (seed + GAMMA) + stream * GAMMA);

  return mix (key + (counter + 1) * GAMMA);
}

double
ws_random_get_uniform (guint64 seed, guint64 stream, guint64 counter)
{
  return (ws_random_get (seed, stream, counter) >> 11) * 0x1p-53;
}
