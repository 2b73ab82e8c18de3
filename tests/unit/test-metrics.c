/* SPDX-License-Identifier: MIT */
/* Metrics of given singular values, against closed forms and NumPy float64. */
#include "spectra/metrics.h"

#include <math.h>

/* The expected values are printed with 11 or 12 significant digits. NAN expects NAN. */
static void
assert_close (double value, double expected)
{
  if (isnan (expected))
    g_assert_true (isnan (value));
  else
    g_assert_cmpfloat_with_epsilon (value, expected, 2e-11 * MAX (fabs (expected), 1e-3));
}

typedef struct
{
  double energy, spectral, nuclear, stable, participation, erank, erank_energy, entropy;
  gsize ranks[4];
} Expected;

/* @sigma: (transfer none); the Frobenius norm is that of the singular values */
static WsMetrics
compute (double *sigma, gsize n, guint64 n_rows, guint64 n_cols, WsDtype dtype)
{
  WsMetricOptions options;
  WsMetrics metrics;
  double energy = 0.0;
  WsSpectrum spectrum = { .n_sigma = n, .sigma = sigma, .method = WS_METHOD_SVD64 };

  for (gsize i = 0; i < n; i++)
    energy += sigma[i] * sigma[i];
  ws_moments_init (&spectrum.moments);
  spectrum.moments.n_elements = spectrum.moments.n_finite = n_rows * n_cols;
  spectrum.moments.frobenius = sqrt (energy);
  ws_metric_options_init (&options);
  ws_metrics_compute (&metrics, &spectrum, n_rows, n_cols, dtype, &options);
  return metrics;
}

static void
assert_metrics (const WsMetrics *metrics, const Expected *expected)
{
  assert_close (metrics->fro * metrics->fro, expected->energy);
  assert_close (metrics->spectral, expected->spectral);
  assert_close (metrics->nuclear, expected->nuclear);
  assert_close (metrics->stable_rank, expected->stable);
  assert_close (metrics->participation_ratio, expected->participation);
  assert_close (metrics->erank, expected->erank);
  assert_close (metrics->erank_energy, expected->erank_energy);
  assert_close (metrics->matrix_entropy, expected->entropy);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpfloat (metrics->rank_energy[i], ==, expected->ranks[i]);
}

static void
test_diagonal (void)
{
  double sigma[] = { 4, 3, 2, 1 };
  WsMetrics metrics = compute (sigma, 4, 4, 4, WS_DTYPE_F32);

  assert_metrics (&metrics, &(Expected){ 30,
                                         4,
                                         10,
                                         1.875,
                                         2.54237288136,
                                         3.59611546662,
                                         2.94019755631,
                                         .777956547588,
                                         { 1, 3, 3, 4 } });
  g_assert_cmpfloat (metrics.cond, ==, 4.0);
  g_assert_cmpfloat (metrics.nuclear_rank, ==, 2.5);
  g_assert_cmpfloat (metrics.rank, ==, 4.0);
}

/* sigma = 3 sqrt 5, sqrt 5: 45 of 50 is exactly 90 %. */
static void
test_energy_tie_counts (void)
{
  double sigma[] = { 3.0 * sqrt (5.0), sqrt (5.0) };
  WsMetrics metrics = compute (sigma, 2, 2, 2, WS_DTYPE_F32);

  assert_metrics (&metrics, &(Expected){ 50,
                                         6.70820393250,
                                         8.94427191000,
                                         1.11111111111,
                                         1.21951219512,
                                         1.7547653506,
                                         1.38414548846,
                                         .468995593589,
                                         { 1, 1, 2, 2 } });
}

static void
test_rank_one (void)
{
  double sigma[] = { 15, 0 };
  WsMetrics metrics = compute (sigma, 2, 3, 2, WS_DTYPE_F32);

  assert_metrics (&metrics, &(Expected){ 225, 15, 15, 1, 1, 1, 1, NAN, { 1, 1, 1, 1 } });
  g_assert_cmpfloat (metrics.rank, ==, 1.0);
  g_assert_true (isnan (metrics.cond));
  g_assert_cmpfloat (metrics.cond_rank, ==, 1.0);
}

