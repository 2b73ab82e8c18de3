/* SPDX-License-Identifier: MIT */
/* The weights are fetched once, whatever else lies beside them. */
#include "hub/file-choice.h"

#include <string.h>

/* A listing of files of 10 bytes each, each of its own contents. Paths are separated by spaces. */
static WsHubListing *
make_listing (const char *paths)
{
  WsHubListing *self = g_new0 (WsHubListing, 1);
  g_auto (GStrv) parts = g_strsplit (paths, " ", -1);

  self->ref_count = 1;
  self->files = g_ptr_array_new ();
  self->refusals = g_ptr_array_new ();
  for (guint i = 0; parts[i] != NULL; i++)
    {
      WsHubFile *file = g_new0 (WsHubFile, 1);

      *file = (WsHubFile){ g_strdup (parts[i]), 10, g_strdup_printf ("%040u", i), NULL };
      g_ptr_array_add (self->files, file);
    }
  return self;
}

static void
free_listing (WsHubListing *self)
{
  for (guint i = 0; i < self->files->len; i++)
    {
      WsHubFile *file = g_ptr_array_index (self->files, i);

      g_free (file->path);
      g_free (file->git_oid);
      g_free (file);
    }
  ws_hub_listing_unref (self);
}

/* The paths that are chosen, separated by spaces. (transfer full) */
static char *
join_chosen (GPtrArray *rows)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < rows->len; i++)
    {
      const WsChoiceRow *row = g_ptr_array_index (rows, i);

      g_assert_cmpint (row->is_chosen, ==, row->reason == NULL);
      if (row->is_chosen)
        g_string_append_printf (text, "%s%s", text->len ? " " : "", row->file->path);
    }
  return g_string_free (text, FALSE);
}

/* Paths in the order of their bytes, as in every listing. */
static const struct
{
  const char *paths, *chosen;
} cases[] = {
  /* one file, with the same in other formats and for other programs */
  { "README.md config.json flax_model.msgpack model.safetensors onnx/config.json onnx/model.onnx "
    "original/consolidated.00.pth pytorch_model.bin rust_model.ot tf_model.h5 tokenizer.json",
    "README.md config.json model.safetensors tokenizer.json" },
  /* shards, the whole once more, and the vendor's own file */
  { "consolidated.safetensors model-00001-of-00002.safetensors model-00002-of-00002.safetensors "
    "model.safetensors model.safetensors.index.json pytorch_model.bin.index.json",
    "model-00001-of-00002.safetensors model-00002-of-00002.safetensors "
    "model.safetensors.index.json" },
  /* nothing but the vendor's own file */
  { "consolidated.safetensors params.json", "consolidated.safetensors params.json" },
  /* an adapter */
  { "adapter_config.json adapter_model.bin adapter_model.safetensors",
    "adapter_config.json adapter_model.safetensors" },
  /* a pipeline of several models, in two precisions */
  { "model_index.json text_encoder/config.json text_encoder/model.fp16.safetensors "
    "text_encoder/model.safetensors unet/diffusion_pytorch_model.bin "
    "unet/diffusion_pytorch_model.fp16.safetensors unet/diffusion_pytorch_model.safetensors",
    "model_index.json text_encoder/config.json text_encoder/model.safetensors "
    "unet/diffusion_pytorch_model.safetensors" },
  /* the half precision alone is the model */
  { "config.json model.fp16.safetensors", "config.json model.fp16.safetensors" },
  /* pickles only */
  { "config.json pytorch_model-00001-of-00002.bin pytorch_model-00002-of-00002.bin "
    "pytorch_model.bin.index.json tf_model.h5",
    "config.json pytorch_model-00001-of-00002.bin pytorch_model-00002-of-00002.bin "
    "pytorch_model.bin.index.json" },
  /* one of several quantisations, with all its pieces */
  { "README.md m-IQ2_M.gguf m-Q4_K_M-00001-of-00002.gguf m-Q4_K_M-00002-of-00002.gguf m-Q8_0.gguf",
    "README.md m-Q4_K_M-00001-of-00002.gguf m-Q4_K_M-00002-of-00002.gguf" },
  { "m.Q2_K.gguf m.Q8_0.gguf", "m.Q2_K.gguf" },
  /* code and pictures */
  { ".gitattributes LICENSE chart.png model.safetensors modeling.py vocab.txt",
    "LICENSE model.safetensors vocab.txt" },
  /* for other programs only */
  { "config.json tf_model.h5", "config.json tf_model.h5" },
};

