/* SPDX-License-Identifier: MIT */
/* Names of real checkpoints (tests/data/tensor-names.tsv) get their layer and type, and so do their
 * attributes; names from nowhere do no harm. Whole architectures are in test-block-families.c. */
#include "model/block-type.h"

#include <string.h>

static void
classes_free (WsBlockClass *classes, gsize n)
{
  for (gsize i = 0; i < n; i++)
    ws_block_class_clear (&classes[i]);
  g_free (classes);
}

static WsBlockClass *
classify (const char *const *names, gsize n)
{
  g_autofree WsBlockInput *inputs = g_new0 (WsBlockInput, n);
  WsBlockClass *classes = g_new0 (WsBlockClass, n);

  for (gsize i = 0; i < n; i++)
    inputs[i].name = names[i];
  ws_block_types_classify (inputs, n, 0, classes);
  return classes;
}

typedef struct
{
  char *shape; /* (owned) "[50257,768]" or "-" */
  guint64 dims[2];
  char **fields; /* (owned) a row of the corpus */
} CorpusRow;

static void
corpus_row_free (gpointer data)
{
  CorpusRow *row = data;

  g_strfreev (row->fields);
  g_free (row->shape);
  g_free (row);
}

enum
{
  FIELD_ARCHITECTURE,
  FIELD_NAME,
  FIELD_SHAPE,
  FIELD_LAYER,
  FIELD_TYPE,
  FIELD_COARSE,
  FIELD_SOURCE,
  N_FIELDS
};

static GPtrArray *
read_corpus (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "tensor-names.tsv", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *rows = g_ptr_array_new_with_free_func (corpus_row_free);

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 1; lines[i] != NULL && *lines[i] != '\0'; i++)
    {
      CorpusRow *row = g_new0 (CorpusRow, 1);
      char *end = NULL;

      row->fields = g_strsplit (lines[i], "\t", -1);
      g_assert_cmpuint (g_strv_length (row->fields), ==, N_FIELDS);
      row->shape = g_strdup (row->fields[FIELD_SHAPE]);
      if (row->shape[0] == '[')
        {
          row->dims[0] = g_ascii_strtoull (row->shape + 1, &end, 10);
          row->dims[1] = *end == ',' ? g_ascii_strtoull (end + 1, NULL, 10) : 0;
        }
      g_ptr_array_add (rows, row);
    }
  return rows;
}

static guint
count_wrong_rows (GPtrArray *rows, guint start, guint end)
{
  guint n = end - start, n_wrong = 0;
  g_autofree WsBlockInput *inputs = g_new0 (WsBlockInput, n);
  WsBlockClass *classes = g_new0 (WsBlockClass, n);

  for (guint i = 0; i < n; i++)
    {
      const CorpusRow *row = rows->pdata[start + i];

      inputs[i] = (WsBlockInput){ row->fields[FIELD_NAME], row->dims[0] > 0 ? row->dims : NULL,
                                  (row->dims[0] > 0) + (row->dims[1] > 0) };
    }
  ws_block_types_classify (inputs, n, 0, classes);
  for (guint i = 0; i < n; i++)
    {
      char **fields = ((CorpusRow *) rows->pdata[start + i])->fields;
      g_autofree char *layer = classes[i].layer_index < 0
                                   ? g_strdup ("-")
                                   : g_strdup_printf ("%d", classes[i].layer_index);
      const char *key = ws_block_type_get_key (classes[i].type);
      const char *coarse = ws_block_type_get_coarse (classes[i].type);

      if (strcmp (layer, fields[FIELD_LAYER]) == 0 && strcmp (key, fields[FIELD_TYPE]) == 0 &&
          strcmp (coarse, fields[FIELD_COARSE]) == 0)
        continue;
      g_test_message ("%s %s: layer %s, %s, %s", fields[FIELD_ARCHITECTURE], fields[FIELD_NAME],
                      layer, key, coarse);
      n_wrong++;
    }
  classes_free (classes, n);
  return n_wrong;
}

static void
test_corpus_is_right_in_all_rows (void)
{
  g_autoptr (GPtrArray) rows = read_corpus ();
  guint n_wrong = 0;

  g_assert_cmpuint (rows->len, ==, 394);
  for (guint start = 0, end = 0; start < rows->len; start = end)
    {
      const char *architecture = ((CorpusRow *) rows->pdata[start])->fields[FIELD_ARCHITECTURE];

      while (
          end < rows->len &&
          g_str_equal (((CorpusRow *) rows->pdata[end])->fields[FIELD_ARCHITECTURE], architecture))
        end++;
      n_wrong += count_wrong_rows (rows, start, end);
    }
  g_assert_cmpuint (n_wrong, ==, 0);
}

