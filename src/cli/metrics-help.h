/* SPDX-License-Identifier: MIT */
/* weightscope-cli help metrics: what the columns mean. */
#pragma once

#include <glib.h>
#include <stdio.h>

G_BEGIN_DECLS

/* The list of metrics, for people: key, title, formula, unit and source, by group. */
void cli_print_metrics (FILE *stream);

G_END_DECLS
