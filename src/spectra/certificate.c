/* SPDX-License-Identifier: MIT */
/* Whether the eigenvalues of a Gram matrix tell enough about the singular values.
 *
 * Rounding moves each eigenvalue by a share of the largest one, so small singular values suffer:
 * an error of delta in lambda = sigma^2 is one of delta / (2 sigma) in sigma. */
#include "spectra/certificate.h"

#include <float.h>
#include <math.h>

/* In units of sqrt(p) eps lambda_1. A count must be right, so its constant is far above what was
 * seen: in 2,400 spectra that crowd around the thresholds (stress_certificate.py --count 2400;
 * short sides 130 to 300) the worst error of an eigenvalue below 1e-4 lambda_1 was 0.40 where
 * LAPACK had reduced the Gram matrix and 0.51 by way of a band; 969 of them were taken directly,
 * and of the 4,293 ranks of the others none was wrong. With 4 none was wrong either, and of 600
 * such spectra 125 instead of 230 were taken directly: that is faster, but a wrong rank is wrong.
 */
#define COUNT_CONSTANT 32.0

/* In units of eps lambda_1: the error that is seen of small eigenvalues. It grows with the norm of
 * the Gram matrix. In 1,000 spectra that were crowded just above the resolution which follows from
 * it (check_spectra.py has their like; short sides 130 to 420) the worst relative error was 4e-6.
 */
#define ERROR_BASE 1.0
#define ERROR_OF_NORM 0.75

/* The promise: this relative error for all sigma above the floor, in units of sigma_1. */
#define PROMISED_ERROR 1e-5
#define PROMISED_FLOOR 1e-6

/* Absolute error of small eigenvalues, in units of the largest. */
static double
estimate_eigenvalue_error (const double *sigma, gsize n)
{
  double sum = 0.0;

  for (gsize i = 0; i < n; i++)
    sum += pow (sigma[i] / sigma[0], 4);
  return (ERROR_BASE + ERROR_OF_NORM * sqrt (sum)) * DBL_EPSILON;
}

static gboolean
is_count_certain (const double *sigma, gsize n, double threshold)
{
  const double delta = COUNT_CONSTANT * sqrt (n) * DBL_EPSILON;
  const double t = threshold * threshold;

  for (gsize i = 0; i < n; i++)
    {
      double share = sigma[i] / sigma[0];

      if (fabs (share * share - t) <= delta)
        return FALSE;
    }
  return TRUE;
}

/* No value lies where it is promised, yet cannot be had, to PROMISED_ERROR. */
static gboolean
is_accurate (const double *sigma, gsize n)
{
  const double error = estimate_eigenvalue_error (sigma, n);
  const double resolved = sqrt (error / (2.0 * PROMISED_ERROR));
  /* a value that rounding has moved below the floor is still promised */
  const double floor = sqrt (fmax (PROMISED_FLOOR * PROMISED_FLOOR - error, 0.0));

  for (gsize i = n; i > 0; i--)
    {
      double share = sigma[i - 1] / sigma[0];

      if (share >= resolved)
        return TRUE;
      if (share > floor)
        return FALSE;
    }
  return TRUE;
}

gboolean
ws_certificate_vouches (const WsCertificate *self, const double *sigma, gsize n)
{
  if (n == 0 || sigma[0] == 0.0)
    return TRUE;
  for (guint i = 0; i < self->n_thresholds; i++)
    if (!is_count_certain (sigma, n, self->thresholds[i]))
      return FALSE;
  return is_accurate (sigma, n);
}

double
ws_direct_estimate_error (gsize n)
{
  return sqrt (n) * DBL_EPSILON;
}

double
ws_gram_estimate_error (const double *sigma, gsize n)
{
  double error, share;

  if (n == 0 || sigma[0] == 0.0)
    return 0.0;
  error = estimate_eigenvalue_error (sigma, n);
  share = sigma[n - 1] / sigma[0];
  /* sqrt (share^2 + error) - share, without cancellation */
  error = error / (share + sqrt (share * share + error));
  return fmax (error, ws_direct_estimate_error (n));
}
