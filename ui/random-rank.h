/* SPDX-License-Identifier: MIT */
/* Where the energy rank of a matrix would be if its entries were independent noise. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Share of the singular values that hold @fraction of the energy of a large random n_rows x n_cols
 * matrix, by the Marchenko-Pastur law with beta = short / long side.
 *
 * @fraction: in (0, 1)
 *
 * Main thread only: values are kept for each (beta, fraction).
 * Returns: in (0, @fraction]; NAN if a side is 0.
 * Source: Marchenko & Pastur, Math. USSR Sbornik 1(4), 1967.
 */
double ws_random_rank_share (guint64 n_rows, guint64 n_cols, double fraction);

G_END_DECLS
