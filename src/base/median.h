/* SPDX-License-Identifier: MIT */
/* The median of what is known. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Of those of @n values that are not NAN, the mean of the two in the middle of an even number; NAN
 * if there are none. Changes their order. */
double ws_median_compute (double *values, gsize n);

G_END_DECLS
