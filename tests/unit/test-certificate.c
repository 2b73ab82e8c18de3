/* SPDX-License-Identifier: MIT */
/* What the certificate vouches for, and what it leaves to the direct route. */
#include "spectra/certificate.h"

#include <float.h>
#include <math.h>

#define N 4

/* Of 1 and N - 1 values whose squares are @square. */
static gboolean
vouches (double threshold, double square)
{
  const double x = sqrt (square), sigma[N] = { 1.0, x, x, x };
  const WsCertificate certificate = { .thresholds = { threshold }, .n_thresholds = 1 };

  return ws_certificate_vouches (&certificate, sigma, N);
}

/* Eigenvalues are believed to 32 sqrt (n) eps of the largest. */
static void
test_count_near_threshold_is_in_doubt (void)
{
  const double delta = 32.0 * sqrt (N) * DBL_EPSILON, t = 1e-3;

  g_assert_false (vouches (t, t * t));
  for (int sign = -1; sign <= 1; sign += 2)
    {
      g_assert_false (vouches (t, t * t + sign * 0.9 * delta));
      g_assert_true (vouches (t, t * t + sign * 1.1 * delta));
    }
}

static void
test_every_threshold_counts (void)
{
  const double sigma[] = { 1.0, 0.5, 0.25 };

  for (guint i = 0; i < 3; i++)
    {
      WsCertificate certificate = { .thresholds = { 0.1, 0.2, 0.3 }, .n_thresholds = 3 };

      g_assert_true (ws_certificate_vouches (&certificate, sigma, 3));
      certificate.thresholds[i] = 0.5;
      g_assert_false (ws_certificate_vouches (&certificate, sigma, 3));
    }
}

static gboolean
is_accurate (double share)
{
  const double sigma[] = { 8.0, 8.0 * share };

  return ws_certificate_vouches (&(WsCertificate){ 0 }, sigma, 2);
}

/* Above 1e-6 of the largest 1e-5 is promised. An eigenvalue errs by (1 + 0.75) eps, its root x by
 * half of that over x, which is 1e-5 x at x = sqrt (1.75 eps / 2e-5) = 4.4e-6. */
static void
test_promised_accuracy (void)
{
  g_assert_true (is_accurate (1.0));
  g_assert_true (is_accurate (4.5e-6));
  g_assert_false (is_accurate (4.3e-6));
  g_assert_false (is_accurate (1.001e-6));
  /* nothing is promised of these */
  g_assert_true (is_accurate (0.999e-6));
  g_assert_true (is_accurate (1e-9));
  g_assert_true (is_accurate (0.0));
}

static void
test_nothing_to_doubt (void)
{
  const double zeros[] = { 0.0, 0.0 };
  const WsCertificate certificate = { .thresholds = { 0.0 }, .n_thresholds = 1 };

  g_assert_true (ws_certificate_vouches (&certificate, zeros, 2));
  g_assert_true (ws_certificate_vouches (&certificate, NULL, 0));
}

/* Beside 1 an error of 1.75 eps is one of its root in a 0; of 1 and 1 it is that of any method,
 * sqrt (2) eps, as half of (1 + 0.75 sqrt (2)) eps is less. */
static void
test_estimated_error (void)
{
  const double small[] = { 3.0, 0.0 }, equal[] = { 3.0, 3.0 }, zeros[] = { 0.0, 0.0 };

  g_assert_cmpfloat_with_epsilon (ws_gram_estimate_error (small, 2), sqrt (1.75 * DBL_EPSILON),
                                  1e-20);
  g_assert_cmpfloat_with_epsilon (ws_gram_estimate_error (equal, 2), sqrt (2.0) * DBL_EPSILON,
                                  1e-28);
  g_assert_cmpfloat (ws_gram_estimate_error (zeros, 2), ==, 0.0);
  g_assert_cmpfloat (ws_gram_estimate_error (NULL, 0), ==, 0.0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/certificate/count-near-threshold-is-in-doubt",
                   test_count_near_threshold_is_in_doubt);
  g_test_add_func ("/certificate/every-threshold-counts", test_every_threshold_counts);
  g_test_add_func ("/certificate/promised-accuracy", test_promised_accuracy);
  g_test_add_func ("/certificate/nothing-to-doubt", test_nothing_to_doubt);
  g_test_add_func ("/certificate/estimated-error", test_estimated_error);
  return g_test_run ();
}
