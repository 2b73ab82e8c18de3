/* SPDX-License-Identifier: MIT */
/* Rows: the state that a header or the numbers decide, the note on it, the order. */
#include "analysis-fixture.h"

static WsResult *
make_pending (WsModel *model)
{
  return ws_result_new_pending (model, g_ptr_array_index (model->tensors, 0), -1);
}

static void
assert_header_decides (WsBlockType type, WsDtype dtype, const char *not_analysed, guint n_dims,
                       guint64 n_rows, WsState state, const char *note)
{
  TensorSpec spec = { "w", type, 0, n_dims, { n_rows, 4 } };
  g_autoptr (WsModel) model = fixture_model_in_memory (&spec, 1);
  WsTensor *tensor = g_ptr_array_index (model->tensors, 0);
  g_autoptr (WsResult) result = NULL;
  g_autofree char *said = NULL;

  tensor->dtype = dtype;
  tensor->not_analysed = not_analysed;
  result = make_pending (model);
  said = ws_result_dup_note (result, FALSE);
  g_assert_cmpint (result->state, ==, state);
  g_assert_cmpstr (said, ==, note);
  g_assert_cmpint (ws_result_needs_run (result), ==, state == WS_STATE_PENDING);
}

static void
test_header_empty (void)
{
  assert_header_decides (WS_BLOCK_Q_PROJ, WS_DTYPE_F32, NULL, 2, 0, WS_STATE_EMPTY, "no elements");
}

static void
test_header_buffer (void)
{
  assert_header_decides (WS_BLOCK_BUFFER, WS_DTYPE_I64, "integers", 2, 3, WS_STATE_BUFFER,
                         "a buffer, not learned: not analysed");
  assert_header_decides (WS_BLOCK_QUANT_AUX, WS_DTYPE_F16, NULL, 2, 3, WS_STATE_BUFFER,
                         "data of the quantisation: not analysed");
}

static void
test_header_unsupported (void)
{
  assert_header_decides (WS_BLOCK_Q_PROJ, WS_DTYPE_I32, "packed words", 2, 3, WS_STATE_UNSUPPORTED,
                         "packed words");
}

/* Elements that cannot be widened must never reach the numerics, whatever the reader said. */
static void
test_header_listed_type (void)
{
  assert_header_decides (WS_BLOCK_NORM, WS_DTYPE_C64, NULL, 1, 3, WS_STATE_UNSUPPORTED,
                         ws_dtype_get_reason (WS_DTYPE_C64));
}

static void
test_header_pending (void)
{
  assert_header_decides (WS_BLOCK_NORM, WS_DTYPE_F32, NULL, 1, 3, WS_STATE_PENDING, NULL);
  assert_header_decides (WS_BLOCK_Q_PROJ, WS_DTYPE_F32, NULL, 2, 1, WS_STATE_PENDING, NULL);
}

/* 4096 x 14336 -> 3185, 1024 x 4096 -> 819: metrics.md 3.2 */
static void
test_pending_break_even_rank (void)
{
  TensorSpec specs[] = { { "a", WS_BLOCK_Q_PROJ, 0, 2, { 4096, 14336 } },
                         { "b", WS_BLOCK_Q_PROJ, 0, 2, { 1024, 4096 } },
                         { "c", WS_BLOCK_NORM, 0, 1, { 4096 } } };
  g_autoptr (WsModel) model = fixture_model_in_memory (specs, 3);
  g_autoptr (GPtrArray) results = fixture_plan (model);
  WsResult *wide = g_ptr_array_index (results, 0);
  WsResult *narrow = g_ptr_array_index (results, 1);
  WsResult *vector = g_ptr_array_index (results, 2);

  g_assert_cmpfloat (wide->metrics.break_even_rank, ==, 3185);
  g_assert_cmpfloat (narrow->metrics.break_even_rank, ==, 819);
  g_assert_true (isnan (vector->metrics.break_even_rank));
}

static void
test_pending_break_even_rank_of_nothing (void)
{
  TensorSpec specs[] = { { "a", WS_BLOCK_Q_PROJ, 0, 2, { 0, 4 } },
                         { "b", WS_BLOCK_Q_PROJ, 0, 2, { 4, 0 } },
                         { "c", WS_BLOCK_Q_PROJ, 0, 2, { 0, 0 } } };
  g_autoptr (WsModel) model = fixture_model_in_memory (specs, G_N_ELEMENTS (specs));
  g_autoptr (GPtrArray) results = fixture_plan (model);

  for (guint i = 0; i < results->len; i++)
    {
      const WsResult *result = g_ptr_array_index (results, i);

      g_assert_true (isnan (result->metrics.break_even_rank));
    }
}

