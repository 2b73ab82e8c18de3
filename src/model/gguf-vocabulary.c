/* SPDX-License-Identifier: MIT */
/* The vocabulary in the metadata of a GGUF file:
 *
 *   tokenizer.ggml.model       "llama" (SentencePiece), "gpt2" (byte-level), "bert", "t5", ...
 *   tokenizer.ggml.tokens      array of strings, by id
 *   tokenizer.ggml.token_type  array of i32: the types of SentencePiece
 *
 * Other entries are passed over; the tensors are not looked at.
 */
#include "model/gguf-metadata.h"
#include "model/tokenizer-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

/* "gpt2" */
#define MAX_MODEL_BYTES 1024

enum
{
  TOKEN_TYPE_UNKNOWN = 2,
  TOKEN_TYPE_CONTROL,
  TOKEN_TYPE_USER_DEFINED,
  TOKEN_TYPE_UNUSED,
  TOKEN_TYPE_BYTE,
};

typedef struct
{
  WsTokenizer *tokenizer;
  WsGgufReader reader;
  char *model;       /* tokenizer.ggml.model */
  GByteArray *types; /* by id; what does not fit into a byte is 0 */
  gboolean has_tokens;
} Parser;

static void
parser_clear (Parser *self)
{
  ws_gguf_reader_clear (&self->reader);
  g_clear_pointer (&self->types, g_byte_array_unref);
  g_free (self->model);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Parser, parser_clear)

static gboolean
read_model (Parser *self, guint32 type, GError **error)
{
  if (type != WS_GGUF_STRING)
    return ws_gguf_reader_skip_value (&self->reader, type, error);
  if (!ws_gguf_reader_read_string (&self->reader, MAX_MODEL_BYTES, error))
    return FALSE;
  g_free (self->model);
  self->model = g_strndup (self->reader.text->str, self->reader.text->len);
  return TRUE;
}

static gboolean
read_tokens (Parser *self, guint32 type, GError **error)
{
  guint32 element = WS_GGUF_N_TYPES;
  guint64 n = 0;

  if (self->has_tokens)
    return tokenizer_fail (self->tokenizer, error, _ ("its vocab stands there twice"));
  self->has_tokens = TRUE;
  if (type == WS_GGUF_ARRAY && !ws_gguf_reader_read_array_head (&self->reader, &element, &n, error))
    return FALSE;
  if (element != WS_GGUF_STRING)
    return tokenizer_fail (self->tokenizer, error, _ ("its vocab is no list of tokens"));
  for (guint64 id = 0; id < n; id++)
    {
      if (!ws_gguf_reader_read_string (&self->reader, TOKENIZER_MAX_BYTES, error))
        return FALSE;
      if (!g_utf8_validate_len (self->reader.text->str, self->reader.text->len, NULL))
        return tokenizer_fail (self->tokenizer, error, _ ("token %" PRIu64 " is not UTF-8"), id);
      if (!tokenizer_add (self->tokenizer, id, self->reader.text->str, self->reader.text->len, 0,
                          error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_types (Parser *self, guint32 type, GError **error)
{
  guint64 n;

  if (type != WS_GGUF_ARRAY)
    return ws_gguf_reader_skip_value (&self->reader, type, error);
  if (!ws_gguf_reader_read_array_head (&self->reader, &type, &n, error))
    return FALSE;
  if ((type != WS_GGUF_I32 && type != WS_GGUF_U32) || n > WS_TOKENIZER_MAX_TOKENS)
    return tokenizer_fail (self->tokenizer, error,
                           _ ("its kinds of tokens are no list of numbers"));
  g_byte_array_set_size (self->types, 0);
  for (guint64 i = 0; i < n; i++)
    {
      guint32 value;

      if (!ws_gguf_reader_read_u32 (&self->reader, &value, error))
        return FALSE;
      const guint8 byte = value < 256 ? (guint8) value : 0;
      g_byte_array_append (self->types, &byte, 1);
    }
  return TRUE;
}

static gboolean
read_entry (Parser *self, GError **error)
{
  guint32 type;

  if (!ws_gguf_reader_read_key (&self->reader, &type, error))
    return FALSE;
  const char *key = self->reader.text->str;
  if (strcmp (key, "tokenizer.ggml.model") == 0)
    return read_model (self, type, error);
  if (strcmp (key, "tokenizer.ggml.tokens") == 0)
    return read_tokens (self, type, error);
  if (strcmp (key, "tokenizer.ggml.token_type") == 0)
    return read_types (self, type, error);
  return ws_gguf_reader_skip_value (&self->reader, type, error);
}

static void
take_types (Parser *self)
{
  WsTokenizer *tokenizer = self->tokenizer;

  for (guint id = 0; id < MIN (self->types->len, tokenizer->tokens->len); id++)
    {
      Token *token = &g_array_index (tokenizer->tokens, Token, id);

      switch (self->types->data[id])
        {
        case TOKEN_TYPE_UNKNOWN:
        case TOKEN_TYPE_CONTROL:
          token->flags |= TOKEN_IS_SPECIAL | TOKEN_IS_ADDED;
          break;
        case TOKEN_TYPE_USER_DEFINED: /* as it is, but for the spaces of SentencePiece */
          token->flags |= TOKEN_IS_ADDED;
          break;
        case TOKEN_TYPE_UNUSED:
          token->flags |= TOKEN_IS_UNUSED;
          break;
        case TOKEN_TYPE_BYTE:
          tokenizer->has_byte_fallback = TRUE;
          break;
        default:
          break;
        }
    }
}

static void
take_model (Parser *self)
{
  WsTokenizer *tokenizer = self->tokenizer;

  if (g_strcmp0 (self->model, "gpt2") == 0)
    tokenizer->is_byte_level = TRUE;
  else if (g_strcmp0 (self->model, "llama") == 0 || g_strcmp0 (self->model, "t5") == 0)
    tokenizer->has_meta_space = TRUE;
  else if (g_strcmp0 (self->model, "bert") == 0)
    tokenizer->has_meta_start = TRUE;
  else
    tokenizer_guess_kind (tokenizer);
}

gboolean
tokenizer_read_gguf (WsTokenizer *self, WsSource *source, GError **error)
{
  g_auto (Parser) parser = { .tokenizer = self, .types = g_byte_array_new () };
  guint64 n_entries = 0;

  if (!ws_gguf_reader_init (&parser.reader, source, &n_entries, self->cancellable, error))
    return FALSE;
  /* An entry takes some bytes: where there are too many, the bytes end first. */
  for (guint64 i = 0; i < n_entries; i++)
    if (!read_entry (&parser, error))
      return FALSE;
  take_types (&parser);
  take_model (&parser);
  return TRUE;
}
