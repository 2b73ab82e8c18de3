/* SPDX-License-Identifier: MIT */
/* Folders and files become one list of tensors, or a sentence. */
#include "model-fixture.h"

#include "base/error.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
test_opens_file (Fixture *self, gconstpointer data)
{
  WRITE (self, "tiny.safetensors", "a", "b:BF16:8:[4]");
  g_autoptr (GError) error = NULL;
  g_autoptr (WsModel) model = open_name (self, "tiny.safetensors", FALSE, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (model->title, ==, "tiny.safetensors");
  g_assert_true (g_path_is_absolute (model->path));
  g_assert_cmpuint (model->tensors->len, ==, 2);
  g_assert_cmpuint (model->sources->len, ==, 1);
  g_assert_cmpuint (model->n_parameters, ==, 6 + 4);
  g_assert_cmpuint (model->n_bytes, ==, 24 + 8);
  g_assert_null (model->model_id);
  g_assert_null (model->revision);
}

static void
test_layers_from_zero_then_the_rest (Fixture *self, gconstpointer data)
{
  static const char *const expected[] = { "model.layers.0.self_attn.k_proj.weight",
                                          "model.layers.0.self_attn.q_proj.weight",
                                          "model.layers.2.mlp.experts.2.up_proj.weight",
                                          "model.layers.2.mlp.experts.10.up_proj.weight",
                                          "model.layers.2.self_attn.q_proj.weight",
                                          "model.layers.10.self_attn.q_proj.weight",
                                          "lm_head.weight",
                                          "model.embed_tokens.weight" };

  write_tensors (self, "m.safetensors",
                 (const char *const[]){ expected[5], expected[3], expected[1], expected[7],
                                        expected[4], expected[6], expected[0], expected[2], NULL });
  g_autoptr (WsModel) model = open_folder (self);
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpstr (get_tensor (model, i)->name, ==, expected[i]);
}

static void
test_one_shard_says_so (Fixture *self, gconstpointer data)
{
  WRITE (self, SHARD_1, "model.embed_tokens.weight");
  WRITE (self, SHARD_2, "lm_head.weight");
  g_autoptr (WsModel) model = open_name (self, SHARD_1, FALSE, NULL);

  g_assert_cmpuint (model->tensors->len, ==, 1);
  g_assert_true (has_warning (model, "one shard"));
  g_assert_false (model->output_tied); /* the output may lie in the other shard */
}

static void
test_missing_path (Fixture *self, gconstpointer data)
{
  assert_refused (self, "nowhere", G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "nowhere");
  assert_refused (self, "nowhere/model.safetensors", G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "nowhere");
}

static void
test_other_kinds_of_files_are_named (Fixture *self, gconstpointer data)
{
  write_text (self, "a.gguf", "GGUF\003\001\001\001\001\001\001\001");
  write_text (self, "b.bin", "PK\003\004aaaaaaaaaa");
  write_text (self, "c.safetensors", "version https://git-lfs.github.com/spec/v1\n");
  write_text (self, "d.safetensors", "");
  assert_refused (self, "a.gguf", WS_ERROR, WS_ERROR_UNSUPPORTED, "GGUF");
  assert_refused (self, "b.bin", WS_ERROR, WS_ERROR_UNSUPPORTED, "zip");
  assert_refused (self, "c.safetensors", WS_ERROR, WS_ERROR_FORMAT, "git lfs pull");
  assert_refused (self, "d.safetensors", WS_ERROR, WS_ERROR_FORMAT, "empty");
}

static void
test_things_that_are_no_files (Fixture *self, gconstpointer data)
{
  g_autofree char *loop = g_build_filename (self->folder, "loop.safetensors", NULL);
  g_autofree char *pipe = g_build_filename (self->folder, "pipe.safetensors", NULL);
  g_autofree char *inner = g_build_filename (self->folder, "sub", NULL);
  g_autofree char *folder = g_build_filename (inner, "model.safetensors", NULL);

  g_assert_cmpint (symlink ("loop.safetensors", loop), ==, 0);
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  assert_refused (self, "loop.safetensors", G_IO_ERROR, G_IO_ERROR_TOO_MANY_LINKS, "loop");
  assert_refused (self, "pipe.safetensors", G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, "pipe");
  assert_refused (self, "sub", G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY, "model.safetensors");
}

/* --- folders without index --- */

static void
test_folder_with_model_safetensors (Fixture *self, gconstpointer data)
{
  WRITE (self, "model.safetensors", "a");
  WRITE (self, "other.safetensors", "b");
  write_text (self, "pytorch_model.bin", "PK\003\004");
  g_autoptr (WsModel) model = open_folder (self);

  g_assert_cmpuint (model->tensors->len, ==, 1);
  g_assert_cmpstr (get_tensor (model, 0)->name, ==, "a");
}

static void
test_folder_with_one_file (Fixture *self, gconstpointer data)
{
  WRITE (self, "adapter_model.safetensors", "a");
  write_text (self, "._adapter_model.safetensors", "left by macOS");
  g_autoptr (WsModel) model = open_folder (self);

  g_assert_cmpuint (model->tensors->len, ==, 1);
}

static void
test_folder_with_shards_and_no_index (Fixture *self, gconstpointer data)
{
  WRITE (self, SHARD_2, "b");
  WRITE (self, SHARD_1, "a", "c");
  g_autoptr (WsModel) model = open_folder (self);

  g_assert_cmpuint (model->tensors->len, ==, 3);
  g_assert_cmpuint (model->sources->len, ==, 2);
  g_assert_cmpstr (ws_source_get_name (model->sources->pdata[0]), ==, SHARD_1);
}

static void
test_folder_lacks_a_shard (Fixture *self, gconstpointer data)
{
  WRITE (self, SHARD_2, "b");
  assert_refused (self, "", WS_ERROR, WS_ERROR_NOT_FOUND, SHARD_1);

  g_autoptr (GError) error = NULL;
  g_autoptr (WsModel) model = open_name (self, "", TRUE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (model->tensors->len, ==, 1);
  g_assert_true (has_warning (model, SHARD_1));
}

static void
test_shards_that_repeat_a_tensor (Fixture *self, gconstpointer data)
{
  WRITE (self, SHARD_1, "a", "b");
  WRITE (self, SHARD_2, "b");
  assert_refused (self, "", WS_ERROR, WS_ERROR_FORMAT, "tensor 'b' is in both");
}

static void
test_folder_with_several_checkpoints (Fixture *self, gconstpointer data)
{
  WRITE (self, "x.safetensors", "a");
  WRITE (self, "y.safetensors", "b");
  assert_refused (self, "", WS_ERROR, WS_ERROR_ARGUMENT, "'x.safetensors', 'y.safetensors'");
}

static void
test_shards_of_two_checkpoints (Fixture *self, gconstpointer data)
{
  WRITE (self, SHARD_1, "a");
  WRITE (self, "model-00001-of-00003.safetensors", "a");
  assert_refused (self, "", WS_ERROR, WS_ERROR_ARGUMENT, "several");
}

static void
test_folder_without_checkpoint (Fixture *self, gconstpointer data)
{
  assert_refused (self, "", WS_ERROR, WS_ERROR_NOT_FOUND, self->folder);
  write_text (self, "README.md", "x");
  assert_refused (self, "", WS_ERROR, WS_ERROR_NOT_FOUND, "no .safetensors");
}

static void
test_folder_with_other_formats_only (Fixture *self, gconstpointer data)
{
  write_text (self, "pytorch_model.bin", "x");
  assert_refused (self, "", WS_ERROR, WS_ERROR_UNSUPPORTED, "PyTorch files ('pytorch_model.bin')");
  write_text (self, "m.gguf", "x");
  assert_refused (self, "", WS_ERROR, WS_ERROR_UNSUPPORTED, "GGUF files ('m.gguf')");
}

static void
test_bad_config_is_a_warning (Fixture *self, gconstpointer data)
{
  WRITE (self, "model.safetensors", "a");
  write_text (self, "config.json", "{broken");
  g_autoptr (WsModel) model = open_folder (self);

  g_assert_true (has_warning (model, "config.json"));
  g_assert_null (model->config.model_type);
}

static void
test_tied_output (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *config; /* NULL: none */
    gboolean tied;
  } cases[] = {
    { NULL, TRUE },
    { "{\"tie_word_embeddings\":true}", TRUE },
    { "{\"tie_word_embeddings\":false}", FALSE },
    { "{\"architectures\":[\"GPT2LMHeadModel\"]}", TRUE },
    { "{\"architectures\":[\"BertModel\"]}", FALSE }, /* has no output to tie */
  };

  WRITE (self, "model.safetensors", "model.embed_tokens.weight");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      if (cases[i].config)
        write_text (self, "config.json", cases[i].config);
      g_autoptr (WsModel) model = open_folder (self);
      g_assert_cmpint (model->output_tied, ==, cases[i].tied);
      g_assert_cmpint (has_sentence (model->notes, "tied"), ==, cases[i].tied);
      g_assert_false (has_warning (model, "tied"));
    }
}

