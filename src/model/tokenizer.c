/* SPDX-License-Identifier: MIT */
/* Pieces by id, and what each of them stands for. */
#include "model/tokenizer-private.h"

#include "base/error.h"
#include "base/format.h"
#include "model/byte-level.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* --- building --- */

WsTokenizer *
tokenizer_new (const char *file, GCancellable *cancellable)
{
  WsTokenizer *self = g_new0 (WsTokenizer, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->file = ws_format_name (file);
  self->cancellable = cancellable;
  self->bytes = g_string_new (NULL);
  self->tokens = g_array_new (FALSE, TRUE, sizeof (Token));
  self->kind = WS_TOKENIZER_PLAIN;
  return self;
}

gboolean
tokenizer_fail (const WsTokenizer *self, GError **error, const char *format, ...)
{
  g_autofree char *reason = NULL;
  va_list arguments;

  va_start (arguments, format);
  reason = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, WS_ERROR, WS_ERROR_FORMAT, _ ("'%s' is not a sound vocabulary: %s"),
               self->file, reason);
  return FALSE;
}

static const char *
get_piece (const WsTokenizer *self, const Token *token)
{
  return self->bytes->str + token->offset;
}

static gboolean
is_piece (const WsTokenizer *self, const Token *token, const char *piece, gsize length)
{
  return token->length == length && memcmp (get_piece (self, token), piece, length) == 0;
}

gboolean
tokenizer_add (WsTokenizer *self, guint64 id, const char *piece, gsize length, guint8 flags,
               GError **error)
{
  if (id >= WS_TOKENIZER_MAX_TOKENS)
    return tokenizer_fail (self, error, _ ("a token has the id %" PRIu64 ", which is too great"),
                           id);
  if (length > TOKENIZER_MAX_BYTES - MIN (self->bytes->len, TOKENIZER_MAX_BYTES))
    return tokenizer_fail (self, error, _ ("its tokens are too long"));
  if (id >= self->tokens->len)
    g_array_set_size (self->tokens, (guint) id + 1);

  Token *token = &g_array_index (self->tokens, Token, id);
  if (token->flags & TOKEN_HAS_PIECE)
    {
      if (is_piece (self, token, piece, length))
        {
          token->flags |= flags;
          return TRUE;
        }
      self->n_conflicts++;
      if (token->flags & TOKEN_IS_ADDED || !(flags & TOKEN_IS_ADDED))
        return TRUE;
    }
  else
    self->n_pieces++;
  *token = (Token){
    .offset = (guint32) self->bytes->len,
    .length = (guint32) length,
    .flags = flags | TOKEN_HAS_PIECE,
  };
  g_string_append_len (self->bytes, piece, (gssize) length);
  g_string_append_c (self->bytes, '\0');
  return TRUE;
}

static int
compare_pieces (gconstpointer a, gconstpointer b)
{
  return g_bytes_compare (*(GBytes *const *) a, *(GBytes *const *) b);
}

/* A table of them would be as slow as someone wants it to be. */
void
tokenizer_mark (WsTokenizer *self, GPtrArray *pieces, guint8 flags)
{
  g_ptr_array_sort (pieces, compare_pieces);
  for (guint id = 0; id < self->tokens->len && pieces->len > 0; id++)
    {
      Token *token = &g_array_index (self->tokens, Token, id);

      if (!(token->flags & TOKEN_HAS_PIECE))
        continue;
      g_autoptr (GBytes) piece = g_bytes_new_static (get_piece (self, token), token->length);
      if (bsearch (&piece, pieces->pdata, pieces->len, sizeof (gpointer), compare_pieces))
        token->flags |= flags;
    }
}

static gboolean
has_piece_with (const WsTokenizer *self, const char *part)
{
  for (guint id = 0; id < self->tokens->len; id++)
    {
      const Token *token = tokenizer_get (self, id);

      if (token && !(token->flags & (TOKEN_IS_ADDED | TOKEN_IS_SPECIAL)) &&
          strstr (get_piece (self, token), part))
        return TRUE;
    }
  return FALSE;
}

void
tokenizer_guess_kind (WsTokenizer *self)
{
  if (has_piece_with (self, "Ġ"))
    self->is_byte_level = TRUE;
  else if (has_piece_with (self, META_SPACE))
    self->has_meta_space = self->has_byte_fallback = TRUE;
  else if (has_piece_with (self, "##"))
    self->prefix = g_strdup ("##");
}

/* Whether @piece is "<0x0A>" with any byte. */
static gboolean
parse_byte (const char *piece, gsize length, guint8 *byte)
{
  if (length != strlen ("<0x00>") || strncmp (piece, "<0x", 3) != 0 || piece[5] != '>' ||
      !g_ascii_isxdigit (piece[3]) || !g_ascii_isxdigit (piece[4]))
    return FALSE;
  *byte = (guint8) (g_ascii_xdigit_value (piece[3]) << 4 | g_ascii_xdigit_value (piece[4]));
  return TRUE;
}

