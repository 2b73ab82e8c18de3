/* SPDX-License-Identifier: MIT */
/* What a pool and what it puts on the disk share. */
#pragma once

#include "base/spill-file.h"
#include "hub/remote-pool.h"

G_BEGIN_DECLS

struct _WsRemotePool
{
  WsHub *hub;
  int ref_count;
  guint64 n_max_bytes, n_piece_bytes;
  GThreadPool *threads;
  GThreadPool *spiller; /* a single thread: what it is given is done in that order */
  GMutex mutex;         /* guards all that follows, and the pieces */
  GCond changed;
  guint64 n_bytes;       /* of all pieces that are in memory */
  GPtrArray *pieces;     /* (element-type WsPiece) (owned), of all files */
  guint64 n_kept_bytes;  /* of what will be read again, there or not */
  guint n_storing;       /* of them */
  gboolean is_disk_full; /* or cannot be written to: until something is taken off it */
};

/* A part of a file that will be read more than once. */
typedef struct
{
  guint64 begin, n_bytes;
} WsKept;

struct _WsPieces
{
  WsRemotePool *pool;
  WsRemoteFile *file;
  guint n_busy;       /* things that a thread has, or will */
  GArray *kept;       /* (element-type WsKept) */
  WsSpillFile *spill; /* (owned) (nullable): bytes lie where they do in the file. Set by the spiller
                       * only */
  guint n_stored;     /* pieces that lie there */
};

typedef struct
{
  WsPieces *of;
  guint64 begin, n_bytes;
  guint8 *bytes;
  guint64 n_there, n_read;
  gboolean is_begun;    /* a thread has it */
  gboolean is_over;     /* no thread will touch it any more, to fetch it */
  gboolean is_dropped;  /* nobody will read it any more: it is not in the list */
  gboolean is_storing;  /* on its way to the disk */
  gboolean is_stored;   /* on the disk */
  gboolean is_unloaded; /* and nowhere else */
  guint n_readers;      /* waiting for it, or taking from it */
  gint64 used_usec;
  GCancellable *cancellable;
  GError *error;
} WsPiece;

/* With the mutex of the pool held, all of these. */

/* Takes @piece from the list; it lives on while a thread or a reader has it. */
void _ws_piece_drop (WsPiece *piece);

/* Whether it will be read again. */
gboolean _ws_piece_is_kept (const WsPiece *piece);
/* Sends what will be read again, and is all there, to the disk. */
void _ws_remote_pool_store (WsRemotePool *self);
/* Frees the memory of a piece that is stored and has no readers. */
void _ws_piece_unload (WsPiece *piece);
/* For one that is stored: it will not be read from the disk any more. */
void _ws_piece_unstore (WsPiece *piece);

/* The function of the spiller. */
void _ws_remote_pool_spill (gpointer task, gpointer pool);

G_END_DECLS
