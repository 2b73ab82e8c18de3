/* SPDX-License-Identifier: MIT */
/* Bytes that have just come, handed from the connections to the hash in memory: what is still there
 * when its turn comes need not be read back from the disk. Holds little, and forgets rather than
 * lets anyone wait. Not thread-safe. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What each buffer holds: what is written at once. */
#define WS_RELAY_BUFFER_BYTES ((gsize) 256 << 10)

typedef struct _WsRelay WsRelay;

/* Bytes of a file, in a buffer that belongs to whoever has them. */
typedef struct
{
  char *buffer;
  guint64 offset;
  gsize n_bytes;
} WsRelayPiece;

/* @n_pieces: the most that are held */
WsRelay *ws_relay_new (guint n_pieces);
void ws_relay_free (WsRelay *self);

/* Whether empty buffers are freed rather than kept for what comes next; at first they are kept. */
void ws_relay_set_idle (WsRelay *self, gboolean is_idle);
/* Of empty buffers that are kept. */
guint ws_relay_get_n_empty (const WsRelay *self);

/* An empty buffer, and its way back. (transfer full) */
char *ws_relay_take_buffer (WsRelay *self);
void ws_relay_give_buffer (WsRelay *self, char *buffer);

/* Holds @piece for @owner. @piece: (inout): if it was held, its buffer is an empty one after that.
 * Returns: whether it is held. */
gboolean ws_relay_pass (WsRelay *self, gconstpointer owner, WsRelayPiece *piece);
/* The piece of @owner that begins at @at; those that begin before are forgotten.
 * @piece: (out): if there is one; give its buffer back
 * @next: (out): if there is none: where the next one begins, or G_MAXUINT64
 * Returns: whether there is one. */
gboolean ws_relay_take (WsRelay *self, gconstpointer owner, guint64 at, WsRelayPiece *piece,
                        guint64 *next);
/* Bytes from @begin to before @end that are held for @owner. */
guint64 ws_relay_get_n_held (const WsRelay *self, gconstpointer owner, guint64 begin, guint64 end);
/* Nothing is held for @owner any more, and if nothing is held at all, no empty buffer is kept. */
void ws_relay_forget (WsRelay *self, gconstpointer owner);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsRelay, ws_relay_free)

G_END_DECLS