static void
test_own_output_is_not_tied (Fixture *self, gconstpointer data)
{
  WRITE (self, "model.safetensors", "model.embed_tokens.weight", "lm_head.weight");
  write_text (self, "config.json", "{\"tie_word_embeddings\":true}");
  g_autoptr (WsModel) model = open_folder (self);

  g_assert_false (model->output_tied);
}

static void
test_quantised_weights_are_not_analysed (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *entry;
    const char *reason;
  } cases[] = {
    { "model.layers.0.self_attn.q_proj.weight:F8_E4M3:6:[2,3]", "quantised: not analysed" },
    { "model.layers.0.self_attn.k_proj.weight:I8:6:[2,3]", "quantised: not analysed" },
    { "model.layers.0.self_attn.v_proj.weight:F4:3:[2,3]", "quantised: not analysed" },
    { "model.layers.0.self_attn.o_proj.qweight:I32:24:[2,3]", "quantised: not analysed" },
    { "model.layers.0.mlp.up_proj.weight:U8:6:[6,1]", "quantised: not analysed" },
    { "model.layers.0.mlp.gate_proj.weight:F16:12:[2,3]", NULL },
    { "model.layers.0.mlp.down_proj.weight:BF16:12:[2,3]", NULL },
    { "model.layers.0.mlp.down_proj.weight_scale_inv:F32:4:[1,1]", NULL }, /* auxiliary */
    { "model.layers.0.input_layernorm.weight:F8_E4M3:6:[6]", NULL },       /* no matrix */
    { "wholly.unknown:F8_E5M2:6:[2,3]", NULL },
    { "wholly.unknown_integers:I64:48:[2,3]", "integers: not analysed" },
    { "wholly.unknown_complex:C64:48:[2,3]", "complex numbers: not analysed" },
    { "wholly.unknown_vector:I64:8:[1]", NULL },
  };
  const char *entries[G_N_ELEMENTS (cases) + 1] = { NULL };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    entries[i] = cases[i].entry;
  write_tensors (self, "model.safetensors", entries);
  g_autoptr (WsModel) model = open_folder (self);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (GStrv) parts = g_strsplit (cases[i].entry, ":", 2);

      g_test_message ("%s", parts[0]);
      g_assert_cmpstr (find_tensor (model, parts[0])->not_analysed, ==, cases[i].reason);
    }
  g_assert_true (has_warning (model, "7 tensors"));
}

