/* SPDX-License-Identifier: MIT */
/* Vocabularies that are neither tokenizer.json nor GGUF, which of several files counts, and what is
 * refused. */
#include "tokenizer-fixture.h"

#include "base/error.h"

#include <string.h>

/* --- SentencePiece --- */

enum
{
  NORMAL = 1,
  UNKNOWN,
  CONTROL,
  USER_DEFINED,
  UNUSED,
  BYTE,
};

static void
append_bytes (GByteArray *array, const void *bytes, gsize n_bytes)
{
  g_byte_array_append (array, bytes, (guint) n_bytes);
}

/* Field 1 of the model, with fields 1 (text), 2 (score 1.0) and 3 (type); none of over 127 bytes.
 */
static void
append_piece (GByteArray *model, const char *text, guint8 type)
{
  const guint8 n = (guint8) strlen (text);
  const guint8 head[] = { 0x0a, (guint8) (n + 9), 0x0a, n };
  const guint8 tail[] = { 0x15, 0x00, 0x00, 0x80, 0x3f, 0x18, type };

  g_assert_cmpuint (n, <, 100);
  append_bytes (model, head, sizeof head);
  append_bytes (model, text, n);
  append_bytes (model, tail, sizeof tail);
}

/* Other fields, as a trainer writes them: 2 (bytes), 5 (varint), 6 (64 bits), 300 (32 bits). */
static const guint8 other_fields[] = { 0x12, 0x03, 'a', 'b', 'c', 0x28, 0x96, 0x01, 0x31, 1, 2, 3,
                                       4,    5,    6,   7,   8,   0xe5, 0x12, 1,    2,    3, 4 };

static GByteArray *
make_sentencepiece (void)
{
  GByteArray *model = g_byte_array_new ();

  append_piece (model, "<unk>", UNKNOWN);
  append_piece (model, "<s>", CONTROL);
  append_piece (model, "▁the", NORMAL);
  append_piece (model, "<0x0A>", BYTE);
  append_bytes (model, other_fields, sizeof other_fields);
  append_piece (model, "▁▁", USER_DEFINED);
  append_piece (model, "gone", UNUSED);
  return model;
}

static void
test_sentencepiece (Fixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) model = make_sentencepiece ();
  g_autoptr (WsTokenizer) tokenizer = NULL;

  write_bytes (self, "tokenizer.model", model->data, model->len);
  write_json (self, "added_tokens.json", "{'<extra 1>': 7}");
  tokenizer = read_tokenizer (self);
  g_assert_cmpint (ws_tokenizer_get_kind (tokenizer), ==, WS_TOKENIZER_SENTENCEPIECE);
  g_assert_cmpstr (ws_tokenizer_get_file (tokenizer), ==, "tokenizer.model");
  g_assert_cmpuint (ws_tokenizer_get_n_tokens (tokenizer), ==, 8);
  assert_token (tokenizer, 0, WS_TOKEN_SPECIAL, "<unk>", "<unk>", "<unk>");
  assert_token (tokenizer, 1, WS_TOKEN_SPECIAL, "<s>", "<s>", "<s>");
  assert_token (tokenizer, 2, WS_TOKEN_NORMAL, "▁the", " the", "▁the");
  assert_token (tokenizer, 3, WS_TOKEN_BYTE, "<0x0A>", "\n", "<0x0A>");
  assert_token (tokenizer, 4, WS_TOKEN_NORMAL, "▁▁", "  ", "▁▁");
  assert_token (tokenizer, 5, WS_TOKEN_UNUSED, "gone", "gone", "gone");
  assert_token (tokenizer, 6, WS_TOKEN_MISSING, NULL, "", "#6");
  assert_token (tokenizer, 7, WS_TOKEN_NORMAL, "<extra 1>", "<extra 1>", "<extra 1>");
}

/* Protocol buffers have no end: what is cut between two fields is a shorter one. */
static void
test_sentencepiece_cut_short (Fixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) model = make_sentencepiece ();
  guint n_read = 0;

  for (guint n = 0; n < model->len; n++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (WsTokenizer) tokenizer = NULL;

      write_bytes (self, "tokenizer.model", model->data, n);
      tokenizer = try_read (self, &error);
      g_assert_true ((tokenizer == NULL) == (error != NULL));
      if (tokenizer)
        n_read++;
    }
  /* after each of the first five pieces and of the four others; the file of no byte has no token */
  g_assert_cmpuint (n_read, ==, 5 + 4);
}

