/* SPDX-License-Identifier: MIT */
/* A long computation that cannot be interrupted, on a thread that can be left behind. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Turns @d (n values) into its result with @e (n values) and @work (4 n) as it likes.
 * Returns: LAPACK's info, 0 for success. */
typedef int (*WsDetachedFunc) (double *d, double *e, double *work, int n);

/* Runs @func on copies; @d receives the result. When cancelled it returns at once and the thread
 * frees its copies when it is done.
 * Returns: FALSE: cancelled, or @func failed (WS_ERROR_NUMERIC). */
gboolean ws_detached_run (WsDetachedFunc func, double *d, const double *e, int n,
                          GCancellable *cancellable, GError **error);

G_END_DECLS
