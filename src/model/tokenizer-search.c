/* SPDX-License-Identifier: MIT */
/* Tokens by their text: pieces sorted once for what is exact, and one long text in lower case that
 * is gone through for what is typed. */
#define _GNU_SOURCE /* memmem */
#include "model/byte-level.h"
#include "model/tokenizer-private.h"

#include <string.h>

/* --- the index --- */

static guint64
make_head (const char *piece, gsize length)
{
  guint64 head = 0;

  for (gsize i = 0; i < sizeof head; i++)
    head = head << 8 | (i < length ? (guint8) piece[i] : 0);
  return head;
}

/* As memcmp; what is a beginning comes first. */
static int
compare_bytes (const char *a, gsize a_length, const char *b, gsize b_length)
{
  int order = memcmp (a, b, MIN (a_length, b_length));

  return order != 0 ? order : (a_length > b_length) - (a_length < b_length);
}

static int
compare_sorted (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const WsTokenizer *self = user_data;
  const SortedToken *first = a, *second = b;
  int order;

  if (first->head != second->head)
    return first->head < second->head ? -1 : 1;
  const Token *first_token = tokenizer_get (self, first->id);
  const Token *second_token = tokenizer_get (self, second->id);
  order = compare_bytes (tokenizer_get_piece (self, first_token), first_token->length,
                         tokenizer_get_piece (self, second_token), second_token->length);
  return order != 0 ? order : (first->id > second->id) - (first->id < second->id);
}

static void
sort_tokens (WsTokenizer *self)
{
  guint n = 0;

  self->sorted = g_new (SortedToken, self->n_pieces);
  for (guint id = 0; id < self->tokens->len; id++)
    {
      const Token *token = tokenizer_get (self, id);

      if (token)
        self->sorted[n++] =
            (SortedToken){ make_head (tokenizer_get_piece (self, token), token->length), id };
    }
  g_assert (n == self->n_pieces);
  g_qsort_with_data (self->sorted, (int) n, sizeof (SortedToken), compare_sorted, self);
}

static gboolean
is_ascii (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if ((guint8) text[i] >= 0x80)
      return FALSE;
  return TRUE;
}

/* Appends @text, valid UTF-8 without NUL, in lower case. */
static void
append_folded (GString *folded, const char *text, gsize length)
{
  if (is_ascii (text, length))
    for (gsize i = 0; i < length; i++)
      g_string_append_c (folded, g_ascii_tolower (text[i]));
  else
    {
      g_autofree char *lower = g_utf8_casefold (text, (gssize) length);

      g_string_append (folded, lower);
    }
}

/* What a person may type for a token: its text, or its label where that is no text. */
static void
append_token_folded (GString *folded, const WsTokenizer *self, guint id)
{
  gsize length;
  g_autofree char *text = ws_tokenizer_dup_text (self, id, &length);

  if (ws_tokenizer_get_token_kind (self, id) == WS_TOKEN_BYTE ||
      !g_utf8_validate_len (text, length, NULL)) /* a NUL is not valid either */
    {
      g_autofree char *label = ws_tokenizer_dup_label (self, id);

      append_folded (folded, label, strlen (label));
    }
  else
    append_folded (folded, text, length);
}

static void
fold_tokens (WsTokenizer *self)
{
  const guint n = self->tokens->len;

  self->folded = g_string_sized_new (self->bytes->len);
  self->folded_at = g_new (guint32, (gsize) n + 1);
  for (guint id = 0; id < n; id++)
    {
      self->folded_at[id] = (guint32) self->folded->len;
      if (tokenizer_get (self, id))
        append_token_folded (self->folded, self, id);
      g_string_append_c (self->folded, '\0');
    }
  self->folded_at[n] = (guint32) self->folded->len;
}

/* Nobody sees the difference: what is promised of @constant stays true. */
static const WsTokenizer *
ensure_index (const WsTokenizer *constant)
{
  WsTokenizer *self = (WsTokenizer *) constant;

  if (g_once_init_enter (&self->is_indexed))
    {
      sort_tokens (self);
      fold_tokens (self);
      g_once_init_leave (&self->is_indexed, 1);
    }
  return self;
}

void
tokenizer_clear_index (WsTokenizer *self)
{
  g_free (self->sorted);
  g_free (self->folded_at);
  if (self->folded)
    g_string_free (self->folded, TRUE);
}

/* --- what is exact --- */

static gboolean
find_piece (const WsTokenizer *self, const char *piece, gsize length, guint *id)
{
  guint begin = 0, end = self->n_pieces;

  while (begin < end)
    {
      guint middle = begin + (end - begin) / 2;
      const Token *token = tokenizer_get (self, self->sorted[middle].id);

      if (compare_bytes (tokenizer_get_piece (self, token), token->length, piece, length) < 0)
        begin = middle + 1;
      else
        end = middle;
    }
  if (begin == self->n_pieces)
    return FALSE;
  const Token *token = tokenizer_get (self, self->sorted[begin].id);
  if (compare_bytes (tokenizer_get_piece (self, token), token->length, piece, length) != 0)
    return FALSE;
  *id = self->sorted[begin].id;
  return TRUE;
}

static char *
replace (const char *text, const char *from, const char *to)
{
  g_auto (GStrv) parts = g_strsplit (text, from, -1);

  return g_strjoinv (to, parts);
}

