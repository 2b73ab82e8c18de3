/* SPDX-License-Identifier: MIT */
/* An index and its shards become one list of tensors, or a sentence. */
#include "model-fixture.h"

#include "base/error.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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
  assert_refused (self, "", WS_ERROR, WS_ERROR_NOT_FOUND, "': '" SHARD_2 "'");

  g_autoptr (WsModel) model = open_name (self, "", TRUE, NULL);
  g_assert_cmpuint (model->tensors->len, ==, 1);
  g_assert_true (has_warning (model, SHARD_2));

  /* A blob that was never downloaded. */
  g_assert_cmpint (symlink ("../../blobs/none", link), ==, 0);
  assert_refused (self, "", WS_ERROR, WS_ERROR_NOT_FOUND, "': '" SHARD_2 "'");
}

/* What a note beside the model says was not wanted opens without the others; what it does not is
 * lost all the same. */
static void
test_part_opens_as_it_is (Fixture *self, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (self->folder, ".cache/huggingface", NULL);

  WRITE (self, SHARD_2, "model.layers.0.mlp.up_proj.weight");
  write_text (self, INDEX,
              MAP ("\"model.embed_tokens.weight\":\"" SHARD_1 "\",\"model.norm.weight\":\"" SHARD_1
                   "\",\"model.layers.0.mlp.up_proj.weight\":\"" SHARD_2 "\""));
  g_mkdir_with_parents (folder, 0777);
  write_text (self, ".cache/huggingface/weightscope.part", "other.safetensors\n" SHARD_2 "\n");
  assert_refused (self, "", WS_ERROR, WS_ERROR_NOT_FOUND, "'" SHARD_1 "'");
  write_text (self, ".cache/huggingface/weightscope.part", "other.safetensors\n" SHARD_1 "\n");
  g_autoptr (WsModel) model = open_folder (self);

  g_assert_cmpuint (model->tensors->len, ==, 1);
  g_assert_true (model->is_part);
  g_assert_cmpuint (model->n_tensors_missing, ==, 2);
  g_assert_cmpstr (model->embedding_shard, ==, SHARD_1);
  g_assert_true (has_warning (model, "2 of its 3 tensors are absent, in 1 of 2 files"));
  g_assert_cmpuint (model->warnings->len, ==, 1);
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

#define ADD(path, function)                                                                        \
  g_test_add ("/shard-index/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("lists-all-shards", test_index);
  ADD ("through-links", test_index_through_links);
  ADD ("of-diffusers", test_index_of_diffusers);
  ADD ("names-missing-shard", test_index_names_missing_shard);
  ADD ("part-opens-as-it-is", test_part_opens_as_it_is);
  ADD ("all-shards-missing", test_all_shards_missing);
  ADD ("tensor-not-in-its-shard", test_tensor_not_in_its_shard);
  ADD ("unlisted-tensors-are-told", test_unlisted_tensors_are_told);
  ADD ("broken-shard-is-an-error", test_broken_shard_is_an_error_even_if_missing_ones_are_not);
  ADD ("refuses-broken", test_refuses_broken_indexes);
  ADD ("refuses-truncated", test_refuses_truncated_index);
  ADD ("refuses-deep", test_refuses_deep_index);
  ADD ("refuses-too-many-shards", test_refuses_index_of_too_many_shards);
  ADD ("json-that-is-none", test_json_that_is_no_index);
  ADD ("that-is-a-folder", test_index_that_is_a_folder);
  return g_test_run ();
}
