/* SPDX-License-Identifier: MIT */
/* Singular values from stored bytes: known spectra, edge cases, determinism. */
#include "spectra/metrics.h"

#include <math.h>
#include <string.h>

typedef struct
{
  WsTensor tensor;
  WsMatrix matrix;
} Fixture;

/* A tensor over @bytes (copied). */
static void
fixture_init (Fixture *self, WsDtype dtype, guint64 n_rows, guint64 n_cols, const void *bytes)
{
  gsize n_bytes = n_rows * n_cols * ws_dtype_get_n_bits (dtype) / 8;
  g_autoptr (GBytes) copy = g_bytes_new (bytes, n_bytes);

  *self = (Fixture) {
    .tensor = {
      .name = (char *) "test",
      .dtype = dtype,
      .n_dims = 2,
      .dims = { n_rows, n_cols },
      .n_elements = n_rows * n_cols,
      .n_bytes = n_bytes,
      .source = ws_source_new_bytes ("test", copy),
    },
  };
  ws_matrix_init (&self->matrix, &self->tensor, -1);
}

static void
fixture_clear (Fixture *self)
{
  ws_source_unref (self->tensor.source);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fixture, fixture_clear)

static void
compute (WsSpectrum *spectrum, const Fixture *fixture, gboolean values)
{
  WsSpectrumOptions options;
  GError *error = NULL;

  ws_spectrum_options_init (&options);
  ws_spectrum_compute (spectrum, &fixture->matrix, values, &options, NULL, NULL, NULL, NULL,
                       &error);
  g_assert_no_error (error);
}

static WsMetrics
compute_metrics (const Fixture *fixture)
{
  g_auto (WsSpectrum) spectrum = { 0 };
  WsMetricOptions options;
  WsMetrics metrics;

  compute (&spectrum, fixture, TRUE);
  ws_metric_options_init (&options);
  ws_metrics_compute (&metrics, &spectrum, fixture->matrix.n_rows, fixture->matrix.n_cols,
                      fixture->tensor.dtype, &options);
  return metrics;
}

/* The matrix of the definitions that any language can rebuild: a linear congruential generator. */
static void
fill_congruential (double *w, gsize n)
{
  guint64 x = 12345;

  for (gsize i = 0; i < n; i++)
    {
      x = (1103515245 * x + 12345) & 0x7fffffff;
      w[i] = x / 2147483648.0 - 0.5;
    }
}

/* Half a unit of the last digit that was printed. */
#define assert_digits(value, expected, digits)                                                     \
  g_assert_cmpfloat_with_epsilon (value, expected, 0.51 * pow (10.0, -(digits)))

static void
assert_congruential (const Fixture *fixture, gboolean is_double)
{
  const double first[] = { 4.153307560417, 3.962012839142, 3.951492640283, 3.630057432409,
                           3.476506110645 };
  /* rounding to float32 moves each element by 2^-26 at most, a singular value by 1e-7 */
  const int digits = is_double ? 12 : 6;
  g_auto (WsSpectrum) spectrum = { 0 };
  WsMetrics metrics;

  compute (&spectrum, fixture, TRUE);
  g_assert_cmpuint (spectrum.n_sigma, ==, 48);
  for (int i = 0; i < 5; i++)
    assert_digits (spectrum.sigma[i], first[i], digits);
  assert_digits (spectrum.sigma[47], .367017562954, digits);
  assert_digits (0.5 * (spectrum.sigma[23] + spectrum.sigma[24]), 1.935639337779, digits);

  metrics = compute_metrics (fixture);
  assert_digits (metrics.fro * metrics.fro, 252.482660603272, is_double ? 11 : 4);
  assert_digits (metrics.nuclear, 98.022033511823, is_double ? 11 : 4);
  assert_digits (metrics.stable_rank, 14.636706785003, is_double ? 11 : 4);
  assert_digits (metrics.participation_ratio, 26.996237346895, is_double ? 11 : 4);
  assert_digits (metrics.erank, 41.816636356132, is_double ? 11 : 4);
  assert_digits (metrics.erank_energy, 32.568473348123, is_double ? 11 : 4);
  assert_digits (metrics.matrix_entropy, .899809835611, digits);
  g_assert_cmpfloat (metrics.rank_energy[1], ==, 28);
  g_assert_cmpfloat (metrics.rank_energy[2], ==, 33);
  g_assert_cmpfloat (metrics.rank_energy[3], ==, 42);
  g_assert_cmpfloat (metrics.gd_rank, ==, 0);
  g_assert_cmpfloat (metrics.rank, ==, 48);
  assert_digits (metrics.mean, .001627540914, is_double ? 12 : 8);
  assert_digits (metrics.var, .082185717192, is_double ? 12 : 8);
  assert_digits (metrics.kurtosis, -1.193800577232, is_double ? 12 : 6);
}