#define BYTES(...) (const guint8[]){ __VA_ARGS__ }, sizeof ((const guint8[]){ __VA_ARGS__ })

static const struct
{
  const char *name;
  const guint8 *bytes;
  gsize n_bytes;
  const char *part;
} bad_models[] = {
  { "no-piece", BYTES (0x12, 0x01, 'a'), "it has no tokens" },
  { "piece-is-number", BYTES (0x08, 0x01), "token 0 is not well formed" },
  { "piece-without-text", BYTES (0x0a, 0x02, 0x18, 0x01), "token 0 has no text" },
  { "text-is-not-utf8", BYTES (0x0a, 0x03, 0x0a, 0x01, 0xff), "token 0 is not UTF-8" },
  { "text-with-nul", BYTES (0x0a, 0x03, 0x0a, 0x01, 0x00), "token 0 is not UTF-8" },
  { "text-past-piece", BYTES (0x0a, 0x03, 0x0a, 0x02, 'a', 'b'), "token 0 is not well formed" },
  { "piece-past-end", BYTES (0x0a, 0x7f, 0x0a), "byte 0 is not well formed" },
  { "length-of-64-bits", BYTES (0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01),
    "byte 0 is not well formed" },
  { "varint-without-end",
    BYTES (0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
    "byte 0 is not well formed" },
  { "group", BYTES (0x0b, 0x0c), "byte 0 is not well formed" },
  { "field-zero", BYTES (0x02, 0x00), "byte 0 is not well formed" },
};

static void
test_bad_model (Fixture *self, gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);

  write_bytes (self, "tokenizer.model", bad_models[i].bytes, bad_models[i].n_bytes);
  assert_not_read (self, WS_ERROR_FORMAT, bad_models[i].part);
}

/* --- texts --- */

static void
test_vocab_json (Fixture *self, gconstpointer data)
{
  g_autoptr (WsTokenizer) tokenizer = NULL;

  write_json (self, "vocab.json", "{'Ġthe': 1, 'Ċ': 0, '<|endoftext|>': 2}");
  write_json (self, "added_tokens.json", "{'<x é>': 4, '[y]': 3}");
  write_json (self, "tokenizer_config.json",
              "{'eos_token': {'content': '[y]'}, 'added_tokens_decoder': {'6': {'content': '<z>',"
              " 'special': true, 'extra': [{}]}, 'a': {'content': 'b'}, '7': 1}, 'model_max': 1e30,"
              " 'pad_token': null, 'chat_template': 'x'}");
  tokenizer = read_tokenizer (self);
  g_assert_cmpint (ws_tokenizer_get_kind (tokenizer), ==, WS_TOKENIZER_BYTE_LEVEL);
  g_assert_cmpstr (ws_tokenizer_get_file (tokenizer), ==, "vocab.json");
  g_assert_null (ws_tokenizer_get_warning (tokenizer));
  g_assert_cmpuint (ws_tokenizer_get_n_tokens (tokenizer), ==, 7);
  assert_token (tokenizer, 0, WS_TOKEN_NORMAL, "Ċ", "\n", "Ċ");
  assert_token (tokenizer, 1, WS_TOKEN_NORMAL, "Ġthe", " the", "Ġthe");
  assert_token (tokenizer, 2, WS_TOKEN_SPECIAL, "<|endoftext|>", "<|endoftext|>", "<|endoftext|>");
  assert_token (tokenizer, 3, WS_TOKEN_SPECIAL, "[y]", "[y]", "[y]");
  assert_token (tokenizer, 4, WS_TOKEN_NORMAL, "<x é>", "<x é>", "<x é>");
  assert_token (tokenizer, 5, WS_TOKEN_MISSING, NULL, "", "#5");
  assert_token (tokenizer, 6, WS_TOKEN_SPECIAL, "<z>", "<z>", "<z>");
}

static WsTokenizerKind
guess_kind (Fixture *self, const char *vocab)
{
  g_autoptr (WsTokenizer) tokenizer = NULL;

  write_json (self, "vocab.json", vocab);
  tokenizer = read_tokenizer (self);
  return ws_tokenizer_get_kind (tokenizer);
}