static void
test_one_row (void)
{
  double sigma[] = { 5 };
  WsMetrics metrics = compute (sigma, 1, 1, 2, WS_DTYPE_F32);

  assert_metrics (&metrics, &(Expected){ 25, 5, 5, 1, 1, 1, 1, NAN, { 1, 1, 1, 1 } });
  g_assert_cmpfloat (metrics.cond, ==, 1.0);
}

static void
test_identity (void)
{
  double sigma[] = { 1, 1, 1, 1, 1, 1, 1, 1 };
  WsMetrics metrics = compute (sigma, 8, 8, 8, WS_DTYPE_F32);

  assert_metrics (&metrics, &(Expected){ 8, 1, 8, 8, 8, 8, 8, 1, { 4, 8, 8, 8 } });
}

static void
test_harmonic (void)
{
  double sigma[100];
  WsMetrics metrics;

  for (int i = 0; i < 100; i++)
    sigma[i] = 1.0 / (i + 1);
  metrics = compute (sigma, 100, 100, 100, WS_DTYPE_F32);
  assert_metrics (&metrics, &(Expected){ 1.63498390018,
                                         1,
                                         5.18737751764,
                                         1.63498390018,
                                         2.46984734469,
                                         39.6772408536,
                                         4.8076463858,
                                         .340966258372,
                                         { 1, 6, 11, 38 } });
}

static void
test_geometric (void)
{
  double sigma[100];
  WsMetrics metrics;

  for (int i = 0; i < 100; i++)
    sigma[i] = pow (.9, i);
  metrics = compute (sigma, 100, 100, 400, WS_DTYPE_BF16);
  assert_metrics (&metrics, &(Expected){ 5.26315789102,
                                         1,
                                         9.99973438601,
                                         5.26315789102,
                                         9.52631577603,
                                         25.8038398555,
                                         12.9237695869,
                                         .561953755098,
                                         { 4, 11, 15, 22 } });
  g_assert_cmpfloat (metrics.rank, ==, 95.0);
  g_assert_cmpfloat (metrics.actual_rank, ==, 100.0);
  /* float64 weights: tau = 400 2^-52, far below .9^99 */
  metrics = compute (sigma, 100, 100, 400, WS_DTYPE_F64);
  g_assert_cmpfloat (metrics.rank, ==, 100.0);
}

static void
test_zero_matrix (void)
{
  double sigma[] = { 0, 0, 0 };
  WsMetrics metrics = compute (sigma, 3, 3, 5, WS_DTYPE_F32);

  assert_metrics (&metrics, &(Expected){ 0, 0, 0, NAN, NAN, NAN, NAN, NAN, { 0, 0, 0, 0 } });
  g_assert_cmpfloat (metrics.rank, ==, 0.0);
  g_assert_cmpfloat (metrics.actual_rank, ==, 0.0);
  g_assert_cmpfloat (metrics.gd_rank, ==, 0.0);
  g_assert_cmpfloat (metrics.fro_check, ==, 0.0);
  g_assert_true (isnan (metrics.cond));
  g_assert_true (isnan (metrics.log_norm));
  g_assert_true (isnan (metrics.log_spectral_norm));
}

static void
test_no_spectrum_is_unknown (void)
{
  WsMetricOptions options;
  WsMetrics metrics;
  WsSpectrum spectrum = { 0 };

  ws_moments_init (&spectrum.moments);
  ws_metric_options_init (&options);
  ws_metrics_compute (&metrics, &spectrum, 3, 5, WS_DTYPE_F32, &options);
  g_assert_true (isnan (metrics.rank));
  g_assert_true (isnan (metrics.rank_energy[1]));
  g_assert_true (isnan (metrics.mean));
  g_assert_cmpfloat (metrics.break_even_rank, ==, 1.0);
}

/* Powers of a large sigma must not overflow: the ratios are those of diag(4,3,2,1). */
static void
test_extreme_scale (void)
{
  double sigma[] = { 4e200, 3e200, 2e200, 1e200 };
  WsMetrics metrics = compute (sigma, 4, 4, 4, WS_DTYPE_F64);

  assert_close (metrics.participation_ratio, 2.54237288136);
  assert_close (metrics.stable_rank, 1.875);
  g_assert_cmpfloat (metrics.rank_energy[1], ==, 3.0);
}

