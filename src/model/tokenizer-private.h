/* SPDX-License-Identifier: MIT */
/* What the readers of vocabularies and the tokenizer share. */
#pragma once

#include "base/json-reader.h"
#include "model/tokenizer.h"

G_BEGIN_DECLS

/* As much as a file of a vocabulary may have; the largest have some 40 MB. */
#define TOKENIZER_MAX_BYTES ((gsize) 128 << 20)

/* SentencePiece writes a space as U+2581. */
#define META_SPACE "\342\226\201"

/* Of a token whose id is in the vocabulary. Zero: missing. */
enum
{
  TOKEN_HAS_PIECE = 1 << 0,
  TOKEN_IS_ADDED = 1 << 1, /* found in text as it is, before anything else is done: no encoding */
  TOKEN_IS_SPECIAL = 1 << 2,
  TOKEN_IS_UNUSED = 1 << 3,
  TOKEN_IS_BYTE = 1 << 4,
};

typedef struct
{
  guint32 offset; /* into the bytes */
  guint32 length;
  guint8 flags;
  guint8 kind; /* WsTokenKind, when all is read */
} Token;

typedef struct
{
  guint64 head; /* the first eight bytes of the piece, the first the most significant */
  guint32 id;
} SortedToken;

struct _WsTokenizer
{
  char *file; /* safe to show */
  char *warning;
  GString *bytes; /* of all pieces, NUL after each */
  GArray *tokens; /* (element-type Token) by id */
  guint n_pieces;
  guint n_conflicts;         /* ids that have several pieces */
  GCancellable *cancellable; /* (nullable) (unowned): while it is read */

  /* how a piece becomes text */
  WsTokenizerKind kind;
  gboolean is_byte_level;
  gboolean has_meta_space;    /* U+2581 is a space */
  gboolean has_meta_start;    /* U+2581 begins a word, and is no part of it (BERT in GGUF) */
  gboolean has_byte_fallback; /* "<0x0A>" is a byte */
  char *prefix;               /* (nullable): of pieces within a word: "##" */
  char *suffix;               /* (nullable): of pieces at the end of one: "</w>" */

  /* made when first searched */
  gsize is_indexed;
  SortedToken *sorted; /* n_pieces, by piece, then id */
  GString *folded;     /* for each id its text in lower case, NUL after each; "" if missing */
  guint32 *folded_at;  /* n_tokens + 1 offsets into it */
  gatomicrefcount ref_count;
};

/* --- building: tokenizer-build.c --- */

WsTokenizer *tokenizer_new (const char *file, GCancellable *cancellable);
/* The piece of @id; of several that an id has, the one that is TOKEN_IS_ADDED, else the first.
 * Returns: FALSE with @error set */
gboolean tokenizer_add (WsTokenizer *self, guint64 id, const char *piece, gsize length,
                        guint8 flags, GError **error);
/* Marks all tokens whose piece is one of @pieces (element-type GBytes), which are sorted by it. */
void tokenizer_mark (WsTokenizer *self, GPtrArray *pieces, guint8 flags);
/* Guesses @kind from the pieces, where the file does not say. */
void tokenizer_guess_kind (WsTokenizer *self);
/* When all is read. Returns: FALSE with @error set if there is no token. */
gboolean tokenizer_finish (WsTokenizer *self, GError **error);
/* "'tokenizer.json' is not a sound vocabulary: <reason>". Always FALSE. */
gboolean tokenizer_fail (const WsTokenizer *self, GError **error, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

static inline const Token *
tokenizer_get (const WsTokenizer *self, guint id)
{
  const Token *token = id < self->tokens->len ? &g_array_index (self->tokens, Token, id) : NULL;

  return token && token->flags & TOKEN_HAS_PIECE ? token : NULL;
}

static inline const char *
tokenizer_get_piece (const WsTokenizer *self, const Token *token)
{
  return self->bytes->str + token->offset;
}

/* --- reading: tokenizer.c --- */

/* Whether @piece is "<0x0A>" with any byte. */
gboolean tokenizer_parse_byte (const char *piece, gsize length, guint8 *byte);
/* Appends the bytes that @token stands for. */
void tokenizer_append_text (const WsTokenizer *self, const Token *token, GString *text);
/* Frees what searching needed: tokenizer-search.c. */
void tokenizer_clear_index (WsTokenizer *self);

/* --- JSON: vocab-json.c --- */

/* The reader, and the tokenizer that is being filled from it. */
typedef struct
{
  WsTokenizer *tokenizer;
  WsJsonReader reader;
  guint n_events;
} VocabJson;

/* "'tokenizer.json': " before what the reader says. Always FALSE. */
gboolean vocab_json_fail (const VocabJson *self, GError **error);
/* The next event; looks at the cancellable now and then. WS_JSON_ERROR: @error is set, whole. */
WsJsonEvent vocab_json_next (VocabJson *self, GError **error);
/* Passes over the value that begins with the next event, or that began with @event. */
gboolean vocab_json_skip_next (VocabJson *self, GError **error);
gboolean vocab_json_skip (VocabJson *self, WsJsonEvent event, GError **error);
/* Whether the last key or string is @text. */
gboolean vocab_json_is (const VocabJson *self, const char *text);
/* {"piece": id, …}, after its first event. */
gboolean vocab_json_read_map (VocabJson *self, guint8 flags, GError **error);

/* --- readers: each file of that name; FALSE with @error set --- */

/* @text: the whole file */
gboolean tokenizer_read_json (WsTokenizer *self, const char *text, gsize n_bytes, GError **error);
gboolean tokenizer_read_vocab_json (WsTokenizer *self, const char *text, gsize n_bytes,
                                    guint8 flags, GError **error);
gboolean tokenizer_read_vocab_text (WsTokenizer *self, const char *text, gsize n_bytes,
                                    GError **error);
/* Whether @text begins with such a line. */
gboolean tokenizer_is_tiktoken (const char *text, gsize n_bytes);
gboolean tokenizer_read_tiktoken (WsTokenizer *self, const char *text, gsize n_bytes,
                                  GError **error);
gboolean tokenizer_read_sentencepiece (WsTokenizer *self, const char *bytes, gsize n_bytes,
                                       GError **error);
gboolean tokenizer_read_gguf (WsTokenizer *self, WsSource *source, GError **error);
/* tokenizer_config.json and special_tokens_map.json */
gboolean tokenizer_read_config (WsTokenizer *self, const char *text, gsize n_bytes, GError **error);

G_END_DECLS
