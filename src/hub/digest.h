/* SPDX-License-Identifier: MIT */
/* The hash by which a file on the Hub is known: SHA-256 of an LFS file, else git's SHA-1. */
#pragma once

#include "hub/hub.h"

G_BEGIN_DECLS

typedef struct _WsDigest WsDigest;

/* The listed hash of @file, which is also the name of its contents in the cache. Borrowed. */
const char *ws_digest_get_listed (const WsHubFile *file);

/* Of the contents that @file is listed with; the bytes come in order. */
WsDigest *ws_digest_new (const WsHubFile *file);
void ws_digest_free (WsDigest *self);
void ws_digest_begin_anew (WsDigest *self);
void ws_digest_update (WsDigest *self, const void *bytes, gsize n_bytes);
/* In hexadecimal digits. Call once, until it begins anew. (transfer full) */
char *ws_digest_finish (WsDigest *self);

/* Reads @fd, a file, to its end.
 * Returns: whether it has the listed size and hash; FALSE with @error set if it cannot be read. */
gboolean ws_digest_check_file (const WsHubFile *file, int fd, GCancellable *cancellable,
                               GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsDigest, ws_digest_free)

G_END_DECLS