static void
test_congruential_f64 (void)
{
  g_autofree double *w = g_new (double, 64 * 48);
  g_auto (Fixture) fixture = { 0 };

  fill_congruential (w, 64 * 48);
  g_assert_cmpfloat_with_epsilon (w[0], .15515405, 5e-9);
  g_assert_cmpfloat_with_epsilon (w[1], -.19518568, 5e-9);
  g_assert_cmpfloat_with_epsilon (w[2], .17496063, 5e-9);
  fixture_init (&fixture, WS_DTYPE_F64, 64, 48, w);
  assert_congruential (&fixture, TRUE);
}

static void
test_congruential_f32 (void)
{
  g_autofree double *w = g_new (double, 64 * 48);
  g_autofree float *narrow = g_new (float, 64 * 48);
  g_auto (Fixture) fixture = { 0 };

  fill_congruential (w, 64 * 48);
  for (int i = 0; i < 64 * 48; i++)
    narrow[i] = w[i];
  fixture_init (&fixture, WS_DTYPE_F32, 64, 48, narrow);
  assert_congruential (&fixture, FALSE);
}

/* sigma = 3 sqrt 5 and sqrt 5: the eigenvalues of W'W are 45 and 5. */
static void
test_two_by_two (void)
{
  const double w[] = { 3, 0, 4, 5 };
  g_auto (Fixture) fixture = { 0 };
  g_auto (WsSpectrum) spectrum = { 0 };

  fixture_init (&fixture, WS_DTYPE_F64, 2, 2, w);
  compute (&spectrum, &fixture, TRUE);
  g_assert_cmpfloat_with_epsilon (spectrum.sigma[0], 3.0 * sqrt (5.0), 1e-14);
  g_assert_cmpfloat_with_epsilon (spectrum.sigma[1], sqrt (5.0), 1e-14);
  g_assert_cmpfloat (compute_metrics (&fixture).rank_energy[1], ==, 1.0);
}

static void
test_one_row_and_one_column (void)
{
  const float w[] = { 3, 4 };

  for (int i = 0; i < 2; i++)
    {
      g_auto (Fixture) fixture = { 0 };
      g_auto (WsSpectrum) spectrum = { 0 };

      fixture_init (&fixture, WS_DTYPE_F32, i ? 2 : 1, i ? 1 : 2, w);
      compute (&spectrum, &fixture, TRUE);
      g_assert_cmpuint (spectrum.n_sigma, ==, 1);
      g_assert_cmpfloat_with_epsilon (spectrum.sigma[0], 5.0, 1e-15);
    }
}

/* outer ([1,2,2], [3,4]): sigma 3 * 5 and 0 */
static void
test_outer_product (void)
{
  const float w[] = { 3, 4, 6, 8, 6, 8 };
  g_auto (Fixture) fixture = { 0 };
  WsMetrics metrics;

  fixture_init (&fixture, WS_DTYPE_F32, 3, 2, w);
  metrics = compute_metrics (&fixture);
  g_assert_cmpfloat_with_epsilon (metrics.spectral, 15.0, 1e-13);
  g_assert_cmpfloat (metrics.rank, ==, 1.0);
  g_assert_cmpfloat (metrics.actual_rank, ==, 1.0);
  g_assert_true (isnan (metrics.cond));
  g_assert_true (isnan (metrics.matrix_entropy));
}

