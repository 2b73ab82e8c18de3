/* SPDX-License-Identifier: MIT */
/* A run of the analysis on the command line: what the commands that need its results share. */
#pragma once

#include "analysis/filter.h"
#include "analysis/record.h"
#include "cli/commands.h"
#include "cli/progress.h"

G_BEGIN_DECLS

/* Zero but for the first two. */
typedef struct
{
  const CliOptions *options;
  GCancellable *cancellable; /* (owned) */
  WsHub *hub;                /* or NULL: the model is here */
  WsModel *model;
  WsFilter *filter;
  WsStore *store;     /* or NULL: the run goes on without */
  GPtrArray *results; /* (element-type WsResult) those asked for; finished ones replace pending */
  guint n_missing;    /* of those asked for, after an interruption */
  CliProgress *progress;
  char *started;
  char *device, *device_note; /* where it was computed, and why there, or NULL */
} CliRun;

void cli_run_clear (CliRun *self);

/* Opens MODEL. */
gboolean cli_run_open (CliRun *self, GError **error);
/* A store that cannot be used costs time, not results: it is said, and the run goes on. */
void cli_run_open_store (CliRun *self);
/* After cli_run_open: chooses the results that --filter may leave, takes those that are finished
 * from the store, and says what is to be said before the start. */
gboolean cli_run_prepare (CliRun *self, GError **error);
/* Computes what is pending. Interrupted: G_IO_ERROR_CANCELLED; finished rows are in the store,
 * those that are missing are dropped and counted. What --filter says of results is applied. */
gboolean cli_run_compute (CliRun *self, GError **error);
/* For the files. Borrowed from @self. */
WsRecordInput cli_run_get_record (const CliRun *self);
/* Whether all that was asked for has been analysed: what the process ends with if nothing else is
 * wrong. */
CliStatus cli_run_get_status (const CliRun *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (CliRun, cli_run_clear)

G_END_DECLS
