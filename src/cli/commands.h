/* SPDX-License-Identifier: MIT */
/* The subcommands, one file each. */
#pragma once

#include "cli/download-options.h"
#include "cli/options.h"
#include <stdio.h>

G_BEGIN_DECLS

/* Each prints its result and its complaints, and says what the process ends with. */
CliStatus cli_inspect (const CliOptions *options);
CliStatus cli_analyze (const CliOptions *options);
CliStatus cli_download (const CliDownloadOptions *options);

/* Opens MODEL as a person writes it: a path, or the word sample. */
WsModel *cli_open_model (const CliOptions *options, GCancellable *cancellable, GError **error);
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
