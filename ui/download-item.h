/* SPDX-License-Identifier: MIT */
/* A model that is being fetched, or waits to be. Lives on the main thread. */
#pragma once

#include "fetch-run.h"

G_BEGIN_DECLS

typedef enum
{
  WS_DOWNLOAD_QUEUED, /* others go first */
  WS_DOWNLOAD_RUNNING,
  WS_DOWNLOAD_WAITING, /* for the network; tries again by itself */
  WS_DOWNLOAD_PAUSED,
  WS_DOWNLOAD_FAILED,
  WS_DOWNLOAD_DONE,
  WS_DOWNLOAD_ENDING, /* cancelled, not ended yet */
  WS_DOWNLOAD_GONE,   /* cancelled: of no further use */
} WsDownloadState;

#define WS_TYPE_DOWNLOAD_ITEM (ws_download_item_get_type ())
G_DECLARE_FINAL_TYPE (WsDownloadItem, ws_download_item, WS, DOWNLOAD_ITEM, GObject)

/* Signals: state-changed (); progress (): there is news, also after state-changed.
 *
 * @order: copied
 * @n_bytes_done: on the disk already, as far as is known
 * @paused: TRUE: begins only when resumed; FALSE: queued */
WsDownloadItem *ws_download_item_new (const WsDownloadOrder *order, guint64 n_bytes_done,
                                      gboolean paused);

const WsDownloadOrder *ws_download_item_get_order (WsDownloadItem *self);
WsDownloadState ws_download_item_get_state (WsDownloadItem *self);
/* (nullable): of the last run */
const WsFetchNews *ws_download_item_get_news (WsDownloadItem *self);
guint64 ws_download_item_get_n_bytes_done (WsDownloadItem *self);
/* (nullable): why it failed, or waits */
const GError *ws_download_item_get_error (WsDownloadItem *self);
/* Of WAITING: seconds until the next try. */
double ws_download_item_get_retry_seconds (WsDownloadItem *self);
/* Of RUNNING: since when. */
double ws_download_item_get_run_seconds (WsDownloadItem *self);
/* (nullable): what can be opened: the folder, once its first weights are there. */
const char *ws_download_item_get_folder (WsDownloadItem *self);

/* From QUEUED. */
void ws_download_item_start (WsDownloadItem *self);
/* What is running or queued stops where it is. */
void ws_download_item_pause (WsDownloadItem *self);
/* From PAUSED, WAITING or FAILED: goes on, or is queued. */
void ws_download_item_resume (WsDownloadItem *self);
/* Ends it: GONE, sooner or later; or FAILED if the parts could not be deleted. */
void ws_download_item_cancel (WsDownloadItem *self, gboolean delete_parts);

G_END_DECLS
