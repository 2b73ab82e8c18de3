/* SPDX-License-Identifier: MIT */
/* Singular values of a bidiagonal matrix: where both routes end. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* To high relative accuracy, also of the smallest (dqds: Fernando & Parlett 1994).
 * @d: n diagonal elements; (out) the singular values, descending
 * @e: n - 1 elements above it
 * Returns: FALSE: cancelled, or WS_ERROR_NUMERIC. */
gboolean ws_bidiagonal_compute_values (double *d, const double *e, gsize n,
                                       GCancellable *cancellable, GError **error);

G_END_DECLS
