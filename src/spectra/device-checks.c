/* SPDX-License-Identifier: MIT */
/* Whether singular values that a device returned can be those of the matrix. */
#include "spectra/device-checks.h"

#include "spectra/backend.h"

#include <math.h>

/* What the sums may differ by; rounding of p = 20,000 stays below 1e-12. */
#define MAX_TRACE_DIFFERENCE 1e-11
#define MAX_SQUARES_DIFFERENCE 1e-10
/* What rounding may leave of an eigenvalue that is 0, in units of the largest. */
#define MAX_NOISE 1e-12

/* People are told of the fault in words of its own: these are for who looks for its cause. */
static gboolean
fail (GError **error, const char *sentence)
{
  g_set_error_literal (error, WS_FAULT_ERROR, WS_FAULT_NUMERIC, sentence);
  return FALSE;
}

static gboolean
is_descending (const double *sigma, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (!isfinite (sigma[i]) || (i > 0 && sigma[i] > sigma[i - 1]))
      return FALSE;
  return sigma[0] > 0.0;
}

static gboolean
clear_noise (double *sigma, gsize n)
{
  const double noise = sqrt (MAX_NOISE) * sigma[0];

  for (gsize i = n; i > 0 && sigma[i - 1] < 0.0; i--)
    {
      if (sigma[i - 1] < -noise)
        return FALSE;
      sigma[i - 1] = 0.0;
    }
  return TRUE;
}

/* Written so that it is false for NAN. */
static gboolean
is_close (double value, double expected, double tolerance)
{
  return fabs (value - expected) <= tolerance * expected;
}

gboolean
ws_device_check_values (double *sigma, gsize n, double frobenius, const double *gram_norm,
                        GError **error)
{
  double sum = 0.0, sum_of_squares = 0.0, scale, root;

  if (!is_descending (sigma, n))
    return fail (error, "the device returned no singular values");
  if (!clear_noise (sigma, n))
    return fail (error, "the device returned negative eigenvalues");
  /* In units of the largest, so that nothing leaves the range; the smallest first. */
  scale = sigma[0];
  for (gsize i = n; i > 0; i--)
    {
      const double eigenvalue = (sigma[i - 1] / scale) * (sigma[i - 1] / scale);

      sum += eigenvalue;
      sum_of_squares += eigenvalue * eigenvalue;
    }
  if (!is_close (sum, (frobenius / scale) * (frobenius / scale), MAX_TRACE_DIFFERENCE))
    return fail (error, "the values from the device do not carry the norm of the matrix");
  if (!gram_norm)
    return TRUE;
  root = *gram_norm / scale / scale;
  if (!is_close (sum_of_squares, root * root, MAX_SQUARES_DIFFERENCE))
    return fail (error, "the values from the device do not carry the norm of the Gram matrix");
  return TRUE;
}