static void
test_kind_is_guessed (Fixture *self, gconstpointer data)
{
  g_autoptr (WsTokenizer) tokenizer = NULL;

  g_assert_cmpint (guess_kind (self, "{'Ġa': 0, 'Ċ': 1}"), ==, WS_TOKENIZER_BYTE_LEVEL);
  g_assert_cmpint (guess_kind (self, "{'▁a': 0, 'b': 1}"), ==, WS_TOKENIZER_SENTENCEPIECE);
  g_assert_cmpint (guess_kind (self, "{'##a': 0, 'b': 1}"), ==, WS_TOKENIZER_WORDPIECE);
  /* the letters of Maltese, of which the alphabet of bytes lacks one */
  g_assert_cmpint (guess_kind (self, "{'Ġ': 0, 'ħ': 1, 'ż': 2}"), ==, WS_TOKENIZER_PLAIN);
  g_assert_cmpint (guess_kind (self, "{'##': 0, 'b': 1}"), ==, WS_TOKENIZER_PLAIN);
  /* a bar among the pieces of BERT, a heading among those of SentencePiece */
  g_assert_cmpint (guess_kind (self, "{'▁': 0, '##a': 1, '##b': 2, 'c': 3}"), ==,
                   WS_TOKENIZER_WORDPIECE);
  g_assert_cmpint (guess_kind (self, "{'▁a': 0, '▁b': 1, '###': 2, 'c': 3}"), ==,
                   WS_TOKENIZER_SENTENCEPIECE);
  g_assert_cmpint (guess_kind (self, "{'the</w>': 0, 'b': 1}"), ==, WS_TOKENIZER_PLAIN);
  tokenizer = read_tokenizer (self);
  assert_token (tokenizer, 0, WS_TOKEN_NORMAL, "the</w>", "the ", "the</w>");
}

static void
test_broken_addition_is_a_warning (Fixture *self, gconstpointer data)
{
  g_autoptr (WsTokenizer) tokenizer = NULL;

  write_json (self, "vocab.json", "{'a': 0}");
  write_json (self, "special_tokens_map.json", "{'additional_special_tokens': ['a', {}],");
  tokenizer = read_tokenizer (self);
  g_assert_nonnull (strstr (ws_tokenizer_get_warning (tokenizer), "'special_tokens_map.json'"));
  assert_token (tokenizer, 0, WS_TOKEN_NORMAL, "a", "a", "a");
}

static void
test_vocab_text (Fixture *self, gconstpointer data)
{
  g_autoptr (WsTokenizer) tokenizer = NULL;

  write_text (self, "vocab.txt", "[PAD]\r\n[unused3]\n##ing\n\ngo\ngo\n你");
  write_json (self, "special_tokens_map.json", "{'additional_special_tokens': ['go', 1]}");
  tokenizer = read_tokenizer (self);
  g_assert_cmpint (ws_tokenizer_get_kind (tokenizer), ==, WS_TOKENIZER_WORDPIECE);
  g_assert_cmpuint (ws_tokenizer_get_n_tokens (tokenizer), ==, 7);
  assert_token (tokenizer, 0, WS_TOKEN_SPECIAL, "[PAD]", "[PAD]", "[PAD]");
  assert_token (tokenizer, 1, WS_TOKEN_UNUSED, "[unused3]", "[unused3]", "[unused3]");
  assert_token (tokenizer, 2, WS_TOKEN_NORMAL, "##ing", "ing", "##ing");
  assert_token (tokenizer, 3, WS_TOKEN_NORMAL, "", "", "\"\"");
  assert_token (tokenizer, 4, WS_TOKEN_SPECIAL, "go", "go", "go");
  assert_token (tokenizer, 5, WS_TOKEN_SPECIAL, "go", "go", "go");
  assert_token (tokenizer, 6, WS_TOKEN_NORMAL, "你", "你", "你");
  assert_found (tokenizer, "go", 4);

  write_text (self, "vocab.txt", "a\n\xff\n");
  assert_not_read (self, WS_ERROR_FORMAT, "'vocab.txt' is not a sound vocabulary: line 2");
  write_text (self, "vocab.txt", "");
  assert_not_read (self, WS_ERROR_FORMAT, "it has no tokens");
}

