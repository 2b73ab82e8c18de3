/* SPDX-License-Identifier: MIT */
/* What a run of the clustering and the main thread share: the news. */
#pragma once

#include "analysis/cluster-run.h"
#include "job.h"

G_BEGIN_DECLS

/* What came since the last look. */
typedef struct
{
  WsClusterStudy *study; /* (nullable) as far as it is known now, without its curve */
  GPtrArray *entries;    /* (element-type WsSweepEntry) in the order they came */
  GPtrArray *warnings;   /* (element-type utf8) */
  WsClusterProgress progress;
} WsClusterNews;

void ws_cluster_news_clear (WsClusterNews *self);

typedef struct _WsClusterWork WsClusterWork;

WsClusterWork *ws_cluster_work_new (WsModel *model, const WsClusterOptions *options);
/* Any thread. */
void ws_cluster_work_free (WsClusterWork *self);

/* The work of a job with a WsClusterWork as data; reports whenever there is news. */
gboolean ws_cluster_work_execute (WsJob *job, gpointer data, GError **error);

/* Main thread. */
void ws_cluster_work_take_news (WsClusterWork *self, WsClusterNews *news);
/* Main thread, after the job has ended: the whole study; NULL if it did not come to one.
 * (transfer full) */
WsClusterStudy *ws_cluster_work_steal_study (WsClusterWork *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsClusterNews, ws_cluster_news_clear)

G_END_DECLS
