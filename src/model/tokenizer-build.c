/* SPDX-License-Identifier: MIT */
/* Pieces as they are read, and what follows when all are there. */
#include "base/error.h"
#include "base/format.h"
#include "model/byte-level.h"
#include "model/tokenizer-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

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

static gboolean
is_piece (const WsTokenizer *self, const Token *token, const char *piece, gsize length)
{
  return token->length == length && memcmp (tokenizer_get_piece (self, token), piece, length) == 0;
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
      g_autoptr (GBytes) piece =
          g_bytes_new_static (tokenizer_get_piece (self, token), token->length);
      if (bsearch (&piece, pieces->pdata, pieces->len, sizeof (gpointer), compare_pieces))
        token->flags |= flags;
    }
}

/* Of pieces that are neither added nor special. */
typedef struct
{
  guint n;
  guint n_signs;      /* with the sign for a space of byte-level vocabularies */
  guint n_decoded;    /* in their alphabet */
  guint n_meta_space; /* with that of SentencePiece */
  guint n_within;     /* that begin with "##" */
  guint n_ends;       /* that end with "</w>" */
} Survey;

static void
survey_piece (Survey *self, const char *piece, gsize length, GString *text)
{
  self->n++;
  self->n_signs += strstr (piece, "Ġ") != NULL;
  self->n_decoded += ws_byte_level_decode (text, piece, length);
  self->n_meta_space += strstr (piece, META_SPACE) != NULL;
  self->n_within += length > 2 && g_str_has_prefix (piece, "##");
  self->n_ends += length > 4 && g_str_has_suffix (piece, "</w>");
  g_string_truncate (text, 0);
}

/* A few pieces prove nothing: "Ġ" is a letter of Maltese, "##" begins a line of Markdown, and the
 * sign for a space of SentencePiece is one of the bars "▁▂▃" that vocabularies of BERT have. */
static gboolean
are_many (guint n, guint n_all)
{
  return n > n_all / 100;
}

void
tokenizer_guess_kind (WsTokenizer *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  Survey survey = { 0 };

  for (guint id = 0; id < self->tokens->len; id++)
    {
      const Token *token = tokenizer_get (self, id);

      if (token && !(token->flags & (TOKEN_IS_ADDED | TOKEN_IS_SPECIAL)))
        survey_piece (&survey, tokenizer_get_piece (self, token), token->length, text);
    }
  if (survey.n_signs > 0 && !are_many (survey.n - survey.n_decoded, survey.n))
    self->is_byte_level = TRUE;
  else if (survey.n_meta_space > survey.n_within)
    self->has_meta_space = self->has_byte_fallback = TRUE;
  else if (are_many (survey.n_within, survey.n))
    self->prefix = g_strdup ("##");
  else if (are_many (survey.n_ends, survey.n))
    self->suffix = g_strdup ("</w>");
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
  const char *piece = tokenizer_get_piece (self, token);
  guint8 byte;

  if (token->flags & TOKEN_IS_UNUSED || is_unused_by_name (piece, token->length))
    return WS_TOKEN_UNUSED;
  if (token->flags & TOKEN_IS_SPECIAL || is_special_by_name (piece, token->length))
    return WS_TOKEN_SPECIAL;
  if (self->has_byte_fallback && tokenizer_parse_byte (piece, token->length, &byte))
    return WS_TOKEN_BYTE;
  if (self->is_byte_level && !g_utf8_validate_len (text->str, text->len, NULL) &&
      !memchr (text->str, '\0', text->len))
    return WS_TOKEN_BYTE;
  return WS_TOKEN_NORMAL;
}

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
      tokenizer_append_text (self, token, text);
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
