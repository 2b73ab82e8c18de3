/* SPDX-License-Identifier: MIT */
/* Symmetric matrix -> tridiagonal matrix -> eigenvalues: LAPACK's dsytrd and dsterf, cut where they
 * can be cancelled. */
#include "spectra/gram.h"

#include "spectra/detached.h"
#include "spectra/lapack.h"

#include <cblas.h>

/* A panel of NB columns reads the triangle NB times. */
#define MAX_PANEL 32
#define MIN_PANEL 4
/* Elements read between two looks at the cancellable: 6e8 doubles are 0.2 to 0.4 s. */
#define PANEL_READS 6e8
/* What is left is reduced without blocks. */
#define UNBLOCKED 64

static gsize
get_panel (gsize p)
{
  double columns = PANEL_READS / (0.5 * p * p);

  return CLAMP (columns, MIN_PANEL, MAX_PANEL);
}

guint64
ws_symmetric_get_required_bytes (gsize p)
{
  return sizeof (double) * ((guint64) p * (MAX_PANEL + 2) + 6 * (guint64) p);
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

static int
run_dsterf (double *d, double *e, double *work, int n)
{
  int info;

  dsterf_ (&n, d, e, &info);
  return info;
}

gboolean
ws_symmetric_eigenvalues (double *a, gsize p, double *lambda, WsWork *work, GError **error)
{
  g_autofree double *w = ws_work_allocate (p, MAX_PANEL, error);
  g_autofree double *e = ws_work_allocate (p, 2, error);
  const int lda = p;
  gsize i;
  int n, info;

  if (!w || !e || !reduce_panels (a, p, lambda, e, e + p, w, &i, work, error))
    return FALSE;
  n = p - i;
  dsytd2_ ("L", &n, a + i * (p + 1), &lda, lambda + i, e + i, e + p, &info, 1);
  if (!ws_work_advance (work, get_work (n), error))
    return FALSE;
  return ws_detached_run (run_dsterf, lambda, e, p, work->cancellable, error);
}
