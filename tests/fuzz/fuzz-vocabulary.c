/* SPDX-License-Identifier: MIT */
/* Any bytes are an error or a vocabulary: of GGUF, tiktoken, SentencePiece or lines; or they add to
 * one, as the configuration of a tokenizer does. */
#include "check-tokenizer.h"
#include "fuzz.h"

static gboolean
read_bytes (WsTokenizer *self, const char *bytes, gsize n_bytes, GError **error)
{
  g_autoptr (GBytes) owned = g_bytes_new_static (bytes, n_bytes);
  g_autoptr (WsSource) source = ws_source_new_bytes ("fuzz", owned);

  if (n_bytes >= 4 && memcmp (bytes, "GGUF", 4) == 0)
    return tokenizer_read_gguf (self, source, error);
  if (n_bytes > 0 && bytes[0] == '{')
    return tokenizer_read_vocab_json (self, "{\"a\":0,\"<s>\":1}", 15, 0, error) &&
           tokenizer_read_config (self, bytes, n_bytes, error);
  if (n_bytes > 0 && bytes[0] == '#')
    return tokenizer_read_vocab_text (self, bytes + 1, n_bytes - 1, error);
  if (tokenizer_is_tiktoken (bytes, n_bytes))
    return tokenizer_read_tiktoken (self, bytes, n_bytes, error);
  return tokenizer_read_sentencepiece (self, bytes, n_bytes, error);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t n_bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WsTokenizer) tokenizer = tokenizer_new ("fuzz", NULL);
  /* libFuzzer passes NULL for no bytes. */
  const char *bytes = n_bytes > 0 ? (const char *) data : "";
  const gboolean is_read = read_bytes (tokenizer, bytes, n_bytes, &error);

  check_tokenizer (tokenizer, is_read, error);
  return 0;
}
