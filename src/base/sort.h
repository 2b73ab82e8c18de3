/* SPDX-License-Identifier: MIT */
/* Numbers in order. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Puts @n values, of which none is NAN, in ascending order. */
void ws_sort_doubles (double *values, gsize n);

G_END_DECLS