static void
test_break_even_and_bytes_saved (void)
{
  double sigma[] = { 15, 0 };
  WsMetrics metrics;
  const struct
  {
    guint64 n_rows, n_cols;
    double expected;
  } cases[] = { { 4096, 4096, 2048 }, { 4096, 14336, 3185 }, { 1024, 4096, 819 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      metrics = compute (sigma, 2, cases[i].n_rows, cases[i].n_cols, WS_DTYPE_BF16);
      g_assert_cmpfloat (metrics.break_even_rank, ==, cases[i].expected);
      /* rank 1 holds all: mn - (m + n) elements of 2 bytes */
      g_assert_cmpfloat (
          metrics.bytes_saved[1], ==,
          2.0 * (cases[i].n_rows * cases[i].n_cols - cases[i].n_rows - cases[i].n_cols));
    }
  /* 3 x 2: break-even at rank 1 */
  metrics = compute (sigma, 2, 3, 2, WS_DTYPE_BF16);
  g_assert_cmpfloat (metrics.bytes_saved[1], ==, 0.0);
}

static void
test_rank_cap (void)
{
  double sigma[] = { 4, 3, 2, 1 };
  WsMetricOptions options;
  WsMetrics metrics;
  WsSpectrum spectrum = { .n_sigma = 4, .sigma = sigma, .method = WS_METHOD_SVD64 };

  ws_metric_options_init (&options);
  options.rank_cap = 3;
  ws_metrics_compute (&metrics, &spectrum, 4, 4, WS_DTYPE_F32, &options);
  g_assert_cmpfloat (metrics.actual_rank, ==, 3.0);
  g_assert_cmpfloat (metrics.rank, ==, 4.0);
}

/* Noise edge of bf16 numbers in [1, 2): ulp 2^-7, so 2^-7 / sqrt 12 (sqrt 4 + sqrt 9) = .011276 */
static void
test_rank_storage (void)
{
  double sigma[] = { 1.0, .0113, .0112, 0 };
  WsMetricOptions options;
  WsMetrics metrics;
  WsSpectrum spectrum = { .n_sigma = 4, .sigma = sigma, .method = WS_METHOD_SVD64 };

  ws_metric_options_init (&options);
  spectrum.moments.rms_ulp = 0x1p-7;
  ws_metrics_compute (&metrics, &spectrum, 4, 9, WS_DTYPE_BF16, &options);
  g_assert_cmpfloat (metrics.rank_storage, ==, 2.0);
}

/* Below 1e-7 sigma_1 a Gram matrix tells nothing: a count from there would be one of noise. */
static void
test_counts_of_noise_are_unknown (void)
{
  double sigma[] = { 1.0, .5, 2e-8, 1e-8 };
  WsMetricOptions options;
  WsMetrics metrics;
  WsSpectrum spectrum = { .n_sigma = 4, .sigma = sigma, .method = WS_METHOD_GRAM64 };

  ws_metric_options_init (&options);
  spectrum.moments.rms_ulp = 1e-9; /* edge: 1e-9 / sqrt 12 (sqrt 4 + sqrt 4) = 1.15e-9 */
  ws_metrics_compute (&metrics, &spectrum, 4, 4, WS_DTYPE_F32, &options);
  g_assert_true (isnan (metrics.rank_storage));
  g_assert_cmpfloat (metrics.gd_rank, ==, 1.0); /* above 2.86 (.5 + 2e-8) / 2 = .715 */

  sigma[1] = 3e-8;
  ws_metrics_compute (&metrics, &spectrum, 4, 4, WS_DTYPE_F32, &options);
  g_assert_true (isnan (metrics.gd_rank));

  spectrum.method = WS_METHOD_SVD64;
  ws_metrics_compute (&metrics, &spectrum, 4, 4, WS_DTYPE_F32, &options);
  g_assert_cmpfloat (metrics.rank_storage, ==, 4.0);
  g_assert_cmpfloat (metrics.gd_rank, ==, 1.0);
}

/* Four numbers of either sign, 1e300 or 1e-300 in size: their variance is no double, its root is.
 */
static void
test_deviation_beyond_variance (void)
{
  const double sizes[] = { 1e300, 1e-300 };
  WsMetricOptions options;

  ws_metric_options_init (&options);
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      const double size = sizes[i];
      WsMetrics metrics;
      WsSpectrum spectrum = { .moments = { .n_elements = 4,
                                           .n_finite = 4,
                                           .min = -size,
                                           .max = size,
                                           .abs_max = size,
                                           .variance = size * size,
                                           .frobenius = 2.0 * size } };

      ws_metrics_compute (&metrics, &spectrum, 2, 2, WS_DTYPE_F64, &options);
      g_assert_cmpfloat_with_epsilon (metrics.std / size, 1.0, 1e-15);
    }
}