static void
test_zero_matrix (void)
{
  const struct
  {
    guint64 n_rows, n_cols;
  } shapes[] = { { 3, 5 }, { 200, 150 } };

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autofree float *w = g_new0 (float, shapes[i].n_rows *shapes[i].n_cols);
      g_auto (Fixture) fixture = { 0 };
      WsMetrics metrics;

      fixture_init (&fixture, WS_DTYPE_F32, shapes[i].n_rows, shapes[i].n_cols, w);
      metrics = compute_metrics (&fixture);
      g_assert_cmpfloat (metrics.spectral, ==, 0.0);
      g_assert_cmpfloat (metrics.rank, ==, 0.0);
      g_assert_cmpfloat (metrics.rank_energy[1], ==, 0.0);
      g_assert_cmpfloat (metrics.sparsity, ==, 1.0);
      g_assert_cmpfloat (metrics.zero_fraction, ==, 1.0);
      g_assert_true (isnan (metrics.stable_rank));
    }
}

static void
test_empty (void)
{
  g_auto (Fixture) fixture = { 0 };
  g_auto (WsSpectrum) spectrum = { 0 };

  fixture_init (&fixture, WS_DTYPE_F32, 0, 5, "");
  compute (&spectrum, &fixture, TRUE);
  g_assert_cmpuint (spectrum.n_sigma, ==, 0);
  g_assert_cmpuint (spectrum.moments.n_elements, ==, 0);
  g_assert_true (isnan (spectrum.moments.mean));
  g_assert_cmpint (spectrum.method, ==, WS_METHOD_NONE);
}

/* On both routes, tall and wide: no spectrum, statistics of the rest, the first one found. */
static void
test_nonfinite (void)
{
  const struct
  {
    guint64 n_rows, n_cols;
  } shapes[] = { { 20, 10 }, { 10, 20 }, { 300, 200 }, { 200, 6000 } };

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      const guint64 n = shapes[i].n_rows * shapes[i].n_cols;
      g_autofree float *w = g_new (float, n);
      g_auto (Fixture) fixture = { 0 };
      g_auto (WsSpectrum) spectrum = { 0 };

      for (guint64 j = 0; j < n; j++)
        w[j] = 2.0f;
      w[n - 1] = NAN;                     /* of the last row, in the last block */
      w[shapes[i].n_cols - 1] = INFINITY; /* of the first row, in the last block of columns */
      w[shapes[i].n_cols] = -INFINITY;    /* of the second row, in the first block */
      fixture_init (&fixture, WS_DTYPE_F32, shapes[i].n_rows, shapes[i].n_cols, w);
      compute (&spectrum, &fixture, TRUE);
      g_assert_cmpuint (spectrum.n_sigma, ==, 0);
      g_assert_cmpuint (spectrum.moments.n_nan, ==, 1);
      g_assert_cmpuint (spectrum.moments.n_inf, ==, 2);
      g_assert_cmpint (spectrum.moments.first_nonfinite, ==, shapes[i].n_cols - 1);
      g_assert_cmpfloat (spectrum.moments.mean, ==, 2.0);
      g_assert_cmpfloat (spectrum.moments.variance, ==, 0.0);
    }
}

/* Permuted and scaled identities have known spectra at any size, with no help from LAPACK. */
static void
test_permuted_diagonal (void)
{
  const guint64 n = 257, m = 1031;
  g_autofree float *w = g_new0 (float, n *m);
  g_auto (WsSpectrum) tall = { 0 }, wide = { 0 };

  for (int i = 0; i < 2; i++)
    {
      g_auto (Fixture) fixture = { 0 };
      WsSpectrum *spectrum = i ? &wide : &tall;

      memset (w, 0, n * m * sizeof *w);
      /* 4 = 5^-1 mod 19: 5 j mod 1031 are distinct */
      for (guint64 j = 0; j < n; j++)
        w[i ? j * m + 5 * j % m : 5 * j % m * n + j] = j + 1.0f;
      fixture_init (&fixture, WS_DTYPE_F32, i ? n : m, i ? m : n, w);
      compute (spectrum, &fixture, TRUE);
      g_assert_cmpuint (spectrum->n_sigma, ==, n);
      g_assert_cmpint (spectrum->method, ==, WS_METHOD_GRAM64);
      for (guint64 j = 0; j < n; j++)
        g_assert_cmpfloat_with_epsilon (spectrum->sigma[j], n - j, 1e-9 * (n - j));
    }
}

