/* SPDX-License-Identifier: MIT */
/* What we read of a vocabulary, for tests that compare it from outside:
 *
 *   dump-tokenizer FOLDER | hf:ORG/NAME
 *
 * The kind of tokenizer on the first line; then for each id, between tabs: the kind of token, its
 * piece and its text in hexadecimal, the id that its piece is found under ("-": none), and its
 * label. Prints the error and exits with 1. */
#include "hub/remote-folder.h"
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

/* The folder and the Hub are let go of before the vocabulary is read. */
static WsModel *
open_remote (const char *name, GError **error)
{
  g_auto (WsHubSettings) settings = { 0 };
  g_autoptr (WsHub) hub = NULL;
  g_autoptr (WsFolder) folder = NULL;
  g_autofree char *file = NULL;

  ws_hub_settings_init (&settings);
  hub = ws_hub_new (&settings);
  folder = ws_remote_folder_open (hub, name, NULL, 0, &file, NULL, error);
  return folder ? ws_model_open_in (folder, file, FALSE, NULL, error) : NULL;
}

static WsTokenizer *
read_tokenizer (const char *name, GError **error)
{
  g_autoptr (WsFolder) folder = ws_folder_new_local (name);
  g_autoptr (WsModel) model = NULL;

  if (!g_str_has_prefix (name, "hf:"))
    return ws_tokenizer_read (folder, NULL, error);
  model = open_remote (name, error);
  return model ? ws_tokenizer_read_model (model, NULL, error) : NULL;
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WsTokenizer) tokenizer = argc == 2 ? read_tokenizer (argv[1], &error) : NULL;

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