static void
test_buffers_are_no_parameters (Fixture *self, gconstpointer data)
{
  WRITE (self, "model.safetensors", "model.layers.0.mlp.up_proj.weight",
         "model.layers.0.self_attn.rotary_emb.inv_freq:F32:40:[10]",
         "model.layers.0.mlp.up_proj.weight_scale_inv:F32:4:[1,1]");
  g_autoptr (WsModel) model = open_folder (self);

  g_assert_cmpuint (model->n_parameters, ==, 6);
  g_assert_cmpuint (model->n_bytes, ==, 24 + 40 + 4);
}

static void
test_stops_when_cancelled (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  WRITE (self, "model.safetensors", "a");
  g_cancellable_cancel (cancellable);
  g_assert_null (ws_model_open (self->folder, FALSE, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* The file claims 64 GB and holds none: only the header can have been read. */
static void
test_reads_headers_only (Fixture *self, gconstpointer data)
{
  WRITE (self, "model.safetensors", "big:F32:68719476736:[131072,131072]");
  gint64 start = g_get_monotonic_time ();
  g_autoptr (WsModel) model = open_folder (self);

  g_assert_cmpuint (model->n_bytes, ==, G_GUINT64_CONSTANT (68719476736));
  g_assert_cmpint (g_get_monotonic_time () - start, <, 10 * G_USEC_PER_SEC);
}

static void
test_sample_named_by_environment (Fixture *self, gconstpointer data)
{
  g_autofree char *saved = g_strdup (g_getenv ("WEIGHTSCOPE_SAMPLE"));
  g_autofree char *gone = g_build_filename (self->folder, "gone", NULL);
  g_autoptr (GError) error = NULL;

  g_setenv ("WEIGHTSCOPE_SAMPLE", self->folder, TRUE);
  g_autofree char *found = ws_model_find_sample (&error);
  g_assert_no_error (error);
  g_assert_cmpstr (found, ==, self->folder);

  g_setenv ("WEIGHTSCOPE_SAMPLE", gone, TRUE);
  g_assert_null (ws_model_find_sample (&error));
  g_assert_error (error, WS_ERROR, WS_ERROR_NOT_FOUND);
  if (saved)
    g_setenv ("WEIGHTSCOPE_SAMPLE", saved, TRUE);
}

#define ADD(path, function) g_test_add ("/model/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("file/opens", test_opens_file);
  ADD ("file/layers-from-zero-then-the-rest", test_layers_from_zero_then_the_rest);
  ADD ("file/one-shard-says-so", test_one_shard_says_so);
  ADD ("file/missing-path", test_missing_path);
  ADD ("file/other-kinds-are-named", test_other_kinds_of_files_are_named);
  ADD ("file/things-that-are-no-files", test_things_that_are_no_files);
  ADD ("folder/with-model-safetensors", test_folder_with_model_safetensors);
  ADD ("folder/with-one-file", test_folder_with_one_file);
  ADD ("folder/with-shards-and-no-index", test_folder_with_shards_and_no_index);
  ADD ("folder/lacks-a-shard", test_folder_lacks_a_shard);
  ADD ("folder/shards-that-repeat-a-tensor", test_shards_that_repeat_a_tensor);
  ADD ("folder/with-several-checkpoints", test_folder_with_several_checkpoints);
  ADD ("folder/with-shards-of-two-checkpoints", test_shards_of_two_checkpoints);
  ADD ("folder/without-checkpoint", test_folder_without_checkpoint);
  ADD ("folder/with-other-formats-only", test_folder_with_other_formats_only);
  ADD ("facts/bad-config-is-a-warning", test_bad_config_is_a_warning);
  ADD ("facts/tied-output", test_tied_output);
  ADD ("facts/own-output-is-not-tied", test_own_output_is_not_tied);
  ADD ("facts/quantised-weights-are-not-analysed", test_quantised_weights_are_not_analysed);
  ADD ("facts/buffers-are-no-parameters", test_buffers_are_no_parameters);
  ADD ("stops-when-cancelled", test_stops_when_cancelled);
  ADD ("reads-headers-only", test_reads_headers_only);
  ADD ("sample-named-by-environment", test_sample_named_by_environment);
  return g_test_run ();
}