static void
test_corpus_types_without_a_matching_row_are_from_the_suffix (void)
{
  g_autoptr (GPtrArray) rows = read_corpus ();

  for (guint i = 0; i < rows->len; i++)
    {
      const char *name = ((CorpusRow *) rows->pdata[i])->fields[FIELD_NAME];
      WsBlockClass *class = classify (&name, 1);

      if (class->rule < 0)
        g_assert_true (class->type == WS_BLOCK_BUFFER || class->type == WS_BLOCK_BIAS);
      classes_free (class, 1);
    }
}

static void
test_stack_tells_equal_layers_apart (void)
{
  static const char *const names[] = {
    "model.language_model.layers.0.self_attn.q_proj.weight",
    "model.visual.encoder.layers.0.self_attn.q_proj.weight",
    "layers.0.self_attn.q_proj.weight",
    "lm_head.weight",
  };
  WsBlockClass *classes = classify (names, G_N_ELEMENTS (names));

  g_assert_cmpstr (classes[0].stack, ==, "model.language_model");
  g_assert_cmpstr (classes[1].stack, ==, "model.visual.encoder");
  g_assert_cmpstr (classes[2].stack, ==, "");
  g_assert_cmpstr (classes[3].stack, ==, "");
  classes_free (classes, G_N_ELEMENTS (names));
}

static void
test_stack_keeps_its_case (void)
{
  const char *name = "Vision.Encoder.layers.4.fc1.weight";
  WsBlockClass *class = classify (&name, 1);

  g_assert_cmpstr (class->stack, ==, "Vision.Encoder");
  classes_free (class, 1);
}

static void
test_packed_is_told_by_the_name (void)
{
  static const char *const names[] = {
    "model.layers.0.self_attn.q_proj.qweight",
    "model.layers.0.self_attn.q_proj.weight_packed",
    "model.layers.0.mlp.experts.gate_up_proj_blocks",
    "model.layers.0.self_attn.q_proj.weight",
    "model.layers.0.self_attn.q_proj.scales",
  };
  static const gboolean packed[] = { TRUE, TRUE, TRUE, FALSE, FALSE };
  WsBlockClass *classes = classify (names, G_N_ELEMENTS (names));

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpint (classes[i].packed, ==, packed[i]);
  classes_free (classes, G_N_ELEMENTS (names));
}

static void
test_vocabulary_may_come_from_the_configuration (void)
{
  const guint64 dims[] = { 5000, 64 };
  const WsBlockInput input = { "head.weight", dims, 2 };
  g_auto (WsBlockClass) class = { 0 };

  ws_block_types_classify (&input, 1, 5000, &class);
  g_assert_cmpstr (ws_block_type_get_key (class.type), ==, "output");
}

static void
test_siblings_of_other_layers_do_not_count (void)
{
  static const char *const names[] = {
    "h.0.mlp.w1.weight",
    "h.0.mlp.w2.weight",
    "h.1.mlp.w3.weight",
  };
  WsBlockClass *classes = classify (names, G_N_ELEMENTS (names));

  /* w1 and w2 alone are up and down; with w3 they would be gate and down. */
  g_assert_cmpint (classes[0].type, ==, WS_BLOCK_UP_PROJ);
  g_assert_cmpint (classes[1].type, ==, WS_BLOCK_DOWN_PROJ);
  classes_free (classes, G_N_ELEMENTS (names));
}

static void
test_index_beyond_int_is_no_layer (void)
{
  const char *name = "model.layers.99999999999999999999.mlp.up_proj.weight";
  WsBlockClass *class = classify (&name, 1);

  g_assert_cmpint (class->layer_index, ==, -1);
  g_assert_cmpint (class->type, ==, WS_BLOCK_UP_PROJ);
  classes_free (class, 1);
}

static void
test_weird_names_are_other (void)
{
  g_autofree char *dots = g_strnfill (2000000, '.');
  g_autofree char *letters = g_strnfill (2000000, 'q');
  g_autofree char *stars = g_strnfill (1000, '*');
  const char *const names[] = {
    "",
    ".",
    "...",
    dots,
    letters,
    stars,
    "\xff\xfe.\x80",
    "weight",
    "0",
    "0.0.0",
    "\n\n",
    "layers.",
    "%s%n",
    "../../etc/passwd",
    "model.model.model",
  };
  WsBlockClass *classes = classify (names, G_N_ELEMENTS (names));

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_assert_cmpint (classes[i].type, ==, WS_BLOCK_OTHER);
      g_assert_cmpint (classes[i].layer_index, ==, -1);
      g_assert_cmpstr (classes[i].stack, ==, "");
    }
  classes_free (classes, G_N_ELEMENTS (names));
}