/* Squares of these leave the range of doubles. */
static void
test_float64_extremes (void)
{
  const double scales[] = { 0x1p+1000, 0x1p-1000, 0x1p-1060 };

  for (guint i = 0; i < G_N_ELEMENTS (scales); i++)
    {
      const double w[] = { 3 * scales[i], 0, 4 * scales[i], 5 * scales[i] };
      g_auto (Fixture) fixture = { 0 };
      g_auto (WsSpectrum) spectrum = { 0 };

      fixture_init (&fixture, WS_DTYPE_F64, 2, 2, w);
      compute (&spectrum, &fixture, TRUE);
      /* 2^-1060 is 2^14 of the smallest numbers */
      g_assert_cmpfloat_with_epsilon (spectrum.sigma[0] / scales[i], 3.0 * sqrt (5.0),
                                      i == 2 ? 1e-4 : 1e-14);
      /* 3, 0, 4, 5: mean 3, sum of squares 50, variance 3.5 */
      g_assert_cmpfloat_with_epsilon (spectrum.moments.frobenius / scales[i], sqrt (50.0),
                                      i == 2 ? 1e-4 : 1e-14);
      g_assert_cmpfloat (spectrum.moments.mean / scales[i], ==, 3.0);
      /* third central moment (0 - 27 + 1 + 8) / 4 = -4.5 */
      g_assert_cmpfloat_with_epsilon (spectrum.moments.skewness, -4.5 / pow (3.5, 1.5), 1e-14);
    }
}

/* @w: a product of 256 x 8 and 8 x 256 small integers: exact rank 8, which the Gram matrix cannot
 * tell from noise at 1e-8. */
static void
test_exact_low_rank (void)
{
  const guint64 n = 256;
  g_autofree float *w = g_new0 (float, n *n);
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  g_autofree float *a = g_new (float, 2 * 8 * n);
  g_auto (Fixture) fixture = { 0 };
  WsMetrics metrics;

  for (guint64 i = 0; i < 2 * 8 * n; i++)
    a[i] = g_rand_int_range (random, -4, 5);
  for (guint64 i = 0; i < n; i++)
    for (guint64 j = 0; j < n; j++)
      for (guint64 k = 0; k < 8; k++)
        w[i * n + j] += a[i * 8 + k] * a[8 * n + j * 8 + k];
  fixture_init (&fixture, WS_DTYPE_F32, n, n, w);
  metrics = compute_metrics (&fixture);
  g_assert_cmpfloat (metrics.rank, ==, 8);
  g_assert_cmpfloat (metrics.actual_rank, ==, 8);
  g_assert_true (isnan (metrics.cond));
}

/* All ones have one singular value above rounding. Rounding float32 moves those of 200 x 150
 * numbers by 1e-6 at most, 6e-9 of the first: noise of a Gram matrix, 1.5e-8, would be counted. */
static void
test_storage_noise_below_gram_noise (void)
{
  g_autofree float *w = g_new (float, 200 * 150);
  g_auto (Fixture) fixture = { 0 };
  WsMetrics metrics;

  for (gsize i = 0; i < 200 * 150; i++)
    w[i] = 1.0f;
  fixture_init (&fixture, WS_DTYPE_F32, 200, 150, w);
  metrics = compute_metrics (&fixture);
  g_assert_cmpfloat (metrics.rank_storage, ==, 1);
  /* the median is noise of either method */
  g_assert_true (isnan (metrics.gd_rank));
}

/* diag (1, 1e-6 (1 + 1e-4), ...): a Gram matrix sees 1e-12 beside 1 with an error of 1e-16 and
 * more, so the tolerance 1e-6 must be decided by the direct route. */
static void
test_uncertain_threshold_goes_direct (void)
{
  const guint64 n = 200;
  g_autofree float *w = g_new0 (float, n *n);
  g_auto (Fixture) fixture = { 0 };
  g_auto (WsSpectrum) spectrum = { 0 };

  for (guint64 i = 0; i < n; i++)
    w[i * n + i] = i < 100 ? 1.0f : 1.0001e-6f;
  fixture_init (&fixture, WS_DTYPE_F32, n, n, w);
  compute (&spectrum, &fixture, TRUE);
  g_assert_cmpint (spectrum.method, ==, WS_METHOD_SVD64);
  g_assert_cmpfloat (compute_metrics (&fixture).actual_rank, ==, n);
  g_assert_cmpfloat_with_epsilon (spectrum.sigma[n - 1], 1.0001e-6f, 1e-15);
}