/* "IQ==" is "!", "IHRoZQ==" is " the", "5L0=" the first two bytes of "你". */
static void
test_tiktoken (Fixture *self, gconstpointer data)
{
  g_autoptr (WsTokenizer) tokenizer = NULL;

  write_text (self, "tokenizer.model", "IQ== 0\r\nIHRoZQ== 1\n5L0= 3\n\n");
  write_json (self, "tokenizer_config.json",
              "{'added_tokens_decoder': {'4': {'content': '<|x|>', 'special': true}}}");
  tokenizer = read_tokenizer (self);
  g_assert_cmpint (ws_tokenizer_get_kind (tokenizer), ==, WS_TOKENIZER_BYTE_LEVEL);
  assert_token (tokenizer, 0, WS_TOKEN_NORMAL, "!", "!", "!");
  assert_token (tokenizer, 1, WS_TOKEN_NORMAL, "Ġthe", " the", "Ġthe");
  assert_token (tokenizer, 2, WS_TOKEN_MISSING, NULL, "", "#2");
  assert_token (tokenizer, 3, WS_TOKEN_BYTE, "ä½", "\xe4\xbd", "<0xE4><0xBD>");
  assert_token (tokenizer, 4, WS_TOKEN_SPECIAL, "<|x|>", "<|x|>", "<|x|>");

  write_text (self, "tokenizer.model", "IQ== 0\nIQ=== 1\n");
  assert_not_read (self, WS_ERROR_FORMAT, "line 2 is not a token in base64");
  write_text (self, "tokenizer.model", "IQ== 0\nIQ== 99999999999999999999\n");
  assert_not_read (self, WS_ERROR_FORMAT, "line 2 is not a token in base64");
}

/* --- which file --- */

static void
test_order_of_files (Fixture *self, gconstpointer data)
{
  static const char *const names[] = { "spiece.model", "vocab.txt", "vocab.json",
                                       "tokenizer.json" };
  g_autoptr (GByteArray) model = make_sentencepiece ();

  write_bytes (self, "spiece.model", model->data, model->len);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (WsTokenizer) tokenizer = NULL;

      if (i == 1)
        write_text (self, names[i], "a\n");
      else if (i > 1)
        write_json (self, names[i], i == 2 ? "{'a': 0}" : "{'model': {'vocab': {'a': 0}}}");
      tokenizer = read_tokenizer (self);
      g_assert_cmpstr (ws_tokenizer_get_file (tokenizer), ==, names[i]);
    }
}

static void
test_nothing_is_said (Fixture *self, gconstpointer data)
{
  assert_not_read (self, WS_ERROR_NOT_FOUND, "there is no vocabulary in '");
}

/* A file opened alone has what is in its folder; the tokenizer outlives the model. */
static void
test_beside_the_model (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WsModel) model = NULL;
  g_autoptr (WsTokenizer) tokenizer = NULL;

  WRITE (self, "other.safetensors", "a");
  WRITE (self, "model.safetensors", "a");
  write_text (self, "vocab.txt", "a\nb\n");
  model = open_name (self, "other.safetensors", FALSE, &error);
  g_assert_no_error (error);
  tokenizer = ws_tokenizer_read_model (model, NULL, &error);
  g_assert_no_error (error);
  g_clear_pointer (&model, ws_model_unref);
  g_assert_cmpuint (ws_tokenizer_get_n_tokens (tokenizer), ==, 2);
}

#define ADD(path, func)                                                                            \
  g_test_add ("/tokenizer-files/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("sentencepiece", test_sentencepiece);
  ADD ("sentencepiece/cut-short", test_sentencepiece_cut_short);
  for (guint i = 0; i < G_N_ELEMENTS (bad_models); i++)
    {
      g_autofree char *path =
          g_strconcat ("/tokenizer-files/sentencepiece/", bad_models[i].name, NULL);

      g_test_add (path, Fixture, GUINT_TO_POINTER (i), set_up, test_bad_model, tear_down);
    }
  ADD ("vocab-json", test_vocab_json);
  ADD ("kind-is-guessed", test_kind_is_guessed);
  ADD ("broken-addition-is-a-warning", test_broken_addition_is_a_warning);
  ADD ("vocab-text", test_vocab_text);
  ADD ("tiktoken", test_tiktoken);
  ADD ("order-of-files", test_order_of_files);
  ADD ("nothing-is-said", test_nothing_is_said);
  ADD ("beside-the-model", test_beside_the_model);
  return g_test_run ();
}
