/* SPDX-License-Identifier: MIT */
/* Matrices by way of a scripted device: the processor's numbers, or a reason why not. */
#include "scripted-backend.h"
#include "spectra/device-checks.h"
#include "spectra/spectrum.h"

#include <lapacke.h>
#include <math.h>
#include <string.h>

/* Above the side up to which no device is asked. */
#define ROWS 200
#define COLS 150

typedef struct
{
  WsTensor *tensor;
  WsMatrix matrix;
} Sample;

/* Takes @values. */
static void
sample_init (Sample *self, float *values, guint64 n_rows, guint64 n_cols)
{
  g_autoptr (GBytes) bytes = g_bytes_new_take (values, n_rows * n_cols * sizeof (float));
  WsTensor *tensor = g_new0 (WsTensor, 1);

  tensor->name = g_strdup ("w");
  tensor->dtype = WS_DTYPE_F32;
  tensor->n_dims = 2;
  tensor->dims[0] = n_rows;
  tensor->dims[1] = n_cols;
  tensor->n_elements = n_rows * n_cols;
  tensor->n_bytes = tensor->n_elements * sizeof (float);
  tensor->source = ws_source_new_bytes ("made-up", bytes);
  tensor->block.expert_index = -1;
  self->tensor = tensor;
  ws_matrix_init (&self->matrix, tensor, -1);
}

