/* SPDX-License-Identifier: MIT */
/* vocab.json and added_tokens.json, one object of ids by piece; and what all readers of JSON
 * vocabularies do. */
#include "base/error.h"
#include "model/tokenizer-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* How often to see whether anyone still waits: some 0.1 ms of reading. */
#define CANCEL_INTERVAL 1024

gboolean
vocab_json_fail (const VocabJson *self, GError **error)
{
  g_prefix_error (error, "'%s': ", self->tokenizer->file);
  return FALSE;
}

WsJsonEvent
vocab_json_next (VocabJson *self, GError **error)
{
  WsJsonEvent event;

  if (++self->n_events % CANCEL_INTERVAL == 0 &&
      g_cancellable_set_error_if_cancelled (self->tokenizer->cancellable, error))
    return WS_JSON_ERROR;
  event = ws_json_reader_next (&self->reader, error);
  if (event == WS_JSON_ERROR)
    vocab_json_fail (self, error);
  return event;
}

gboolean
vocab_json_skip (VocabJson *self, WsJsonEvent event, GError **error)
{
  if (event != WS_JSON_OBJECT_BEGIN && event != WS_JSON_ARRAY_BEGIN)
    return event != WS_JSON_ERROR;

  const guint outside = self->reader.depth - 1;
  while (self->reader.depth > outside)
    if (vocab_json_next (self, error) == WS_JSON_ERROR)
      return FALSE;
  return TRUE;
}

gboolean
vocab_json_skip_next (VocabJson *self, GError **error)
{
  return vocab_json_skip (self, vocab_json_next (self, error), error);
}

gboolean
vocab_json_is (const VocabJson *self, const char *text)
{
  gsize length;
  const char *last = ws_json_reader_get_text (&self->reader, &length);

  return length == strlen (text) && memcmp (last, text, length) == 0;
}

gboolean
vocab_json_read_map (VocabJson *self, guint8 flags, GError **error)
{
  g_autoptr (GString) piece = g_string_new (NULL);
  WsJsonEvent event;

  while ((event = vocab_json_next (self, error)) == WS_JSON_KEY)
    {
      gsize length;
      const char *text = ws_json_reader_get_text (&self->reader, &length);
      guint64 id;

      g_string_truncate (piece, 0);
      g_string_append_len (piece, text, (gssize) length);
      event = vocab_json_next (self, error);
      if (event == WS_JSON_ERROR)
        return FALSE;
      if (!ws_json_reader_get_u64 (&self->reader, &id))
        return tokenizer_fail (self->tokenizer, error, _ ("a token has an id that is no number"));
      if (!tokenizer_add (self->tokenizer, id, piece->str, piece->len, flags, error))
        return FALSE;
    }
  return event == WS_JSON_OBJECT_END;
}

gboolean
tokenizer_read_vocab_json (WsTokenizer *self, const char *text, gsize n_bytes, guint8 flags,
                           GError **error)
{
  VocabJson json = { .tokenizer = self };
  gboolean is_read = FALSE;
  WsJsonEvent event;

  if (!ws_json_reader_init (&json.reader, text, n_bytes, error))
    return vocab_json_fail (&json, error);
  event = vocab_json_next (&json, error);
  if (event == WS_JSON_OBJECT_BEGIN)
    is_read =
        vocab_json_read_map (&json, flags, error) && vocab_json_next (&json, error) == WS_JSON_END;
  else if (event != WS_JSON_ERROR)
    tokenizer_fail (self, error, _ ("it is not a JSON object"));
  ws_json_reader_clear (&json.reader);
  return is_read;
}
