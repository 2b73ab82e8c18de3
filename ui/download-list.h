/* SPDX-License-Identifier: MIT */
/* All downloads: the queue, and its memory over the end of the program. */
#pragma once

#include "download-item.h"

G_BEGIN_DECLS

#define WS_TYPE_DOWNLOAD_LIST (ws_download_list_get_type ())
G_DECLARE_FINAL_TYPE (WsDownloadList, ws_download_list, WS, DOWNLOAD_LIST, GObject)

/* Signal: finished (WsDownloadItem *): all of it is there.
 *
 * With those that were not finished when the program ended: they go on, or are paused as they were.
 * When the list is gone nothing is fetched any more, and the rest is remembered. */
WsDownloadList *ws_download_list_new (void);

/* Of WsDownloadItem, in the order in which they are fetched. The same list for life. */
GListModel *ws_download_list_get_items (WsDownloadList *self);
/* A few are fetched at the same time; the others wait. What is ordered already is resumed.
 * Returns: (transfer none) */
WsDownloadItem *ws_download_list_add (WsDownloadList *self, const WsDownloadOrder *order);
/* Fetched next. */
void ws_download_list_move_to_top (WsDownloadList *self, WsDownloadItem *item);
/* Takes one that is done off the list. */
void ws_download_list_dismiss (WsDownloadList *self, WsDownloadItem *item);

G_END_DECLS