/* Statistics only: rows do not matter, the place of the first NaN does. */
static void
test_vector_has_no_values (void)
{
  const float w[] = { 1, 2, NAN, 4 };
  g_auto (Fixture) fixture = { 0 };
  g_auto (WsSpectrum) spectrum = { 0 };

  fixture_init (&fixture, WS_DTYPE_F32, 2, 2, w);
  fixture.tensor.n_dims = 1;
  fixture.tensor.dims[0] = 4;
  ws_matrix_init (&fixture.matrix, &fixture.tensor, -1);
  compute (&spectrum, &fixture, FALSE);
  g_assert_cmpuint (spectrum.n_sigma, ==, 0);
  g_assert_cmpuint (spectrum.moments.n_elements, ==, 4);
  g_assert_cmpint (spectrum.moments.first_nonfinite, ==, 2);
  g_assert_cmpfloat_with_epsilon (spectrum.moments.mean, 7.0 / 3.0, 1e-15);
}

/* A file that holds fewer bytes than the header said. */
static void
test_short_source_is_an_error (void)
{
  const float w[] = { 1, 2, 3, 4 };
  g_auto (Fixture) fixture = { 0 };
  g_auto (WsSpectrum) spectrum = { 0 };
  WsSpectrumOptions options;
  g_autoptr (GError) error = NULL;

  fixture_init (&fixture, WS_DTYPE_F32, 2, 2, w);
  fixture.matrix.n_rows = 3;
  ws_spectrum_options_init (&options);
  g_assert_false (ws_spectrum_compute (&spectrum, &fixture.matrix, TRUE, &options, NULL, NULL, NULL,
                                       NULL, &error));
  g_assert_nonnull (error);
  g_assert_null (spectrum.sigma);
}

static guint16 *
new_bf16 (guint64 n, guint32 seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  guint16 *w = g_new (guint16, n);

  for (guint64 i = 0; i < n; i++)
    {
      float value = g_rand_double_range (random, -1.0, 1.0);
      guint32 bits;

      memcpy (&bits, &value, sizeof bits);
      w[i] = GUINT16_TO_LE (bits >> 16);
    }
  return w;
}

static gpointer
run_beside (gpointer data)
{
  WsSpectrum *spectrum = g_new0 (WsSpectrum, 1);

  compute (spectrum, data, TRUE);
  return spectrum;
}

static void
assert_same_bits (const WsSpectrum *a, const WsSpectrum *b)
{
  g_assert_cmpmem (&a->moments, sizeof a->moments, &b->moments, sizeof b->moments);
  g_assert_cmpmem (a->sigma, a->n_sigma * sizeof (double), b->sigma, b->n_sigma * sizeof (double));
}

