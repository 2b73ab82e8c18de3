/* SPDX-License-Identifier: MIT */
/* What a run says before its start and at its end, on stderr. */
#pragma once

#include "cli/options.h"

G_BEGIN_DECLS

/* "253 tensors to analyse, about 3 min": with --verbose; on a terminal if it is worth the wait. */
void cli_print_estimate (GPtrArray *results, const CliOptions *options);

/* "250 done, 3 not finite" (transfer full) */
char *cli_describe_states (GPtrArray *results);

/* Whether the row could not be analysed, so that the run is incomplete. */
gboolean cli_is_problem (const WsResult *result);
/* Names what could not be analysed. */
void cli_print_problems (GPtrArray *results);
/* Says in one sentence that some are not finite: such weights are broken, and a column of a file is
 * easily overlooked. Nothing if all are finite. */
void cli_print_nonfinite (GPtrArray *results);

/* Says what was meant for the GPU and computed by the processor. Nothing if all went well. */
void cli_print_faults (GPtrArray *results);

/* "wrote FILE: 75 rows (73 done, 1 not finite, ...)" */
void cli_print_wrote_table (const char *path, GPtrArray *results);
void cli_print_wrote_spectra (const char *path, GPtrArray *results);

G_END_DECLS
