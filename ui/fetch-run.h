/* SPDX-License-Identifier: MIT */
/* A download on its thread, and what the main thread may know of it. */
#pragma once

#include "download-order.h"
#include "job.h"

#include "hub/download.h"

G_BEGIN_DECLS

typedef struct
{
  char *path;
  WsFileState state;
  guint64 n_bytes, n_bytes_done;
  gint64 retry_usec; /* of RETRYING: when, by the monotonic clock */
  char *message;     /* (nullable): of RETRYING and FAILED: why */
  int code;          /* of RETRYING: a WsHubError; -1: another program has the file */
} WsFileNews;

/* How a download goes; a copy that stays as it is. */
typedef struct
{
  guint n_files, n_files_done;
  guint64 n_bytes, n_bytes_done;
  double bytes_per_second; /* 0: nothing comes */
  double seconds_left;     /* < 0: not known */
  GPtrArray *files;        /* (element-type WsFileNews): those in work, and those that failed */
} WsFetchNews;

void ws_fetch_news_free (WsFetchNews *self);

typedef struct _WsFetchRun WsFetchRun;

/* @order: copied */
WsFetchRun *ws_fetch_run_new (const WsDownloadOrder *order, gboolean ignore_free_space);
/* Any thread. */
void ws_fetch_run_free (WsFetchRun *self);

/* The work of a job with a WsFetchRun as data; it reports whenever there is news. */
gboolean ws_fetch_run_execute (WsJob *job, gpointer data, GError **error);
/* The same, to give up what an earlier run has kept. */
gboolean ws_fetch_run_delete_parts (WsJob *job, gpointer data, GError **error);

/* Any thread. */
void ws_fetch_run_set_paused (WsFetchRun *self, gboolean paused);
/* Any thread. (transfer full): NULL: none since the last call */
WsFetchNews *ws_fetch_run_take_news (WsFetchRun *self);
/* Any thread. (transfer full): what can be opened: the folder, once its first weights are there;
 * else NULL. */
char *ws_fetch_run_dup_folder (WsFetchRun *self);
/* Any thread: the files of the commit, once they are known. (transfer full) (nullable) */
WsHubListing *ws_fetch_run_dup_listing (WsFetchRun *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsFetchNews, ws_fetch_news_free)

G_END_DECLS