static void
sample_clear (Sample *self)
{
  g_clear_pointer (&self->tensor, ws_tensor_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sample, sample_clear)

static float *
make_values (guint64 n_rows, guint64 n_cols, guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  float *values = g_new (float, n_rows *n_cols);

  for (gsize i = 0; i < n_rows * n_cols; i++)
    values[i] = (float) g_rand_double_range (rand, -1.0, 1.0);
  return values;
}

static gboolean
compute (WsSpectrum *spectrum, const Sample *sample, const Script *script, ScriptedCounts *counts,
         GError **error)
{
  g_autoptr (WsBackend) backend = scripted_backend_new (script, counts);
  WsPlace place = { .backend = backend };
  WsSpectrumOptions options;

  ws_spectrum_options_init (&options);
  return ws_spectrum_compute (spectrum, &sample->matrix, TRUE, &options, &place, NULL, NULL, NULL,
                              error);
}

/* Against LAPACK's direct decomposition, in float64. */
static void
assert_values (const WsSpectrum *spectrum, const Sample *sample)
{
  const int m = (int) sample->matrix.n_rows, n = (int) sample->matrix.n_cols, p = MIN (m, n);
  g_autofree double *dense = g_new (double, m *n), *expected = g_new (double, p);
  g_autofree float *stored = g_new (float, m *n);
  double none;

  g_assert_true (ws_matrix_read_stored (&sample->matrix, 0, m, 0, n, stored, NULL, NULL));
  for (int i = 0; i < m * n; i++)
    dense[i] = stored[i];
  /* to LAPACK the rows are columns: the transpose, of the same values */
  g_assert_cmpint (
      LAPACKE_dgesdd (LAPACK_COL_MAJOR, 'N', n, m, dense, n, expected, &none, 1, &none, 1), ==, 0);
  g_assert_cmpuint (spectrum->n_sigma, ==, p);
  for (int i = 0; i < p; i++)
    if (expected[i] > 1e-3 * expected[0])
      g_assert_cmpfloat_with_epsilon (spectrum->sigma[i], expected[i], 1e-9 * expected[i]);
}

static void
assert_good (guint64 n_rows, guint64 n_cols)
{
  g_auto (Sample) sample = { 0 };
  g_auto (WsSpectrum) spectrum = { 0 };
  g_autoptr (GError) error = NULL;
  ScriptedCounts counts;

  sample_init (&sample, make_values (n_rows, n_cols, 1), n_rows, n_cols);
  g_assert_true (compute (&spectrum, &sample, &(Script){ 0 }, &counts, &error));
  g_assert_no_error (error);
  assert_values (&spectrum, &sample);
  g_assert_cmpstr (spectrum.backend, ==, "cuda");
  g_assert_cmpint (spectrum.method, ==, WS_METHOD_GRAM64);
  g_assert_cmpint (counts.n_begun, ==, 1);
  g_assert_cmpint (counts.n_under_way, ==, 0);
  g_assert_cmpint (counts.n_closed, ==, 1);
}

static void
test_tall (void)
{
  assert_good (ROWS, COLS);
}

static void
test_wide (void)
{
  assert_good (COLS, ROWS);
}

static void
test_many_blocks (void)
{
  assert_good (20000, 130);
}

/* Up to a short side of 128 no device is worth it. */
static void
test_small_one_stays (void)
{
  for (guint64 n = 128; n <= 129; n++)
    {
      g_auto (Sample) sample = { 0 };
      g_auto (WsSpectrum) spectrum = { 0 };
      ScriptedCounts counts;

      sample_init (&sample, make_values (ROWS, n, 1), ROWS, n);
      g_assert_true (compute (&spectrum, &sample, &(Script){ 0 }, &counts, NULL));
      g_assert_cmpstr (spectrum.backend, ==, n == 128 ? "cpu" : "cuda");
      g_assert_cmpint (spectrum.method, ==, WS_METHOD_GRAM64);
      g_assert_cmpint (counts.n_begun, ==, n == 128 ? 0 : 1);
    }
}

static void
test_refused_one_stays (void)
{
  g_auto (Sample) sample = { 0 };
  g_auto (WsSpectrum) spectrum = { 0 };
  ScriptedCounts counts;

  sample_init (&sample, make_values (ROWS, COLS, 1), ROWS, COLS);
  g_assert_true (compute (&spectrum, &sample, &(Script){ .least_side = COLS + 1 }, &counts, NULL));
  g_assert_cmpstr (spectrum.backend, ==, "cpu");
  g_assert_cmpint (counts.n_begun, ==, 0);
  assert_values (&spectrum, &sample);
}

static void
assert_fault (const Script *script, WsFault fault)
{
  g_auto (Sample) sample = { 0 };
  g_auto (WsSpectrum) spectrum = { 0 };
  g_autoptr (GError) error = NULL;
  ScriptedCounts counts;

  sample_init (&sample, make_values (ROWS, COLS, 1), ROWS, COLS);
  g_assert_false (compute (&spectrum, &sample, script, &counts, &error));
  g_assert_error (error, WS_FAULT_ERROR, (int) fault);
  g_assert_cmpuint (spectrum.n_sigma, ==, 0);
  g_assert_null (spectrum.sigma);
  g_assert_cmpint (counts.n_under_way, ==, 0);
}

static void
test_faults (void)
{
  assert_fault (&(Script){ .memory_at = 1 }, WS_FAULT_MEMORY);
  assert_fault (&(Script){ .memory_above = COLS * COLS - 1 }, WS_FAULT_MEMORY);
  assert_fault (&(Script){ .numeric_at = 1 }, WS_FAULT_NUMERIC);
  assert_fault (&(Script){ .stop_at = 1 }, WS_FAULT_STOPPED);
  assert_fault (&(Script){ .hang_at = 1, .hang_msec = 1 }, WS_FAULT_TIMEOUT);
}

static void
test_wrong_values_are_caught (void)
{
  assert_fault (&(Script){ .nan_at = 1 }, WS_FAULT_NUMERIC);
  assert_fault (&(Script){ .scaled_at = 1 }, WS_FAULT_NUMERIC);
  assert_fault (&(Script){ .diagonal_at = 1 }, WS_FAULT_NUMERIC);
}

/* 3, 2, 1: the squares sum to 14, their squares to 98. */
static void
test_checks (void)
{
  const double good[] = { 3.0, 2.0, 1.0 }, norm = sqrt (98.0), wrong = sqrt (98.0) * (1 + 1e-9);
  double sigma[3];

  memcpy (sigma, good, sizeof good);
  g_assert_true (ws_device_check_values (sigma, 3, sqrt (14.0), &norm, NULL));
  g_assert_true (ws_device_check_values (sigma, 3, sqrt (14.0), NULL, NULL));
  g_assert_false (ws_device_check_values (sigma, 3, sqrt (14.0), &wrong, NULL));
  g_assert_false (ws_device_check_values (sigma, 3, sqrt (14.0) * (1 + 1e-10), &norm, NULL));
  sigma[1] = 3.5;
  g_assert_false (ws_device_check_values (sigma, 3, sqrt (9 + 12.25 + 1), NULL, NULL));
}

/* A device may leave the sign of an eigenvalue with its root. */
static void
test_checks_of_negative_eigenvalues (void)
{
  double noisy[] = { 3.0, 2.0, -1e-7 }, negative[] = { 3.0, 2.0, -1e-5 };

  g_assert_true (ws_device_check_values (noisy, 3, sqrt (13.0), NULL, NULL));
  g_assert_cmpfloat (noisy[2], ==, 0.0);
  g_assert_false (ws_device_check_values (negative, 3, sqrt (13.0), NULL, NULL));
}

/* Elements near the ends of float32: the squares of their squares would leave float64. */
static void
test_extreme_scales (void)
{
  static const float scales[] = { 1e37f, 1e-37f };

  for (guint k = 0; k < G_N_ELEMENTS (scales); k++)
    {
      float *values = make_values (ROWS, COLS, 1);
      g_auto (Sample) sample = { 0 };
      g_auto (WsSpectrum) spectrum = { 0 };
      g_autoptr (GError) error = NULL;
      ScriptedCounts counts;

      for (gsize i = 0; i < ROWS * COLS; i++)
        values[i] *= scales[k];
      sample_init (&sample, values, ROWS, COLS);
      compute (&spectrum, &sample, &(Script){ 0 }, &counts, &error);
      g_assert_no_error (error);
      assert_values (&spectrum, &sample);
    }
}

static void
test_not_finite_is_never_solved (void)
{
  float *values = make_values (ROWS, COLS, 1);
  g_auto (Sample) sample = { 0 };
  g_auto (WsSpectrum) spectrum = { 0 };
  ScriptedCounts counts;

  values[777] = NAN;
  sample_init (&sample, values, ROWS, COLS);
  g_assert_true (compute (&spectrum, &sample, &(Script){ 0 }, &counts, NULL));
  g_assert_cmpuint (spectrum.moments.n_nan, ==, 1);
  g_assert_cmpuint (spectrum.n_sigma, ==, 0);
  g_assert_cmpint (counts.n_solved, ==, 0);
}

static void
test_zero_is_never_solved (void)
{
  g_auto (Sample) sample = { 0 };
  g_auto (WsSpectrum) spectrum = { 0 };
  ScriptedCounts counts;

  sample_init (&sample, g_new0 (float, ROWS *COLS), ROWS, COLS);
  g_assert_true (compute (&spectrum, &sample, &(Script){ 0 }, &counts, NULL));
  g_assert_cmpuint (spectrum.n_sigma, ==, COLS);
  g_assert_cmpfloat (spectrum.sigma[0], ==, 0.0);
  g_assert_cmpint (counts.n_solved, ==, 0);
}

/* Columns from 1 to 1e-7 in size, on an orthogonal frame (of Hadamard's, 256 x 256): the singular
 * values are 16 times the sizes, too small at the end for a Gram matrix to tell. */
static float *
make_graded (void)
{
  float *values = g_new (float, 256 * 256);

  for (int i = 0; i < 256; i++)
    for (int k = 0; k < 256; k++)
      values[i * 256 + k] =
          (float) (__builtin_parity (i & k) ? -1 : 1) * ldexpf (1.0f, -(k * 24) / 256);
  return values;
}

static void
test_uncertified_goes_direct (void)
{
  g_auto (Sample) sample = { 0 };
  g_auto (WsSpectrum) spectrum = { 0 };
  g_autoptr (GError) error = NULL;
  ScriptedCounts counts;

  sample_init (&sample, make_graded (), 256, 256);
  compute (&spectrum, &sample, &(Script){ .has_direct = TRUE }, &counts, &error);
  g_assert_no_error (error);
  g_assert_cmpint (spectrum.method, ==, WS_METHOD_SVD64);
  g_assert_cmpstr (spectrum.backend, ==, "cuda");
  g_assert_cmpint (counts.n_begun, ==, 2);
  for (int k = 0; k < 256; k++)
    g_assert_cmpfloat_with_epsilon (spectrum.sigma[k] / ldexp (16.0, -(k * 24) / 256), 1, 1e-7);
}

static void
test_uncertified_is_for_the_processor (void)
{
  g_auto (Sample) sample = { 0 };
  g_auto (WsSpectrum) spectrum = { 0 };
  g_autoptr (GError) error = NULL;
  ScriptedCounts counts;

  sample_init (&sample, make_graded (), 256, 256);
  g_assert_false (compute (&spectrum, &sample, &(Script){ 0 }, &counts, &error));
  g_assert_error (error, WS_FAULT_ERROR, WS_FAULT_NONE);
}

/* Five of one shape: one has a NaN, one is zero, one lies beyond the end of its file. */
static void
test_batch (void)
{
  enum
  {
    N = 5
  };
  Sample samples[N];
  WsBatchItem items[N];
  ScriptedCounts counts;
  g_autoptr (WsBackend) backend = scripted_backend_new (&(Script){ .batch = N }, &counts);
  WsSpectrumOptions options;

  ws_spectrum_options_init (&options);
  for (guint i = 0; i < N; i++)
    {
      float *values = i == 2 ? g_new0 (float, ROWS *COLS) : make_values (ROWS, COLS, i);

      if (i == 1)
        values[5] = NAN;
      sample_init (&samples[i], values, ROWS, COLS);
      if (i == 3)
        samples[i].matrix.offset = 4;
      items[i] = (WsBatchItem){ .matrix = &samples[i].matrix };
    }
  ws_spectrum_compute_batch (items, N, &options, backend, NULL, NULL, NULL);
  g_assert_cmpint (counts.n_nonfinite, ==, 0);
  g_assert_cmpint (counts.n_solved, ==, 1);
  for (guint i = 0; i < N; i++)
    {
      if (i == 0 || i == 4)
        {
          g_assert_no_error (items[i].error);
          assert_values (&items[i].spectrum, &samples[i]);
        }
      ws_spectrum_clear (&items[i].spectrum);
      if (i == 3)
        g_assert_nonnull (items[i].error);
      g_clear_error (&items[i].error);
      sample_clear (&samples[i]);
    }
}

/* All but the one whose values are wrong are kept. */
static void
test_batch_with_a_wrong_one (void)
{
  enum
  {
    N = 3
  };
  Sample samples[N];
  WsBatchItem items[N];
  ScriptedCounts counts;
  g_autoptr (WsBackend) backend =
      scripted_backend_new (&(Script){ .batch = N, .scaled_at = 1 }, &counts);
  WsSpectrumOptions options;

  ws_spectrum_options_init (&options);
  for (guint i = 0; i < N; i++)
    {
      sample_init (&samples[i], make_values (ROWS, COLS, i), ROWS, COLS);
      items[i] = (WsBatchItem){ .matrix = &samples[i].matrix };
    }
  ws_spectrum_compute_batch (items, N, &options, backend, NULL, NULL, NULL);
  g_assert_error (items[0].error, WS_FAULT_ERROR, WS_FAULT_NUMERIC);
  for (guint i = 0; i < N; i++)
    {
      if (i > 0)
        assert_values (&items[i].spectrum, &samples[i]);
      ws_spectrum_clear (&items[i].spectrum);
      g_clear_error (&items[i].error);
      sample_clear (&samples[i]);
    }
}

static void
cancel (double share, gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
}

/* The first lies beyond the end of its file; the user has had enough while the second is read. */
static void
test_batch_cancelled_after_an_error (void)
{
  Sample samples[2];
  WsBatchItem items[2];
  ScriptedCounts counts;
  g_autoptr (WsBackend) backend = scripted_backend_new (&(Script){ .batch = 2 }, &counts);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  WsSpectrumOptions options;

  ws_spectrum_options_init (&options);
  for (guint i = 0; i < 2; i++)
    {
      sample_init (&samples[i], make_values (ROWS, COLS, i), ROWS, COLS);
      items[i] = (WsBatchItem){ .matrix = &samples[i].matrix };
    }
  samples[0].matrix.offset = 4;
  ws_spectrum_compute_batch (items, 2, &options, backend, cancel, cancellable, cancellable);
  g_assert_error (items[0].error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
  g_assert_error (items[1].error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  for (guint i = 0; i < 2; i++)
    {
      g_clear_error (&items[i].error);
      sample_clear (&samples[i]);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ws_spectrum_init_blas ();
  g_test_add_func ("/device-route/tall", test_tall);
  g_test_add_func ("/device-route/wide", test_wide);
  g_test_add_func ("/device-route/many-blocks", test_many_blocks);
  g_test_add_func ("/device-route/small-one-stays", test_small_one_stays);
  g_test_add_func ("/device-route/refused-one-stays", test_refused_one_stays);
  g_test_add_func ("/device-route/faults", test_faults);
  g_test_add_func ("/device-route/wrong-values-are-caught", test_wrong_values_are_caught);
  g_test_add_func ("/device-route/checks", test_checks);
  g_test_add_func ("/device-route/checks/negative-eigenvalues",
                   test_checks_of_negative_eigenvalues);
  g_test_add_func ("/device-route/extreme-scales", test_extreme_scales);
  g_test_add_func ("/device-route/not-finite-is-never-solved", test_not_finite_is_never_solved);
  g_test_add_func ("/device-route/zero-is-never-solved", test_zero_is_never_solved);
  g_test_add_func ("/device-route/uncertified/goes-direct", test_uncertified_goes_direct);
  g_test_add_func ("/device-route/uncertified/is-for-the-processor",
                   test_uncertified_is_for_the_processor);
  g_test_add_func ("/device-route/batch", test_batch);
  g_test_add_func ("/device-route/batch/with-a-wrong-one", test_batch_with_a_wrong_one);
  g_test_add_func ("/device-route/batch/cancelled-after-an-error",
                   test_batch_cancelled_after_an_error);
  return g_test_run ();
}
