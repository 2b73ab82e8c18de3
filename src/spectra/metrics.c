/* SPDX-License-Identifier: MIT */
/* Every metric of one matrix, from its moments and its singular values. */
#include "spectra/metrics.h"

#include <float.h>
#include <math.h>

/* Below these, in units of sigma_1, a smallest singular value is noise of the method. */
#define GRAM_RESOLUTION 1e-7

void
ws_metric_options_init (WsMetricOptions *self)
{
  static const double energies[] = { .5, .9, .95, .99 };

  *self = (WsMetricOptions){ .n_energies = G_N_ELEMENTS (energies), .rank_tol = 1e-6 };
  for (guint i = 0; i < self->n_energies; i++)
    self->energy[i] = energies[i];
}

void
ws_metrics_init (WsMetrics *self)
{
  /* The doubles stand before and behind n_energies. */
  double *fixed = (double *) self;

  *self = (WsMetrics){ 0 };
  for (gsize i = 0; i < G_STRUCT_OFFSET (WsMetrics, n_energies) / sizeof (double); i++)
    fixed[i] = NAN;
  for (guint i = 0; i < WS_MAX_ENERGIES; i++)
    self->energy[i] = self->rank_energy[i] = self->ratio[i] = self->bytes_saved[i] = NAN;
}

/* The variance of float64 elements may leave the range of doubles where its root does not. */
static double
compute_deviation (const WsMoments *moments, double rms)
{
  const double variance = moments->variance;

  if (moments->min == moments->max || (variance >= DBL_MIN / DBL_EPSILON && isfinite (variance)))
    return sqrt (variance);
  return rms * sqrt (fmax (1.0 - pow (moments->mean / rms, 2), 0.0));
}

static void
compute_statistics (WsMetrics *self, const WsMoments *moments)
{
  double n = moments->n_finite;

  self->count = moments->n_elements;
  self->n_nonfinite = moments->n_nan + moments->n_inf;
  if (moments->n_finite == 0)
    return;
  self->mean = moments->mean;
  self->var = moments->variance;
  self->min = moments->min;
  self->max = moments->max;
  self->absmax = moments->abs_max;
  self->rms = moments->frobenius / sqrt (n);
  self->std = compute_deviation (moments, self->rms);
  self->skew = moments->skewness;
  self->kurtosis = moments->kurtosis;
  self->sparsity = moments->n_near_zero / n;
  self->zero_fraction = moments->n_zero / n;
  self->outlier_ratio = self->rms > 0.0 ? moments->abs_max / self->rms : NAN;
  self->q001 = moments->quantile[0];
  self->q01 = moments->quantile[1];
  self->q50 = moments->quantile[2];
  self->q99 = moments->quantile[3];
  self->q999 = moments->quantile[4];
  if (self->n_nonfinite == 0)
    {
      self->fro = moments->frobenius;
      self->log_norm = self->fro > 0.0 ? 2.0 * log10 (self->fro) : NAN;
    }
}

static double
sum_values (const double *sigma, gsize n)
{
  double sum = 0.0;

  for (gsize i = 0; i < n; i++)
    sum += sigma[i];
  return sum;
}

static double
compute_median (const double *sigma, gsize n)
{
  return n % 2 == 1 ? sigma[n / 2] : 0.5 * (sigma[n / 2 - 1] + sigma[n / 2]);
}

/* The smallest singular value that @spectrum's method tells from 0. */
static double
get_resolution (const WsSpectrum *spectrum, double long_side)
{
  return spectrum->sigma[0] *
         (spectrum->method == WS_METHOD_GRAM64 ? GRAM_RESOLUTION : long_side * DBL_EPSILON);
}

/* #{sigma > threshold}; NAN where the noise of the method lies on both sides of @threshold, so that
 * its values would be counted. */
static double
count_resolved (const WsSpectrum *spectrum, double threshold, double resolution)
{
  if (threshold < resolution && spectrum->sigma[spectrum->n_sigma - 1] < resolution)
    return NAN;
  return ws_count_above (spectrum->sigma, spectrum->n_sigma, threshold);
}