static void
test_pending_unknown_but_count (void)
{
  TensorSpec spec = { "w", WS_BLOCK_Q_PROJ, 0, 2, { 3, 4 } };
  g_autoptr (WsModel) model = fixture_model_in_memory (&spec, 1);
  g_autoptr (GPtrArray) results = fixture_plan (model);
  WsResult *result = g_ptr_array_index (results, 0);
  WsMetricOptions options;
  g_autoptr (GArray) infos = NULL;

  ws_metric_options_init (&options);
  infos = ws_metric_infos (&options);
  for (guint i = 0; i < infos->len; i++)
    {
      const WsMetricInfo *info = &g_array_index (infos, WsMetricInfo, i);
      gboolean known =
          g_str_equal (info->key, "count") || g_str_equal (info->key, "break_even_rank");

      g_test_message ("%s", info->key);
      g_assert_cmpint (isnan (ws_metric_get (&result->metrics, info)), ==, !known);
    }
  g_assert_cmpfloat (result->metrics.count, ==, 12);
}

/* Finishes a tensor of @dims with so many zeros, NaN and Inf. */
static WsResult *
finish (WsModel *model, guint64 n_zero, guint64 n_nan, guint64 n_inf, gint64 first)
{
  g_autoptr (WsResult) pending = make_pending (model);
  WsMetricOptions options;
  WsSpectrum spectrum;
  WsMatrix matrix;

  ws_metric_options_init (&options);
  ws_matrix_init (&matrix, pending->tensor, -1);
  fixture_fill_spectrum (&spectrum, &matrix, n_nan + n_inf == 0 && !ws_result_is_vector (pending));
  spectrum.moments.n_zero = n_zero;
  spectrum.moments.n_nan = n_nan;
  spectrum.moments.n_inf = n_inf;
  spectrum.moments.n_finite -= n_nan + n_inf;
  spectrum.moments.first_nonfinite = first;
  return ws_result_new_finished (pending, &spectrum, &options);
}

static void
assert_numbers_decide (const TensorSpec *spec, guint64 n_zero, guint64 n_nan, guint64 n_inf,
                       gint64 first, WsState state, const char *note)
{
  g_autoptr (WsModel) model = fixture_model_in_memory (spec, 1);
  g_autoptr (WsResult) result = finish (model, n_zero, n_nan, n_inf, first);
  g_autofree char *said = ws_result_dup_note (result, FALSE);

  g_assert_cmpint (result->state, ==, state);
  g_assert_cmpstr (said, ==, note);
  g_assert_false (ws_result_needs_run (result));
}

static const TensorSpec matrix_spec = { "w", WS_BLOCK_Q_PROJ, 0, 2, { 30, 20 } };
static const TensorSpec vector_spec = { "b", WS_BLOCK_NORM, 0, 1, { 600 } };

/* No count of singular values is known of what has none; 0 would be a claim. */
static void
test_numbers_of_vector_have_no_rank (void)
{
  static const char *const keys[] = { "rank",       "actual_rank",    "rank_storage",
                                      "gd_rank",    "rank_energy_90", "break_even_rank",
                                      "stable_rank" };
  g_autoptr (WsModel) model = fixture_model_in_memory (&vector_spec, 1);
  g_autoptr (WsResult) result = finish (model, 0, 0, 0, -1);
  WsMetricOptions options;
  g_autoptr (GArray) infos = NULL;

  ws_metric_options_init (&options);
  infos = ws_metric_infos (&options);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    for (guint j = 0; j < infos->len; j++)
      {
        const WsMetricInfo *info = &g_array_index (infos, WsMetricInfo, j);

        if (g_str_equal (info->key, keys[i]))
          g_assert_true (isnan (ws_metric_get (&result->metrics, info)));
      }
}

static void
test_numbers_ok (void)
{
  assert_numbers_decide (&matrix_spec, 599, 0, 0, -1, WS_STATE_OK, NULL);
}

static void
test_numbers_zero (void)
{
  assert_numbers_decide (&matrix_spec, 600, 0, 0, -1, WS_STATE_ZERO, "every element is zero");
}

/* 57 = 2 x 20 + 17 */
static void
test_numbers_nonfinite (void)
{
  assert_numbers_decide (&matrix_spec, 0, 2, 1, 57, WS_STATE_NONFINITE,
                         "3 not finite, first at row 2, column 17");
  assert_numbers_decide (&vector_spec, 0, 0, 1, 57, WS_STATE_NONFINITE,
                         "1 not finite, first at index 57");
}

/* Biases are often all zero: nothing is wrong with them. */
static void
test_numbers_vector (void)
{
  assert_numbers_decide (&vector_spec, 600, 0, 0, -1, WS_STATE_VECTOR, "a vector: statistics only");
}

