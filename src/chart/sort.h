/* SPDX-License-Identifier: MIT */
/* Values in order, without those that are no numbers. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Puts the finite ones of @values first, ascending. Returns: how many they are. */
gsize ws_sort_finite (float *values, gsize n);

G_END_DECLS
