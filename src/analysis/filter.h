/* SPDX-License-Identifier: MIT */
/* The filter grammar, the same in the window and on the command line.
 *
 * Terms are separated by spaces or commas and must all hold; words of one key joined by '|' are
 * alternatives:
 *   word            the name contains it, ignoring case; with * or ? it is a glob on the whole name
 *   type:q_proj     block type (fine), or a coarse type with coarse:moe; type:q_proj|k_proj
 *   layer:3  layer:0-3  layer:-     that layer, that range, no layer
 *   expert:7  dtype:BF16  state:nonfinite  stack:vision
 *   KEY<NUMBER      also <= > >= = !=, KEY any key of the metric list, or rank90 for
 * rank_energy_90, rows, cols; NUMBER may end in q (times the short side) or % (hundredths) A
 * leading '!' negates a term. A comparison with an unknown value never holds. On the command line
 * commas between globs mean "any of" when every term is a name: see ws_filter_new's contract. */
#pragma once

#include "analysis/result.h"

G_BEGIN_DECLS

typedef struct _WsFilter WsFilter;

/* Terms of one kind (names, type:, layer:) separated by commas are alternatives; different kinds
 * must all hold: "type:q_proj,type:k_proj,layer:0-3" is (q or k) and layers 0 to 3. Separation by
 * spaces means the same. An empty text matches all.
 * @options: for the keys of the energy ranks. Returns: NULL with WS_ERROR_ARGUMENT, quoting the
 * term. */
WsFilter *ws_filter_new (const char *text, const WsMetricOptions *options, GError **error);
void ws_filter_free (WsFilter *self);
gboolean ws_filter_matches (const WsFilter *self, const WsResult *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsFilter, ws_filter_free)

G_END_DECLS
