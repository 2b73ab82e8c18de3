/* SPDX-License-Identifier: MIT */
/* Folders, indexes and files become one list of tensors, or a sentence. */
#include "model/model.h"

#include "base/error.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define INDEX "model.safetensors.index.json"
#define SHARD_1 "model-00001-of-00002.safetensors"
#define SHARD_2 "model-00002-of-00002.safetensors"
#define COMMIT "0123456789abcdef0123456789abcdef01234567"

typedef struct
{
  char *folder;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("ws-model-XXXXXX", NULL);
}

static void
remove_all (const char *path)
{
  g_autoptr (GDir) dir =
      g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_all (child);
    }
  g_assert_cmpint (g_remove (path), ==, 0);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  remove_all (self->folder);
  g_free (self->folder);
}

static void
write_text (Fixture *self, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* A file of tensors, one for each of @entries (NULL at the end): "name" is F32 of 2 x 3, and
 * "name:DTYPE:BYTES:SHAPE" what it says. */
static void
write_tensors (Fixture *self, const char *name, const char *const *entries)
{
  g_autoptr (GString) header = g_string_new ("{");
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  guint64 end = 0;

  for (guint i = 0; entries[i]; i++)
    {
      g_auto (GStrv) parts = g_strsplit (entries[i], ":", 4);
      gboolean plain = g_strv_length (parts) == 1;
      guint64 n_bytes = plain ? 24 : g_ascii_strtoull (parts[2], NULL, 10);

      g_string_append_printf (
          header,
          "%s\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%" G_GUINT64_FORMAT
          ",%" G_GUINT64_FORMAT "]}",
          i ? "," : "", parts[0], plain ? "F32" : parts[1], plain ? "[2,3]" : parts[3], end,
          end + n_bytes);
      end += n_bytes;
    }
  g_string_append_c (header, '}');

  guint64 length = GUINT64_TO_LE ((guint64) header->len);
  FILE *file = g_fopen (path, "wb");
  g_assert_nonnull (file);
  fwrite (&length, sizeof length, 1, file);
  fwrite (header->str, header->len, 1, file);
  g_assert_cmpint (fclose (file), ==, 0);
  g_assert_cmpint (truncate (path, 8 + header->len + end), ==, 0); /* zeros */
}

#define WRITE(self, name, ...)                                                                     \
  write_tensors (self, name, (const char *const[]){ __VA_ARGS__, NULL })

/* Opens @name in the folder; "" is the folder itself. */
static WsModel *
open_name (Fixture *self, const char *name, gboolean allow_missing, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, *name ? name : NULL, NULL);

  return ws_model_open (path, allow_missing, NULL, error);
}

static WsModel *
open_folder (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  WsModel *model = open_name (self, "", FALSE, &error);

  g_assert_no_error (error);
  return model;
}

static void
assert_refused (Fixture *self, const char *name, GQuark domain, int code, const char *part)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WsModel) model = open_name (self, name, FALSE, &error);

  g_assert_null (model);
  g_assert_error (error, domain, code);
  if (!strstr (error->message, part))
    g_error ("'%s' should say '%s'", error->message, part);
}

static const WsTensor *
get_tensor (const WsModel *model, guint i)
{
  g_assert_cmpuint (i, <, model->tensors->len);
  return model->tensors->pdata[i];
}

static const WsTensor *
find_tensor (const WsModel *model, const char *name)
{
  for (guint i = 0; i < model->tensors->len; i++)
    if (strcmp (get_tensor (model, i)->name, name) == 0)
      return get_tensor (model, i);
  g_error ("no tensor '%s'", name);
}

static gboolean
has_sentence (GPtrArray *sentences, const char *part)
{
  for (guint i = 0; i < sentences->len; i++)
    if (strstr (sentences->pdata[i], part))
      return TRUE;
  return FALSE;
}

static gboolean
has_warning (const WsModel *model, const char *part)
{
  return has_sentence (model->warnings, part);
}

/* --- one file --- */

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
                                          "model.layers.2.self_attn.q_proj.weight",
                                          "model.layers.10.self_attn.q_proj.weight",
                                          "lm_head.weight",
                                          "model.embed_tokens.weight" };

  write_tensors (self, "m.safetensors",
                 (const char *const[]){ expected[5], expected[3], expected[1], expected[4],
                                        expected[0], expected[2], NULL });
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

