/* SPDX-License-Identifier: MIT */
/* Each kind of tokenizer.json gives its exact pieces, texts and labels; what is searched is found
 * in its order. */
#include "tokenizer-fixture.h"

#include "base/error.h"

#include <string.h>

/* "ä½ł" is E4 BD A0, which is "你", in the alphabet of all byte-level vocabularies; "ä½" its first
 * two bytes. */
static const char byte_level[] =
    "{'version': '1.0', 'truncation': null, 'added_tokens': ["
    "  {'id': 9, 'content': '<|im_end|>', 'lstrip': false, 'special': true},"
    "  {'id': 10, 'content': '<tool é>', 'special': false}],"
    " 'normalizer': {'type': 'NFC'},"
    " 'pre_tokenizer': {'type': 'Sequence', 'pretokenizers': ["
    "  {'type': 'Split'}, {'type': 'ByteLevel', 'add_prefix_space': false}]},"
    " 'decoder': {'type': 'ByteLevel'},"
    " 'model': {'type': 'BPE', 'continuing_subword_prefix': '', 'byte_fallback': false,"
    "  'vocab': {'the': 0, 'Ġthe': 1, 'Ċ': 2, 'ä½ł': 3, 'ä½': 4, 'ĠThe': 5, 'Ġother': 6,"
    "   'Ġthere': 7},"
    "  'merges': ['t h', ['th', 'e']]}}";

static void
test_byte_level (Fixture *self, gconstpointer data)
{
  g_autoptr (WsTokenizer) tokenizer = read_json (self, byte_level);

  g_assert_cmpint (ws_tokenizer_get_kind (tokenizer), ==, WS_TOKENIZER_BYTE_LEVEL);
  g_assert_cmpstr (ws_tokenizer_get_file (tokenizer), ==, "tokenizer.json");
  g_assert_null (ws_tokenizer_get_warning (tokenizer));
  g_assert_cmpuint (ws_tokenizer_get_n_tokens (tokenizer), ==, 11);
  assert_token (tokenizer, 0, WS_TOKEN_NORMAL, "the", "the", "the");
  assert_token (tokenizer, 1, WS_TOKEN_NORMAL, "Ġthe", " the", "Ġthe");
  assert_token (tokenizer, 2, WS_TOKEN_NORMAL, "Ċ", "\n", "Ċ");
  assert_token (tokenizer, 3, WS_TOKEN_NORMAL, "ä½ł", "你", "你");
  assert_token (tokenizer, 4, WS_TOKEN_BYTE, "ä½", "\xe4\xbd", "<0xE4><0xBD>");
  assert_token (tokenizer, 8, WS_TOKEN_MISSING, NULL, "", "#8");
  assert_token (tokenizer, 9, WS_TOKEN_SPECIAL, "<|im_end|>", "<|im_end|>", "<|im_end|>");
  /* is found in text as it is: its é is no byte */
  assert_token (tokenizer, 10, WS_TOKEN_NORMAL, "<tool é>", "<tool é>", "<tool é>");
  assert_token (tokenizer, 11, WS_TOKEN_MISSING, NULL, "", "#11");
  assert_token (tokenizer, G_MAXUINT, WS_TOKEN_MISSING, NULL, "", "#4294967295");
}

static void
test_byte_level_is_found (Fixture *self, gconstpointer data)
{
  g_autoptr (WsTokenizer) tokenizer = read_json (self, byte_level);
  guint id;

  assert_found (tokenizer, "Ġthe", 1);
  assert_found (tokenizer, " the", 1);
  assert_found (tokenizer, "\n", 2);
  assert_found (tokenizer, "你", 3);
  assert_found (tokenizer, "<|im_end|>", 9);
  g_assert_false (ws_tokenizer_find (tokenizer, "th", &id));
  g_assert_false (ws_tokenizer_find (tokenizer, "", &id));
}

static void
assert_reading (const WsTokenizer *tokenizer, guint id, const char *expected)
{
  g_autofree char *reading = ws_tokenizer_dup_reading (tokenizer, id);

  g_assert_cmpstr (reading, ==, expected);
}

