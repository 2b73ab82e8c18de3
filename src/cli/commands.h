/* SPDX-License-Identifier: MIT */
/* The subcommands, one file each. */
#pragma once

#include "cli/download-options.h"
#include "cli/options.h"
#include "hub/hub.h"
#include <stdio.h>

G_BEGIN_DECLS

/* Each prints its result and its complaints, and says what the process ends with. */
CliStatus cli_inspect (const CliOptions *options);
CliStatus cli_analyze (const CliOptions *options);
CliStatus cli_report (const CliOptions *options);
CliStatus cli_cluster (const CliOptions *options);
CliStatus cli_download (const CliDownloadOptions *options);

/* Opens MODEL as a person writes it: a path, hf:org/name, or the word sample.
 * @hub: (out) (transfer full) (nullable): what it is read through, if it is on the Hub; also set
 *   on failure */
WsModel *cli_open_model (const CliOptions *options, WsHub **hub, GCancellable *cancellable,
                         GError **error);
/* What the column revision says: of a model on the Hub never another than was read. */
const char *cli_get_revision (const CliOptions *options, const WsModel *model, const WsHub *hub);
/* Of a model with all it was downloaded for: CLI_DONE; else CLI_INCOMPLETE. */
CliStatus cli_get_model_status (const WsModel *model);
/* That --filter, as it was given, leaves nothing of a model. */
void cli_set_no_match_error (const char *filter, GError **error);
/* "weightscope-cli: ..." on stderr. Returns: wrong usage for WS_ERROR_ARGUMENT, else failed. */
CliStatus cli_report_error (const GError *error);
/* What needs attention in the model, on stderr. */
void cli_print_warnings (const WsModel *model);
/* What is good to know of it, for a summary. */
void cli_print_notes (FILE *stream, const WsModel *model);
/* "layer 3", "no layer". (transfer full) */
char *cli_get_layer_heading (int layer_index);

G_END_DECLS
