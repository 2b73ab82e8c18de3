/* SPDX-License-Identifier: MIT */
/* How a download goes, in words. */
#pragma once

#include "download-item.h"

G_BEGIN_DECLS

/* "7.1 of 16.4 GB · 42.3 MB/s · 3 min 40 s left": one line. (transfer full) */
char *ws_download_words_describe (WsDownloadItem *item);
/* The same in half the room, for the sidebar: "7.1 of 16.4 GB · 42.3 MB/s". (transfer full) */
char *ws_download_words_describe_shortly (WsDownloadItem *item);
/* Of a file in work: "21.8 MB of ..."; "" when its bar says it all. (transfer full) */
char *ws_download_words_describe_file (const WsFileNews *file);
/* "Waiting for the server, retry in 8 s". @code: a WsHubError, or -1: another program has the file.
 * (transfer full) */
char *ws_download_words_describe_wait (int code, double seconds);
/* 0 ... 1 */
double ws_download_words_get_share (WsDownloadItem *item);
/* Whether it goes on right now; else its bar is grey. */
gboolean ws_download_words_is_moving (WsDownloadItem *item);

G_END_DECLS