/* The piece that would stand for @text. (transfer full) */
static char *
encode (const WsTokenizer *self, const char *text)
{
  GString *piece = g_string_new (NULL);
  gsize length = strlen (text);
  const gboolean is_end = self->suffix && length > 1 && text[length - 1] == ' ';

  if (self->has_byte_fallback && length == 1)
    g_string_printf (piece, "<0x%02X>", (guint8) text[0]);
  else if (self->is_byte_level)
    ws_byte_level_encode (piece, text, length - (is_end ? 1 : 0));
  else
    g_string_append_len (piece, text, (gssize) (length - (is_end ? 1 : 0)));
  if (is_end)
    g_string_append (piece, self->suffix);
  if (self->has_meta_start)
    g_string_prepend (piece, META_SPACE);
  if (!self->has_meta_space)
    return g_string_free (piece, FALSE);
  g_autofree char *spaced = g_string_free (piece, FALSE);
  return replace (spaced, " ", META_SPACE);
}

gboolean
ws_tokenizer_find (const WsTokenizer *self, const char *piece_or_text, guint *id)
{
  g_return_val_if_fail (self != NULL && piece_or_text != NULL && id != NULL, FALSE);

  g_autofree char *encoded = encode (self, piece_or_text);
  g_autofree char *within = self->prefix ? g_strconcat (self->prefix, piece_or_text, NULL) : NULL;

  ensure_index (self);
  return find_piece (self, piece_or_text, strlen (piece_or_text), id) ||
         find_piece (self, encoded, strlen (encoded), id) ||
         (within && find_piece (self, within, strlen (within), id));
}

/* --- what is typed --- */

/* "#123" */
static gboolean
parse_id (const WsTokenizer *self, const char *words, guint *id)
{
  guint64 number;

  if (words[0] != '#' ||
      !g_ascii_string_to_unsigned (words + 1, 10, 0, G_MAXUINT32, &number, NULL) ||
      !tokenizer_get (self, (guint) number))
    return FALSE;
  *id = (guint) number;
  return TRUE;
}

/* What is looked for in the folded texts. @exact: (nullable): the token that @words are
 * Returns: (transfer full) */
static char *
fold_words (const WsTokenizer *self, const char *words, const guint *exact)
{
  const gboolean has_sign = self->is_byte_level && g_str_has_prefix (words, "Ġ");
  g_autofree char *spaced = NULL;

  if (exact)
    return g_strdup (self->folded->str + self->folded_at[*exact]);
  if (has_sign)
    spaced = g_strconcat (" ", words + strlen ("Ġ"), NULL);
  else if (self->has_meta_space)
    spaced = replace (words, META_SPACE, " ");
  else if (self->prefix && g_str_has_prefix (words, self->prefix) &&
           strlen (words) > strlen (self->prefix))
    spaced = g_strdup (words + strlen (self->prefix));
  return g_utf8_casefold (spaced ? spaced : words, -1);
}

typedef enum
{
  MATCH_WHOLE,
  MATCH_BEGINNING,
  MATCH_PART,
  N_MATCHES,
} Match;

/* @at: where the words stand in @text for the first time */
static Match
get_match (const char *text, gsize at, gsize length)
{
  const gboolean is_start = at == 0 || (at == 1 && text[0] == ' ');

  if (!is_start)
    return MATCH_PART;
  return text[at + length] == '\0' ? MATCH_WHOLE : MATCH_BEGINNING;
}

/* The first @max tokens of each kind of match. */
static void
collect (const WsTokenizer *self, const char *words, guint max, GArray *matches[N_MATCHES])
{
  const char *all = self->folded->str;
  const gsize length = strlen (words);
  gsize position = 0;
  const char *hit;
  guint id = 0;

  while ((hit = memmem (all + position, self->folded->len - position, words, length)))
    {
      const gsize at = (gsize) (hit - all);

      while (self->folded_at[id + 1] <= at)
        id++;
      GArray *group =
          matches[get_match (all + self->folded_at[id], at - self->folded_at[id], length)];
      if (group->len < max)
        g_array_append_val (group, id);
      position = self->folded_at[id + 1];
    }
}

/* What is copied from a list of readings: its signs as the characters that they stand for.
 * (transfer full) */
static char *
undo_reading (const char *words)
{
  g_autoptr (GString) text = g_string_new (words);

  g_string_replace (text, "␣", " ", 0);
  g_string_replace (text, "↵", "\n", 0);
  g_string_replace (text, "⇥", "\t", 0);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

guint
ws_tokenizer_search (const WsTokenizer *self, const char *words, guint *ids, guint max)
{
  g_return_val_if_fail (self != NULL && words != NULL && (ids != NULL || max == 0), 0);

  g_autofree char *text = undo_reading (words);
  GArray *matches[N_MATCHES];
  guint exact, n = 0;
  gboolean is_found, is_exact;

  if (*words == '\0' || max == 0 || !g_utf8_validate (words, -1, NULL))
    return 0;
  ensure_index (self);
  is_found = ws_tokenizer_find (self, words, &exact);
  if (!is_found)
    {
      words = text;
      is_found = ws_tokenizer_find (self, words, &exact);
    }
  is_exact = is_found || parse_id (self, words, &exact);
  g_autofree char *folded = fold_words (self, words, is_found ? &exact : NULL);

  if (is_exact)
    ids[n++] = exact;
  if (*folded == '\0') /* of a token that is the empty piece */
    return n;
  for (guint i = 0; i < N_MATCHES; i++)
    matches[i] = g_array_new (FALSE, FALSE, sizeof (guint));
  collect (self, folded, max, matches);
  for (guint i = 0; i < N_MATCHES; i++)
    {
      for (guint j = 0; j < matches[i]->len && n < max; j++)
        {
          guint id = g_array_index (matches[i], guint, j);

          if (!is_exact || id != exact)
            ids[n++] = id;
        }
      g_array_unref (matches[i]);
    }
  return n;
}
