/* SPDX-License-Identifier: MIT */
/* The vocabulary of a model: which token each row of its embedding belongs to.
 *
 * It is read by our own bounded readers from what lies beside the weights; nothing in it is
 * executed, and no text is ever tokenized: a token is only shown, found and told apart. */
#pragma once

#include "model/model.h"

G_BEGIN_DECLS

/* Immutable, ref-counted, thread-safe. */
typedef struct _WsTokenizer WsTokenizer;

typedef enum
{
  WS_TOKENIZER_BYTE_LEVEL,    /* a character for each byte: "Ġthe" is " the" (GPT-2 and later) */
  WS_TOKENIZER_SENTENCEPIECE, /* "▁the" is " the", "<0x0A>" a byte (Llama 2, T5, Gemma) */
  WS_TOKENIZER_WORDPIECE,     /* "the", and "##ing" within a word (BERT) */
  WS_TOKENIZER_PLAIN,         /* pieces are the text that they stand for */
} WsTokenizerKind;

typedef enum
{
  WS_TOKEN_MISSING, /* the id has no token */
  WS_TOKEN_NORMAL,
  WS_TOKEN_SPECIAL, /* a mark that no text contains: "<s>", "[CLS]", "<|im_start|>" */
  WS_TOKEN_BYTE,    /* bytes that are no whole characters, or stand for themselves: "<0x0A>" */
  WS_TOKEN_UNUSED,  /* a place kept free: "[unused7]", "<|reserved_special_token_7|>" */
} WsTokenKind;

/* Greater ids are refused. The largest vocabularies have about a million tokens. */
#define WS_TOKENIZER_MAX_TOKENS (1u << 22)

/* Reads the first of these that is in @folder: tokenizer.json; vocab.json; vocab.txt;
 * tokenizer.model, spiece.model or spm.model of SentencePiece; tiktoken.model or qwen.tiktoken; the
 * metadata of a .gguf file. added_tokens.json, tokenizer_config.json and special_tokens_map.json
 * add what they know. Returns: (transfer full): NULL with @error set: WS_ERROR_NOT_FOUND when there
 * is none of them; WS_ERROR_FORMAT or _UNSUPPORTED, naming the file; G_IO_ERROR. */
WsTokenizer *ws_tokenizer_read (const WsFolder *folder, GCancellable *cancellable, GError **error);
/* The same for the files beside @model, wherever they lie. */
WsTokenizer *ws_tokenizer_read_model (const WsModel *model, GCancellable *cancellable,
                                      GError **error);

WsTokenizer *ws_tokenizer_ref (WsTokenizer *self);
void ws_tokenizer_unref (WsTokenizer *self);

WsTokenizerKind ws_tokenizer_get_kind (const WsTokenizer *self);
/* Name of the file that it is from: "tokenizer.json". */
const char *ws_tokenizer_get_file (const WsTokenizer *self);
/* A translated sentence on what is odd about the vocabulary; NULL: nothing is. */
const char *ws_tokenizer_get_warning (const WsTokenizer *self);
/* The greatest id + 1: ids below may be missing. */
guint ws_tokenizer_get_n_tokens (const WsTokenizer *self);

/* Any @id may be asked for: one beyond the vocabulary is missing. */

WsTokenKind ws_tokenizer_get_token_kind (const WsTokenizer *self, guint id);
/* As it stands in the vocabulary: "Ġthe", "##ing", "<0x0A>"; valid UTF-8; NULL if it is missing.
 * One that holds a NUL character, which a few do, ends there: ws_tokenizer_dup_text has it all. */
const char *ws_tokenizer_get_piece (const WsTokenizer *self, guint id);
/* The bytes that it stands for: " the", "ing", "\n"; not always UTF-8. "" if it is missing.
 * @n_bytes: (out) (nullable): a NUL follows them
 * Returns: (transfer full) */
char *ws_tokenizer_dup_text (const WsTokenizer *self, guint id, gsize *n_bytes);
/* For people: one line of valid UTF-8, never empty: "Ġthe", "你好", "<0xE4><0xBD>"; characters that
 * cannot be seen are escaped, what is long is shortened in the middle; "#123" if it is missing.
 * Returns: (transfer full) */
char *ws_tokenizer_dup_label (const WsTokenizer *self, guint id);

/* As it is read, the same for every vocabulary: "␣the" for "Ġthe" and for "▁the", "↵" for a line
 * feed, "⇥" for a tab; what is no text, and "##ing", as its label.
 * Returns: (transfer full) */
char *ws_tokenizer_dup_reading (const WsTokenizer *self, guint id);

/* The token whose piece is @piece_or_text, else the one that stands for it: "Ġthe" and " the" find
 * the same; of several the lowest id. The first call, of this or of search, costs some 50 ms.
 * Returns: FALSE if there is none */
gboolean ws_tokenizer_find (const WsTokenizer *self, const char *piece_or_text, guint *id);

/* Tokens for what a person types: first the one that it is (also "#123": an id; "␣" is a space as
 * well), then those that
 * are it but for case and the mark at the start of a word, those that begin with it, those that
 * contain it; each group by id. Fast enough for each key typed.
 * @ids: (out) room for @max
 * Returns: number of ids written */
guint ws_tokenizer_search (const WsTokenizer *self, const char *words, guint *ids, guint max);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (WsTokenizer, ws_tokenizer_unref)

G_END_DECLS