/* --- the index --- */

#define MAP(entries) "{\"metadata\":{\"total_size\":1},\"weight_map\":{" entries "}}"

static void
test_index (Fixture *self, gconstpointer data)
{
  WRITE (self, SHARD_1, "a", "b");
  WRITE (self, SHARD_2, "c");
  WRITE (self, "consolidated.safetensors", "z");
  write_text (self, INDEX,
              MAP ("\"c\":\"" SHARD_2 "\",\"a\":\"" SHARD_1 "\",\"b\":\"" SHARD_1 "\""));
  g_autoptr (WsModel) model = open_folder (self);
  g_autoptr (WsModel) by_name = open_name (self, INDEX, FALSE, NULL);
  g_autofree char *name = g_path_get_basename (self->folder);

  g_assert_cmpuint (model->tensors->len, ==, 3);
  g_assert_cmpuint (model->sources->len, ==, 2);
  g_assert_cmpstr (get_tensor (model, 2)->name, ==, "c");
  g_assert_true (get_tensor (model, 2)->source == model->sources->pdata[1]);
  g_assert_cmpuint (by_name->tensors->len, ==, 3);
  g_assert_cmpstr (by_name->title, ==, name);
}

static void
test_index_through_links (Fixture *self, gconstpointer data)
{
  g_autofree char *link = g_build_filename (self->folder, "model-1.safetensors", NULL);

  WRITE (self, "blob", "a");
  write_text (self, INDEX, MAP ("\"a\":\"model-1.safetensors\""));
  g_assert_cmpint (symlink ("blob", link), ==, 0);
  g_autoptr (WsModel) model = open_folder (self);
  g_assert_cmpuint (model->tensors->len, ==, 1);
  g_assert_cmpstr (ws_source_get_name (model->sources->pdata[0]), ==, "model-1.safetensors");
}

static void
test_index_of_diffusers (Fixture *self, gconstpointer data)
{
  WRITE (self, "d-1.safetensors", "a");
  write_text (self, "diffusion_pytorch_model.safetensors.index.json",
              MAP ("\"a\":\"d-1.safetensors\""));
  g_autoptr (WsModel) model = open_folder (self);
  g_assert_cmpuint (model->tensors->len, ==, 1);
}

static void
test_index_names_missing_shard (Fixture *self, gconstpointer data)
{
  g_autofree char *link = g_build_filename (self->folder, SHARD_2, NULL);

  WRITE (self, SHARD_1, "a");
  write_text (self, INDEX, MAP ("\"a\":\"" SHARD_1 "\",\"b\":\"" SHARD_2 "\""));
  assert_refused (self, "", WS_ERROR, WS_ERROR_NOT_FOUND, "shard '" SHARD_2 "' is missing");

  g_autoptr (WsModel) model = open_name (self, "", TRUE, NULL);
  g_assert_cmpuint (model->tensors->len, ==, 1);
  g_assert_true (has_warning (model, SHARD_2));

  /* A blob that was never downloaded. */
  g_assert_cmpint (symlink ("../../blobs/none", link), ==, 0);
  assert_refused (self, "", WS_ERROR, WS_ERROR_NOT_FOUND, "shard '" SHARD_2 "' is missing");
}

static void
test_all_shards_missing (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  write_text (self, INDEX, MAP ("\"a\":\"" SHARD_1 "\",\"b\":\"" SHARD_2 "\""));
  g_assert_null (open_name (self, "", TRUE, &error));
  g_assert_error (error, WS_ERROR, WS_ERROR_NOT_FOUND);
}

static void
test_tensor_not_in_its_shard (Fixture *self, gconstpointer data)
{
  WRITE (self, SHARD_1, "a");
  WRITE (self, SHARD_2, "b", "c");
  write_text (self, INDEX,
              MAP ("\"a\":\"" SHARD_1 "\",\"b\":\"" SHARD_2 "\",\"c\":\"" SHARD_1 "\""));
  assert_refused (self, "", WS_ERROR, WS_ERROR_NOT_FOUND, "tensor 'c' is not in '" SHARD_1 "'");
}

