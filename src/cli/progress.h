/* SPDX-License-Identifier: MIT */
/* How far a run is, on stderr: one line that is rewritten, on a terminal only. */
#pragma once

#include "analysis/analysis.h"
#include "analysis/cluster-run.h"

G_BEGIN_DECLS

typedef struct _CliProgress CliProgress;

/* @quiet: nothing is shown. @verbose: a line for each result, terminal or not. */
CliProgress *cli_progress_new (gboolean quiet, gboolean verbose);
/* Removes the line. */
void cli_progress_free (CliProgress *self);

/* Any thread, but one call at a time. */
void cli_progress_show (CliProgress *self, const WsProgress *progress);
void cli_progress_add_result (CliProgress *self, const WsResult *result);
void cli_progress_show_clusters (CliProgress *self, const WsClusterProgress *progress);
void cli_progress_add_clustering (CliProgress *self, const WsSweepEntry *entry);
void cli_progress_add_warning (CliProgress *self, const char *sentence);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliProgress, cli_progress_free)

G_END_DECLS
