/* SPDX-License-Identifier: MIT */
/* Gram matrix -> tridiagonal matrix -> bidiagonal factor -> singular values: LAPACK's dsytrd and
 * dpteqr, cut where they can be cancelled. */
#include "spectra/gram.h"

#include "spectra/bidiagonal.h"
#include "spectra/lapack.h"

#include <cblas.h>
#include <float.h>
#include <math.h>
#include <string.h>

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

guint64
ws_gram_get_required_bytes (gsize p)
{
  return sizeof (double) * ((guint64) p * (MAX_PANEL + 3) + 7 * (guint64) p);
}

/* Multiply-adds of the reduction of what is left when @n columns are. */
static double
get_work (double n)
{
  return WS_TRIDIAGONAL_WORK * n * n * n;
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
compute_roots (const double *d, const double *e, gsize p, double *sigma, WsWork *work,
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

gboolean
ws_gram_compute_values (double *gram, gsize p, double *sigma, WsWork *work, GError **error)
{
  g_autofree double *w = ws_work_allocate (p, MAX_PANEL, error);
  g_autofree double *d = w ? ws_work_allocate (p, 3, error) : NULL;
  const int lda = p;
  double *e, *tau;
  gsize i;
  int n, info;

  if (!d)
    return FALSE;
  e = d + p;
  tau = e + p;
  if (!reduce_panels (gram, p, d, e, tau, w, &i, work, error))
    return FALSE;
  n = p - i;
  dsytd2_ ("L", &n, gram + i * (p + 1), &lda, d + i, e + i, tau, &info, 1);
  if (!ws_work_advance (work, get_work (n), error))
    return FALSE;
  return compute_roots (d, e, p, sigma, work, error);
}
