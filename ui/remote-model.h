/* SPDX-License-Identifier: MIT */
/* Models that are not here: opening them, and what reading them costs. */
#pragma once

#include "analysis/traffic.h"
#include "hub/hub.h"

G_BEGIN_DECLS

/* Opens a model on the Hub by its name, ws_hub_name_is_remote. Blocks.
 * @options: of the runs to come: of their memory a share is for reading ahead
 * @wait_number: of ws_hub_wait_register: there waits are told
 * @hub: (out) (transfer full) (nullable): what it is read through, and nothing else: its traffic is
 *   that of the model */
WsModel *ws_remote_model_open (const char *name, const WsAnalysisOptions *options,
                               guint wait_number, WsHub **hub, GCancellable *cancellable,
                               GError **error);

/* What is left of the memory of a run beside what is read ahead. */
void ws_remote_model_reserve (WsAnalysisOptions *options);

/* What computing these reads from the Hub. @results: (element-type WsResult) */
void ws_remote_model_count_traffic (const WsAnalysisOptions *options, GPtrArray *results,
                                    WsTraffic *traffic);

G_END_DECLS
