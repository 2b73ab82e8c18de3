/* SPDX-License-Identifier: MIT */
/* What we read of the vocabulary in a folder, for a test that compares it from outside:
 *
 *   dump-tokenizer FOLDER
 *
 * The kind of tokenizer on the first line; then for each id, between tabs: the kind of token, its
 * piece and its text in hexadecimal, the id that its piece is found under ("-": none), and its
 * label. Prints the error and exits with 1. */
#include "model/tokenizer.h"

#include <stdio.h>
#include <string.h>

static const char *const kinds[] = {
  [WS_TOKENIZER_BYTE_LEVEL] = "byte-level",
  [WS_TOKENIZER_SENTENCEPIECE] = "sentencepiece",
  [WS_TOKENIZER_WORDPIECE] = "wordpiece",
  [WS_TOKENIZER_PLAIN] = "plain",
};

static const char *const token_kinds[] = {
  [WS_TOKEN_MISSING] = "missing", [WS_TOKEN_NORMAL] = "normal", [WS_TOKEN_SPECIAL] = "special",
  [WS_TOKEN_BYTE] = "byte",       [WS_TOKEN_UNUSED] = "unused",
};

static void
print_hex (const char *bytes, gsize n_bytes)
{
  for (gsize i = 0; i < n_bytes; i++)
    printf ("%02x", (guint8) bytes[i]);
  putchar ('\t');
}

static void
print_token (const WsTokenizer *tokenizer, guint id)
{
  const char *piece = ws_tokenizer_get_piece (tokenizer, id);
  g_autofree char *label = ws_tokenizer_dup_label (tokenizer, id);
  gsize n_bytes;
  g_autofree char *text = ws_tokenizer_dup_text (tokenizer, id, &n_bytes);
  guint found;

  printf ("%s\t", token_kinds[ws_tokenizer_get_token_kind (tokenizer, id)]);
  print_hex (piece ? piece : "", piece ? strlen (piece) : 0);
  print_hex (text, n_bytes);
  if (piece && ws_tokenizer_find (tokenizer, piece, &found))
    printf ("%u\t", found);
  else
    printf ("-\t");
  printf ("%s\n", label);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WsFolder) folder = argc == 2 ? ws_folder_new_local (argv[1]) : NULL;
  g_autoptr (WsTokenizer) tokenizer = folder ? ws_tokenizer_read (folder, NULL, &error) : NULL;

  if (!tokenizer)
    {
      fprintf (stderr, "%s\n", error ? error->message : "usage: dump-tokenizer FOLDER");
      return 1;
    }
  puts (kinds[ws_tokenizer_get_kind (tokenizer)]);
  for (guint id = 0; id < ws_tokenizer_get_n_tokens (tokenizer); id++)
    print_token (tokenizer, id);
  return 0;
}