/* Whatever the vocabulary writes for a space and a line feed; bytes and marks are no text. */
static void
test_reading_is_the_same_for_all (Fixture *self, gconstpointer data)
{
  g_autoptr (WsTokenizer) bytes = read_json (self, byte_level);
  g_autoptr (WsTokenizer) pieces = read_json (
      self, "{'decoder': {'type': 'Replace', 'pattern': {'String': '▁'}, 'content': ' '},"
            " 'model': {'type': 'Unigram', 'unk_id': 0, 'vocab': [['<unk>', 0], ['▁the', -1],"
            "  ['▁▁', -2], ['a▁b\\t', -3]]}}");
  g_autoptr (WsTokenizer) words = read_json (
      self, "{'model': {'type': 'WordPiece', 'continuing_subword_prefix': '##', 'vocab': {"
            "  'the': 0, '##ing': 1}}}");

  assert_reading (bytes, 0, "the");
  assert_reading (bytes, 1, "␣the");
  assert_reading (bytes, 2, "↵");
  assert_reading (bytes, 3, "你");
  assert_reading (bytes, 4, "<0xE4><0xBD>");
  assert_reading (bytes, 8, "#8");
  assert_reading (bytes, 9, "<|im_end|>");
  assert_reading (pieces, 1, "␣the");
  assert_reading (pieces, 2, "␣␣");
  assert_reading (pieces, 3, "a b⇥");
  assert_reading (words, 0, "the");
  assert_reading (words, 1, "##ing");
}

/* 0 the, 1 Ġthe, 5 ĠThe, 6 Ġother, 7 Ġthere */
static void
test_search_is_ranked (Fixture *self, gconstpointer data)
{
  g_autoptr (WsTokenizer) tokenizer = read_json (self, byte_level);
  guint ids[2] = { 0 };

  assert_search (tokenizer, "the", "0 1 5 7 6");
  assert_search (tokenizer, "THE", "0 1 5 7 6");
  assert_search (tokenizer, "Ġthe", "1 5 7");
  assert_search (tokenizer, " th", "1 5 7");
  assert_search (tokenizer, "␣the", "1 5 7");
  assert_search (tokenizer, "␣th", "1 5 7");
  assert_search (tokenizer, "↵", "2");
  assert_search (tokenizer, "Ġth", "1 5 7");
  assert_search (tokenizer, "#7", "7");
  assert_search (tokenizer, "0xe4", "4");
  assert_search (tokenizer, "im_", "9");
  assert_search (tokenizer, "nothing", "");
  assert_search (tokenizer, "", "");
  assert_search (tokenizer, "\xff", "");
  g_assert_cmpuint (ws_tokenizer_search (tokenizer, "the", ids, 2), ==, 2);
  g_assert_cmpuint (ids[1], ==, 1);
  g_assert_cmpuint (ws_tokenizer_search (tokenizer, "the", NULL, 0), ==, 0);
}

static void
test_byte_fallback (Fixture *self, gconstpointer data)
{
  g_autoptr (WsTokenizer) tokenizer = read_json (
      self, "{'added_tokens': [{'id': 0, 'content': '<unk>', 'special': true},"
            "  {'id': 1, 'content': '<s>', 'special': true}],"
            " 'normalizer': {'type': 'Sequence', 'normalizers': ["
            "  {'type': 'Replace', 'pattern': {'String': ' '}, 'content': '▁'}]},"
            " 'pre_tokenizer': null,"
            " 'decoder': {'type': 'Sequence', 'decoders': ["
            "  {'type': 'Replace', 'pattern': {'String': '▁'}, 'content': ' '},"
            "  {'type': 'ByteFallback'}]},"
            " 'model': {'type': 'BPE', 'byte_fallback': true, 'vocab': {'<unk>': 0, '<s>': 1,"
            "  '<0x0A>': 2, '<0xE4>': 3, '▁the': 4, '▁▁': 5, 'é': 6, '<0xXY>': 7},"
            "  'merges': []}}");

  g_assert_cmpint (ws_tokenizer_get_kind (tokenizer), ==, WS_TOKENIZER_SENTENCEPIECE);
  assert_token (tokenizer, 0, WS_TOKEN_SPECIAL, "<unk>", "<unk>", "<unk>");
  assert_token (tokenizer, 2, WS_TOKEN_BYTE, "<0x0A>", "\n", "<0x0A>");
  assert_token (tokenizer, 3, WS_TOKEN_BYTE, "<0xE4>", "\xe4", "<0xE4>");
  assert_token (tokenizer, 4, WS_TOKEN_NORMAL, "▁the", " the", "▁the");
  assert_token (tokenizer, 5, WS_TOKEN_NORMAL, "▁▁", "  ", "▁▁");
  assert_token (tokenizer, 6, WS_TOKEN_NORMAL, "é", "é", "é");
  assert_token (tokenizer, 7, WS_TOKEN_NORMAL, "<0xXY>", "<0xXY>", "<0xXY>");
  assert_found (tokenizer, " the", 4);
  assert_found (tokenizer, "\n", 2);
  assert_search (tokenizer, "É", "6");
}

