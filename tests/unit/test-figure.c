/* SPDX-License-Identifier: MIT */
/* Names of curves and files, and the numbers behind a figure. */
#include "export/figure.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  WsModel model;
  GPtrArray *tensors; /* WsTensor */
  GPtrArray *results; /* WsResult */
  double sigma[2];
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer user_data)
{
  fixture->model.title = (char *) "Qwen/Qwen3 4B";
  fixture->tensors = g_ptr_array_new_with_free_func (g_free);
  fixture->results = g_ptr_array_new_with_free_func (g_free);
  fixture->sigma[0] = 4;
  fixture->sigma[1] = 3;
}

static void
tear_down (Fixture *fixture, gconstpointer user_data)
{
  g_ptr_array_unref (fixture->results);
  g_ptr_array_unref (fixture->tensors);
}

/* Singular values 4 and 3; all borrowed from the fixture. */
static WsResult *
add (Fixture *fixture, const char *name, WsBlockType type, int layer, int slice)
{
  WsTensor *tensor = g_new0 (WsTensor, 1);
  WsResult *result = g_new0 (WsResult, 1);

  tensor->name = (char *) name;
  tensor->block.type = type;
  tensor->block.layer_index = layer;
  tensor->block.expert_index = -1;
  result->model = &fixture->model;
  result->tensor = tensor;
  result->slice = slice;
  result->state = WS_STATE_OK;
  result->spectrum.sigma = fixture->sigma;
  result->spectrum.n_sigma = 2;
  g_ptr_array_add (fixture->tensors, tensor);
  g_ptr_array_add (fixture->results, result);
  return result;
}

static void
assert_labels (Fixture *fixture, const char *first, const char *second)
{
  g_autoptr (WsSpectrumChart) chart = ws_spectrum_chart_new ();

  ws_figure_add_curves (chart, fixture->results);
  g_assert_cmpstr (ws_spectrum_chart_get_label (chart, 0), ==, first);
  if (second)
    g_assert_cmpstr (ws_spectrum_chart_get_label (chart, 1), ==, second);
}

static void
test_same_block_differs_by_layer (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *title = NULL;

  add (fixture, "h.0.q", WS_BLOCK_Q_PROJ, 0, -1);
  add (fixture, "h.1.q", WS_BLOCK_Q_PROJ, 1, -1);
  assert_labels (fixture, "layer 0", "layer 1");
  title = ws_figure_dup_title (fixture->results);
  g_assert_cmpstr (title, ==, "q_proj");
}

static void
test_same_layer_differs_by_block (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *title = NULL;

  add (fixture, "h.3.q", WS_BLOCK_Q_PROJ, 3, -1);
  add (fixture, "h.3.v", WS_BLOCK_V_PROJ, 3, -1);
  assert_labels (fixture, "layer 3 · q_proj", "layer 3 · v_proj");
  title = ws_figure_dup_title (fixture->results);
  g_assert_cmpstr (title, ==, "2 matrices");
}

/* Two stacks have a layer 3 each. */
static void
test_else_the_names_of_the_tensors (Fixture *fixture, gconstpointer user_data)
{
  add (fixture, "encoder.3.q", WS_BLOCK_Q_PROJ, 3, -1);
  add (fixture, "decoder.3.q", WS_BLOCK_Q_PROJ, 3, -1);
  assert_labels (fixture, "encoder.3.q", "decoder.3.q");
}

static void
test_experts_are_told_apart (Fixture *fixture, gconstpointer user_data)
{
  add (fixture, "h.3.experts", WS_BLOCK_MOE_EXPERT_UP, 3, 0);
  add (fixture, "h.3.experts", WS_BLOCK_MOE_EXPERT_UP, 3, 7);
  assert_labels (fixture, "layer 3 · moe_expert_up · expert 0",
                 "layer 3 · moe_expert_up · expert 7");
}

static void
test_no_layer_has_its_own_name (Fixture *fixture, gconstpointer user_data)
{
  add (fixture, "embed_tokens.weight", WS_BLOCK_EMBEDDING, -1, -1);
  assert_labels (fixture, "embed_tokens.weight", NULL);
}

static void
test_results_without_a_spectrum_are_left_out (Fixture *fixture, gconstpointer user_data)
{
  g_autoptr (GPtrArray) filtered = NULL;

  add (fixture, "norm", WS_BLOCK_NORM, 0, -1)->spectrum.n_sigma = 0;
  filtered = ws_figure_filter_results (fixture->results);
  g_assert_cmpuint (filtered->len, ==, 0);
}

/* The model's title and the tensor's name are what others wrote: no path comes of them. */
static void
test_file_name_is_safe (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *name = NULL;

  add (fixture, "../../etc/passwd\n权重", WS_BLOCK_OTHER, -1, -1);
  name = ws_figure_dup_file_name (fixture->results);
  g_assert_cmpstr (name, ==, "Qwen-Qwen3-4B-etc-passwd-权重");
  g_assert_null (strchr (name, G_DIR_SEPARATOR));
}

static void
test_file_name_is_short (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *long_name = g_strnfill (100000, 'w');
  g_autofree char *name = NULL;

  add (fixture, long_name, WS_BLOCK_OTHER, -1, -1);
  name = ws_figure_dup_file_name (fixture->results);
  g_assert_cmpuint (strlen (name), <, 200);
}

static void
test_file_name_of_nothing_sayable (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *name = NULL;

  fixture->model.title = (char *) "///";
  add (fixture, "\n", WS_BLOCK_OTHER, -1, -1);
  name = ws_figure_dup_file_name (fixture->results);
  g_assert_cmpstr (name, ==, "spectra");
}

/* 4 and 3: 3 / 4 = 0.75, 16 / 25 = 0.64. */
static void
test_data_is_csv (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *folder = g_dir_make_tmp ("test-figure-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "data.csv", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  add (fixture, "a,b", WS_BLOCK_MOE_EXPERT_UP, 3, 7);
  add (fixture, "c", WS_BLOCK_OTHER, -1, -1);
  ws_figure_save_data (path, fixture->results, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_true (
      g_str_has_prefix (text, "param_name,slice,layer_index,index,sigma,normalised,energy\r\n") ||
      g_str_has_prefix (text, "param_name,slice,layer_index,index,sigma,normalised,energy\n"));
  g_assert_nonnull (strstr (text, "\"a,b\",7,3,1,4,1,0.64"));
  g_assert_nonnull (strstr (text, "\"a,b\",7,3,2,3,0.75,1"));
  g_assert_nonnull (strstr (text, "c,,,1,4,1,0.64"));
  g_remove (path);
  g_rmdir (folder);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add ("/figure/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("curves/same-block-differs-by-layer", test_same_block_differs_by_layer);
  ADD ("curves/same-layer-differs-by-block", test_same_layer_differs_by_block);
  ADD ("curves/else-the-names-of-the-tensors", test_else_the_names_of_the_tensors);
  ADD ("curves/experts-are-told-apart", test_experts_are_told_apart);
  ADD ("curves/no-layer-has-its-own-name", test_no_layer_has_its_own_name);
  ADD ("results/without-a-spectrum-are-left-out", test_results_without_a_spectrum_are_left_out);
  ADD ("file-name/is-safe", test_file_name_is_safe);
  ADD ("file-name/is-short", test_file_name_is_short);
  ADD ("file-name/of-nothing-sayable", test_file_name_of_nothing_sayable);
  ADD ("data/is-csv", test_data_is_csv);
  return g_test_run ();
}
