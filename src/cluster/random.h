/* SPDX-License-Identifier: MIT */
/* Random numbers that are a function of where they are used: no state, so the order in which they
 * are asked for, and by which thread, does not matter. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* 64 random bits.
 * @seed: what the user chose, recorded
 * @stream: one for each use
 * @counter: of the number within that use
 * Source: the finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014), on a key made by itself.
 */
guint64 ws_random_get (guint64 seed, guint64 stream, guint64 counter);

/* In [0, 1), a multiple of 2^-53. */
double ws_random_get_uniform (guint64 seed, guint64 stream, guint64 counter);

G_END_DECLS
