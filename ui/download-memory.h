/* SPDX-License-Identifier: MIT */
/* The file in which unfinished downloads are remembered over the end of the program. */
#pragma once

#include "download-order.h"

G_BEGIN_DECLS

/* A download as it is remembered: what, and how far. No token. */
typedef struct
{
  WsDownloadOrder *order;
  guint64 n_bytes_done;
  gboolean is_paused;
} WsRememberedDownload;

void ws_remembered_download_free (gpointer self);

/* (element-type WsRememberedDownload) (transfer full): empty if there is no such file, or if it
 * makes no sense. */
GPtrArray *ws_download_memory_read (void);

/* Blocks; any thread. What another program with a window of its own has written stays; a later list
 * is not replaced by an earlier one.
 * @downloads: (element-type WsRememberedDownload): all that this one has
 * @age: grows with each list */
gboolean ws_download_memory_write (GPtrArray *downloads, guint age, GError **error);

G_END_DECLS