/* NumPy and SciPy, quoted by the definition of gd_rank; 10 digits. */
static void
test_gavish_donoho (void)
{
  const struct
  {
    double beta, median, omega;
  } cases[] = { { 1.0, .6527759416, 2.8583624241 },
                { .75, .742948487007, 2.501429736383 },
                { .5, .8304658816, 2.1711853485 },
                { .25, .9160040707, 1.8368657911 },
                { .1, .9665651474, 1.6087715574 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpfloat_with_epsilon (ws_marchenko_pastur_median (cases[i].beta), cases[i].median,
                                      6e-11);
      g_assert_cmpfloat_with_epsilon (ws_gavish_donoho_omega (cases[i].beta), cases[i].omega,
                                      6e-11);
    }
  /* beta -> 0: the law shrinks to its mean 1, its skewness is of order beta */
  g_assert_cmpfloat_with_epsilon (ws_marchenko_pastur_median (1e-6), 1.0, 1e-6);
}

static void
test_cumulative_energy (void)
{
  double sigma[] = { 3, 1 }, zero[] = { 0, 0 }, energy[2];

  ws_cumulative_energy (sigma, 2, energy);
  g_assert_cmpfloat_with_epsilon (energy[0], .9, 1e-15);
  g_assert_cmpfloat (energy[1], ==, 1.0);
  ws_cumulative_energy (zero, 2, energy);
  g_assert_cmpfloat (energy[1], ==, 0.0);
}

static void
test_list_names_every_energy (void)
{
  WsMetricOptions options;
  g_autoptr (GArray) infos = NULL;
  g_autoptr (GHashTable) keys = g_hash_table_new (g_str_hash, g_str_equal);

  ws_metric_options_init (&options);
  options.n_energies = 1;
  options.energy[0] = .975;
  infos = ws_metric_infos (&options);
  for (guint i = 0; i < infos->len; i++)
    g_assert_true (g_hash_table_add (keys, (gpointer) g_array_index (infos, WsMetricInfo, i).key));
  g_assert_true (g_hash_table_contains (keys, "stable_rank"));
  g_assert_true (g_hash_table_contains (keys, "rank_energy_97.5"));
  g_assert_true (g_hash_table_contains (keys, "ratio_97.5"));
  g_assert_true (g_hash_table_contains (keys, "bytes_saved_97.5"));
  g_assert_false (g_hash_table_contains (keys, "rank_energy_90"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/metrics/diagonal", test_diagonal);
  g_test_add_func ("/metrics/energy-tie-counts", test_energy_tie_counts);
  g_test_add_func ("/metrics/rank-one", test_rank_one);
  g_test_add_func ("/metrics/one-row", test_one_row);
  g_test_add_func ("/metrics/identity", test_identity);
  g_test_add_func ("/metrics/harmonic", test_harmonic);
  g_test_add_func ("/metrics/geometric", test_geometric);
  g_test_add_func ("/metrics/zero-matrix", test_zero_matrix);
  g_test_add_func ("/metrics/no-spectrum-is-unknown", test_no_spectrum_is_unknown);
  g_test_add_func ("/metrics/extreme-scale", test_extreme_scale);
  g_test_add_func ("/metrics/break-even-and-bytes-saved", test_break_even_and_bytes_saved);
  g_test_add_func ("/metrics/rank-cap", test_rank_cap);
  g_test_add_func ("/metrics/rank-storage", test_rank_storage);
  g_test_add_func ("/metrics/counts-of-noise-are-unknown", test_counts_of_noise_are_unknown);
  g_test_add_func ("/metrics/deviation-beyond-variance", test_deviation_beyond_variance);
  g_test_add_func ("/metrics/gavish-donoho", test_gavish_donoho);
  g_test_add_func ("/metrics/cumulative-energy", test_cumulative_energy);
  g_test_add_func ("/metrics/list-names-every-energy", test_list_names_every_energy);
  return g_test_run ();
}
