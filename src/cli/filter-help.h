/* SPDX-License-Identifier: MIT */
/* weightscope-cli help filter: how the expressions of --filter are written. */
#pragma once

#include <stdio.h>

void cli_print_filter_grammar (FILE *stream);
