/* SPDX-License-Identifier: MIT */
/* Layers, savings and outliers of results written down by hand. */
#include "export/report-facts.h"

#include <math.h>

typedef struct
{
  WsModel model;
  GPtrArray *tensors; /* WsTensor */
  GPtrArray *results; /* WsResult */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer user_data)
{
  fixture->tensors = g_ptr_array_new_with_free_func (g_free);
  fixture->results = g_ptr_array_new_with_free_func (g_free);
}

static void
tear_down (Fixture *fixture, gconstpointer user_data)
{
  g_ptr_array_unref (fixture->results);
  g_ptr_array_unref (fixture->tensors);
}

/* A square F32 matrix with @n singular values, @sigma borrowed; every metric that outliers are
 * looked for in is unknown. */
static WsResult *
add (Fixture *fixture, WsBlockType type, const char *stack, int layer, double *sigma, gsize n)
{
  WsTensor *tensor = g_new0 (WsTensor, 1);
  WsResult *result = g_new0 (WsResult, 1);

  tensor->name = (char *) "w";
  tensor->dtype = WS_DTYPE_F32;
  tensor->n_dims = 2;
  tensor->block = (WsBlockClass){ .type = type, .layer_index = layer, .stack = (char *) stack };
  result->model = &fixture->model;
  result->tensor = tensor;
  result->slice = -1;
  result->n_rows = result->n_cols = n;
  result->state = WS_STATE_OK;
  result->spectrum.sigma = sigma;
  result->spectrum.n_sigma = sigma != NULL ? n : 0;
  result->metrics.stable_rank = result->metrics.spectral = result->metrics.std = NAN;
  result->metrics.outlier_ratio = result->metrics.erank = NAN;
  g_ptr_array_add (fixture->tensors, tensor);
  g_ptr_array_add (fixture->results, result);
  return result;
}

static void
test_layers_are_in_order_in_each_stack (Fixture *fixture, gconstpointer user_data)
{
  double sigma[] = { 1, 1 };
  g_auto (WsReportFacts) facts = { 0 };
  static const struct
  {
    const char *stack;
    int layer;
  } expected[] = { { "model", 0 }, { "model", 1 }, { "vision", 0 } };

  add (fixture, WS_BLOCK_Q_PROJ, "model", 0, sigma, 2);
  add (fixture, WS_BLOCK_Q_PROJ, "vision", 0, sigma, 2);
  add (fixture, WS_BLOCK_Q_PROJ, "model", 1, sigma, 2);
  add (fixture, WS_BLOCK_K_PROJ, "model", 1, sigma, 2);
  add (fixture, WS_BLOCK_EMBEDDING, "", -1, sigma, 2);
  ws_report_facts_init (&facts, fixture->results);
  g_assert_cmpuint (facts.layers->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      const WsReportLayer *layer = &g_array_index (facts.layers, WsReportLayer, i);

      g_assert_cmpstr (layer->stack, ==, expected[i].stack);
      g_assert_cmpint (layer->layer_index, ==, expected[i].layer);
    }
  g_assert_cmpuint (g_array_index (facts.layers, WsReportLayer, 1).summary.n_matrices, ==, 2);
}

/* Energies 100 of 101 in the first value: rank 1 at all three; 2·10 of 100 numbers. */
static void
test_low_rank_is_saved_as_factors (Fixture *fixture, gconstpointer user_data)
{
  double sigma[10] = { 10, 1 };
  g_auto (WsReportFacts) facts = { 0 };

  add (fixture, WS_BLOCK_Q_PROJ, "", 0, sigma, 10);
  ws_report_facts_init (&facts, fixture->results);
  g_assert_cmpuint (facts.all.n_bytes, ==, 400);
  for (guint i = 0; i < WS_REPORT_N_ENERGIES; i++)
    {
      g_assert_cmpuint (facts.savings[i].n_smaller, ==, 1);
      g_assert_cmpuint (facts.savings[i].n_bytes_kept, ==, 80);
      g_assert_cmpfloat_with_epsilon (facts.savings[i].ratio, 0.1, 1e-15);
    }
}

/* Energies 4 and 1 of 5: rank 2 at 90 %, whose factors of 2·(4 + 4) numbers are no fewer. */
static void
test_break_even_stays_as_it_is (Fixture *fixture, gconstpointer user_data)
{
  double sigma[4] = { 2, 1 };
  g_auto (WsReportFacts) facts = { 0 };

  add (fixture, WS_BLOCK_Q_PROJ, "", 0, sigma, 4);
  ws_report_facts_init (&facts, fixture->results);
  g_assert_cmpuint (facts.savings[0].n_smaller, ==, 0);
  g_assert_cmpuint (facts.savings[0].n_bytes_kept, ==, 64);
}

