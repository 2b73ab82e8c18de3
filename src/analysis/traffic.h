/* SPDX-License-Identifier: MIT */
/* What an analysis would read from the Hub. */
#pragma once

#include "analysis/result.h"

G_BEGIN_DECLS

/* Bytes that computing @result reads from the Hub; 0 if its file is here. Exact quantiles of types
 * of 32 and 64 bits look at a matrix twice: what is longer than @n_ahead_bytes, which the reader
 * can keep, is then fetched twice. */
guint64 ws_traffic_count (const WsResult *result, guint64 n_ahead_bytes);

G_END_DECLS