static void
test_numbers_stack_of_biases (void)
{
  TensorSpec spec = { "experts.bias", WS_BLOCK_BIAS, 0, 2, { 30, 20 } };

  assert_numbers_decide (&spec, 0, 0, 0, -1, WS_STATE_VECTOR, "a stack of biases: statistics only");
}

static void
test_note_shape (void)
{
  TensorSpec spec = { "conv", WS_BLOCK_CONV, 0, 3, { 30, 4, 5 } };

  assert_numbers_decide (&spec, 0, 0, 0, -1, WS_STATE_OK, "3-D tensor seen as 30 × 20");
}

static void
test_note_fault (void)
{
  g_autoptr (WsModel) model = fixture_model_in_memory (&matrix_spec, 1);
  g_autoptr (WsResult) pending = make_pending (model);
  g_autoptr (WsResult) result = fixture_finish (pending);
  g_autofree char *note = NULL;

  result->spectrum.fault = WS_FAULT_MEMORY;
  note = ws_result_dup_note (result, FALSE);
  g_assert_cmpstr (note, ==, "did not fit the memory of the GPU: computed by the processor");
}

static void
test_note_error (void)
{
  g_autoptr (WsModel) model = fixture_model_in_memory (&matrix_spec, 1);
  g_autoptr (WsResult) pending = make_pending (model);
  g_autoptr (WsResult) failed = ws_result_new_failed (pending, WS_STATE_ERROR, "out of luck");
  g_autofree char *note = ws_result_dup_note (failed, FALSE);

  g_assert_cmpstr (note, ==, "out of luck");
}

static void
test_note_too_large (void)
{
  g_autoptr (WsModel) model = fixture_model_in_memory (&matrix_spec, 1);
  g_autoptr (WsResult) pending = make_pending (model);
  g_autoptr (WsResult) large = ws_result_new_too_large (pending, 3000000000, 500000000);
  g_autofree char *needed = ws_format_bytes (3000000000);
  g_autofree char *limit = ws_format_bytes (500000000);
  g_autofree char *note = ws_result_dup_note (large, FALSE);

  g_assert_cmpint (large->state, ==, WS_STATE_TOO_LARGE);
  g_assert_nonnull (strstr (note, needed));
  g_assert_nonnull (strstr (note, limit));
}

static void
test_interrupted_needs_run (void)
{
  g_autoptr (WsModel) model = fixture_model_in_memory (&matrix_spec, 1);
  g_autoptr (WsResult) pending = make_pending (model);
  g_autoptr (WsResult) cut = ws_result_new_failed (pending, WS_STATE_CANCELLED, NULL);

  g_assert_true (ws_result_needs_run (cut));
  g_assert_cmpfloat (cut->metrics.count, ==, 600);
}

static void
test_max_rank (void)
{
  g_autoptr (WsModel) matrix = fixture_model_in_memory (&matrix_spec, 1);
  g_autoptr (WsModel) vector = fixture_model_in_memory (&vector_spec, 1);
  g_autoptr (WsResult) a = make_pending (matrix);
  g_autoptr (WsResult) b = make_pending (vector);

  g_assert_cmpuint (ws_result_get_max_rank (a), ==, 20);
  g_assert_cmpuint (ws_result_get_max_rank (b), ==, 0);
}

static void
test_state_keys (void)
{
  for (WsState state = WS_STATE_PENDING; state <= WS_STATE_CANCELLED; state++)
    {
      WsState found;

      g_assert_true (ws_state_from_key (ws_state_get_key (state), &found));
      g_assert_cmpint (found, ==, state);
      g_assert_cmpuint (strlen (ws_state_get_title (state)), >, 0);
    }
  g_assert_false (ws_state_from_key ("done", &(WsState){ 0 }));
}

/* Layer ascending, 0 first, none last; then bytes of the name ('Z' before 'a'); then slices. */
static void
test_plan_order (void)
{
  TensorSpec specs[] = {
    { "norm", WS_BLOCK_NORM, -1, 1, { 4 } },
    { "q", WS_BLOCK_Q_PROJ, 10, 2, { 4, 4 } },
    { "q", WS_BLOCK_Q_PROJ, 2, 2, { 4, 4 } },
    { "a", WS_BLOCK_Q_PROJ, 0, 2, { 4, 4 } },
    { "Z", WS_BLOCK_Q_PROJ, 0, 2, { 4, 4 } },
    { "experts", WS_BLOCK_MOE_EXPERT_UP, 1, 3, { 3, 4, 4 } },
  };
  static const char *const expected[] = { "0 Z -1",      "0 a -1", "1 experts 0", "1 experts 1",
                                          "1 experts 2", "2 q -1", "10 q -1",     "-1 norm -1" };
  g_autoptr (WsModel) model = fixture_model_in_memory (specs, G_N_ELEMENTS (specs));
  g_autoptr (GPtrArray) results = fixture_plan (model);

  g_assert_cmpuint (results->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < results->len; i++)
    {
      const WsResult *result = g_ptr_array_index (results, i);
      g_autofree char *got = g_strdup_printf ("%d %s %d", result->tensor->block.layer_index,
                                              result->tensor->name, result->slice);

      g_assert_cmpstr (got, ==, expected[i]);
    }
}