static void
test_nothing_analysed_saves_nothing (Fixture *fixture, gconstpointer user_data)
{
  g_auto (WsReportFacts) facts = { 0 };

  add (fixture, WS_BLOCK_Q_PROJ, "", 0, NULL, 4);
  ws_report_facts_init (&facts, fixture->results);
  g_assert_cmpuint (facts.all.n_matrices, ==, 0);
  g_assert_cmpuint (facts.all.n_bytes, ==, 0);
  g_assert_true (isnan (facts.savings[0].ratio));
  g_assert_cmpuint (facts.blocks->len, ==, 0);
}

/* With sigma of two equal values ratio_90 is 1 for all: no outliers in it. */
static void
add_stable_ranks (Fixture *fixture, double *sigma, const double *values, guint n)
{
  for (guint i = 0; i < n; i++)
    add (fixture, WS_BLOCK_Q_PROJ, "", i, sigma, 2)->metrics.stable_rank = values[i];
}

/* Median 10; deviations 0 0 0 .1 .1 .2 .2 7, their median .1. */
static void
test_far_value_stands_out (Fixture *fixture, gconstpointer user_data)
{
  double sigma[] = { 1, 1 };
  const double values[] = { 10, 10.1, 9.9, 10.2, 9.8, 10, 10, 3 };
  g_auto (WsReportFacts) facts = { 0 };
  const WsReportOutlier *outlier;

  add_stable_ranks (fixture, sigma, values, 8);
  ws_report_facts_init (&facts, fixture->results);
  g_assert_cmpuint (facts.outliers->len, ==, 1);
  outlier = &g_array_index (facts.outliers, WsReportOutlier, 0);
  g_assert_cmpint (outlier->result->tensor->block.layer_index, ==, 7);
  g_assert_cmpstr (outlier->key, ==, "stable_rank");
  g_assert_cmpfloat_with_epsilon (outlier->median, 10, 1e-12);
  g_assert_cmpfloat_with_epsilon (outlier->n_deviations, 7 / 0.14826022185056018, 1e-9);
  g_assert_cmpuint (outlier->n_peers, ==, 8);
}

static void
test_few_peers_have_no_outliers (Fixture *fixture, gconstpointer user_data)
{
  double sigma[] = { 1, 1 };
  const double values[] = { 10, 10.1, 9.9, 10.2, 9.8, 10, 3 };
  g_auto (WsReportFacts) facts = { 0 };

  add_stable_ranks (fixture, sigma, values, 7);
  ws_report_facts_init (&facts, fixture->results);
  g_assert_cmpuint (facts.outliers->len, ==, 0);
}

/* Seven are the same: 10.5 is within a tenth of the median, 12 is not. */
static void
test_equal_peers_need_more_than_a_tenth (Fixture *fixture, gconstpointer user_data)
{
  double sigma[] = { 1, 1 };
  const double near[] = { 10, 10, 10, 10, 10, 10, 10, 10.5 };
  g_auto (WsReportFacts) facts = { 0 }, far_facts = { 0 };
  WsResult *last;

  add_stable_ranks (fixture, sigma, near, 8);
  ws_report_facts_init (&facts, fixture->results);
  g_assert_cmpuint (facts.outliers->len, ==, 0);
  last = g_ptr_array_index (fixture->results, 7);
  last->metrics.stable_rank = 12;
  ws_report_facts_init (&far_facts, fixture->results);
  g_assert_cmpuint (far_facts.outliers->len, ==, 1);
  g_assert_true (isinf (g_array_index (far_facts.outliers, WsReportOutlier, 0).n_deviations));
}

static void
test_ratio_is_of_layer_and_block (Fixture *fixture, gconstpointer user_data)
{
  double flat[] = { 1, 1 }, steep[] = { 10, 0.1 };

  add (fixture, WS_BLOCK_Q_PROJ, "model", 0, flat, 2);
  add (fixture, WS_BLOCK_Q_PROJ, "model", 1, steep, 2);
  g_assert_cmpfloat (ws_report_get_ratio (fixture->results, "model", 0, WS_BLOCK_Q_PROJ), ==, 1);
  g_assert_cmpfloat (ws_report_get_ratio (fixture->results, "model", 1, WS_BLOCK_Q_PROJ), ==, 0.5);
  g_assert_true (isnan (ws_report_get_ratio (fixture->results, "model", 0, WS_BLOCK_K_PROJ)));
}

#define TEST(name, function)                                                                       \
  g_test_add ("/report-facts/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  TEST ("layers/are-in-order-in-each-stack", test_layers_are_in_order_in_each_stack);
  TEST ("savings/low-rank-is-saved-as-factors", test_low_rank_is_saved_as_factors);
  TEST ("savings/break-even-stays-as-it-is", test_break_even_stays_as_it_is);
  TEST ("savings/nothing-analysed-saves-nothing", test_nothing_analysed_saves_nothing);
  TEST ("outliers/far-value-stands-out", test_far_value_stands_out);
  TEST ("outliers/few-peers-have-none", test_few_peers_have_no_outliers);
  TEST ("outliers/equal-peers-need-more-than-a-tenth", test_equal_peers_need_more_than_a_tenth);
  TEST ("ratio/is-of-layer-and-block", test_ratio_is_of_layer_and_block);
  return g_test_run ();
}