static void
test_unlisted_tensors_are_told (Fixture *self, gconstpointer data)
{
  WRITE (self, SHARD_1, "a", "b", "extra");
  WRITE (self, SHARD_2, "b");
  write_text (self, INDEX, MAP ("\"a\":\"" SHARD_1 "\",\"b\":\"" SHARD_2 "\""));
  g_autoptr (WsModel) model = open_folder (self);

  g_assert_cmpuint (model->tensors->len, ==, 2);
  g_assert_true (has_warning (model, "2 tensors"));
  g_assert_true (has_warning (model, "'extra'"));
  g_assert_true (get_tensor (model, 1)->source == model->sources->pdata[1]);
}

static void
test_broken_shard_is_an_error_even_if_missing_ones_are_not (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  WRITE (self, SHARD_1, "a");
  write_text (self, SHARD_2, "short");
  write_text (self, INDEX, MAP ("\"a\":\"" SHARD_1 "\",\"b\":\"" SHARD_2 "\""));
  g_assert_null (open_name (self, "", TRUE, &error));
  g_assert_error (error, WS_ERROR, WS_ERROR_FORMAT);
  g_assert_nonnull (strstr (error->message, SHARD_2));
}

static void
test_refuses_broken_indexes (Fixture *self, gconstpointer data)
{
  static const struct
  {
    const char *text;
    const char *part;
  } cases[] = {
    { "", "not valid JSON" },
    { "{", "not valid JSON" },
    { "[]", "not a JSON object" },
    { "null", "not a JSON object" },
    { "{}", "no weight_map" },
    { "{\"metadata\":{}}", "no weight_map" },
    { "{\"Weight_map\":{\"a\":\"s\"}}", "no weight_map" },
    { "{\"weight_map\\u0000\":{\"a\":\"s\"}}", "no weight_map" },
    { "{\"weight_map\":null}", "weight_map is not an object" },
    { "{\"weight_map\":[]}", "weight_map is not an object" },
    { "{\"weight_map\":{}}", "weight_map is empty" },
    { "{\"weight_map\":{\"a\":\"s\"},\"weight_map\":{\"a\":\"s\"}}", "stands there twice" },
    { MAP ("\"a\":1"), "tensor 'a' is not mapped" },
    { MAP ("\"a\":null"), "tensor 'a' is not mapped" },
    { MAP ("\"a\":[\"s\"]"), "tensor 'a' is not mapped" },
    { MAP ("\"a\":{\"s\":\"s\"}"), "tensor 'a' is not mapped" },
    { MAP ("\"a\":\"s\",\"a\":\"s\""), "tensor 'a' stands there twice" },
    { MAP ("\"a\":\"s\",\"\\u0061\":\"t\""), "tensor 'a' stands there twice" },
    { MAP ("\"a\":\"\""), "not a plain file name" },
    { MAP ("\"a\":\".\""), "not a plain file name" },
    { MAP ("\"a\":\"..\""), "not a plain file name" },
    { MAP ("\"a\":\"../x.safetensors\""), "'../x.safetensors', which is not a plain" },
    { MAP ("\"a\":\"/etc/passwd\""), "not a plain file name" },
    { MAP ("\"a\":\"sub/x.safetensors\""), "not a plain file name" },
    { MAP ("\"a\":\"./x.safetensors\""), "not a plain file name" },
    { MAP ("\"a\":\"x\\u002fy\""), "not a plain file name" },
    { MAP ("\"a\":\"..\\\\x\""), "not a plain file name" },
    { MAP ("\"a\":\"x\\u0000/../y\""), "NUL" },
    { MAP ("\"a\\u0000b\":\"x\""), "NUL" },
    { MAP ("\"a\":\"s\"") MAP ("\"a\":\"s\""), "more follows" }, /* seen in the wild */
    { MAP ("\"a\":\"s\",}"), "not valid JSON" },
    { MAP ("\"a\":\"s\" \"b\":\"s\""), "not valid JSON" },
    { MAP ("\"a\":\"\xff\""), "UTF-8" },
    { "\357\273\277" MAP ("\"a\":\"s\""), "not valid JSON" },
    { MAP ("\"a\":\"s\"") "// c", "more follows" },
    { "{\"metadata\":{\"x\":[}]},\"weight_map\":{\"a\":\"s\"}}", "not valid JSON" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *shown = g_strescape (cases[i].text, NULL);

      g_test_message ("%s", shown);
      write_text (self, INDEX, cases[i].text);
      assert_refused (self, "", WS_ERROR, WS_ERROR_FORMAT, cases[i].part);
      assert_refused (self, "", WS_ERROR, WS_ERROR_FORMAT, INDEX);
    }
}

static void
test_refuses_truncated_index (Fixture *self, gconstpointer data)
{
  static const char text[] = MAP ("\"a\":\"s\",\"b\":\"t\"");

  for (gsize n = 0; n < strlen (text); n++)
    {
      g_autofree char *part = g_strndup (text, n);

      write_text (self, INDEX, part);
      assert_refused (self, "", WS_ERROR, WS_ERROR_FORMAT, INDEX);
    }
}

static void
test_refuses_deep_index (Fixture *self, gconstpointer data)
{
  g_autofree char *open = g_strnfill (100000, '[');
  g_autofree char *text = g_strdup_printf ("{\"metadata\":%s", open);

  write_text (self, INDEX, text);
  assert_refused (self, "", WS_ERROR, WS_ERROR_FORMAT, "deep");
}

static void
test_refuses_index_of_too_many_shards (Fixture *self, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new ("{\"weight_map\":{\"x\":\"x\"");

  for (guint i = 0; i < 10001; i++)
    g_string_append_printf (text, ",\"%u\":\"%u\"", i, i);
  g_string_append (text, "}}");
  write_text (self, INDEX, text->str);
  assert_refused (self, "", WS_ERROR, WS_ERROR_FORMAT, "more than 10000");
}

static void
test_json_that_is_no_index (Fixture *self, gconstpointer data)
{
  write_text (self, "config.json", "{\"model_type\":\"x\"}");
  assert_refused (self, "config.json", WS_ERROR, WS_ERROR_FORMAT, "no weight_map");
}

static void
test_index_that_is_a_folder (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, INDEX, NULL);

  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  assert_refused (self, "", G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY, INDEX);
}

