/* SPDX-License-Identifier: MIT */
/* tokenizer.json, and what is looked at in it:
 *
 *   added_tokens   [{"id": 0, "content": "<s>", "special": true, …}, …]
 *   pre_tokenizer  {"type": "ByteLevel", …} anywhere in it, or "Metaspace": how pieces are written
 *   decoder        likewise; also "Replace" with U+2581, "ByteFallback", "WordPiece" with its
 * prefix model          "type" (BPE, Unigram, WordPiece, WordLevel; not in old files), "vocab" BPE,
 * WordPiece, WordLevel  {"piece": id, …} Unigram                    [["piece", score], …], the ids
 * are the places continuing_subword_prefix, end_of_word_suffix, byte_fallback
 *
 * All else, merges above all, is passed over, but must be sound JSON.
 */
#include "base/error.h"
#include "base/format.h"
#include "model/tokenizer-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

typedef struct
{
  VocabJson json;
  gboolean has_model;
  gboolean has_vocab;
  gboolean has_byte_level; /* in the pre-tokenizer or the decoder */
  gboolean has_meta_space;
  gboolean has_decoder_prefix; /* the decoder takes "##" away */
  gboolean has_byte_fallback;
  char *type;   /* of the model; NULL: not said */
  char *prefix; /* continuing_subword_prefix of the model; NULL: none */
  char *suffix;
} Parser;

static void
parser_clear (Parser *self)
{
  ws_json_reader_clear (&self->json.reader);
  g_free (self->type);
  g_free (self->prefix);
  g_free (self->suffix);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Parser, parser_clear)

/* The next value, if it is a string; NULL and passed over if not. An empty one is as none.
 * Returns: FALSE with @error set */
static gboolean
read_string (Parser *self, char **string, GError **error)
{
  WsJsonEvent event = vocab_json_next (&self->json, error);
  gsize length;

  g_clear_pointer (string, g_free);
  if (event != WS_JSON_STRING)
    return vocab_json_skip (&self->json, event, error);
  const char *text = ws_json_reader_get_text (&self->json.reader, &length);
  if (length > 0)
    *string = g_strndup (text, length);
  return TRUE;
}

/* The same for true and false. */
static gboolean
read_boolean (Parser *self, gboolean *value, GError **error)
{
  WsJsonEvent event = vocab_json_next (&self->json, error);

  *value = event == WS_JSON_TRUE;
  return vocab_json_skip (&self->json, event, error);
}

/* --- added tokens --- */

/* After the { of one. */
static gboolean
parse_added_token (Parser *self, GError **error)
{
  g_autoptr (GString) content = NULL;
  gboolean has_id = FALSE, is_special = FALSE;
  guint64 id = 0;
  WsJsonEvent event;

  while ((event = vocab_json_next (&self->json, error)) == WS_JSON_KEY)
    {
      const gboolean is_id = vocab_json_is (&self->json, "id");
      const gboolean is_content = vocab_json_is (&self->json, "content");

      if (vocab_json_is (&self->json, "special"))
        {
          if (!read_boolean (self, &is_special, error))
            return FALSE;
          continue;
        }
      event = vocab_json_next (&self->json, error);
      if (is_content && event == WS_JSON_STRING && !content)
        {
          gsize length;
          const char *text = ws_json_reader_get_text (&self->json.reader, &length);

          content = g_string_new_len (text, (gssize) length);
        }
      else if (is_id && ws_json_reader_get_u64 (&self->json.reader, &id))
        has_id = TRUE;
      else if (!vocab_json_skip (&self->json, event, error))
        return FALSE;
    }
  if (event == WS_JSON_ERROR)
    return FALSE;
  if (!content || !has_id)
    return tokenizer_fail (self->json.tokenizer, error,
                           _ ("an added token lacks its id or its content"));
  return tokenizer_add (self->json.tokenizer, id, content->str, content->len,
                        TOKEN_IS_ADDED | (is_special ? TOKEN_IS_SPECIAL : 0), error);
}

static gboolean
parse_added_tokens (Parser *self, GError **error)
{
  WsJsonEvent event = vocab_json_next (&self->json, error);

  if (event != WS_JSON_ARRAY_BEGIN)
    return vocab_json_skip (&self->json, event, error); /* null */
  while ((event = vocab_json_next (&self->json, error)) == WS_JSON_OBJECT_BEGIN)
    if (!parse_added_token (self, error))
      return FALSE;
  if (event == WS_JSON_ERROR || event == WS_JSON_ARRAY_END)
    return event == WS_JSON_ARRAY_END;
  return tokenizer_fail (self->json.tokenizer, error, _ ("an added token is not an object"));
}

