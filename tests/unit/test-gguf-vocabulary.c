/* SPDX-License-Identifier: MIT */
/* The vocabulary in the metadata of a GGUF file, and what is refused of them. */
#include "tokenizer-fixture.h"

#include "base/error.h"

#include <string.h>

/* Of tokens. */
enum
{
  NORMAL = 1,
  UNKNOWN,
  CONTROL,
  USER_DEFINED,
  UNUSED,
  BYTE,
};

/* Of values. */
enum
{
  TYPE_U8 = 0,
  TYPE_U32 = 4,
  TYPE_I32 = 5,
  TYPE_STRING = 8,
  TYPE_ARRAY = 9,
  TYPE_F64 = 12,
};

static void
append_bytes (GByteArray *array, const void *bytes, gsize n_bytes)
{
  g_byte_array_append (array, bytes, (guint) n_bytes);
}

static void
append_u32 (GByteArray *array, guint32 value)
{
  const guint32 bytes = GUINT32_TO_LE (value);

  append_bytes (array, &bytes, sizeof bytes);
}

static void
append_u64 (GByteArray *array, guint64 value)
{
  const guint64 bytes = GUINT64_TO_LE (value);

  append_bytes (array, &bytes, sizeof bytes);
}

static void
append_string (GByteArray *array, const char *text)
{
  append_u64 (array, strlen (text));
  append_bytes (array, text, strlen (text));
}

static GByteArray *
begin_gguf (guint32 version, guint64 n_entries)
{
  GByteArray *file = g_byte_array_new ();

  append_bytes (file, "GGUF", 4);
  append_u32 (file, version);
  append_u64 (file, 3); /* tensors, which are not there */
  append_u64 (file, n_entries);
  return file;
}

static void
append_key (GByteArray *file, const char *key, guint32 type)
{
  append_string (file, key);
  append_u32 (file, type);
}

static void
append_text_entry (GByteArray *file, const char *key, const char *value)
{
  append_key (file, key, TYPE_STRING);
  append_string (file, value);
}

static void
append_array (GByteArray *file, const char *key, guint32 type, guint64 n)
{
  append_key (file, key, TYPE_ARRAY);
  append_u32 (file, type);
  append_u64 (file, n);
}

/* @pieces: NULL at the end; @types: one for each, or NULL */
static GByteArray *
make_gguf (const char *model, const char *const *pieces, const guint32 *types)
{
  const guint n = g_strv_length ((char **) pieces);
  GByteArray *file = begin_gguf (3, types ? 5 : 4);

  append_text_entry (file, "general.name", "x");
  append_text_entry (file, "tokenizer.ggml.model", model);
  append_array (file, "tokenizer.ggml.scores", TYPE_F64, 1);
  append_u64 (file, 0);
  if (types)
    append_array (file, "tokenizer.ggml.token_type", TYPE_I32, n);
  for (guint i = 0; types && i < n; i++)
    append_u32 (file, types[i]);
  append_array (file, "tokenizer.ggml.tokens", TYPE_STRING, n);
  for (guint i = 0; i < n; i++)
    append_string (file, pieces[i]);
  return file;
}

#define PIECES(...)                                                                                \
  (const char *const[])                                                                            \
  {                                                                                                \
    __VA_ARGS__, NULL                                                                              \
  }
#define TYPES(...)                                                                                 \
  (const guint32[])                                                                                \
  {                                                                                                \
    __VA_ARGS__                                                                                    \
  }

static WsTokenizer *
read_gguf (Fixture *self, GByteArray *file)
{
  write_bytes (self, "model.gguf", file->data, file->len);
  return read_tokenizer (self);
}

static void
test_gguf_sentencepiece (Fixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) file =
      make_gguf ("llama", PIECES ("<unk>", "<s>", "<0x0A>", "▁the", "▁▁", "x", "y"),
                 TYPES (UNKNOWN, CONTROL, BYTE, NORMAL, USER_DEFINED, UNUSED, 1000));
  g_autoptr (WsTokenizer) tokenizer = read_gguf (self, file);

  g_assert_cmpint (ws_tokenizer_get_kind (tokenizer), ==, WS_TOKENIZER_SENTENCEPIECE);
  g_assert_cmpstr (ws_tokenizer_get_file (tokenizer), ==, "model.gguf");
  assert_token (tokenizer, 1, WS_TOKEN_SPECIAL, "<s>", "<s>", "<s>");
  assert_token (tokenizer, 2, WS_TOKEN_BYTE, "<0x0A>", "\n", "<0x0A>");
  assert_token (tokenizer, 3, WS_TOKEN_NORMAL, "▁the", " the", "▁the");
  assert_token (tokenizer, 4, WS_TOKEN_NORMAL, "▁▁", "  ", "▁▁");
  assert_token (tokenizer, 5, WS_TOKEN_UNUSED, "x", "x", "x");
  assert_token (tokenizer, 6, WS_TOKEN_NORMAL, "y", "y", "y");
}