/* Marks that are special whatever a file says of them, or where it says nothing. */
static gboolean
is_special_by_name (const char *piece, gsize length)
{
  static const char *const names[] = { "[PAD]", "[UNK]",  "[CLS]", "[SEP]", "[MASK]",
                                       "[BOS]", "[EOS]",  "<s>",   "</s>",  "<unk>",
                                       "<pad>", "<mask>", "<bos>", "<eos>" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (length == strlen (names[i]) && memcmp (piece, names[i], length) == 0)
      return TRUE;
  return length > 4 && memcmp (piece, "<|", 2) == 0 && memcmp (piece + length - 2, "|>", 2) == 0;
}

/* "[unused7]", "<unused7>", "[UNUSED_TOKEN_7]", "<|reserved_special_token_7|>": in brackets, the
 * word, and a number. */
static gboolean
is_unused_by_name (const char *piece, gsize length)
{
  g_autofree char *lower = NULL;

  if (length < strlen ("<unused0>") || (piece[0] != '[' && piece[0] != '<') ||
      (piece[length - 1] != ']' && piece[length - 1] != '>') || length > 64)
    return FALSE;
  lower = g_ascii_strdown (piece, (gssize) length);
  return (strstr (lower, "unused") || strstr (lower, "reserved")) &&
         strpbrk (lower, "0123456789") != NULL;
}

/* @text: the bytes of @token */
static WsTokenKind
classify (const WsTokenizer *self, const Token *token, const GString *text)
{
  const char *piece = get_piece (self, token);
  guint8 byte;

  if (token->flags & TOKEN_IS_UNUSED || is_unused_by_name (piece, token->length))
    return WS_TOKEN_UNUSED;
  if (token->flags & TOKEN_IS_SPECIAL || is_special_by_name (piece, token->length))
    return WS_TOKEN_SPECIAL;
  if (self->has_byte_fallback && parse_byte (piece, token->length, &byte))
    return WS_TOKEN_BYTE;
  if (self->is_byte_level && !g_utf8_validate_len (text->str, text->len, NULL) &&
      !memchr (text->str, '\0', text->len))
    return WS_TOKEN_BYTE;
  return WS_TOKEN_NORMAL;
}

static void append_text (const WsTokenizer *self, const Token *token, GString *text);

gboolean
tokenizer_finish (WsTokenizer *self, GError **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  self->cancellable = NULL;
  if (self->n_pieces == 0)
    return tokenizer_fail (self, error, _ ("it has no tokens"));
  self->kind = self->is_byte_level                               ? WS_TOKENIZER_BYTE_LEVEL
               : self->prefix || self->has_meta_start            ? WS_TOKENIZER_WORDPIECE
               : self->has_meta_space || self->has_byte_fallback ? WS_TOKENIZER_SENTENCEPIECE
                                                                 : WS_TOKENIZER_PLAIN;
  for (guint id = 0; id < self->tokens->len; id++)
    {
      Token *token = &g_array_index (self->tokens, Token, id);

      if (!(token->flags & TOKEN_HAS_PIECE))
        continue;
      g_string_truncate (text, 0);
      append_text (self, token, text);
      token->kind = (guint8) classify (self, token, text);
    }
  if (self->n_conflicts > 0 && self->warning == NULL)
    self->warning = g_strdup_printf (
        ngettext ("%u token of '%s' has an id that another one has too: it is not shown.",
                  "%u tokens of '%s' have ids that others have too: they are not shown.",
                  self->n_conflicts),
        self->n_conflicts, self->file);
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

  if (self->has_byte_fallback && parse_byte (piece, length, &byte))
    g_string_append_c (text, (char) byte);
  else if (self->has_meta_space)
    append_with_spaces (text, piece, length);
  else if (!self->is_byte_level || token->flags & TOKEN_IS_ADDED ||
           !ws_byte_level_decode (text, piece, length))
    g_string_append_len (text, piece, (gssize) length);
}

static void
append_text (const WsTokenizer *self, const Token *token, GString *text)
{
  const char *piece = get_piece (self, token);
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
append_piece_label (GString *label, const char *piece, gsize length)
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

      append_text (self, token, text);
      if (self->suffix && ends_with (get_piece (self, token), token->length, self->suffix))
        {
          g_string_truncate (text, text->len - 1); /* the space that it stands for */
          append_bytes_label (label, text);
          g_string_append (label, self->suffix);
        }
      else
        append_bytes_label (label, text);
    }
  else
    append_piece_label (label, get_piece (self, token), token->length);
  return ws_format_name (label->str);
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

  return token ? get_piece (self, token) : NULL;
}

char *
ws_tokenizer_dup_text (const WsTokenizer *self, guint id, gsize *n_bytes)
{
  const Token *token = tokenizer_get (self, id);
  GString *text = g_string_new (NULL);

  if (token)
    append_text (self, token, text);
  if (n_bytes)
    *n_bytes = text->len;
  return g_string_free (text, FALSE);
}
