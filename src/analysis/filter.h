/* SPDX-License-Identifier: MIT */
/* The filter grammar, the same in the window and on the command line.
 *
 * Terms are separated by spaces or commas, words of one term by '|':
 *   word            the name contains it, ignoring case; with * or ? it is a glob on the whole name
 *   type:q_proj     block type (fine); coarse:moe  block type in the seed's vocabulary
 *   layer:3  layer:0-3  layer:-     that layer, that range, no layer; so too expert:7
 *   dtype:BF16  state:nonfinite  stack:vision (contains it, ignoring case)
 *   KEY<NUMBER      also <= > >= = !=; KEY any key of the metric list, rank90 for rank_energy_90,
 *                   rows, cols; NUMBER may end in q (times the short side) or % (hundredths)
 * A leading '!' negates a term. A comparison with an unknown value never holds.
 *
 * Terms of one kind (names, type:, layer:, ...) are alternatives, different kinds must all hold:
 * "type:q_proj,type:k_proj,layer:0-3" is (q or k) and layers 0 to 3. Comparisons and negated terms
 * must all hold. */
#pragma once

#include "analysis/result.h"

G_BEGIN_DECLS

typedef struct _WsFilter WsFilter;

/* An empty text matches all. @options: for the keys of the energy ranks.
 * Returns: NULL with WS_ERROR_ARGUMENT, quoting the term. */
WsFilter *ws_filter_new (const char *text, const WsMetricOptions *options, GError **error);
void ws_filter_free (WsFilter *self);
gboolean ws_filter_matches (const WsFilter *self, const WsResult *result);
/* Whether the row may match once it has been computed, from what is known of it now: FALSE means
 * that no run is needed to leave it out. The same as ws_filter_matches where no run is to come. */
gboolean ws_filter_may_match (const WsFilter *self, const WsResult *result);
/* Whether a term asks for what is known of the row only once it has been computed. */
gboolean ws_filter_needs_run (const WsFilter *self, const WsResult *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsFilter, ws_filter_free)

G_END_DECLS
