/* SPDX-License-Identifier: MIT */
/* Results layer by layer, for people. */
#pragma once

#include "analysis/result.h"
#include <stdio.h>

G_BEGIN_DECLS

/* A longer list of remarks on rows hides what stands above it. */
#define CLI_MAX_REMARKS 20

/* Prints @results (element-type WsResult, in their order) under headings for the layers, then what
 * they sum up to. @width: columns of the terminal, 0: no limit. @n_missing: rows that an
 * interrupted run did not come to. */
void cli_print_analysis (FILE *stream, guint width, const WsModel *model, GPtrArray *results,
                         guint n_missing);

/* The matrix's name as a person should see it. (transfer full) */
char *cli_get_result_name (const WsResult *result);
/* "NAME: STATE: NOTE" (transfer full) */
char *cli_describe_result (const WsResult *result);

G_END_DECLS