static void
test_unigram (Fixture *self, gconstpointer data)
{
  g_autoptr (WsTokenizer) tokenizer = read_json (
      self, "{'added_tokens': [{'id': 4, 'content': '<extra_id_0>', 'special': true}],"
            " 'pre_tokenizer': {'type': 'Metaspace', 'replacement': '▁'},"
            " 'model': {'type': 'Unigram', 'unk_id': 0, 'vocab': [['<unk>', 0], ['▁', -2.5],"
            "  ['▁Paris', -3e1], ['\\u4f60', -4, []]]}}");

  g_assert_cmpint (ws_tokenizer_get_kind (tokenizer), ==, WS_TOKENIZER_SENTENCEPIECE);
  assert_token (tokenizer, 0, WS_TOKEN_SPECIAL, "<unk>", "<unk>", "<unk>");
  assert_token (tokenizer, 1, WS_TOKEN_NORMAL, "▁", " ", "▁");
  assert_token (tokenizer, 2, WS_TOKEN_NORMAL, "▁Paris", " Paris", "▁Paris");
  assert_token (tokenizer, 3, WS_TOKEN_NORMAL, "你", "你", "你");
  assert_token (tokenizer, 4, WS_TOKEN_SPECIAL, "<extra_id_0>", "<extra_id_0>", "<extra_id_0>");
  assert_search (tokenizer, "paris", "2");
}

static void
test_word_piece (Fixture *self, gconstpointer data)
{
  g_autoptr (WsTokenizer) tokenizer = read_json (
      self, "{'added_tokens': [{'id': 0, 'content': '[PAD]', 'special': true}],"
            " 'decoder': {'type': 'WordPiece', 'prefix': '##'},"
            " 'model': {'type': 'WordPiece', 'continuing_subword_prefix': '##', 'vocab': {"
            "  '[PAD]': 0, '[unused0]': 1, 'going': 2, '##ing': 3, '##': 4, 'ing': 5,"
            "  '##go': 6}}}");

  g_assert_cmpint (ws_tokenizer_get_kind (tokenizer), ==, WS_TOKENIZER_WORDPIECE);
  assert_token (tokenizer, 0, WS_TOKEN_SPECIAL, "[PAD]", "[PAD]", "[PAD]");
  assert_token (tokenizer, 1, WS_TOKEN_UNUSED, "[unused0]", "[unused0]", "[unused0]");
  assert_token (tokenizer, 2, WS_TOKEN_NORMAL, "going", "going", "going");
  assert_token (tokenizer, 3, WS_TOKEN_NORMAL, "##ing", "ing", "##ing");
  assert_token (tokenizer, 4, WS_TOKEN_NORMAL, "##", "##", "##");
  assert_found (tokenizer, "##ing", 3);
  assert_found (tokenizer, "ing", 5);
  assert_found (tokenizer, "go", 6);
  assert_search (tokenizer, "ing", "5 3 2");
  assert_search (tokenizer, "##in", "3 5 2");
}

