/* SPDX-License-Identifier: MIT */
/* Vocabularies written into a folder, and what is read of them. */
#pragma once

#include "model-fixture.h"

#include "model/tokenizer.h"

void write_bytes (Fixture *self, const char *name, const void *bytes, gsize n_bytes);
/* @text: with ' instead of " */
void write_json (Fixture *self, const char *name, const char *text);
/* What is in the folder of @self. */
WsTokenizer *try_read (Fixture *self, GError **error);
WsTokenizer *read_tokenizer (Fixture *self);
/* The same of @text, as write_json, in tokenizer.json. */
WsTokenizer *read_json (Fixture *self, const char *text);

/* @piece NULL: the id is missing. @text: without NUL. */
void assert_token (const WsTokenizer *tokenizer, guint id, WsTokenKind kind, const char *piece,
                   const char *text, const char *label);
void assert_found (const WsTokenizer *tokenizer, const char *words, guint expected);
/* @expected: "3 1 2", all that search gives, at most 16 */
void assert_search (const WsTokenizer *tokenizer, const char *words, const char *expected);
/* That the folder is refused, and the sentence has @part. */
void assert_not_read (Fixture *self, int code, const char *part);
