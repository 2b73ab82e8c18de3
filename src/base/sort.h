/* SPDX-License-Identifier: MIT */
/* Numbers in order. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Puts @n values, of which none is NAN, in ascending order. */
void ws_sort_doubles (double *values, gsize n);

/* Puts @n keys in ascending order, by their bytes: in the time that it takes to read them some
 * times. @spare: room for as many; its contents are lost. */
void ws_sort_u64 (guint64 *keys, guint64 *spare, gsize n);

G_END_DECLS