static void
test_word_level (Fixture *self, gconstpointer data)
{
  g_autoptr (WsTokenizer) tokenizer =
      read_json (self, "{'model': {'type': 'WordLevel', 'vocab': {'a\\nb': 0, ' c ': 1, '': 2,"
                       " 'd\\u0000e': 3, '\\u202Ef': 4}}}");
  gsize n_bytes;
  g_autofree char *text = ws_tokenizer_dup_text (tokenizer, 3, &n_bytes);
  g_autofree char *label = ws_tokenizer_dup_label (tokenizer, 3);

  g_assert_cmpint (ws_tokenizer_get_kind (tokenizer), ==, WS_TOKENIZER_PLAIN);
  assert_token (tokenizer, 0, WS_TOKEN_NORMAL, "a\nb", "a\nb", "a\\x0Ab");
  assert_token (tokenizer, 1, WS_TOKEN_NORMAL, " c ", " c ", "␣c␣");
  assert_token (tokenizer, 2, WS_TOKEN_NORMAL, "", "", "\"\"");
  assert_token (tokenizer, 4, WS_TOKEN_NORMAL, "\u202ef", "\u202ef", "\\u{202E}f");
  g_assert_cmpmem (text, n_bytes, "d\0e", 3);
  g_assert_cmpstr (label, ==, "d\\x00e");
  assert_found (tokenizer, "", 2);
  assert_search (tokenizer, "", "");
  assert_search (tokenizer, "d", "3");
}

/* CLIP: "the</w>" ends a word. */
static void
test_end_of_word (Fixture *self, gconstpointer data)
{
  g_autoptr (WsTokenizer) tokenizer =
      read_json (self, "{'pre_tokenizer': {'type': 'ByteLevel'},"
                       " 'model': {'type': 'BPE', 'end_of_word_suffix': '</w>',"
                       "  'vocab': {'the': 0, 'the</w>': 1, 'ä½ł</w>': 2}, 'merges': []}}");

  assert_token (tokenizer, 0, WS_TOKEN_NORMAL, "the", "the", "the");
  assert_token (tokenizer, 1, WS_TOKEN_NORMAL, "the</w>", "the ", "the</w>");
  assert_token (tokenizer, 2, WS_TOKEN_NORMAL, "ä½ł</w>", "你 ", "你</w>");
  assert_found (tokenizer, "the ", 1);
}

static void
test_added_token_wins (Fixture *self, gconstpointer data)
{
  g_autoptr (WsTokenizer) tokenizer =
      read_json (self, "{'model': {'type': 'BPE', 'vocab': {'a': 0, 'b': 0, 'c': 1, 'd': 1}},"
                       " 'added_tokens': [{'id': 1, 'content': '<x>'}]}");

  assert_token (tokenizer, 0, WS_TOKEN_NORMAL, "a", "a", "a");
  assert_token (tokenizer, 1, WS_TOKEN_NORMAL, "<x>", "<x>", "<x>");
  g_assert_nonnull (strstr (ws_tokenizer_get_warning (tokenizer), "3 tokens"));
}

static void
test_long_piece_is_kept_and_label_is_short (Fixture *self, gconstpointer data)
{
  g_autofree char *piece = g_strnfill (100000, 'x');
  g_autofree char *text =
      g_strdup_printf ("{'model':{'type':'WordLevel','vocab':{'%s':0}}}", piece);
  g_autoptr (WsTokenizer) tokenizer = read_json (self, text);
  g_autofree char *label = ws_tokenizer_dup_label (tokenizer, 0);

  g_assert_cmpstr (ws_tokenizer_get_piece (tokenizer, 0), ==, piece);
  g_assert_cmpuint (strlen (label), <, 1000);
}

#define VOCAB(entries) "{'model':{'type':'BPE','vocab':{" entries "}}}"