/* --- how pieces are written --- */

static void
take_type (Parser *self, gboolean is_decoder)
{
  const VocabJson *json = &self->json;

  self->has_byte_level |= vocab_json_is (json, "ByteLevel");
  self->has_meta_space |= vocab_json_is (json, "Metaspace");
  self->has_decoder_prefix |= is_decoder && vocab_json_is (json, "WordPiece");
  self->has_byte_fallback |= is_decoder && vocab_json_is (json, "ByteFallback");
}

/* The types of steps, however they are nested, and the U+2581 that is replaced by a space, or that
 * spaces are replaced by. */
static gboolean
parse_steps (Parser *self, gboolean is_decoder, GError **error)
{
  WsJsonEvent event = vocab_json_next (&self->json, error);
  gboolean is_type = FALSE;

  if (event != WS_JSON_OBJECT_BEGIN)
    return vocab_json_skip (&self->json, event, error);
  const guint outside = self->json.reader.depth - 1;
  while (self->json.reader.depth > outside)
    {
      event = vocab_json_next (&self->json, error);
      if (event == WS_JSON_ERROR)
        return FALSE;
      if (event == WS_JSON_STRING && is_type)
        take_type (self, is_decoder);
      else if (event == WS_JSON_STRING && vocab_json_is (&self->json, META_SPACE))
        self->has_meta_space = TRUE;
      is_type = event == WS_JSON_KEY && vocab_json_is (&self->json, "type");
    }
  return TRUE;
}

/* --- the model --- */

/* After the first [: [["piece", score], …]. */
static gboolean
parse_pieces (Parser *self, GError **error)
{
  WsTokenizer *tokenizer = self->json.tokenizer;
  WsJsonEvent event;
  guint64 id = 0;

  while ((event = vocab_json_next (&self->json, error)) == WS_JSON_ARRAY_BEGIN)
    {
      gsize length;

      event = vocab_json_next (&self->json, error);
      if (event == WS_JSON_ERROR)
        return FALSE;
      if (event != WS_JSON_STRING)
        return tokenizer_fail (tokenizer, error, _ ("token %" PRIu64 " is not a string"), id);
      const char *text = ws_json_reader_get_text (&self->json.reader, &length);
      if (!tokenizer_add (tokenizer, id++, text, length, 0, error))
        return FALSE;
      while ((event = vocab_json_next (&self->json, error)) != WS_JSON_ARRAY_END)
        if (!vocab_json_skip (&self->json, event, error))
          return FALSE;
    }
  if (event == WS_JSON_ERROR || event == WS_JSON_ARRAY_END)
    return event == WS_JSON_ARRAY_END;
  return tokenizer_fail (tokenizer, error, _ ("token %" PRIu64 " is not a list"), id);
}

static gboolean
parse_vocab (Parser *self, GError **error)
{
  WsJsonEvent event = vocab_json_next (&self->json, error);

  if (event == WS_JSON_ERROR)
    return FALSE;
  if (self->has_vocab)
    return tokenizer_fail (self->json.tokenizer, error, _ ("its vocab stands there twice"));
  self->has_vocab = TRUE;
  if (event == WS_JSON_OBJECT_BEGIN)
    return vocab_json_read_map (&self->json, 0, error);
  if (event == WS_JSON_ARRAY_BEGIN)
    return parse_pieces (self, error);
  return tokenizer_fail (self->json.tokenizer, error, _ ("its vocab is no list of tokens"));
}

static gboolean
parse_model_member (Parser *self, GError **error)
{
  const VocabJson *json = &self->json;
  gboolean is_true;

  if (vocab_json_is (json, "vocab"))
    return parse_vocab (self, error);
  if (vocab_json_is (json, "type"))
    return read_string (self, &self->type, error);
  if (vocab_json_is (json, "continuing_subword_prefix"))
    return read_string (self, &self->prefix, error);
  if (vocab_json_is (json, "end_of_word_suffix"))
    return read_string (self, &self->suffix, error);
  if (vocab_json_is (json, "byte_fallback"))
    {
      if (!read_boolean (self, &is_true, error))
        return FALSE;
      self->has_byte_fallback |= is_true;
      return TRUE;
    }
  return vocab_json_skip_next (&self->json, error);
}

