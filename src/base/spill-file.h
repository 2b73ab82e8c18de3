/* SPDX-License-Identifier: MIT */
/* Bytes that memory has no room for, on the disk until they are wanted again. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A file that has no name: it is gone when the program is, however that ends. What cannot be put
 * there is nothing to complain of: whoever needs it has it from elsewhere. */
typedef struct _WsSpillFile WsSpillFile;

/* On the disk of @folder, of which only a folder above it need exist: nothing is left there.
 * Returns: (transfer full): NULL where no file can be made. */
WsSpillFile *ws_spill_file_new (const char *folder);
/* Gives the disk what it took: of gigabytes this takes a moment. */
void ws_spill_file_free (WsSpillFile *self);

/* What a file in @folder could take now: 0 where none can be made. A part of the disk is left to
 * others. */
guint64 ws_spill_file_get_room (const char *folder);

/* Room is reserved before it is written to, so that the disk is never filled. Looks at @cancellable
 * at least every 1 MiB.
 * Returns: FALSE if there is no room, on any failure and when cancelled. */
gboolean ws_spill_file_write (WsSpillFile *self, guint64 offset, const void *bytes, gsize n_bytes,
                              GCancellable *cancellable);
/* Thread-safe, beside everything but freeing. Returns: FALSE: what was written cannot be had. */
gboolean ws_spill_file_read (const WsSpillFile *self, guint64 offset, void *dst, gsize n_bytes);
/* Gives the disk back what these take, where it can do that. */
void ws_spill_file_discard (WsSpillFile *self, guint64 offset, guint64 n_bytes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsSpillFile, ws_spill_file_free)

G_END_DECLS