/* The same bits, alone and beside others, with the matrix in memory and read in pieces. */
static void
test_same_bits_always (void)
{
  const guint64 n = 384, m = 1500;
  g_autofree guint16 *w = new_bf16 (n * m, 3);
  g_auto (Fixture) fixture = { 0 };
  g_auto (WsSpectrum) alone = { 0 }, small = { 0 };
  WsSpectrumOptions options;
  GThread *threads[3];
  GError *error = NULL;

  fixture_init (&fixture, WS_DTYPE_BF16, n, m, w);
  compute (&alone, &fixture, TRUE);
  for (int i = 0; i < 3; i++)
    threads[i] = g_thread_new ("beside", run_beside, &fixture);
  for (int i = 0; i < 3; i++)
    {
      WsSpectrum *beside = g_thread_join (threads[i]);

      assert_same_bits (&alone, beside);
      ws_spectrum_clear (beside);
      g_free (beside);
    }
  ws_spectrum_options_init (&options);
  options.memory_limit = 1;
  ws_spectrum_compute (&small, &fixture.matrix, TRUE, &options, NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  assert_same_bits (&alone, &small);
}

/* "VmRSS:" or "VmHWM:" of this process, in bytes. */
static guint64
get_memory (const char *key)
{
  g_autofree char *status = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    return 0;
  line = strstr (status, key);
  return line ? 1024 * g_ascii_strtoull (line + strlen (key), NULL, 10) : 0;
}

static const struct
{
  guint64 n_rows, n_cols;
  gboolean values;
} weighed[] = { { 2500, 1500, TRUE }, { 1500, 2500, TRUE }, { 130, 30000, TRUE },
                { 100, 30000, TRUE }, { 300, 300, TRUE },   { 128, 128, TRUE },
                { 4, 4, TRUE },       { 1, 5000, TRUE },    { 1, 10, FALSE },
                { 1, 4096, FALSE },   { 1, 2000000, FALSE } };

/* What is resident at the most, beside what was before. */
static void
weigh (WsDtype dtype, guint64 n_rows, guint64 n_cols, gboolean values)
{
  g_autofree guint16 *w = new_bf16 (n_rows * n_cols * 2, 11);
  g_auto (Fixture) fixture = { 0 };
  g_auto (WsSpectrum) spectrum = { 0 };
  guint64 before, after, required;
  WsSpectrumOptions options;

  for (guint64 i = 0; dtype == WS_DTYPE_F32 && i < n_rows * n_cols; i++)
    ((float *) w)[i] = sinf (i);
  fixture_init (&fixture, dtype, n_rows, n_cols, w);
  ws_spectrum_options_init (&options);
  required = ws_spectrum_get_required_bytes (&fixture.matrix, values, &options);
  before = get_memory ("VmRSS:");
  compute (&spectrum, &fixture, values);
  after = get_memory ("VmHWM:");
  g_test_message ("%" G_GUINT64_FORMAT " bytes required, %" G_GINT64_FORMAT " taken", required,
                  (gint64) (after - before));
  if (before > 0)
    g_assert_cmpuint (after, <=, before + required);
}

/* Each in a process of its own: the most that was ever resident is that of one matrix. */
static void
test_required_bytes_are_honest (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);

#ifdef __SANITIZE_ADDRESS__
  g_test_skip ("the sanitizer's own memory would be counted");
  return;
#endif
  if (g_test_subprocess ())
    {
      weigh (i % 2 ? WS_DTYPE_F32 : WS_DTYPE_BF16, weighed[i / 2].n_rows, weighed[i / 2].n_cols,
             weighed[i / 2].values);
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

static guint64
get_required_bytes (guint64 n_rows, guint64 n_cols, gboolean values)
{
  g_autofree guint16 *w = new_bf16 (n_rows * n_cols, 11);
  g_auto (Fixture) fixture = { 0 };
  WsSpectrumOptions options;

  fixture_init (&fixture, WS_DTYPE_BF16, n_rows, n_cols, w);
  ws_spectrum_options_init (&options);
  return ws_spectrum_get_required_bytes (&fixture.matrix, values, &options);
}

/* Many of them run beside each other in a small limit. */
static void
test_small_ones_require_little (void)
{
  g_assert_cmpuint (get_required_bytes (4, 4, TRUE), <, 3u << 20);
  g_assert_cmpuint (get_required_bytes (1, 4096, TRUE), <, 3u << 20);
  g_assert_cmpuint (get_required_bytes (1, 4096, FALSE), <, 1u << 20);
  /* two rows are not packed among zeros: blocks of 1 Mi elements as float64, and the moments */
  g_assert_cmpuint (get_required_bytes (1100000, 2, TRUE), <, 40u << 20);
}

static void
add_required_bytes_tests (void)
{
  for (guint i = 0; i < 2 * G_N_ELEMENTS (weighed); i++)
    {
      g_autofree char *path =
          g_strdup_printf ("/spectrum/required-bytes/%s-%s-%ux%u", i % 2 ? "f32" : "bf16",
                           weighed[i / 2].values ? "values" : "statistics",
                           (guint) weighed[i / 2].n_rows, (guint) weighed[i / 2].n_cols);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_required_bytes_are_honest);
    }
}

typedef struct
{
  double share;
  guint n_calls;
  double cancel_at;
  GCancellable *cancellable;
  gint64 cancelled_usec;
} Shares;

static void
take_share (double share, gpointer user_data)
{
  Shares *self = user_data;

  g_assert_cmpfloat (share, >=, self->share);
  g_assert_cmpfloat (share, <=, 1.0);
  self->share = share;
  self->n_calls++;
  if (self->cancellable && share >= self->cancel_at && self->cancelled_usec == 0)
    {
      self->cancelled_usec = g_get_monotonic_time ();
      g_cancellable_cancel (self->cancellable);
    }
}

static void
test_share_rises_to_one (void)
{
  g_autofree guint16 *w = new_bf16 (300 * 500, 5);
  g_auto (Fixture) fixture = { 0 };
  g_auto (WsSpectrum) spectrum = { 0 };
  WsSpectrumOptions options;
  Shares shares = { 0 };
  GError *error = NULL;

  fixture_init (&fixture, WS_DTYPE_BF16, 300, 500, w);
  ws_spectrum_options_init (&options);
  ws_spectrum_compute (&spectrum, &fixture.matrix, TRUE, &options, NULL, take_share, &shares, NULL,
                       &error);
  g_assert_no_error (error);
  g_assert_cmpuint (shares.n_calls, >, 2);
  g_assert_cmpfloat_with_epsilon (shares.share, 1.0, 1e-9);
}

/* In the reading, in the reduction, near its end; of the Gram route and of the direct one. */
static void
test_cancel_is_prompt (void)
{
  const double at[] = { 0.01, 0.5, 0.97 };
  const guint64 n = 700;

  for (guint i = 0; i < 2 * G_N_ELEMENTS (at); i++)
    {
      const gboolean is_direct = i % 2;
      g_autofree guint16 *w = new_bf16 (n * n * (is_direct ? 4 : 1), 9);
      g_auto (Fixture) fixture = { 0 };
      g_auto (WsSpectrum) spectrum = { 0 };
      WsSpectrumOptions options;
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      Shares shares = { .cancel_at = at[i / 2], .cancellable = cancellable };
      g_autoptr (GError) error = NULL;

      if (is_direct)
        for (guint64 j = 0; j < n * n; j++)
          ((double *) w)[j] = sin (j);
      fixture_init (&fixture, is_direct ? WS_DTYPE_F64 : WS_DTYPE_BF16, n, n, w);
      ws_spectrum_options_init (&options);
      g_assert_false (ws_spectrum_compute (&spectrum, &fixture.matrix, TRUE, &options, NULL,
                                           take_share, &shares, cancellable, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_assert_null (spectrum.sigma);
      /* the promise, and as much again for a loaded machine */
      g_assert_cmpint (g_get_monotonic_time () - shares.cancelled_usec, <, 1000000);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ws_spectrum_init_blas ();
  g_test_add_func ("/spectrum/congruential/f64", test_congruential_f64);
  g_test_add_func ("/spectrum/congruential/f32", test_congruential_f32);
  g_test_add_func ("/spectrum/two-by-two", test_two_by_two);
  g_test_add_func ("/spectrum/one-row-and-one-column", test_one_row_and_one_column);
  g_test_add_func ("/spectrum/outer-product", test_outer_product);
  g_test_add_func ("/spectrum/zero-matrix", test_zero_matrix);
  g_test_add_func ("/spectrum/empty", test_empty);
  g_test_add_func ("/spectrum/nonfinite", test_nonfinite);
  g_test_add_func ("/spectrum/permuted-diagonal", test_permuted_diagonal);
  g_test_add_func ("/spectrum/float64-extremes", test_float64_extremes);
  g_test_add_func ("/spectrum/exact-low-rank", test_exact_low_rank);
  g_test_add_func ("/spectrum/storage-noise-below-gram-noise", test_storage_noise_below_gram_noise);
  g_test_add_func ("/spectrum/uncertain-threshold-goes-direct",
                   test_uncertain_threshold_goes_direct);
  g_test_add_func ("/spectrum/vector-has-no-values", test_vector_has_no_values);
  g_test_add_func ("/spectrum/short-source-is-an-error", test_short_source_is_an_error);
  g_test_add_func ("/spectrum/same-bits-always", test_same_bits_always);
  add_required_bytes_tests ();
  g_test_add_func ("/spectrum/small-ones-require-little", test_small_ones_require_little);
  g_test_add_func ("/spectrum/share-rises-to-one", test_share_rises_to_one);
  g_test_add_func ("/spectrum/cancel-is-prompt", test_cancel_is_prompt);
  return g_test_run ();
}