/* --- facts --- */

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
test_hub_cache_gives_id_and_revision (Fixture *self, gconstpointer data)
{
  Fixture snapshot = { g_build_filename (self->folder, "models--org--some-name", "snapshots",
                                         COMMIT, NULL) };

  g_assert_cmpint (g_mkdir_with_parents (snapshot.folder, 0700), ==, 0);
  WRITE (&snapshot, "model.safetensors", "a");
  g_autoptr (WsModel) model = open_folder (&snapshot);
  g_autoptr (WsModel) by_name = open_name (&snapshot, "model.safetensors", FALSE, NULL);
  g_free (snapshot.folder);

  g_assert_cmpstr (model->model_id, ==, "org/some-name");
  g_assert_cmpstr (model->revision, ==, COMMIT);
  g_assert_cmpstr (model->title, ==, "org/some-name");
  g_assert_cmpstr (by_name->model_id, ==, "org/some-name");
}

#define OTHER_COMMIT "fedcba9876543210fedcba9876543210fedcba98"

/* A snapshot in the cache of a model, with one file of one tensor. */
static void
write_snapshot (Fixture *self, const char *commit, const char *tensor)
{
  Fixture snapshot = { g_build_filename (self->folder, "models--org--name", "snapshots", commit,
                                         NULL) };

  g_assert_cmpint (g_mkdir_with_parents (snapshot.folder, 0700), ==, 0);
  WRITE (&snapshot, "model.safetensors", tensor);
  g_free (snapshot.folder);
}

static void
write_main (Fixture *self, const char *text)
{
  g_autofree char *refs = g_build_filename (self->folder, "models--org--name", "refs", NULL);

  g_assert_cmpint (g_mkdir_with_parents (refs, 0700), ==, 0);
  write_text (self, "models--org--name/refs/main", text);
}

static void
assert_root_opens (Fixture *self, const char *commit, const char *tensor)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (WsModel) model = open_name (self, "models--org--name", FALSE, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (get_tensor (model, 0)->name, ==, tensor);
  g_assert_cmpstr (model->model_id, ==, "org/name");
  g_assert_cmpstr (model->title, ==, "org/name");
  g_assert_cmpstr (model->revision, ==, commit);
}

static void
test_hub_root_opens_main (Fixture *self, gconstpointer data)
{
  write_snapshot (self, COMMIT, "of-main");
  write_snapshot (self, OTHER_COMMIT, "of-another");
  write_main (self, COMMIT "\n");
  assert_root_opens (self, COMMIT, "of-main");
}

