/* SPDX-License-Identifier: MIT */
/* What a list of singular values says about rank: pure functions of sigma. */
#include "spectra/metrics.h"

#include <math.h>

/* Exact ties must count: 45 of 50 is 90 %, whatever the last bit of 45/50 says. */
#define ENERGY_SLACK 1e-12

/* All sums run over sigma / sigma_1, so that squares and fourth powers neither overflow nor
 * vanish. */

double
ws_break_even_rank (guint64 n_rows, guint64 n_cols)
{
  if (n_rows == 0 || n_cols == 0)
    return NAN;
  return floor ((double) n_rows * n_cols / ((double) n_rows + n_cols));
}

gsize
ws_count_above (const double *sigma, gsize n, double threshold)
{
  gsize count = 0;

  while (count < n && sigma[count] > threshold)
    count++;
  return count;
}

/* @power: 1, 2 or 4, for which pow takes ten times as long */
static inline double
raise_to (double x, int power)
{
  const double square = x * x;

  return power == 1 ? x : power == 2 ? square : square * square;
}

static double
sum_of_powers (const double *sigma, gsize n, int power)
{
  double sum = 0.0;

  for (gsize i = 0; i < n; i++)
    sum += raise_to (sigma[i] / sigma[0], power);
  return sum;
}

static gboolean
is_zero (const double *sigma, gsize n)
{
  return n == 0 || !(sigma[0] > 0.0);
}

double
ws_stable_rank (const double *sigma, gsize n)
{
  return is_zero (sigma, n) ? NAN : sum_of_powers (sigma, n, 2);
}

double
ws_nuclear_rank (const double *sigma, gsize n)
{
  return is_zero (sigma, n) ? NAN : sum_of_powers (sigma, n, 1);
}

double
ws_participation_ratio (const double *sigma, gsize n)
{
  double energy;

  if (is_zero (sigma, n))
    return NAN;
  energy = sum_of_powers (sigma, n, 2);
  return energy * energy / sum_of_powers (sigma, n, 4);
}

double
ws_effective_rank (const double *sigma, gsize n, int power)
{
  double sum, entropy = 0.0;

  if (is_zero (sigma, n))
    return NAN;
  sum = sum_of_powers (sigma, n, power);
  for (gsize i = 0; i < n; i++)
    {
      double p = raise_to (sigma[i] / sigma[0], power) / sum;

      if (p > 0.0)
        entropy -= p * log (p);
    }
  return exp (entropy);
}

gsize
ws_energy_rank (const double *sigma, gsize n, double fraction)
{
  double target, prefix = 0.0;

  if (is_zero (sigma, n))
    return 0;
  target = fraction * sum_of_powers (sigma, n, 2) * (1.0 - ENERGY_SLACK);
  for (gsize i = 0; i < n; i++)
    {
      prefix += raise_to (sigma[i] / sigma[0], 2);
      if (prefix >= target)
        return i + 1;
    }
  return n;
}

void
ws_cumulative_energy (const double *sigma, gsize n, double *energy)
{
  double prefix = 0.0, total;

  if (is_zero (sigma, n))
    {
      for (gsize i = 0; i < n; i++)
        energy[i] = 0.0;
      return;
    }
  total = sum_of_powers (sigma, n, 2);
  for (gsize i = 0; i < n; i++)
    {
      prefix += raise_to (sigma[i] / sigma[0], 2);
      energy[i] = prefix / total;
    }
}

double
ws_storage_noise_edge (double rms_ulp, double n_rows, double n_cols)
{
  return rms_ulp / sqrt (12.0) * (sqrt (n_rows) + sqrt (n_cols));
}
