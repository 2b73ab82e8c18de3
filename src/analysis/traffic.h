/* SPDX-License-Identifier: MIT */
/* What an analysis would read from the Hub. */
#pragma once

#include "analysis/analysis.h"

G_BEGIN_DECLS

typedef struct
{
  guint64 n_bytes;       /* in all */
  guint64 n_again_bytes; /* of them: that were read before, and for which there is no room */
  guint64 n_kept_bytes;  /* that would have to be kept to read each byte once */
} WsTraffic;

/* At most what computing @results (element-type WsResult) reads from the Hub; of files that are
 * here: 0. What is read more than once (ws_spectrum_count_reads) is fetched once where the source
 * can keep what the threads work on at the same time, in its memory or on the disk as it is now.
 * Not counted: the heads of files, and a matrix whose Gram matrix turns out to be uncertified.
 * @options: of the run
 * @n_ahead_bytes: the memory of the reader */
void ws_traffic_count (WsTraffic *self, GPtrArray *results, const WsAnalysisOptions *options,
                       guint64 n_ahead_bytes);

G_END_DECLS