static void
compute_ranks (WsMetrics *self, const WsSpectrum *spectrum, double n_rows, double n_cols,
               WsDtype dtype, const WsMetricOptions *options)
{
  const double *sigma = spectrum->sigma;
  const gsize n = spectrum->n_sigma;
  const double long_side = MAX (n_rows, n_cols), short_side = MIN (n_rows, n_cols);
  const double epsilon = ws_dtype_get_n_bits (dtype) > 32 ? DBL_EPSILON : FLT_EPSILON;
  const double resolution = get_resolution (spectrum, long_side);
  gsize rank, actual_rank;

  self->rank_tau = long_side * epsilon * sigma[0];
  rank = ws_count_above (sigma, n, self->rank_tau);
  self->rank = rank;
  actual_rank = ws_count_above (sigma, n, options->rank_tol * sigma[0]);
  self->actual_rank = options->rank_cap > 0 ? MIN (actual_rank, options->rank_cap) : actual_rank;
  if (!isnan (spectrum->moments.rms_ulp))
    {
      double edge = ws_storage_noise_edge (spectrum->moments.rms_ulp, n_rows, n_cols);

      self->rank_storage = count_resolved (spectrum, edge, resolution);
    }
  self->gd_rank = count_resolved (
      spectrum, ws_gavish_donoho_omega (short_side / long_side) * compute_median (sigma, n),
      resolution);

  self->stable_rank = ws_stable_rank (sigma, n);
  self->nuclear_rank = ws_nuclear_rank (sigma, n);
  self->participation_ratio = ws_participation_ratio (sigma, n);
  self->erank = ws_effective_rank (sigma, n, 1);
  self->erank_energy = ws_effective_rank (sigma, n, 2);
  if (rank > 1)
    self->matrix_entropy = log (self->erank_energy) / log (rank);
  if (rank > 0)
    self->cond_rank = sigma[0] / sigma[rank - 1];
  if (sigma[n - 1] > resolution)
    self->cond = sigma[0] / sigma[n - 1];
}

static void
compute_norms (WsMetrics *self, const WsSpectrum *spectrum)
{
  const double *sigma = spectrum->sigma;
  const gsize n = spectrum->n_sigma;

  self->spectral = sigma[0];
  self->log_spectral_norm = sigma[0] > 0.0 ? 2.0 * log10 (sigma[0]) : NAN;
  self->nuclear = sum_values (sigma, n);
  self->sigma_err = spectrum->sigma_error;
  if (self->fro > 0.0)
    self->fro_check = fabs (sigma[0] / self->fro * sqrt (ws_stable_rank (sigma, n)) - 1.0);
  else
    self->fro_check = sigma[0] > 0.0 ? INFINITY : 0.0;
}

static void
compute_energies (WsMetrics *self, const WsSpectrum *spectrum, double n_rows, double n_cols,
                  WsDtype dtype)
{
  const double item_size = ws_dtype_get_n_bits (dtype) / 8.0;

  for (guint i = 0; i < self->n_energies; i++)
    {
      double rank = ws_energy_rank (spectrum->sigma, spectrum->n_sigma, self->energy[i]);
      double saved = (n_rows * n_cols - rank * (n_rows + n_cols)) * item_size;

      self->rank_energy[i] = rank;
      self->ratio[i] = rank / spectrum->n_sigma;
      self->bytes_saved[i] = rank < self->break_even_rank ? saved : 0.0;
    }
}

void
ws_metrics_compute (WsMetrics *self, const WsSpectrum *spectrum, guint64 n_rows, guint64 n_cols,
                    WsDtype dtype, const WsMetricOptions *options)
{
  g_return_if_fail (options->n_energies <= WS_MAX_ENERGIES);

  ws_metrics_init (self);
  self->n_energies = options->n_energies;
  for (guint i = 0; i < options->n_energies; i++)
    self->energy[i] = options->energy[i];
  compute_statistics (self, &spectrum->moments);
  self->break_even_rank = ws_break_even_rank (n_rows, n_cols);
  if (spectrum->n_sigma == 0)
    return;
  compute_norms (self, spectrum);
  compute_ranks (self, spectrum, n_rows, n_cols, dtype, options);
  compute_energies (self, spectrum, n_rows, n_cols, dtype);
}