static void
test_name_at_the_limit_of_length_is_read (void)
{
  g_autofree char *stack = g_strnfill (1024 - strlen (".h.1.q_proj.weight"), 's');
  g_autofree char *name = g_strconcat (stack, ".h.1.q_proj.weight", NULL);
  WsBlockClass *class = classify ((const char *const *) &name, 1);

  g_assert_cmpint (class->type, ==, WS_BLOCK_Q_PROJ);
  g_assert_cmpstr (class->stack, ==, stack);
  classes_free (class, 1);
}

static void
test_every_key_leads_back_to_its_type (void)
{
  for (guint i = 0; i < WS_N_BLOCK_TYPES; i++)
    {
      WsBlockType type = WS_N_BLOCK_TYPES;

      g_assert_true (ws_block_type_from_key (ws_block_type_get_key ((WsBlockType) i), &type));
      g_assert_cmpuint (type, ==, i);
      g_assert_nonnull (ws_block_type_get_coarse (type));
    }
}

static void
test_unknown_key_is_no_type (void)
{
  WsBlockType type = WS_BLOCK_NORM;

  g_assert_false (ws_block_type_from_key ("Q_PROJ", &type));
  g_assert_cmpint (type, ==, WS_BLOCK_NORM);
}

/* The names of DeepSeek-V3: 58 layers of 256 experts of three matrices, each with its scale. */
static GPtrArray *
build_large_checkpoint (void)
{
  static const char *const matrices[] = { "gate_proj", "up_proj", "down_proj" };
  static const char *const suffixes[] = { "weight", "weight_scale_inv" };
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  for (guint layer = 3; layer < 61; layer++)
    for (guint expert = 0; expert < 256; expert++)
      for (guint m = 0; m < G_N_ELEMENTS (matrices); m++)
        for (guint s = 0; s < G_N_ELEMENTS (suffixes); s++)
          g_ptr_array_add (names, g_strdup_printf ("model.layers.%u.mlp.experts.%u.%s.%s", layer,
                                                   expert, matrices[m], suffixes[s]));
  return names;
}

static void
test_large_checkpoint_is_read_at_once (void)
{
  g_autoptr (GPtrArray) names = build_large_checkpoint ();
  gint64 start = g_get_monotonic_time ();
  WsBlockClass *classes = classify ((const char *const *) names->pdata, names->len);
  gint64 usec = g_get_monotonic_time () - start;

  g_test_message ("%u names in %" G_GINT64_FORMAT " us", names->len, usec);
  g_assert_cmpuint (names->len, ==, 89088);
  g_assert_cmpint (classes[names->len - 2].type, ==, WS_BLOCK_MOE_EXPERT_DOWN);
  g_assert_cmpint (classes[names->len - 1].type, ==, WS_BLOCK_QUANT_AUX);
  /* A tenth of a second on a slow machine; ten times that under the sanitizers and a full load. */
  g_assert_cmpint (usec, <, 2 * G_USEC_PER_SEC);
  classes_free (classes, names->len);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/block-type/corpus/is-right-in-all-rows", test_corpus_is_right_in_all_rows);
  g_test_add_func ("/block-type/corpus/types-without-a-matching-row-are-from-the-suffix",
                   test_corpus_types_without_a_matching_row_are_from_the_suffix);
  g_test_add_func ("/block-type/stack/tells-equal-layers-apart",
                   test_stack_tells_equal_layers_apart);
  g_test_add_func ("/block-type/stack/keeps-its-case", test_stack_keeps_its_case);
  g_test_add_func ("/block-type/packed/is-told-by-the-name", test_packed_is_told_by_the_name);
  g_test_add_func ("/block-type/vocabulary/may-come-from-the-configuration",
                   test_vocabulary_may_come_from_the_configuration);
  g_test_add_func ("/block-type/siblings/of-other-layers-do-not-count",
                   test_siblings_of_other_layers_do_not_count);
  g_test_add_func ("/block-type/hostile/index-beyond-int-is-no-layer",
                   test_index_beyond_int_is_no_layer);
  g_test_add_func ("/block-type/hostile/weird-names-are-other", test_weird_names_are_other);
  g_test_add_func ("/block-type/hostile/name-at-the-limit-of-length-is-read",
                   test_name_at_the_limit_of_length_is_read);
  g_test_add_func ("/block-type/key/every-key-leads-back-to-its-type",
                   test_every_key_leads_back_to_its_type);
  g_test_add_func ("/block-type/key/unknown-key-is-no-type", test_unknown_key_is_no_type);
  g_test_add_func ("/block-type/large-checkpoint-is-read-at-once",
                   test_large_checkpoint_is_read_at_once);
  return g_test_run ();
}
