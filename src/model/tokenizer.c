/* SPDX-License-Identifier: MIT */
/* Pieces by id, and what each of them stands for. */
#include "model/tokenizer-private.h"

#include "base/format.h"
#include "model/byte-level.h"

#include <string.h>

gboolean
tokenizer_parse_byte (const char *piece, gsize length, guint8 *byte)
{
  if (length != strlen ("<0x00>") || strncmp (piece, "<0x", 3) != 0 || piece[5] != '>' ||
      !g_ascii_isxdigit (piece[3]) || !g_ascii_isxdigit (piece[4]))
    return FALSE;
  *byte = (guint8) (g_ascii_xdigit_value (piece[3]) << 4 | g_ascii_xdigit_value (piece[4]));
  return TRUE;
}

/* --- what a piece stands for --- */

static gboolean
begins_with (const char *piece, gsize length, const char *beginning)
{
  gsize n = strlen (beginning);

  return length > n && memcmp (piece, beginning, n) == 0;
}

static gboolean
ends_with (const char *piece, gsize length, const char *end)
{
  gsize n = strlen (end);

  return length > n && memcmp (piece + length - n, end, n) == 0;
}

static void
append_with_spaces (GString *text, const char *piece, gsize length)
{
  const char *end = piece + length;

  while (piece < end)
    {
      const gboolean is_space = g_str_has_prefix (piece, META_SPACE);

      if (is_space)
        g_string_append_c (text, ' ');
      else
        g_string_append_c (text, *piece);
      piece += is_space ? strlen (META_SPACE) : 1;
    }
}

/* Of what is left of a piece without its marks. */
static void
append_decoded (const WsTokenizer *self, const Token *token, const char *piece, gsize length,
                GString *text)
{
  guint8 byte;

  if (self->has_byte_fallback && tokenizer_parse_byte (piece, length, &byte))
    g_string_append_c (text, (char) byte);
  else if (self->has_meta_space)
    append_with_spaces (text, piece, length);
  else if (!self->is_byte_level || token->flags & TOKEN_IS_ADDED ||
           !ws_byte_level_decode (text, piece, length))
    g_string_append_len (text, piece, (gssize) length);
}

void
tokenizer_append_text (const WsTokenizer *self, const Token *token, GString *text)
{
  const char *piece = tokenizer_get_piece (self, token);
  gsize length = token->length;
  gsize n_start = 0;
  gboolean has_suffix = self->suffix && ends_with (piece, length, self->suffix);

  if (self->prefix && begins_with (piece, length, self->prefix))
    n_start = strlen (self->prefix);
  else if (self->has_meta_start && begins_with (piece, length, META_SPACE))
    n_start = strlen (META_SPACE);
  if (has_suffix)
    length -= strlen (self->suffix);
  append_decoded (self, token, piece + n_start, length - MIN (n_start, length), text);
  if (has_suffix)
    g_string_append_c (text, ' ');
}

/* --- for people --- */

static void
append_byte (GString *label, guint8 byte)
{
  g_string_append_printf (label, "<0x%02X>", byte);
}

/* Of a piece of bytes: whole characters as they are, but for what byte-level vocabularies have
 * their own signs for, which people know: "Ġ" and "Ċ". */
static void
append_bytes_label (GString *label, const GString *text)
{
  const char *end = text->str + text->len;

  for (const char *p = text->str; p < end;)
    {
      gunichar c = g_utf8_get_char_validated (p, end - p);

      if (c == (gunichar) -1 || c == (gunichar) -2)
        {
          append_byte (label, (guint8) *p++);
          continue;
        }
      if (c < 0x80)
        c = ws_byte_level_get_character ((guint8) c);
      g_string_append_unichar (label, c);
      p = g_utf8_next_char (p);
    }
}

/* Spaces at either end, which a person would not see, become "␣". */
static void
append_text_label (GString *label, const char *piece, gsize length)
{
  gsize start = 0, end = length;

  while (start < length && piece[start] == ' ')
    start++;
  while (end > start && piece[end - 1] == ' ')
    end--;
  for (gsize i = 0; i < length; i++)
    if (piece[i] == '\0')
      g_string_append (label, "\\x00");
    else if (i < start || i >= end)
      g_string_append (label, "␣");
    else
      g_string_append_c (label, piece[i]);
}

