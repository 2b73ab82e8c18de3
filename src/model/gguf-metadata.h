/* SPDX-License-Identifier: MIT */
/* The metadata at the beginning of a GGUF file, read entry by entry:
 *
 *   "GGUF" | u32 version | u64 n_tensors | u64 n_entries | entries...
 *   entry  = string key, u32 type, value
 *   string = u64 length, bytes
 *   array  = u32 type of the elements, u64 n, values; never of arrays
 *
 * Little-endian, versions 2 and 3. Each count is checked against the bytes that are left. Errors
 * are WS_ERROR_FORMAT naming the file, or of its source. */
#pragma once

#include "base/source.h"

G_BEGIN_DECLS

typedef enum
{
  WS_GGUF_U8,
  WS_GGUF_I8,
  WS_GGUF_U16,
  WS_GGUF_I16,
  WS_GGUF_U32,
  WS_GGUF_I32,
  WS_GGUF_F32,
  WS_GGUF_BOOL,
  WS_GGUF_STRING,
  WS_GGUF_ARRAY,
  WS_GGUF_U64,
  WS_GGUF_I64,
  WS_GGUF_F64,
  WS_GGUF_N_TYPES,
} WsGgufType;

/* On the stack; members but for text are private. */
typedef struct
{
  WsSource *source; /* (unowned) */
  GCancellable *cancellable;
  char *file;      /* safe to show */
  guint64 n_bytes; /* of the source that may be metadata */
  guint64 position;
  guint8 *window; /* bytes of the source from window_at on */
  guint64 window_at;
  gsize n_window;
  GString *text; /* the last string */
} WsGgufReader;

/* @source: borrowed, must outlive @self. Reads up to the first entry.
 * Returns: FALSE with @error set; @self is to be cleared all the same. WS_ERROR_UNSUPPORTED:
 * another version. */
gboolean ws_gguf_reader_init (WsGgufReader *self, WsSource *source, guint64 *n_entries,
                              GCancellable *cancellable, GError **error);
void ws_gguf_reader_clear (WsGgufReader *self);

gboolean ws_gguf_reader_read_u32 (WsGgufReader *self, guint32 *value, GError **error);
gboolean ws_gguf_reader_read_u64 (WsGgufReader *self, guint64 *value, GError **error);
/* Leaves the string in the text; any bytes. */
gboolean ws_gguf_reader_read_string (WsGgufReader *self, gsize max_length, GError **error);
/* A key, left in the text, and the type of its value. */
gboolean ws_gguf_reader_read_key (WsGgufReader *self, guint32 *type, GError **error);
/* What stands before the values of an array. @type: a valid one */
gboolean ws_gguf_reader_read_array_head (WsGgufReader *self, guint32 *type, guint64 *n,
                                         GError **error);
/* Passes over a value of any @type, also an invalid one: then it fails. */
gboolean ws_gguf_reader_skip_value (WsGgufReader *self, guint32 type, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsGgufReader, ws_gguf_reader_clear)

G_END_DECLS
