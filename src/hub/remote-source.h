/* SPDX-License-Identifier: MIT */
/* The bytes of a file on the Hub, read by ranges: headers and single tensors, nothing whole. */
#pragma once

#include "base/source.h"
#include "hub/remote-pool.h"

G_BEGIN_DECLS

/* Asks nothing yet.
 * @pool: held while the source is: its connections and its memory are shared by all files
 * @file: (transfer full)
 * @name: base name for messages
 * @n_bytes: of the file
 *
 * Reads are cut into ranges, fetched over several connections, checked, and retried
 * (remote-file.h); ws_source_prefetch fetches ahead, within the memory of @pool. The first 128 KiB,
 * and what is read from the first bytes on, as headers are, come in one request, and are kept in
 * memory, and on the disk by the file's hash (head-cache.h): a second look costs nothing. Cancels
 * within 0.1 s. Its identity is the hash of its contents: "hub:/blobs/<hash>". */
WsSource *ws_remote_source_new (WsRemotePool *pool, WsRemoteFile *file, const char *name,
                                guint64 n_bytes);

G_END_DECLS