static gboolean
parse_model (Parser *self, GError **error)
{
  WsJsonEvent event = vocab_json_next (&self->json, error);

  if (event == WS_JSON_ERROR)
    return FALSE;
  if (event != WS_JSON_OBJECT_BEGIN || self->has_model)
    return tokenizer_fail (self->json.tokenizer, error,
                           self->has_model ? _ ("its model stands there twice")
                                           : _ ("its model is not an object"));
  self->has_model = TRUE;
  while ((event = vocab_json_next (&self->json, error)) == WS_JSON_KEY)
    if (!parse_model_member (self, error))
      return FALSE;
  return event == WS_JSON_OBJECT_END;
}

/* --- all --- */

static gboolean
parse_member (Parser *self, GError **error)
{
  const VocabJson *json = &self->json;

  if (vocab_json_is (json, "added_tokens"))
    return parse_added_tokens (self, error);
  if (vocab_json_is (json, "pre_tokenizer") || vocab_json_is (json, "normalizer"))
    return parse_steps (self, FALSE, error);
  if (vocab_json_is (json, "decoder"))
    return parse_steps (self, TRUE, error);
  if (vocab_json_is (json, "model"))
    return parse_model (self, error);
  return vocab_json_skip_next (&self->json, error);
}

static gboolean
parse_root (Parser *self, GError **error)
{
  WsTokenizer *tokenizer = self->json.tokenizer;
  WsJsonEvent event = vocab_json_next (&self->json, error);

  if (event == WS_JSON_ERROR)
    return FALSE;
  if (event != WS_JSON_OBJECT_BEGIN)
    return tokenizer_fail (tokenizer, error, _ ("it is not a JSON object"));
  while ((event = vocab_json_next (&self->json, error)) == WS_JSON_KEY)
    if (!parse_member (self, error))
      return FALSE;
  if (event == WS_JSON_ERROR || vocab_json_next (&self->json, error) != WS_JSON_END)
    return FALSE;
  if (!self->has_vocab)
    return tokenizer_fail (tokenizer, error, _ ("it has no model with a vocab"));
  return TRUE;
}

/* Models that are read; the others have no vocabulary of this form. */
static gboolean
check_type (const Parser *self, GError **error)
{
  static const char *const types[] = { "BPE", "Unigram", "WordPiece", "WordLevel" };
  g_autofree char *shown = NULL;

  if (self->type == NULL)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (strcmp (self->type, types[i]) == 0)
      return TRUE;
  shown = ws_format_name (self->type);
  g_set_error (error, WS_ERROR, WS_ERROR_UNSUPPORTED,
               _ ("the vocabulary in '%s' is of the type '%s', which is not read"),
               self->json.tokenizer->file, shown);
  return FALSE;
}

static void
take_kind (Parser *self)
{
  WsTokenizer *tokenizer = self->json.tokenizer;
  const gboolean is_word_piece = self->type && strcmp (self->type, "WordPiece") == 0;

  tokenizer->is_byte_level = self->has_byte_level;
  tokenizer->has_meta_space = self->has_meta_space && !self->has_byte_level;
  tokenizer->has_byte_fallback = self->has_byte_fallback && !self->has_byte_level;
  if (self->prefix || is_word_piece || self->has_decoder_prefix)
    tokenizer->prefix = self->prefix ? g_steal_pointer (&self->prefix) : g_strdup ("##");
  tokenizer->suffix = g_steal_pointer (&self->suffix);
  if (!tokenizer->is_byte_level && !tokenizer->has_meta_space && !tokenizer->prefix &&
      !tokenizer->suffix && g_strcmp0 (self->type, "WordLevel") != 0)
    tokenizer_guess_kind (tokenizer);
}

gboolean
tokenizer_read_json (WsTokenizer *self, const char *text, gsize n_bytes, GError **error)
{
  g_auto (Parser) parser = { .json.tokenizer = self };

  if (!ws_json_reader_init (&parser.json.reader, text, n_bytes, error))
    return vocab_json_fail (&parser.json, error);
  if (!parse_root (&parser, error) || !check_type (&parser, error))
    return FALSE;
  take_kind (&parser);
  return TRUE;
}
