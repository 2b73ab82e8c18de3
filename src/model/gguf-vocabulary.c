/* SPDX-License-Identifier: MIT */
/* The vocabulary in the metadata of a GGUF file:
 *
 *   "GGUF" | u32 version | u64 n_tensors | u64 n_entries | entries...
 *   entry  = string key, u32 type, value
 *   string = u64 length, bytes
 *   array  = u32 type of the elements, u64 n, values; never of arrays
 *
 *   tokenizer.ggml.model       "llama" (SentencePiece), "gpt2" (byte-level), "bert", "t5", ...
 *   tokenizer.ggml.tokens      array of strings, by id
 *   tokenizer.ggml.token_type  array of i32: the types of SentencePiece
 *
 * Little-endian, versions 2 and 3. Other entries are passed over; the tensors are not looked at.
 */
#include "base/error.h"
#include "base/format.h"
#include "model/tokenizer-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

/* Read at once. */
#define WINDOW_BYTES ((gsize) 1 << 20)
/* Of all metadata; the largest have some 20 MB. */
#define MAX_METADATA_BYTES ((guint64) 256 << 20)
#define MAX_KEY_BYTES 65535

typedef enum
{
  TYPE_U8,
  TYPE_I8,
  TYPE_U16,
  TYPE_I16,
  TYPE_U32,
  TYPE_I32,
  TYPE_F32,
  TYPE_BOOL,
  TYPE_STRING,
  TYPE_ARRAY,
  TYPE_U64,
  TYPE_I64,
  TYPE_F64,
  N_TYPES,
} Type;

/* 0: not of one size */
static const guint8 type_sizes[N_TYPES] = {
  [TYPE_U8] = 1,  [TYPE_I8] = 1,   [TYPE_U16] = 2, [TYPE_I16] = 2, [TYPE_U32] = 4, [TYPE_I32] = 4,
  [TYPE_F32] = 4, [TYPE_BOOL] = 1, [TYPE_U64] = 8, [TYPE_I64] = 8, [TYPE_F64] = 8,
};

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
  WsSource *source;
  guint64 n_bytes; /* of the source that may be metadata */
  guint64 position;
  guint8 *window; /* bytes of the source from window_at on */
  guint64 window_at;
  gsize n_window;
  GString *text;     /* the last string */
  char *model;       /* tokenizer.ggml.model */
  GByteArray *types; /* by id; what does not fit into a byte is 0 */
  gboolean has_tokens;
} Parser;

