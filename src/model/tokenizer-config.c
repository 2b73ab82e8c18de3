/* SPDX-License-Identifier: MIT */
/* What tokenizer_config.json and special_tokens_map.json know of single tokens:
 *
 *   added_tokens_decoder  {"32000": {"content": "<pad>", "special": true, …}, …}
 *   bos_token and others that end in _token  "<s>", or {"content": "<s>", …}
 *   additional_special_tokens  [those, …]
 */
#include "base/error.h"
#include "model/tokenizer-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Nobody has more. */
#define MAX_NAMED 65536

typedef struct
{
  VocabJson json;
  GPtrArray *named; /* (element-type GBytes) the pieces of special tokens */
} Parser;

static void
parser_clear (Parser *self)
{
  ws_json_reader_clear (&self->json.reader);
  g_clear_pointer (&self->named, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Parser, parser_clear)

/* The last string, as it will outlive the next event; an empty one is none. */
static GBytes *
dup_text (const Parser *self)
{
  gsize length;
  const char *text = ws_json_reader_get_text (&self->json.reader, &length);

  return length > 0 ? g_bytes_new (text, length) : NULL;
}

/* After the { of a token. @content: (out) (transfer full) (nullable) */
static gboolean
parse_token (Parser *self, GBytes **content, gboolean *is_special, GError **error)
{
  WsJsonEvent event;

  while ((event = vocab_json_next (&self->json, error)) == WS_JSON_KEY)
    {
      const gboolean is_content = vocab_json_is (&self->json, "content");
      const gboolean is_flag = vocab_json_is (&self->json, "special");

      event = vocab_json_next (&self->json, error);
      if (is_content && event == WS_JSON_STRING && *content == NULL)
        *content = dup_text (self);
      else if (is_flag && event == WS_JSON_TRUE)
        *is_special = TRUE;
      else if (!vocab_json_skip (&self->json, event, error))
        return FALSE;
    }
  return event == WS_JSON_OBJECT_END;
}

static gboolean
parse_decoder (Parser *self, GError **error)
{
  WsJsonEvent event = vocab_json_next (&self->json, error);

  if (event != WS_JSON_OBJECT_BEGIN)
    return vocab_json_skip (&self->json, event, error);
  while ((event = vocab_json_next (&self->json, error)) == WS_JSON_KEY)
    {
      g_autoptr (GBytes) content = NULL;
      gboolean is_special = FALSE;
      guint64 id;
      const gboolean has_id = g_ascii_string_to_unsigned (
          ws_json_reader_get_text (&self->json.reader, NULL), 10, 0, G_MAXUINT32, &id, NULL);

      event = vocab_json_next (&self->json, error);
      if (event != WS_JSON_OBJECT_BEGIN)
        {
          if (!vocab_json_skip (&self->json, event, error))
            return FALSE;
          continue;
        }
      if (!parse_token (self, &content, &is_special, error))
        return FALSE;
      if (has_id && content &&
          !tokenizer_add (self->json.tokenizer, id, g_bytes_get_data (content, NULL),
                          g_bytes_get_size (content),
                          TOKEN_IS_ADDED | (is_special ? TOKEN_IS_SPECIAL : 0), error))
        return FALSE;
    }
  return event == WS_JSON_OBJECT_END;
}

/* A string, a token, or a list of them, that @event begins. */
static gboolean
parse_named (Parser *self, WsJsonEvent event, GError **error)
{
  g_autoptr (GBytes) content = NULL;
  gboolean is_special;

  if (event == WS_JSON_STRING)
    content = dup_text (self);
  else if (event == WS_JSON_OBJECT_BEGIN)
    {
      if (!parse_token (self, &content, &is_special, error))
        return FALSE;
    }
  else
    return vocab_json_skip (&self->json, event, error);
  if (content && self->named->len < MAX_NAMED)
    g_ptr_array_add (self->named, g_steal_pointer (&content));
  return TRUE;
}

static gboolean
parse_list (Parser *self, GError **error)
{
  WsJsonEvent event = vocab_json_next (&self->json, error);

  if (event != WS_JSON_ARRAY_BEGIN)
    return vocab_json_skip (&self->json, event, error);
  while ((event = vocab_json_next (&self->json, error)) != WS_JSON_ARRAY_END)
    if (event == WS_JSON_ERROR || !parse_named (self, event, error))
      return FALSE;
  return TRUE;
}

static gboolean
parse_member (Parser *self, GError **error)
{
  if (vocab_json_is (&self->json, "added_tokens_decoder"))
    return parse_decoder (self, error);
  if (vocab_json_is (&self->json, "additional_special_tokens"))
    return parse_list (self, error);
  if (g_str_has_suffix (ws_json_reader_get_text (&self->json.reader, NULL), "_token"))
    return parse_named (self, vocab_json_next (&self->json, error), error);
  return vocab_json_skip_next (&self->json, error);
}

gboolean
tokenizer_read_config (WsTokenizer *self, const char *text, gsize n_bytes, GError **error)
{
  g_auto (Parser) parser = {
    .json.tokenizer = self,
    .named = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref),
  };
  WsJsonEvent event;

  if (!ws_json_reader_init (&parser.json.reader, text, n_bytes, error))
    return vocab_json_fail (&parser.json, error);
  event = vocab_json_next (&parser.json, error);
  if (event == WS_JSON_ERROR)
    return FALSE;
  if (event != WS_JSON_OBJECT_BEGIN)
    return tokenizer_fail (self, error, _ ("it is not a JSON object"));
  while ((event = vocab_json_next (&parser.json, error)) == WS_JSON_KEY)
    if (!parse_member (&parser, error))
      return FALSE;
  if (event == WS_JSON_ERROR || vocab_json_next (&parser.json, error) != WS_JSON_END)
    return FALSE;
  tokenizer_mark (self, parser.named, TOKEN_IS_SPECIAL);
  return TRUE;
}