static void
test_gguf_byte_level (Fixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) file = make_gguf ("gpt2", PIECES ("Ġthe", "ä½ł", "<|x|>", "é"),
                                           TYPES (NORMAL, NORMAL, CONTROL, USER_DEFINED));
  g_autoptr (WsTokenizer) tokenizer = read_gguf (self, file);

  g_assert_cmpint (ws_tokenizer_get_kind (tokenizer), ==, WS_TOKENIZER_BYTE_LEVEL);
  assert_token (tokenizer, 0, WS_TOKEN_NORMAL, "Ġthe", " the", "Ġthe");
  assert_token (tokenizer, 1, WS_TOKEN_NORMAL, "ä½ł", "你", "你");
  assert_token (tokenizer, 2, WS_TOKEN_SPECIAL, "<|x|>", "<|x|>", "<|x|>");
  assert_token (tokenizer, 3, WS_TOKEN_NORMAL, "é", "é", "é");
}

/* The converter takes "##" away and marks the starts of words instead. */
static void
test_gguf_bert (Fixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) file = make_gguf ("bert", PIECES ("[CLS]", "▁go", "ing"), NULL);
  g_autoptr (WsTokenizer) tokenizer = read_gguf (self, file);

  g_assert_cmpint (ws_tokenizer_get_kind (tokenizer), ==, WS_TOKENIZER_WORDPIECE);
  assert_token (tokenizer, 0, WS_TOKEN_SPECIAL, "[CLS]", "[CLS]", "[CLS]");
  assert_token (tokenizer, 1, WS_TOKEN_NORMAL, "▁go", "go", "▁go");
  assert_token (tokenizer, 2, WS_TOKEN_NORMAL, "ing", "ing", "ing");
  assert_found (tokenizer, "go", 1);
}

static void
test_gguf_without_vocabulary_is_passed_over (Fixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) none = begin_gguf (3, 0);
  g_autoptr (GByteArray) file = make_gguf ("future", PIECES ("Ġa"), NULL);
  g_autoptr (WsTokenizer) tokenizer = NULL;

  write_bytes (self, "a.gguf", none->data, none->len);
  write_bytes (self, "mmproj-b.gguf", "x", 1);
  write_bytes (self, "c.gguf", file->data, file->len);
  tokenizer = read_tokenizer (self);
  g_assert_cmpstr (ws_tokenizer_get_file (tokenizer), ==, "c.gguf");
  g_assert_cmpint (ws_tokenizer_get_kind (tokenizer), ==, WS_TOKENIZER_BYTE_LEVEL);
}

/* Larger than what is read at once, with texts across its borders. */
static void
test_gguf_in_several_reads (Fixture *self, gconstpointer data)
{
  const guint n = 100000;
  g_autofree char *long_text = g_strnfill (3 << 20, 'z');
  g_autoptr (GByteArray) file = begin_gguf (2, 3);
  g_autoptr (WsTokenizer) tokenizer = NULL;

  append_text_entry (file, "general.description", long_text);
  append_array (file, "tokenizer.ggml.merges", TYPE_STRING, n);
  for (guint i = 0; i < n; i++)
    append_string (file, "some merge");
  append_array (file, "tokenizer.ggml.tokens", TYPE_STRING, n + 1);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *piece = g_strdup_printf ("piece %u", i);

      append_string (file, piece);
    }
  append_string (file, long_text);
  tokenizer = read_gguf (self, file);
  g_assert_cmpuint (ws_tokenizer_get_n_tokens (tokenizer), ==, n + 1);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *piece = g_strdup_printf ("piece %u", i);

      g_assert_cmpstr (ws_tokenizer_get_piece (tokenizer, i), ==, piece);
    }
  g_assert_cmpstr (ws_tokenizer_get_piece (tokenizer, n), ==, long_text);
}

