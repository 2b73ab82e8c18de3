/* SPDX-License-Identifier: MIT */
/* The optimal hard threshold for singular values when the noise level is unknown. */
#include "spectra/metrics.h"

#include <math.h>

/* Share of the Marchenko-Pastur law below x(theta) = 1 + beta - 2 sqrt(beta) cos(theta).
 *
 * With that substitution f(x) dx = (2/pi) sin^2(theta) / (A - B cos(theta)) dtheta, A = 1 + beta,
 * B = 2 sqrt(beta), and dividing sin^2 = 1 - cos^2 by A - B cos(theta) leaves terms that integrate
 * in closed form. */
static double
marchenko_pastur_share (double theta, double beta)
{
  const double root = sqrt (beta);
  const double a = 1.0 + beta, b = 2.0 * root;
  double ratio = (1.0 + root) * tan (theta / 2.0);
  double integral = sin (theta) / b + a * theta / (b * b) -
                    2.0 * (1.0 - beta) / (b * b) * atan2 (ratio, 1.0 - root);

  return 2.0 / G_PI * integral;
}

double
ws_marchenko_pastur_median (double beta)
{
  double low = 0.0, high = G_PI;

  g_return_val_if_fail (beta > 0.0 && beta <= 1.0, NAN);

  /* 60 halvings of pi: below the spacing of doubles */
  for (int i = 0; i < 60; i++)
    {
      double middle = 0.5 * (low + high);

      if (marchenko_pastur_share (middle, beta) < 0.5)
        low = middle;
      else
        high = middle;
    }
  return 1.0 + beta - 2.0 * sqrt (beta) * cos (0.5 * (low + high));
}

/* Many matrices in a row have the same shape, and the median takes some microseconds. */
double
ws_gavish_donoho_omega (double beta)
{
  static _Thread_local double last_beta, last_omega;
  double lambda;

  if (beta == last_beta)
    return last_omega;
  lambda = sqrt (2.0 * (beta + 1.0) +
                 8.0 * beta / (beta + 1.0 + sqrt (beta * beta + 14.0 * beta + 1.0)));
  last_omega = lambda / sqrt (ws_marchenko_pastur_median (beta));
  last_beta = beta;
  return last_omega;
}
