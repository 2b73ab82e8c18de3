/* SPDX-License-Identifier: MIT */
/* Gram matrix -> tridiagonal matrix -> singular values: a kernel for small ones, LAPACK's dsytrd,
 * or by way of a band, cut where it can be cancelled; then bisection, or a bidiagonal factor and
 * LAPACK's dpteqr. */
#include "spectra/gram.h"

#include "spectra/band.h"
#include "spectra/bidiagonal.h"
#include "spectra/lanes.h"
#include "spectra/lapack.h"
#include "spectra/reduction-kernel.h"
#include "spectra/sturm.h"

#include <cblas.h>
#include <float.h>
#include <math.h>
#include <string.h>

/* See WsWork: p^3 of the panels, p^2 of the roots. */
#define PANEL_WORK 3.0
#define ROOTS_WORK 1000.0
/* Tests set their own. */
#ifndef WS_BAND_SIDE
#define WS_BAND_SIDE ws_band_get_least_side ()
#endif
/* Up to here a matrix stays in the cache, and one pass over it for each column is faster than
 * LAPACK's panels. */
#ifndef WS_SMALL_SIDE
#define WS_SMALL_SIDE 256
#endif
/* A panel of NB columns reads the triangle NB times. */
#define MAX_PANEL 32
#define MIN_PANEL 4
/* Elements read between two looks at the cancellable: 3e8 doubles are 0.1 to 0.3 s. */
#define PANEL_READS 3e8
/* What is left is reduced without blocks. */
#define UNBLOCKED 64

static gsize
get_panel (gsize p)
{
  double columns = PANEL_READS / (0.5 * p * p);

  return CLAMP (columns, MIN_PANEL, MAX_PANEL);
}

static WsReductionFunc
choose_reduction (void)
{
#if defined(__x86_64__)
  const guint n_lanes = ws_lanes_get_most ();

  if (n_lanes == 8)
    return ws_reduction_run_8;
  if (n_lanes == 4)
    return ws_reduction_run_4;
#endif
  return ws_reduction_run_2;
}

static gsize
get_stride (gsize p)
{
  return (p + WS_REDUCTION_LANES - 1) / WS_REDUCTION_LANES * WS_REDUCTION_LANES;
}

/* Room for the columns, four vectors, and to begin at a multiple of 64 bytes. */
static gsize
count_small (gsize p)
{
  return (p + 4) * get_stride (p) + WS_REDUCTION_LANES;
}

guint64
ws_gram_get_required_bytes (gsize p)
{
  /* d and e; the factor and what the iteration for its singular values takes */
  const guint64 n_bytes = sizeof (double) * 10 * (guint64) p;

  if (p >= WS_BAND_SIDE)
    return n_bytes + ws_band_get_required_bytes (p);
  if (p <= WS_SMALL_SIDE)
    return n_bytes + sizeof (double) * count_small (p);
  return n_bytes + sizeof (double) * (guint64) p * MAX_PANEL;
}

double
ws_gram_estimate_work (gsize p)
{
  const double n = p;

  if (p >= WS_BAND_SIDE)
    return WS_BAND_WORK * n * n * n + (WS_CHASE_WORK + ROOTS_WORK) * n * n;
  return PANEL_WORK * n * n * n + ROOTS_WORK * n * n;
}

/* Of the panels that are left when @n columns are. */
static double
get_work (double n)
{
  return PANEL_WORK * n * n * n;
}

/* The first columns, panel by panel; see LAPACK's dsytrd. Returns: FALSE when cancelled. */
static gboolean
reduce_panels (double *a, gsize p, double *d, double *e, double *tau, double *w, gsize *n_done,
               WsWork *work, GError **error)
{
  const int lda = p;
  const int nb = get_panel (p);
  gsize i = 0;

  while (p - i > UNBLOCKED + nb)
    {
      const int n = p - i;
      double *corner = a + i * p + i;

      dlatrd_ ("L", &n, &nb, corner, &lda, e + i, tau, w, &lda, 1);
      cblas_dsyr2k (CblasColMajor, CblasLower, CblasNoTrans, n - nb, nb, -1.0, corner + nb, lda,
                    w + nb, lda, 1.0, corner + nb * (p + 1), lda);
      for (int j = 0; j < nb; j++)
        d[i + j] = corner[j * (p + 1)];
      i += nb;
      if (!ws_work_advance (work, get_work (n) - get_work (n - nb), error))
        return FALSE;
    }
  *n_done = i;
  return TRUE;
}

/* The factor of T + shift = LDL' as a bidiagonal matrix: its singular values are the roots of the
 * eigenvalues. T holds p elements in @d and p - 1 in @e.
 * Returns: FALSE when that is not positive definite. */
static gboolean
factor (const double *d, const double *e, gsize p, double shift, double *factor_d, double *factor_e)
{
  const int n = p;
  int info;

  for (gsize i = 0; i < p; i++)
    factor_d[i] = d[i] + shift;
  memcpy (factor_e, e, (p - 1) * sizeof (double));
  dpttrf_ (&n, factor_d, factor_e, &info);
  if (info != 0)
    return FALSE;
  for (gsize i = 0; i < p; i++)
    factor_d[i] = sqrt (factor_d[i]);
  for (gsize i = 0; i + 1 < p; i++)
    factor_e[i] *= factor_d[i];
  return TRUE;
}