static void
test_plan_expert (void)
{
  TensorSpec spec = { "experts", WS_BLOCK_MOE_EXPERT_UP, 1, 3, { 3, 4, 5 } };
  g_autoptr (WsModel) model = fixture_model_in_memory (&spec, 1);
  g_autoptr (GPtrArray) results = fixture_plan (model);
  const WsResult *last = g_ptr_array_index (results, 2);

  g_assert_cmpint (ws_result_get_expert (last), ==, 2);
  g_assert_cmpuint (last->n_rows, ==, 4);
  g_assert_cmpuint (last->n_cols, ==, 5);
}

/* A header may claim any number of empty experts; they must not become as many rows. */
static void
test_plan_hostile_experts (void)
{
  TensorSpec specs[] = { { "none", WS_BLOCK_MOE_EXPERT_UP, 0, 3, { G_MAXINT64, 0, 5 } },
                         { "many", WS_BLOCK_MOE_EXPERT_UP, 1, 3, { 1 << 30, 1, 1 } } };
  g_autoptr (WsModel) model = fixture_model_in_memory (specs, 2);
  g_autoptr (GPtrArray) results = fixture_plan (model);

  g_assert_cmpuint (results->len, ==, 2);
}

/* Told with --verbose; the target is 50 ms. */
static void
test_plan_many (void)
{
  enum
  {
    N = 60000
  };
  g_autofree TensorSpec *specs = g_new0 (TensorSpec, N);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (WsModel) model = NULL;
  g_autoptr (GPtrArray) results = NULL;
  gint64 start;

  for (guint i = 0; i < N; i++)
    {
      char *name =
          g_strdup_printf ("model.layers.%u.mlp.experts.%03u.up_proj.weight", i / 600, i % 600);

      g_ptr_array_add (names, name);
      specs[i] = (TensorSpec){ name, WS_BLOCK_MOE_EXPERT_UP, (int) (i / 600), 2, { 2048, 768 } };
    }
  model = fixture_model_in_memory (specs, N);
  start = g_get_monotonic_time ();
  results = fixture_plan (model);
  g_test_message ("60,000 rows planned in %.1f ms", (g_get_monotonic_time () - start) / 1e3);
  g_assert_cmpuint (results->len, ==, N);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/result/header/empty", test_header_empty);
  g_test_add_func ("/result/header/buffer", test_header_buffer);
  g_test_add_func ("/result/header/unsupported", test_header_unsupported);
  g_test_add_func ("/result/header/listed-type", test_header_listed_type);
  g_test_add_func ("/result/header/pending", test_header_pending);
  g_test_add_func ("/result/pending/break-even-rank", test_pending_break_even_rank);
  g_test_add_func ("/result/pending/no-break-even-rank-of-nothing",
                   test_pending_break_even_rank_of_nothing);
  g_test_add_func ("/result/numbers/vector-has-no-rank", test_numbers_of_vector_have_no_rank);
  g_test_add_func ("/result/pending/unknown-but-count", test_pending_unknown_but_count);
  g_test_add_func ("/result/numbers/ok", test_numbers_ok);
  g_test_add_func ("/result/numbers/zero", test_numbers_zero);
  g_test_add_func ("/result/numbers/nonfinite", test_numbers_nonfinite);
  g_test_add_func ("/result/numbers/vector", test_numbers_vector);
  g_test_add_func ("/result/numbers/stack-of-biases", test_numbers_stack_of_biases);
  g_test_add_func ("/result/note/shape", test_note_shape);
  g_test_add_func ("/result/note/fault", test_note_fault);
  g_test_add_func ("/result/note/error", test_note_error);
  g_test_add_func ("/result/note/too-large", test_note_too_large);
  g_test_add_func ("/result/interrupted/needs-run", test_interrupted_needs_run);
  g_test_add_func ("/result/max-rank", test_max_rank);
  g_test_add_func ("/result/state/keys", test_state_keys);
  g_test_add_func ("/result/plan/order", test_plan_order);
  g_test_add_func ("/result/plan/expert", test_plan_expert);
  g_test_add_func ("/result/plan/hostile-experts", test_plan_hostile_experts);
  g_test_add_func ("/result/plan/many", test_plan_many);
  return g_test_run ();
}
