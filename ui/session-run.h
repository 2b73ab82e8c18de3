/* SPDX-License-Identifier: MIT */
/* What a run of the analysis and the main thread share: a queue of news. */
#pragma once

#include "analysis/analysis.h"
#include "job.h"

G_BEGIN_DECLS

typedef struct _WsSessionRun WsSessionRun;

typedef struct
{
  guint index;      /* in the list given */
  WsResult *result; /* (owned) */
} WsNewResult;

/* @results: (element-type WsResult) (transfer full): computed as far as they are pending
 * @to_forget: (element-type WsResult) (nullable) (transfer full): taken out of the store first */
WsSessionRun *ws_session_run_new (GPtrArray *results, GPtrArray *to_forget,
                                  const WsAnalysisOptions *options);
/* Any thread. */
void ws_session_run_free (WsSessionRun *self);

/* The work of a job with a WsSessionRun as data; reports whenever there is news. */
gboolean ws_session_run_execute (WsJob *job, gpointer data, GError **error);

void ws_session_run_set_paused (WsSessionRun *self, gboolean paused);

/* Main thread: moves all news out.
 * @results: (out) (transfer full) (element-type WsNewResult) those that came, in order
 * @warnings: (out) (transfer full) (element-type utf8) */
void ws_session_run_take_news (WsSessionRun *self, GArray **results, GPtrArray **warnings,
                               WsProgress *progress);

G_END_DECLS
