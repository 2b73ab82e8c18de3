/* SPDX-License-Identifier: MIT */
/* A strict pull reader of JSON (RFC 8259) for files that nobody vouches for.
 *
 * Stricter and smaller than json-glib, which takes comments, keeps the last of duplicate keys
 * without a word, and overflows the stack on deep nesting. No recursion, no tree: memory is one
 * string. The caller sees every key, duplicates too.
 *
 *   g_auto (WsJsonReader) reader = { 0 };
 *   if (!ws_json_reader_init (&reader, text, n_bytes, error))
 *     return FALSE;
 *   WsJsonEvent event = ws_json_reader_next (&reader, error);
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Objects and arrays inside each other; what serde_json accepts. */
#define WS_JSON_MAX_DEPTH 127

typedef enum
{
  WS_JSON_ERROR, /* @error is set; so is it for every further call */
  WS_JSON_OBJECT_BEGIN,
  WS_JSON_OBJECT_END,
  WS_JSON_ARRAY_BEGIN,
  WS_JSON_ARRAY_END,
  WS_JSON_KEY,
  WS_JSON_STRING,
  WS_JSON_NUMBER,
  WS_JSON_TRUE,
  WS_JSON_FALSE,
  WS_JSON_NULL,
  WS_JSON_END, /* of the document: one value and white space, nothing after it */
} WsJsonEvent;

typedef enum
{
  WS_JSON_EXPECT_VALUE,
  WS_JSON_EXPECT_VALUE_OR_END, /* after [ */
  WS_JSON_EXPECT_KEY,
  WS_JSON_EXPECT_KEY_OR_END, /* after { */
  WS_JSON_EXPECT_COMMA_OR_END,
  WS_JSON_EXPECT_NOTHING, /* after the one value */
  WS_JSON_EXPECT_FAILED,
} WsJsonExpect;

/* On the stack; members are private. */
typedef struct
{
  const char *bytes;
  gsize n_bytes;
  gsize position;
  WsJsonEvent event;
  WsJsonExpect expect;
  guint depth;
  gboolean in_object[WS_JSON_MAX_DEPTH];
  GString *text;
} WsJsonReader;

/* @bytes: borrowed, must outlive @self; need not end in NUL.
 * Returns: FALSE with WS_ERROR_FORMAT if it is not valid UTF-8. */
gboolean ws_json_reader_init (WsJsonReader *self, const char *bytes, gsize n_bytes, GError **error);
void ws_json_reader_clear (WsJsonReader *self);

/* The next event. Errors are WS_ERROR_FORMAT and say at which byte; callers prefix the subject. */
WsJsonEvent ws_json_reader_next (WsJsonReader *self, GError **error);

/* Text of the last key or string, unescaped, or number, as written. NUL-terminated, but may also
 * hold NUL: @length says. Valid until the next event. */
const char *ws_json_reader_get_text (const WsJsonReader *self, gsize *length);

/* Returns: FALSE if the last event is not a number, or one with sign, fraction or exponent, or
 * beyond 64 bits. */
gboolean ws_json_reader_get_u64 (const WsJsonReader *self, guint64 *value);

/* Passes over the rest of the value that began with the last event (nothing if it is a scalar).
 * Returns: FALSE with @error set. */
gboolean ws_json_reader_skip (WsJsonReader *self, GError **error);

/* Reads to the end of the document.
 * Returns: FALSE with WS_ERROR_FORMAT if it breaks a rule: then it must not go to json-glib. */
gboolean ws_json_check (const char *bytes, gsize n_bytes, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsJsonReader, ws_json_reader_clear)

G_END_DECLS
