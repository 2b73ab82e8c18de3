/* SPDX-License-Identifier: MIT */
/* config.json is a hint: what is wrong in it is unknown, never a crash. */
#include "model/config.h"

#include "base/error.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  char *folder;
  char *path;
  WsConfig config;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("ws-config-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "config.json", NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  ws_config_clear (&self->config);
  g_remove (self->path);
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->path);
  g_free (self->folder);
}

static gboolean
read_config (Fixture *self, GError **error)
{
  g_autoptr (WsFolder) folder = ws_folder_new_local (self->folder);

  return ws_config_read (&self->config, folder, error);
}

static gboolean
read_text (Fixture *self, const char *text, GError **error)
{
  g_assert_true (g_file_set_contents (self->path, text, -1, NULL));
  return read_config (self, error);
}

static void
test_reads_members (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  read_text (self,
             "{\"model_type\":\"qwen3\",\"architectures\":[\"Qwen3ForCausalLM\",\"x\"],"
             "\"num_hidden_layers\":36,\"hidden_size\":2560,\"vocab_size\":151936,"
             "\"num_attention_heads\":32,\"num_key_value_heads\":8,\"head_dim\":128,"
             "\"num_experts\":64,\"tie_word_embeddings\":true,"
             "\"quantization_config\":{\"quant_method\":\"fp8\"}}",
             &error);
  g_assert_no_error (error);
  g_assert_cmpstr (self->config.model_type, ==, "qwen3");
  g_assert_cmpstr (self->config.architecture, ==, "Qwen3ForCausalLM");
  g_assert_cmpstr (self->config.quant_method, ==, "fp8");
  g_assert_cmpuint (self->config.n_layers, ==, 36);
  g_assert_cmpuint (self->config.hidden_size, ==, 2560);
  g_assert_cmpuint (self->config.n_vocab, ==, 151936);
  g_assert_cmpuint (self->config.n_heads, ==, 32);
  g_assert_cmpuint (self->config.n_kv_heads, ==, 8);
  g_assert_cmpuint (self->config.head_dim, ==, 128);
  g_assert_cmpuint (self->config.n_experts, ==, 64);
  g_assert_true (self->config.tie_known);
  g_assert_true (self->config.tie_word_embeddings);
}

static void
test_older_names (Fixture *self, gconstpointer data)
{
  g_assert_true (
      read_text (self, "{\"n_layer\":12,\"n_embd\":768,\"n_head\":12,\"vocab_size\":50257}", NULL));
  g_assert_cmpuint (self->config.n_layers, ==, 12);
  g_assert_cmpuint (self->config.hidden_size, ==, 768);
  g_assert_cmpuint (self->config.n_heads, ==, 12);
  g_assert_false (self->config.tie_known);
}

static void
test_text_config_fills_gaps (Fixture *self, gconstpointer data)
{
  g_assert_true (read_text (self,
                            "{\"model_type\":\"outer\",\"hidden_size\":1,\"text_config\":{"
                            "\"model_type\":\"inner\",\"hidden_size\":2,\"num_hidden_layers\":3,"
                            "\"tie_word_embeddings\":false}}",
                            NULL));
  g_assert_cmpstr (self->config.model_type, ==, "outer");
  g_assert_cmpuint (self->config.hidden_size, ==, 1);
  g_assert_cmpuint (self->config.n_layers, ==, 3);
  g_assert_true (self->config.tie_known);
  g_assert_false (self->config.tie_word_embeddings);
}

static void
test_wrong_types_are_unknown (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  read_text (self,
             "{\"model_type\":7,\"architectures\":{\"0\":\"x\"},\"hidden_size\":-5,"
             "\"vocab_size\":\"many\",\"num_hidden_layers\":2.5,\"head_dim\":null,"
             "\"n_head\":[1],\"tie_word_embeddings\":1,\"quantization_config\":[],"
             "\"text_config\":3}",
             &error);
  g_assert_no_error (error);
  g_assert_null (self->config.model_type);
  g_assert_null (self->config.architecture);
  g_assert_null (self->config.quant_method);
  g_assert_cmpuint (self->config.hidden_size, ==, 0);
  g_assert_cmpuint (self->config.n_vocab, ==, 0);
  g_assert_cmpuint (self->config.n_layers, ==, 0);
  g_assert_cmpuint (self->config.head_dim, ==, 0);
  g_assert_cmpuint (self->config.n_heads, ==, 0);
  g_assert_false (self->config.tie_known);
}

static void
test_missing_file_is_empty (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (read_config (self, &error));
  g_assert_no_error (error);
  g_assert_null (self->config.model_type);
}

static void
test_bad_json_names_file (Fixture *self, gconstpointer data)
{
  static const char *const cases[] = { "",      "[]",      "null",        "{\"a\":1",
                                       "{} {}", "{/*c*/}", "{\"a\":\xff}" };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (read_text (self, cases[i], &error));
      g_assert_error (error, WS_ERROR, WS_ERROR_FORMAT);
      g_assert_nonnull (strstr (error->message, self->path));
    }
}

/* json-glib alone would overflow the stack. */
static void
test_deep_nesting_is_refused (Fixture *self, gconstpointer data)
{
  g_autofree char *open = g_strnfill (1000000, '[');
  g_autofree char *text = g_strdup_printf ("{\"a\":%s", open);
  g_autoptr (GError) error = NULL;

  g_assert_false (read_text (self, text, &error));
  g_assert_error (error, WS_ERROR, WS_ERROR_FORMAT);
}

static void
test_huge_file_is_refused (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  FILE *file = g_fopen (self->path, "w");

  g_assert_cmpint (fseek (file, 1 << 30, SEEK_SET), ==, 0);
  fputc ('x', file);
  fclose (file);
  g_assert_false (read_config (self, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE);
}

static void
test_folder_of_that_name_is_refused (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir (self->path, 0700), ==, 0);
  g_assert_false (read_config (self, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/config/reads-members", test_reads_members);
  ADD ("/config/older-names", test_older_names);
  ADD ("/config/text-config-fills-gaps", test_text_config_fills_gaps);
  ADD ("/config/wrong-types-are-unknown", test_wrong_types_are_unknown);
  ADD ("/config/missing-file-is-empty", test_missing_file_is_empty);
  ADD ("/config/bad-json-names-file", test_bad_json_names_file);
  ADD ("/config/deep-nesting-is-refused", test_deep_nesting_is_refused);
  ADD ("/config/huge-file-is-refused", test_huge_file_is_refused);
  ADD ("/config/folder-of-that-name-is-refused", test_folder_of_that_name_is_refused);
  return g_test_run ();
}
