/* SPDX-License-Identifier: MIT */
/* Clustering on the command line: what the commands that need its results share. */
#pragma once

#include "cli/analysis-run.h"

G_BEGIN_DECLS

typedef struct
{
  CliRun *run; /* borrowed: with its model and its store */
  WsClusterOptions options;
  WsClusterStudy *study; /* NULL until computed */
  gboolean has_tensor;   /* whether the computation found what to cluster */
} CliClusterRun;

void cli_cluster_run_init (CliClusterRun *self, CliRun *run);
void cli_cluster_run_clear (CliClusterRun *self);

/* Looks up what --tensor names. WS_ERROR_NOT_FOUND. */
gboolean cli_cluster_run_find_tensor (CliClusterRun *self, GError **error);
/* Computes what the store does not have, and shows how far it is. Errors: those of
 * ws_cluster_run_execute. */
gboolean cli_cluster_run_compute (CliClusterRun *self, GError **error);
/* For the files; after cli_cluster_run_compute. Borrowed from @self. */
WsRecordInput cli_cluster_run_get_record (const CliClusterRun *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CliClusterRun, cli_cluster_run_clear)

G_END_DECLS
