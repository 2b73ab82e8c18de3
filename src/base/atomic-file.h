/* SPDX-License-Identifier: MIT */
/* A file that is written beside its final name, synced, and renamed into place when whole. */
#pragma once

#include <gio/gio.h>
#include <stdio.h>

G_BEGIN_DECLS

typedef struct _WsAtomicFile WsAtomicFile;

/* Whether what stands at @path, if anything does, is a file; a device, say, is not. For asking
 * before the work that is to be saved there. */
gboolean ws_atomic_file_can_replace (const char *path, GError **error);

/* Creates a temporary file in the folder of @path. Nothing stands at @path before commit.
 * Returns: (transfer full): NULL with @error set (G_IO_ERROR, naming @path). */
WsAtomicFile *ws_atomic_file_open (const char *path, GError **error);

/* The stream to write to; owned by @self. Its error flag is looked at by commit. */
FILE *ws_atomic_file_get_stream (WsAtomicFile *self);

/* Flushes, fsyncs, renames over the final name and fsyncs the folder. On failure the temporary
 * file is removed and what stood at the final name is untouched. Call once. */
gboolean ws_atomic_file_commit (WsAtomicFile *self, GError **error);

/* Removes the temporary file if it was not committed. */
void ws_atomic_file_free (WsAtomicFile *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsAtomicFile, ws_atomic_file_free)

G_END_DECLS
