/* SPDX-License-Identifier: MIT */
/* Any part of a file on the Hub over one connection: where its bytes are is asked again when the
 * address has expired, and what comes is checked before it counts. */
#pragma once

#include "hub/hub.h"

G_BEGIN_DECLS

typedef struct _WsRemoteFile WsRemoteFile;

/* Asks nothing yet. @file: copied */
WsRemoteFile *ws_remote_file_new (WsHub *hub, const char *id, const char *commit,
                                  const WsHubFile *file);
void ws_remote_file_free (WsRemoteFile *self);
/* SHA-256 of its contents, else their git SHA-1. */
const char *ws_remote_file_get_hash (const WsRemoteFile *self);

/* Bytes in their order, each once. Returns: FALSE with @error set to break off. */
typedef gboolean (*WsRemoteBytesFunc) (const void *bytes, gsize n_bytes, gpointer user_data,
                                       GError **error);

/* Fetches @n_bytes, more than 0, at @begin. Thread-safe: several ranges at the same time. After a
 * failure that may pass it goes on where it was broken off; it gives up after some tries without a
 * byte. A part has no hash of its own: that it is the right one is vouched for by Content-Range,
 * the length, and the ETag.
 * Errors: WS_HUB_ERROR; _CHANGED: the file is another one than was listed; G_IO_ERROR_CANCELLED
 *   within 0.1 s. */
gboolean ws_remote_file_fetch (WsRemoteFile *self, guint64 begin, guint64 n_bytes,
                               WsRemoteBytesFunc func, gpointer user_data,
                               GCancellable *cancellable, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsRemoteFile, ws_remote_file_free)

G_END_DECLS
