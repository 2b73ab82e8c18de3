/* SPDX-License-Identifier: MIT */
/* Bytes at an offset, wherever they lie: readers never know whether it is a disk or a server. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _WsSource WsSource;

/* What makes a file the same file as yesterday. Two sources with equal identities hold equal bytes
 * as far as the file system can tell. */
typedef struct
{
  char *path; /* absolute, symlinks resolved; of a file elsewhere: a name that holds its hash */
  guint64 n_bytes;
  gint64 mtime_nsec; /* since the epoch; 0 elsewhere */
  guint64 inode;     /* 0 elsewhere */
} WsFileIdentity;

/* A kind of source, as a table of what it can do. @data: what ws_source_new was given. */
typedef struct
{
  /* As ws_source_read; the range is within the source, and not empty. */
  gboolean (*read) (gpointer data, guint64 offset, void *dst, gsize n_bytes,
                    GCancellable *cancellable, GError **error);
  /* (nullable): as ws_source_prefetch; the range is within the source. */
  void (*prefetch) (gpointer data, guint64 offset, guint64 n_bytes);
  void (*free) (gpointer data);
  /* (nullable): as ws_source_keep and ws_source_forget. */
  void (*keep) (gpointer data, guint64 offset, guint64 n_bytes);
  void (*forget) (gpointer data, guint64 offset, guint64 n_bytes);
  /* (nullable): as ws_source_get_room */
  guint64 (*get_room) (gpointer data);
  /* Of sources elsewhere: how many bytes ahead of what is read prefetch likes to be told, and how
   * many at once. 0: the source is here, and what suits the reader suits it. */
  guint64 n_ahead, n_at_once;
} WsSourceKind;

/* A source of another kind than those below.
 * @kind: static
 * @data: (transfer full)
 * @name: base name for messages
 * @identity: (nullable): copied
 * Returns: (transfer full) */
WsSource *ws_source_new (const WsSourceKind *kind, gpointer data, const char *name, guint64 n_bytes,
                         const WsFileIdentity *identity);

/* Opens @path (symlinks are followed; folders, sockets and the like are refused).
 * Returns: (transfer full): NULL with @error set (G_IO_ERROR) on failure. */
WsSource *ws_source_open_file (const char *path, GError **error);

/* A source over bytes in memory; @name is used in messages. Used by tests, fuzzers and resources.
 */
WsSource *ws_source_new_bytes (const char *name, GBytes *bytes);

WsSource *ws_source_ref (WsSource *self);
void ws_source_unref (WsSource *self);

/* Base name for messages, e.g. "model-00001-of-00002.safetensors". */
const char *ws_source_get_name (const WsSource *self);
guint64 ws_source_get_n_bytes (const WsSource *self);
/* NULL for a source that is not a file, here or elsewhere. */
const WsFileIdentity *ws_source_get_identity (const WsSource *self);

/* Whether reading costs traffic: its kind says how far ahead. */
gboolean ws_source_is_remote (const WsSource *self);

/* Reads exactly @n_bytes at @offset into @dst. Thread-safe. Looks at @cancellable at least every
 * 4 MiB. A file that has become shorter is an error that says so, never a crash.
 * Returns: FALSE with @error set; @dst is then undefined. */
gboolean ws_source_read (WsSource *self, guint64 offset, void *dst, gsize n_bytes,
                         GCancellable *cancellable, GError **error);

/* Reads everything, for small texts: more than @max_bytes is G_IO_ERROR_MESSAGE_TOO_LARGE.
 * @n_bytes: (out). Returns: (transfer full): not NUL-terminated; NULL with @error set. */
char *ws_source_read_all (WsSource *self, gsize max_bytes, gsize *n_bytes,
                          GCancellable *cancellable, GError **error);

/* Says that these bytes will be read soon, so that they can be on their way. Never fails; may do
 * nothing. Of a file the page cache of the system keeps them, not we; what a source elsewhere keeps
 * is bounded by its own header. */
void ws_source_prefetch (WsSource *self, guint64 offset, guint64 n_bytes);
/* Says that these bytes will be read more than once until ws_source_forget is called with the same
 * two numbers: a source elsewhere then fetches each byte once, as far as there is room. */
void ws_source_keep (WsSource *self, guint64 offset, guint64 n_bytes);
void ws_source_forget (WsSource *self, guint64 offset, guint64 n_bytes);
/* Bytes that a source elsewhere could keep now beside its memory. */
guint64 ws_source_get_room (const WsSource *self);
/* Of the kind of @self. */
guint64 ws_source_get_n_ahead (const WsSource *self);
guint64 ws_source_get_n_at_once (const WsSource *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsSource, ws_source_unref)

G_END_DECLS
