/* SPDX-License-Identifier: MIT */
/* Models that are not here: opening them, waiting for them, and what reading them cost. */
#pragma once

#include "cli/options.h"
#include "hub/hub.h"

G_BEGIN_DECLS

/* Bytes that reading ahead may take, of the memory limit. */
guint64 cli_get_ahead_bytes (const CliOptions *options);

/* Takes them from the memory of a run. */
void cli_leave_ahead_bytes (const CliOptions *options, WsAnalysisOptions *analysis);

/* Opens MODEL, which names a model on the Hub.
 * @hub: (out) (transfer full): what it is read through */
WsModel *cli_open_remote_model (const CliOptions *options, WsHub **hub, GCancellable *cancellable,
                                GError **error);

/* "waiting for the network, retry in 8 s". @code: a WsHubError, or -1: another program has the
 * file. (transfer full) */
char *cli_describe_wait (int code, double seconds);
/* A WsHubWaitFunc: a line on stderr with the reason, in place of a line that is rewritten. */
void cli_print_wait (double seconds, const GError *failure, gpointer user_data);

/* Whether --max-traffic lets those of @results be fetched that need a run. What must be fetched
 * more than once is told on stderr. */
gboolean cli_check_traffic (const CliOptions *options, GPtrArray *results, GError **error);

/* "read 134 MB from the Hub, ..." on stderr. @hub: (nullable): nothing, as without traffic or with
 * --quiet. */
void cli_print_traffic (const CliOptions *options, WsHub *hub);

G_END_DECLS