/* Roots of the eigenvalues of T, descending. LAPACK's dsterf errs by up to 36 eps lambda_1 in small
 * ones beside a crowd of large ones; the factor, whose singular values come with high relative
 * accuracy, by 4. Rounding may have left T slightly indefinite: then it is lifted by a few eps
 * lambda_1, which is taken off again. */
static gboolean
compute_roots_of_factor (const double *d, const double *e, gsize p, double *sigma, WsWork *work,
                         GError **error)
{
  g_autofree double *factor_e = ws_work_allocate (p, 1, error);
  double bound = 0.0, shift = 0.0;

  if (!factor_e)
    return FALSE;
  for (gsize i = 0; i < p; i++)
    bound = fmax (bound, fabs (d[i]) + (i + 1 < p ? fabs (e[i]) : 0.0));
  if (bound == 0.0)
    {
      memset (sigma, 0, p * sizeof (double));
      return TRUE;
    }
  while (!factor (d, e, p, shift, sigma, factor_e))
    shift = fmax (2.0 * shift, bound * DBL_EPSILON);
  if (!ws_bidiagonal_compute_values (sigma, factor_e, p, work->cancellable, error))
    return FALSE;
  if (shift > 0.0)
    for (gsize i = 0; i < p; i++)
      sigma[i] = sqrt (fmax (sigma[i] * sigma[i] - shift, 0.0));
  return TRUE;
}

static gboolean
compute_roots (const double *d, const double *e, gsize p, double *sigma, WsWork *work,
               GError **error)
{
  if (!ws_sturm_is_fast ())
    return compute_roots_of_factor (d, e, p, sigma, work, error);
  if (!ws_sturm_compute_values (d, e, p, sigma, work, error))
    return FALSE;
  for (gsize i = 0; i < p; i++)
    sigma[i] = sqrt (sigma[i]);
  return TRUE;
}

/* The lower triangle, and what of squares on the diagonal lies above it, times @factor. */
static void
copy_scaled (const double *a, gsize p, double factor, double *scaled)
{
  const gsize stride = get_stride (p);

  for (gsize j = 0; j < p; j++)
    for (gsize i = j / WS_REDUCTION_LANES * WS_REDUCTION_LANES; i < p; i++)
      scaled[j * stride + i] = factor * (i < j ? a[i * p + j] : a[j * p + i]);
}

static gboolean
reduce_small (const double *a, gsize p, double *d, double *e, WsWork *work, GError **error)
{
  g_autofree double *buffer = ws_work_allocate (count_small (p), 1, error);
  double bound = 0.0, factor, *scaled;

  if (!buffer)
    return FALSE;
  scaled = ws_align (buffer, 64);
  for (gsize i = 0; i < p; i++)
    bound = fmax (bound, a[i * (p + 1)]);
  factor = bound > 0.0 ? ldexp (1.0, CLAMP (-ilogb (bound), -1000, 1000)) : 1.0;
  copy_scaled (a, p, factor, scaled);
  choose_reduction () (scaled, p, get_stride (p), scaled + p * get_stride (p), d, e);
  for (gsize i = 0; i < p; i++)
    {
      d[i] /= factor;
      e[i] = i + 1 < p ? e[i] / factor : 0.0;
    }
  return ws_work_advance (work, get_work (p), error);
}

/* LAPACK's way. */
static gboolean
reduce_directly (double *a, gsize p, double *d, double *e, WsWork *work, GError **error)
{
  g_autofree double *w = ws_work_allocate (p, MAX_PANEL, error);
  g_autofree double *tau = w ? ws_work_allocate (p, 1, error) : NULL;
  const int lda = p;
  gsize i;
  int n, info;

  if (!tau || !reduce_panels (a, p, d, e, tau, w, &i, work, error))
    return FALSE;
  n = p - i;
  dsytd2_ ("L", &n, a + i * (p + 1), &lda, d + i, e + i, tau, &info, 1);
  return ws_work_advance (work, get_work (n), error);
}

static gboolean
reduce_by_band (double *a, gsize p, double *d, double *e, WsWork *work, GError **error)
{
  return ws_band_reduce (a, p, work, error) && ws_band_chase (a, p, d, e, work, error);
}

gboolean
ws_gram_compute_values (double *gram, gsize p, double *sigma, WsWork *work, GError **error)
{
  g_autofree double *d = ws_work_allocate (p, 2, error);
  gboolean is_reduced;
  double *e;

  if (!d)
    return FALSE;
  e = d + p;
  is_reduced = p >= WS_BAND_SIDE    ? reduce_by_band (gram, p, d, e, work, error)
               : p <= WS_SMALL_SIDE ? reduce_small (gram, p, d, e, work, error)
                                    : reduce_directly (gram, p, d, e, work, error);
  return is_reduced && compute_roots (d, e, p, sigma, work, error) &&
         ws_work_advance (work, ROOTS_WORK * p * p, error);
}