static void
test_gguf_cut_short (Fixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) file = make_gguf ("gpt2", PIECES ("a", "b"), TYPES (NORMAL, NORMAL));

  for (guint n = 0; n < file->len; n++)
    {
      write_bytes (self, "model.gguf", file->data, n);
      assert_not_read (self, WS_ERROR_FORMAT, "'model.gguf'");
    }
}

static void
assert_gguf_refused (Fixture *self, GByteArray *file, int code, const char *part)
{
  write_bytes (self, "model.gguf", file->data, file->len);
  assert_not_read (self, code, part);
}

static void
test_gguf_bombs (Fixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) many = begin_gguf (3, G_MAXUINT64);
  g_autoptr (GByteArray) tokens = begin_gguf (3, 1);
  g_autoptr (GByteArray) numbers = begin_gguf (3, 1);
  g_autoptr (GByteArray) text = begin_gguf (3, 1);
  g_autoptr (GByteArray) nested = begin_gguf (3, 1);
  g_autoptr (GByteArray) unknown = begin_gguf (3, 1);

  append_array (tokens, "tokenizer.ggml.tokens", TYPE_STRING, G_MAXUINT64);
  append_array (numbers, "x", TYPE_F64, G_MAXUINT64 / 8 + 1);
  append_key (text, "x", TYPE_STRING);
  append_u64 (text, G_MAXUINT64);
  append_array (nested, "x", TYPE_ARRAY, 1);
  append_u32 (nested, TYPE_U8);
  append_u64 (nested, 0);
  append_key (unknown, "x", 13);
  assert_gguf_refused (self, many, WS_ERROR_FORMAT, "end too early");
  assert_gguf_refused (self, tokens, WS_ERROR_FORMAT, "end too early");
  assert_gguf_refused (self, numbers, WS_ERROR_FORMAT, "end too early");
  assert_gguf_refused (self, text, WS_ERROR_FORMAT, "end too early");
  assert_gguf_refused (self, nested, WS_ERROR_FORMAT, "a list in its metadata is of type 9");
  assert_gguf_refused (self, unknown, WS_ERROR_FORMAT, "an entry of its metadata is of type 13");
}

static void
test_gguf_faults (Fixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) version = begin_gguf (1, 0);
  g_autoptr (GByteArray) magic = begin_gguf (3, 0);
  g_autoptr (GByteArray) twice = begin_gguf (3, 2);
  g_autoptr (GByteArray) number = begin_gguf (3, 1);
  g_autoptr (GByteArray) numbers = begin_gguf (3, 1);
  g_autoptr (GByteArray) bytes = make_gguf ("gpt2", PIECES ("a", "\xff"), NULL);

  magic->data[3] = 'f';
  append_array (twice, "tokenizer.ggml.tokens", TYPE_STRING, 0);
  append_array (twice, "tokenizer.ggml.tokens", TYPE_STRING, 0);
  append_key (number, "tokenizer.ggml.tokens", TYPE_U32);
  append_u32 (number, 1);
  append_array (numbers, "tokenizer.ggml.tokens", TYPE_U8, 0);
  assert_gguf_refused (self, version, WS_ERROR_UNSUPPORTED, "GGUF of version 1");
  assert_gguf_refused (self, magic, WS_ERROR_FORMAT, "it does not begin with GGUF");
  assert_gguf_refused (self, twice, WS_ERROR_FORMAT, "stands there twice");
  assert_gguf_refused (self, number, WS_ERROR_FORMAT, "its vocab is no list of tokens");
  assert_gguf_refused (self, numbers, WS_ERROR_FORMAT, "its vocab is no list of tokens");
  assert_gguf_refused (self, bytes, WS_ERROR_FORMAT, "token 1 is not UTF-8");
}

#define ADD(path, func)                                                                            \
  g_test_add ("/gguf-vocabulary/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("sentencepiece", test_gguf_sentencepiece);
  ADD ("byte-level", test_gguf_byte_level);
  ADD ("bert", test_gguf_bert);
  ADD ("without-vocabulary-is-passed-over", test_gguf_without_vocabulary_is_passed_over);
  ADD ("in-several-reads", test_gguf_in_several_reads);
  ADD ("cut-short", test_gguf_cut_short);
  ADD ("bombs", test_gguf_bombs);
  ADD ("faults", test_gguf_faults);
  return g_test_run ();
}
