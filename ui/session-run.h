/* SPDX-License-Identifier: MIT */
/* What a run of the analysis and the main thread share: the news. */
#pragma once

#include "analysis/analysis.h"
#include "job.h"
#include "result-queue.h"

G_BEGIN_DECLS

typedef struct _WsSessionRun WsSessionRun;

/* @results: (element-type WsResult) (transfer full): computed as far as they are pending
 * @to_forget: (element-type WsResult) (nullable) (transfer full): taken out of the store first */
WsSessionRun *ws_session_run_new (GPtrArray *results, GPtrArray *to_forget,
                                  const WsAnalysisOptions *options);
/* Any thread. */
void ws_session_run_free (WsSessionRun *self);

/* The work of a job with a WsSessionRun as data; reports whenever there is news. */
gboolean ws_session_run_execute (WsJob *job, gpointer data, GError **error);

void ws_session_run_set_paused (WsSessionRun *self, gboolean paused);

/* Where the results arrive, with their index in the list given. */
WsResultQueue *ws_session_run_get_results (WsSessionRun *self);
/* Main thread.
 * @warnings: (out) (transfer full) (element-type utf8) those that came since the last look
 * @progress: (out) its device stays valid */
void ws_session_run_take_news (WsSessionRun *self, GPtrArray **warnings, WsProgress *progress);

G_END_DECLS
