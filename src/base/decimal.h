/* SPDX-License-Identifier: MIT */
/* The shortest decimal that is a double, in integers. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* As "%.15g", or with 16 or 17 digits where 15 or 16 do not read back as the same double; some ten
 * times as fast as printf and strtod, which are for the rest.
 * @buffer: room for 32 bytes; left alone on failure
 * @value: finite
 * Returns: FALSE for what does not fit: integers, 1e15 and more, less than 1e-16, and all where the
 * compiler has no integers of 128 bits. */
gboolean ws_decimal_write_shortest (char *buffer, double value);

/* In decimal, with a sign if it is negative. @buffer: room for 21 bytes */
void ws_decimal_write_integer (char *buffer, gint64 value);

G_END_DECLS