static const struct
{
  const char *name;
  const char *text;
  const char *part;
} hostile[] = {
  { "empty", "", "'tokenizer.json': not valid JSON" },
  { "array", "[]", "it is not a JSON object" },
  { "cut-short", "{'model':{'type':'BPE','vocab':{'a':0", "not valid JSON" },
  { "no-model", "{}", "it has no model with a vocab" },
  { "no-vocab", "{'model':{'type':'BPE'}}", "it has no model with a vocab" },
  { "no-tokens", VOCAB (""), "it has no tokens" },
  { "model-is-string", "{'model':'BPE'}", "its model is not an object" },
  { "two-models", "{'model':{},'model':{}}", "its model stands there twice" },
  { "two-vocabs", "{'model':{'vocab':{},'vocab':{}}}", "its vocab stands there twice" },
  { "vocab-is-number", "{'model':{'vocab':3}}", "its vocab is no list of tokens" },
  { "id-is-negative", VOCAB ("'a':-1"), "an id that is no number" },
  { "id-is-fraction", VOCAB ("'a':1.0"), "an id that is no number" },
  { "id-is-string", VOCAB ("'a':'1'"), "an id that is no number" },
  { "id-is-object", VOCAB ("'a':{}"), "an id that is no number" },
  { "id-is-too-great", VOCAB ("'a':4194304"), "the id 4194304, which is too great" },
  { "id-is-beyond-64-bits", VOCAB ("'a':99999999999999999999"), "an id that is no number" },
  { "lone-surrogate", VOCAB ("'\\ud800':0"), "half of a surrogate pair" },
  { "piece-is-number", "{'model':{'vocab':[[1,2]]}}", "token 0 is not a string" },
  { "piece-is-bare", "{'model':{'vocab':['a']}}", "token 0 is not a list" },
  { "piece-is-empty-list", "{'model':{'vocab':[[]]}}", "token 0 is not a string" },
  { "added-is-string", "{'added_tokens':['a']}", "an added token is not an object" },
  { "added-has-no-id", "{'added_tokens':[{'content':'a'}]}", "lacks its id or its content" },
  { "added-has-no-content", "{'added_tokens':[{'id':1}]}", "lacks its id or its content" },
  { "two-values", VOCAB ("'a':0") "{}", "more follows the value" },
  { "pointer", "version https://git-lfs.github.com/spec/v1\n", "git-lfs pointer" },
  { "page", "<!DOCTYPE html><html>", "a web page" },
};

static void
test_hostile (Fixture *self, gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);

  write_json (self, "tokenizer.json", hostile[i].text);
  assert_not_read (self, WS_ERROR_FORMAT, hostile[i].part);
}

static void
test_unknown_type_is_named (Fixture *self, gconstpointer data)
{
  write_json (self, "tokenizer.json", "{'model':{'type':'Neural\\n','vocab':{'a':0}}}");
  assert_not_read (self, WS_ERROR_UNSUPPORTED, "of the type 'Neural\\x0A'");
}

static void
test_every_beginning_is_refused (Fixture *self, gconstpointer data)
{
  for (gsize n = 0; n + 1 < sizeof byte_level; n++)
    {
      g_autofree char *beginning = g_strndup (byte_level, n);
      g_autoptr (GError) error = NULL;
      g_autoptr (WsTokenizer) tokenizer = NULL;

      write_json (self, "tokenizer.json", beginning);
      tokenizer = try_read (self, &error);
      g_assert_null (tokenizer);
      g_assert_error (error, WS_ERROR, WS_ERROR_FORMAT);
    }
}

static void
test_cancelled (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (WsFolder) folder = ws_folder_new_local (self->folder);
  g_autoptr (WsTokenizer) tokenizer = NULL;
  g_autoptr (GError) error = NULL;

  write_json (self, "tokenizer.json", byte_level);
  g_cancellable_cancel (cancellable);
  tokenizer = ws_tokenizer_read (folder, cancellable, &error);
  g_assert_null (tokenizer);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

#define ADD(path, func) g_test_add ("/tokenizer/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("byte-level", test_byte_level);
  ADD ("byte-level/is-found", test_byte_level_is_found);
  ADD ("reading-is-the-same-for-all", test_reading_is_the_same_for_all);
  ADD ("search-is-ranked", test_search_is_ranked);
  ADD ("byte-fallback", test_byte_fallback);
  ADD ("unigram", test_unigram);
  ADD ("word-piece", test_word_piece);
  ADD ("word-level", test_word_level);
  ADD ("end-of-word", test_end_of_word);
  ADD ("added-token-wins", test_added_token_wins);
  ADD ("long-piece-is-kept-and-label-is-short", test_long_piece_is_kept_and_label_is_short);
  for (guint i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      g_autofree char *path = g_strconcat ("/tokenizer/hostile/", hostile[i].name, NULL);

      g_test_add (path, Fixture, GUINT_TO_POINTER (i), set_up, test_hostile, tear_down);
    }
  ADD ("unknown-type-is-named", test_unknown_type_is_named);
  ADD ("every-beginning-is-refused", test_every_beginning_is_refused);
  ADD ("cancelled", test_cancelled);
  return g_test_run ();
}
