/* SPDX-License-Identifier: MIT */
/* The bytes of a file that is not whole yet, and a record of which of them are there. Both are
 * known by the hash of the contents alone, and so outlive the program, the token and the address
 * that the bytes came from. */
#pragma once

#include "hub/segments.h"
#include "hub/sums.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a part is called; huggingface_hub's end otherwise. */
#define WS_PART_SUFFIX ".weightscope.part"

typedef struct _WsPart WsPart;

/* Opens or creates the part @name in @folder, a file descriptor that outlives @self, and reserves
 * @n_bytes where the file system can: on others, and in memory, it may be full before all is
 * written.
 * @path: what people know the file by
 * @keep_record: whether a later run is to go on with it
 * Errors: G_IO_ERROR: _BUSY: another one, here or in another program, has it; _NO_SPACE */
WsPart *ws_part_open (int folder, const char *name, const char *path, guint64 n_bytes,
                      gboolean keep_record, GError **error);
/* Lets go of it; without a record it is deleted. */
void ws_part_free (WsPart *self);

/* Keeps @fd, that of a lock or -1, open as long as the part is. */
void ws_part_hold (WsPart *self, int fd);

int ws_part_get_fd (const WsPart *self);
/* What an earlier run has left. (element-type WsSpan), borrowed. */
const GArray *ws_part_get_done (const WsPart *self);
/* (nullable): the sums of these bytes, borrowed; NULL: they were not recorded */
const WsSums *ws_part_get_sums (const WsPart *self);
gboolean ws_part_write (WsPart *self, guint64 offset, const void *bytes, gsize n_bytes,
                        GError **error);
/* Has the disk begin with bytes that were written, so that ws_part_move need not wait for all of
 * them at once. Blocks while the disk has enough to do, not much longer than it takes to be
 * cancelled.
 * Returns: up to which it has begun: less far if it was cancelled. */
guint64 ws_part_begin_sync (WsPart *self, guint64 offset, guint64 n_bytes,
                            GCancellable *cancellable);
/* From now on a later run begins with @done. Calls must not overlap. A record that cannot be
 * written is no error: the bytes would be fetched again.
 * @sums: (nullable): of these bytes */
void ws_part_record (WsPart *self, const GArray *done, const WsSums *sums);

/* Makes the bytes durable and gives them their name in @folder; what stood there is replaced.
 * The part is none any more after that. */
gboolean ws_part_move (WsPart *self, int folder, const char *name, GError **error);
/* Deletes it. */
void ws_part_discard (WsPart *self);

/* Adds to @segments and @sums, which are empty, what a record says.
 * @has_sums: (out): whether it says anything of sums
 * Returns: FALSE unless @text is a whole one of a file of that size; then @segments and @sums may
 *   hold anything that its file could. */
gboolean ws_part_parse_record (const char *text, gsize n_bytes, WsSegments *segments, WsSums *sums,
                               gboolean *has_sums);

/* Of a part that may not be there: the bytes that the disk holds for it already. */
guint64 ws_part_get_n_reserved (int folder, const char *name);
/* Of a part that may not be there: the bytes that its record says are there. */
guint64 ws_part_get_n_done (int folder, const char *name, guint64 n_bytes);
/* Deletes a part that nobody has open, if there is one. */
void ws_part_delete (int folder, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsPart, ws_part_free)

G_END_DECLS