static void
test_weights_are_fetched_once (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      WsHubListing *listing = make_listing (cases[i].paths);
      g_autoptr (GPtrArray) rows = ws_choice_new (listing, WS_CHOICE_WEIGHTS, NULL, NULL);
      g_autofree char *chosen = join_chosen (rows);

      g_assert_cmpstr (chosen, ==, cases[i].chosen);
      free_listing (listing);
    }
}

static void
test_presets_differ_in_weights (void)
{
  WsHubListing *listing = make_listing ("a.py config.json model.safetensors pytorch_model.bin");
  g_autoptr (GPtrArray) small = ws_choice_new (listing, WS_CHOICE_SMALL, NULL, NULL);
  g_autoptr (GPtrArray) all = ws_choice_new (listing, WS_CHOICE_ALL, NULL, NULL);
  g_autofree char *chosen = join_chosen (small);

  g_assert_cmpstr (chosen, ==, "config.json");
  g_assert_cmpuint (ws_choice_get_n_bytes (all), ==, 4 * 10);
  free_listing (listing);
}

static void
test_patterns_are_those_of_the_hub (void)
{
  const struct
  {
    const char *include[3], *exclude[3], *chosen;
  } patterns[] = {
    { { "*.json" }, { NULL }, "a/b.json config.json" },
    { { "a/" }, { NULL }, "a/b.json a/c.bin" },
    { { "[ac]*.json", "*.BIN" }, { NULL }, "a/b.json config.json" },
    { { "*" }, { "a/*", "*.bin" }, "config.json model.safetensors" },
    { { NULL }, { "*.json" }, "model.safetensors" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (patterns); i++)
    {
      WsHubListing *listing = make_listing ("a/b.json a/c.bin config.json model.safetensors");
      g_autoptr (GPtrArray) rows = ws_choice_new (
          listing, WS_CHOICE_WEIGHTS, patterns[i].include[0] ? patterns[i].include : NULL,
          patterns[i].exclude[0] ? patterns[i].exclude : NULL);
      g_autofree char *chosen = join_chosen (rows);

      g_assert_cmpstr (chosen, ==, patterns[i].chosen);
      free_listing (listing);
    }
}

static void
test_same_contents_count_once (void)
{
  WsHubListing *listing = make_listing ("a.json b.json c.json");
  g_autoptr (GPtrArray) rows = ws_choice_new (listing, WS_CHOICE_ALL, NULL, NULL);
  WsHubFile *first = g_ptr_array_index (listing->files, 0);
  WsHubFile *second = g_ptr_array_index (listing->files, 1);

  g_free (second->git_oid);
  second->git_oid = g_strdup (first->git_oid);
  g_assert_cmpuint (ws_choice_get_n_bytes (rows), ==, 2 * 10);
  free_listing (listing);
}

static void
test_variants_are_found_in_any_case (void)
{
  g_autofree char *pattern = ws_choice_make_variant_pattern ("q4_K_m");
  const char *const include[] = { pattern, NULL };
  WsHubListing *listing =
      make_listing ("m-Q4_K.gguf m-Q4_K_M-00001-of-00002.gguf m-Q4_K_M.gguf m.q4_k_m.gguf");
  g_autoptr (GPtrArray) rows = ws_choice_new (listing, WS_CHOICE_WEIGHTS, include, NULL);
  g_autofree char *chosen = join_chosen (rows);

  g_assert_cmpstr (chosen, ==, "m-Q4_K_M-00001-of-00002.gguf m-Q4_K_M.gguf m.q4_k_m.gguf");
  free_listing (listing);
}

static void
test_other_parts_are_left_out (void)
{
  const char *const kept[] = { "b.safetensors", NULL };
  WsHubListing *listing = make_listing ("a.safetensors b.safetensors config.json x.bin");
  g_autoptr (GPtrArray) rows = ws_choice_new (listing, WS_CHOICE_WEIGHTS, NULL, NULL);
  g_autofree char *chosen = NULL;

  ws_choice_keep (rows, kept);
  chosen = join_chosen (rows);
  g_assert_cmpstr (chosen, ==, "b.safetensors config.json");
  free_listing (listing);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/file-choice/weights/are-fetched-once", test_weights_are_fetched_once);
  g_test_add_func ("/file-choice/presets/differ-in-weights", test_presets_differ_in_weights);
  g_test_add_func ("/file-choice/patterns/are-those-of-the-hub",
                   test_patterns_are_those_of_the_hub);
  g_test_add_func ("/file-choice/same-contents/count-once", test_same_contents_count_once);
  g_test_add_func ("/file-choice/variants/are-found-in-any-case",
                   test_variants_are_found_in_any_case);
  g_test_add_func ("/file-choice/other-parts/are-left-out", test_other_parts_are_left_out);
  return g_test_run ();
}