static void
test_hub_root_opens_only_snapshot (Fixture *self, gconstpointer data)
{
  write_snapshot (self, OTHER_COMMIT, "alone");
  assert_root_opens (self, OTHER_COMMIT, "alone");
  write_main (self, COMMIT); /* which was not downloaded */
  assert_root_opens (self, OTHER_COMMIT, "alone");
}

static void
test_hub_root_lists_several_snapshots (Fixture *self, gconstpointer data)
{
  const char *const no_refs[] = { "", "..", "../../x", "0123", COMMIT COMMIT };

  write_snapshot (self, COMMIT, "a");
  write_snapshot (self, OTHER_COMMIT, "b");
  assert_refused (self, "models--org--name", WS_ERROR, WS_ERROR_ARGUMENT,
                  "('snapshots/" COMMIT "', 'snapshots/" OTHER_COMMIT "')");
  for (guint i = 0; i < G_N_ELEMENTS (no_refs); i++)
    {
      write_main (self, no_refs[i]);
      assert_refused (self, "models--org--name", WS_ERROR, WS_ERROR_ARGUMENT, OTHER_COMMIT);
    }
}

static void
test_hub_root_without_snapshot (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "models--org--name", "snapshots", NULL);

  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
  assert_refused (self, "models--org--name", WS_ERROR, WS_ERROR_NOT_FOUND, "no snapshot");
}

static void
test_folder_that_resembles_hub_cache_gives_nothing (Fixture *self, gconstpointer data)
{
  Fixture snapshot = { g_build_filename (self->folder, "models--org--name", "snapshots", "main",
                                         NULL) };

  g_assert_cmpint (g_mkdir_with_parents (snapshot.folder, 0700), ==, 0);
  WRITE (&snapshot, "model.safetensors", "a");
  g_autoptr (WsModel) model = open_folder (&snapshot);
  g_free (snapshot.folder);
  g_assert_null (model->model_id);
  g_assert_null (model->revision);
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
  ADD ("index/lists-all-shards", test_index);
  ADD ("index/through-links", test_index_through_links);
  ADD ("index/of-diffusers", test_index_of_diffusers);
  ADD ("index/names-missing-shard", test_index_names_missing_shard);
  ADD ("index/all-shards-missing", test_all_shards_missing);
  ADD ("index/tensor-not-in-its-shard", test_tensor_not_in_its_shard);
  ADD ("index/unlisted-tensors-are-told", test_unlisted_tensors_are_told);
  ADD ("index/broken-shard-is-an-error",
       test_broken_shard_is_an_error_even_if_missing_ones_are_not);
  ADD ("index/refuses-broken", test_refuses_broken_indexes);
  ADD ("index/refuses-truncated", test_refuses_truncated_index);
  ADD ("index/refuses-deep", test_refuses_deep_index);
  ADD ("index/refuses-too-many-shards", test_refuses_index_of_too_many_shards);
  ADD ("index/json-that-is-none", test_json_that_is_no_index);
  ADD ("index/that-is-a-folder", test_index_that_is_a_folder);
  ADD ("facts/bad-config-is-a-warning", test_bad_config_is_a_warning);
  ADD ("facts/tied-output", test_tied_output);
  ADD ("facts/own-output-is-not-tied", test_own_output_is_not_tied);
  ADD ("facts/quantised-weights-are-not-analysed", test_quantised_weights_are_not_analysed);
  ADD ("facts/buffers-are-no-parameters", test_buffers_are_no_parameters);
  ADD ("facts/hub-cache-gives-id-and-revision", test_hub_cache_gives_id_and_revision);
  ADD ("hub-root/opens-main", test_hub_root_opens_main);
  ADD ("hub-root/opens-only-snapshot", test_hub_root_opens_only_snapshot);
  ADD ("hub-root/lists-several-snapshots", test_hub_root_lists_several_snapshots);
  ADD ("hub-root/without-snapshot", test_hub_root_without_snapshot);
  ADD ("facts/folder-that-resembles-hub-cache", test_folder_that_resembles_hub_cache_gives_nothing);
  ADD ("stops-when-cancelled", test_stops_when_cancelled);
  ADD ("reads-headers-only", test_reads_headers_only);
  ADD ("sample-named-by-environment", test_sample_named_by_environment);
  return g_test_run ();
}