char *
ws_tokenizer_dup_label (const WsTokenizer *self, guint id)
{
  g_return_val_if_fail (self != NULL, NULL);

  const Token *token = tokenizer_get (self, id);
  g_autoptr (GString) label = g_string_new (NULL);

  if (!token)
    return g_strdup_printf ("#%u", id);
  if (token->length == 0)
    return g_strdup ("\"\"");
  if (self->is_byte_level && !(token->flags & TOKEN_IS_ADDED))
    {
      g_autoptr (GString) text = g_string_new (NULL);

      tokenizer_append_text (self, token, text);
      if (self->suffix &&
          ends_with (tokenizer_get_piece (self, token), token->length, self->suffix))
        {
          g_string_truncate (text, text->len - 1); /* the space that it stands for */
          append_bytes_label (label, text);
          g_string_append (label, self->suffix);
        }
      else
        append_bytes_label (label, text);
    }
  else
    append_text_label (label, tokenizer_get_piece (self, token), token->length);
  return ws_format_name (label->str);
}

/* Whether the text of @token tells all: not that of a lone byte, nor of "##ing", which is "ing". */
static gboolean
is_text (const WsTokenizer *self, const Token *token, const char *text, gsize n_bytes)
{
  return token->kind == WS_TOKEN_NORMAL && !self->has_meta_start &&
         !(self->prefix && g_str_has_prefix (tokenizer_get_piece (self, token), self->prefix)) &&
         n_bytes > 0 && g_utf8_validate (text, (gssize) n_bytes, NULL);
}

char *
ws_tokenizer_dup_reading (const WsTokenizer *self, guint id)
{
  g_return_val_if_fail (self != NULL, NULL);

  const Token *token = tokenizer_get (self, id);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GString) reading = g_string_new (NULL);

  if (token)
    tokenizer_append_text (self, token, text);
  if (!token || !is_text (self, token, text->str, text->len))
    return ws_tokenizer_dup_label (self, id);
  append_text_label (reading, text->str, text->len);
  g_string_replace (reading, "\n", "↵", 0);
  g_string_replace (reading, "\t", "⇥", 0);
  return ws_format_name (reading->str);
}

/* --- public --- */

WsTokenizer *
ws_tokenizer_ref (WsTokenizer *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
ws_tokenizer_unref (WsTokenizer *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  tokenizer_clear_index (self);
  g_string_free (self->bytes, TRUE);
  g_array_unref (self->tokens);
  g_free (self->prefix);
  g_free (self->suffix);
  g_free (self->warning);
  g_free (self->file);
  g_free (self);
}

WsTokenizerKind
ws_tokenizer_get_kind (const WsTokenizer *self)
{
  return self->kind;
}

const char *
ws_tokenizer_get_file (const WsTokenizer *self)
{
  return self->file;
}

const char *
ws_tokenizer_get_warning (const WsTokenizer *self)
{
  return self->warning;
}

guint
ws_tokenizer_get_n_tokens (const WsTokenizer *self)
{
  return self->tokens->len;
}

WsTokenKind
ws_tokenizer_get_token_kind (const WsTokenizer *self, guint id)
{
  const Token *token = tokenizer_get (self, id);

  return token ? token->kind : WS_TOKEN_MISSING;
}

const char *
ws_tokenizer_get_piece (const WsTokenizer *self, guint id)
{
  const Token *token = tokenizer_get (self, id);

  return token ? tokenizer_get_piece (self, token) : NULL;
}

char *
ws_tokenizer_dup_text (const WsTokenizer *self, guint id, gsize *n_bytes)
{
  const Token *token = tokenizer_get (self, id);
  GString *text = g_string_new (NULL);

  if (token)
    tokenizer_append_text (self, token, text);
  if (n_bytes)
    *n_bytes = text->len;
  return g_string_free (text, FALSE);
}