static void
parser_clear (Parser *self)
{
  g_free (self->window);
  g_free (self->model);
  if (self->text)
    g_string_free (self->text, TRUE);
  g_clear_pointer (&self->types, g_byte_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Parser, parser_clear)

static gboolean
fail_end (const Parser *self, GError **error)
{
  return tokenizer_fail (self->tokenizer, error, _ ("its metadata end too early, at byte %" PRIu64),
                         self->position);
}

/* --- bytes --- */

static guint64
count_left (const Parser *self)
{
  return self->n_bytes - self->position;
}

/* @n_bytes, at most a window, at the position, which moves behind them. NULL with @error set. */
static const guint8 *
read_bytes (Parser *self, gsize n_bytes, GError **error)
{
  if (n_bytes > count_left (self))
    {
      fail_end (self, error);
      return NULL;
    }
  if (self->position < self->window_at ||
      self->position + n_bytes > self->window_at + self->n_window)
    {
      const gsize n = (gsize) MIN (WINDOW_BYTES, count_left (self));

      self->n_window = 0;
      if (!ws_source_read (self->source, self->position, self->window, n,
                           self->tokenizer->cancellable, error))
        return NULL;
      self->window_at = self->position;
      self->n_window = n;
    }
  const guint8 *bytes = self->window + (self->position - self->window_at);
  self->position += n_bytes;
  return bytes;
}

static gboolean
skip_bytes (Parser *self, guint64 n_bytes, GError **error)
{
  if (n_bytes > count_left (self))
    return fail_end (self, error);
  self->position += n_bytes;
  return TRUE;
}

static gboolean
read_u32 (Parser *self, guint32 *value, GError **error)
{
  const guint8 *bytes = read_bytes (self, sizeof *value, error);

  if (!bytes)
    return FALSE;
  memcpy (value, bytes, sizeof *value);
  *value = GUINT32_FROM_LE (*value);
  return TRUE;
}

static gboolean
read_u64 (Parser *self, guint64 *value, GError **error)
{
  const guint8 *bytes = read_bytes (self, sizeof *value, error);

  if (!bytes)
    return FALSE;
  memcpy (value, bytes, sizeof *value);
  *value = GUINT64_FROM_LE (*value);
  return TRUE;
}

/* Leaves it in the text. */
static gboolean
read_string (Parser *self, guint64 max_length, GError **error)
{
  guint64 length;

  if (!read_u64 (self, &length, error))
    return FALSE;
  if (length > count_left (self))
    return fail_end (self, error);
  if (length > max_length)
    return tokenizer_fail (self->tokenizer, error, _ ("a text of %" PRIu64 " bytes is too long"),
                           length);
  g_string_truncate (self->text, 0);
  while (self->text->len < length)
    {
      const gsize n = (gsize) MIN (length - self->text->len, WINDOW_BYTES);
      const guint8 *bytes = read_bytes (self, n, error);

      if (!bytes)
        return FALSE;
      g_string_append_len (self->text, (const char *) bytes, (gssize) n);
    }
  return TRUE;
}

static gboolean
skip_string (Parser *self, GError **error)
{
  guint64 length;

  return read_u64 (self, &length, error) && skip_bytes (self, length, error);
}

/* --- values --- */

/* What stands before the values of an array. @n: checked against the bytes that are left */
static gboolean
read_array_head (Parser *self, guint32 *type, guint64 *n, GError **error)
{
  if (!read_u32 (self, type, error) || !read_u64 (self, n, error))
    return FALSE;
  if (*type >= N_TYPES || *type == TYPE_ARRAY)
    return tokenizer_fail (self->tokenizer, error, _ ("a list in its metadata is of type %u"),
                           *type);
  /* A string has its length at least. */
  if (*n > count_left (self) / (type_sizes[*type] > 0 ? type_sizes[*type] : sizeof (guint64)))
    return fail_end (self, error);
  return TRUE;
}

static gboolean
skip_value (Parser *self, guint32 type, GError **error)
{
  guint64 n = 1;

  if (type == TYPE_ARRAY && !read_array_head (self, &type, &n, error))
    return FALSE;
  if (type >= N_TYPES)
    return tokenizer_fail (self->tokenizer, error, _ ("an entry of its metadata is of type %u"),
                           type);
  if (type != TYPE_STRING)
    return skip_bytes (self, n * type_sizes[type], error);
  for (guint64 i = 0; i < n; i++)
    if (!skip_string (self, error))
      return FALSE;
  return TRUE;
}

static gboolean
read_model (Parser *self, guint32 type, GError **error)
{
  if (type != TYPE_STRING)
    return skip_value (self, type, error);
  if (!read_string (self, MAX_KEY_BYTES, error))
    return FALSE;
  g_free (self->model);
  self->model = g_strndup (self->text->str, self->text->len);
  return TRUE;
}

static gboolean
read_tokens (Parser *self, guint32 type, GError **error)
{
  guint32 element = N_TYPES;
  guint64 n = 0;

  if (self->has_tokens)
    return tokenizer_fail (self->tokenizer, error, _ ("its vocab stands there twice"));
  self->has_tokens = TRUE;
  if (type == TYPE_ARRAY && !read_array_head (self, &element, &n, error))
    return FALSE;
  if (element != TYPE_STRING)
    return tokenizer_fail (self->tokenizer, error, _ ("its vocab is no list of tokens"));
  for (guint64 id = 0; id < n; id++)
    {
      if (!read_string (self, TOKENIZER_MAX_BYTES, error))
        return FALSE;
      if (!g_utf8_validate_len (self->text->str, self->text->len, NULL))
        return tokenizer_fail (self->tokenizer, error, _ ("token %" PRIu64 " is not UTF-8"), id);
      if (!tokenizer_add (self->tokenizer, id, self->text->str, self->text->len, 0, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_types (Parser *self, guint32 type, GError **error)
{
  guint64 n;

  if (type != TYPE_ARRAY)
    return skip_value (self, type, error);
  if (!read_array_head (self, &type, &n, error))
    return FALSE;
  if ((type != TYPE_I32 && type != TYPE_U32) || n > WS_TOKENIZER_MAX_TOKENS)
    return tokenizer_fail (self->tokenizer, error,
                           _ ("its kinds of tokens are no list of numbers"));
  g_byte_array_set_size (self->types, 0);
  for (guint64 i = 0; i < n; i++)
    {
      guint32 value;

      if (!read_u32 (self, &value, error))
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

  if (!read_string (self, MAX_KEY_BYTES, error))
    return FALSE;
  g_autofree char *key = g_strndup (self->text->str, self->text->len);
  if (!read_u32 (self, &type, error))
    return FALSE;
  if (strcmp (key, "tokenizer.ggml.model") == 0)
    return read_model (self, type, error);
  if (strcmp (key, "tokenizer.ggml.tokens") == 0)
    return read_tokens (self, type, error);
  if (strcmp (key, "tokenizer.ggml.token_type") == 0)
    return read_types (self, type, error);
  return skip_value (self, type, error);
}

static gboolean
read_head (Parser *self, guint64 *n_entries, GError **error)
{
  const guint8 *magic;
  guint32 version;
  guint64 n_tensors;

  if (!(magic = read_bytes (self, 4, error)))
    return FALSE;
  if (memcmp (magic, "GGUF", 4) != 0)
    return tokenizer_fail (self->tokenizer, error, _ ("it is not a GGUF file"));
  if (!read_u32 (self, &version, error))
    return FALSE;
  if (version != 2 && version != 3)
    {
      g_set_error (error, WS_ERROR, WS_ERROR_UNSUPPORTED,
                   _ ("'%s' is GGUF of version %u, which is not read"), self->tokenizer->file,
                   version);
      return FALSE;
    }
  return read_u64 (self, &n_tensors, error) && read_u64 (self, n_entries, error);
}

/* --- what it says --- */

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
  g_auto (Parser) parser = {
    .tokenizer = self,
    .source = source,
    .n_bytes = MIN (ws_source_get_n_bytes (source), MAX_METADATA_BYTES),
    .window = g_malloc (WINDOW_BYTES),
    .text = g_string_new (NULL),
    .types = g_byte_array_new (),
  };
  guint64 n_entries = 0;

  if (!read_head (&parser, &n_entries, error))
    return FALSE;
  /* An entry takes some bytes: where there are too many, the bytes end first. */
  for (guint64 i = 0; i < n_entries; i++)
    if (!read_entry (&parser, error))
      return FALSE;
  take_types (&parser);
  take_model (&parser);
  return TRUE;
}
