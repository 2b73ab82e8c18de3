/* SPDX-License-Identifier: MIT */
/* The value that would stand at a place if all were sorted, without sorting them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Moves those that are finite to the front. Returns: how many. */
gsize ws_values_keep_finite (float *values, gsize n);

/* The value of rank @rank (from 0) of @n finite ones, in a time that grows with n alone for any but
 * contrived orders. Changes their order: then those before @rank are not greater, those behind it
 * not less.
 * Source: Hoare, "Algorithm 65: Find", CACM 4(7), 1961. */
float ws_values_select (float *values, gsize n, gsize rank);

G_END_DECLS
