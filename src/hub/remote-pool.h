/* SPDX-License-Identifier: MIT */
/* The connections and the memory that the files of one model on the Hub share. */
#pragma once

#include "hub/remote-file.h"

G_BEGIN_DECLS

/* The most bytes fetched in one request. Large enough that the time to the first byte does not
 * count, small enough that several connections share a matrix. */
#define WS_REMOTE_PIECE ((guint64) 8 << 20)

/* More on their way at once is of no use. */
#define WS_REMOTE_MAX_PIECES 8

typedef struct _WsRemotePool WsRemotePool;

/* @n_max_bytes: of what is fetched ahead, and of what was read and may be read again, over all
 *   files; 0: a piece for each connection of the settings (64 MiB by default). Pieces are a quarter
 *   of it at most, and a thread that waits for one gets it although there is no room. This is all
 *   the memory that reading takes, beside the heads of the files: a limit of memory can count it.
 */
WsRemotePool *ws_remote_pool_new (WsHub *hub, guint64 n_max_bytes);
WsRemotePool *ws_remote_pool_ref (WsRemotePool *self);
/* Not from a callback of a fetch. */
void ws_remote_pool_unref (WsRemotePool *self);
WsHub *ws_remote_pool_get_hub (const WsRemotePool *self);
/* Held now, for tests and meters. */
guint64 ws_remote_pool_get_n_bytes (WsRemotePool *self);
guint64 ws_remote_pool_get_n_max_bytes (const WsRemotePool *self);

/* A file that is read in pieces, several at a time. */
typedef struct _WsPieces WsPieces;

/* @file: (transfer full) */
WsPieces *ws_pieces_new (WsRemotePool *pool, WsRemoteFile *file);
/* Breaks off what is on its way, and waits until it is (0.1 s). */
void ws_pieces_free (WsPieces *self);

/* As ws_source_read. What was fetched ahead is taken. What was read is kept for a second pass while
 * nobody wants the memory. */
gboolean ws_pieces_read (WsPieces *self, guint64 offset, void *dst, gsize n_bytes,
                         GCancellable *cancellable, GError **error);
/* Begins to fetch what is not on its way yet, as far as the memory of the pool reaches. */
void ws_pieces_prefetch (WsPieces *self, guint64 offset, guint64 n_bytes);

/* As ws_source_keep and ws_source_forget. What has no room in memory lies in a file without a name
 * on the disk of the cache folder meanwhile; where that has no room either, it is fetched again. */
void ws_pieces_keep (WsPieces *self, guint64 offset, guint64 n_bytes);
void ws_pieces_forget (WsPieces *self, guint64 offset, guint64 n_bytes);
/* Of that disk: bytes that may be taken now. */
guint64 ws_pieces_get_room (const WsPieces *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsRemotePool, ws_remote_pool_unref)

G_END_DECLS
