/* SPDX-License-Identifier: MIT */
/* The matrix with a row for each token comes first, whatever else is called an embedding. */
#include "model-fixture.h"

#include "model/embedding-choice.h"

#define CONFIG(vocab, hidden) "{\"vocab_size\":" #vocab ",\"hidden_size\":" #hidden "}"

static void
assert_choice (Fixture *self, guint64 n_vocab, const char *expected)
{
  static const char kinds[] = "TO?";
  g_autoptr (WsModel) model = open_folder (self);
  g_autoptr (GArray) found = ws_embeddings_find (model, n_vocab);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < found->len; i++)
    {
      const WsEmbedding *embedding = &g_array_index (found, WsEmbedding, i);

      g_string_append_printf (text, "%s%s %c", i > 0 ? ", " : "", embedding->tensor->name,
                              kinds[embedding->kind]);
    }
  g_assert_cmpstr (text->str, ==, expected);
}

/* BERT: positions have their own matrix, which was once clustered instead. */
static void
test_bert_is_never_positions (Fixture *self, gconstpointer data)
{
  write_text (self, "config.json", CONFIG (6, 2));
  WRITE (self, "model.safetensors", "bert.embeddings.position_embeddings.weight:F32:64:[8,2]",
         "bert.embeddings.token_type_embeddings.weight:F32:16:[2,2]",
         "bert.embeddings.word_embeddings.weight:F32:48:[6,2]",
         "bert.encoder.layer.0.attention.self.query.weight:F32:16:[2,2]",
         "cls.predictions.decoder.weight:F32:48:[6,2]");
  assert_choice (self, 0,
                 "bert.embeddings.word_embeddings.weight T, cls.predictions.decoder.weight O, "
                 "bert.embeddings.position_embeddings.weight ?, "
                 "bert.embeddings.token_type_embeddings.weight ?");
}

static void
test_untied_output_is_offered (Fixture *self, gconstpointer data)
{
  WRITE (self, "model.safetensors", "lm_head.weight:F32:64:[8,2]",
         "model.embed_tokens.weight:F32:64:[8,2]",
         "model.layers.0.mlp.up_proj.weight:F32:64:[8,2]");
  assert_choice (self, 8, "model.embed_tokens.weight T, lm_head.weight O");
}

/* The embedding of the prediction layer of DeepSeek is a copy. */
static void
test_embedding_in_a_layer_comes_later (Fixture *self, gconstpointer data)
{
  write_text (self, "config.json", CONFIG (8, 2));
  WRITE (self, "model.safetensors", "model.layers.0.mlp.up_proj.weight:F32:64:[8,2]",
         "model.layers.1.embed_tokens.weight:F32:64:[8,2]",
         "model.embed_tokens.weight:F32:64:[8,2]");
  assert_choice (self, 0, "model.embed_tokens.weight T, model.layers.1.embed_tokens.weight T");
}

/* T5 stores the same matrix three times. */
static void
test_shared_before_its_copies (Fixture *self, gconstpointer data)
{
  WRITE (self, "model.safetensors", "decoder.embed_tokens.weight:F32:64:[8,2]",
         "encoder.embed_tokens.weight:F32:64:[8,2]", "shared.weight:F32:64:[8,2]");
  assert_choice (self, 0,
                 "shared.weight T, decoder.embed_tokens.weight T, encoder.embed_tokens.weight T");
}

/* More rows are not better where the vocabulary is known: an embedding per layer, or of codes. */
static void
test_vocabulary_beats_rows (Fixture *self, gconstpointer data)
{
  WRITE (self, "model.safetensors", "model.embed_tokens.weight:F32:64:[8,2]",
         "model.other.embed_tokens.weight:F32:16000:[2000,2]");
  assert_choice (self, 7, "model.embed_tokens.weight T, model.other.embed_tokens.weight T");
  assert_choice (self, 0, "model.other.embed_tokens.weight T, model.embed_tokens.weight T");
  write_text (self, "config.json", CONFIG (8, 2));
  assert_choice (self, 0, "model.embed_tokens.weight T, model.other.embed_tokens.weight T");
}

static void
test_nameless_matrix_by_its_rows (Fixture *self, gconstpointer data)
{
  WRITE (self, "model.safetensors", "xyz.a:F32:64:[8,2]", "xyz.b:F32:16:[2,2]");
  assert_choice (self, 8, "xyz.a T");
  assert_choice (self, 0, "");
}

static void
test_quantised_and_flat_are_left_out (Fixture *self, gconstpointer data)
{
  WRITE (self, "model.safetensors", "model.embed_tokens.weight:I8:16:[8,2]",
         "wte.weight:F32:32:[8]");
  assert_choice (self, 8, "");
}

#define ADD(path, func)                                                                            \
  g_test_add ("/embedding-choice/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("bert-is-never-positions", test_bert_is_never_positions);
  ADD ("untied-output-is-offered", test_untied_output_is_offered);
  ADD ("embedding-in-a-layer-comes-later", test_embedding_in_a_layer_comes_later);
  ADD ("shared-before-its-copies", test_shared_before_its_copies);
  ADD ("vocabulary-beats-rows", test_vocabulary_beats_rows);
  ADD ("nameless-matrix-by-its-rows", test_nameless_matrix_by_its_rows);
  ADD ("quantised-and-flat-are-left-out", test_quantised_and_flat_are_left_out);
  return g_test_run ();
}
