/* SPDX-License-Identifier: MIT */
/* Any bytes are an error or a vocabulary as tokenizer.json has it. */
#include "check-tokenizer.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t n_bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WsTokenizer) tokenizer = tokenizer_new ("fuzz", NULL);
  /* libFuzzer passes NULL for no bytes. */
  const char *text = n_bytes > 0 ? (const char *) data : "";
  const gboolean is_read = tokenizer_read_json (tokenizer, text, n_bytes, &error);

  check_tokenizer (tokenizer, is_read, error);
  return 0;
}
