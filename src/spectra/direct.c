/* SPDX-License-Identifier: MIT */
/* Singular values without squaring: QR by blocks, then the values of the triangle. LAPACK's dtpqrt,
 * dgebrd and dbdsqr, cut where they can be cancelled. */
#include "spectra/direct.h"

#include "base/error.h"
#include "spectra/bidiagonal.h"
#include "spectra/lapack.h"

#include <cblas.h>
#include <glib/gi18n-lib.h>
#include <lapacke.h>

#define PANEL 32
/* Elements read between two looks at the cancellable: see tridiagonal.c. */
#define PANEL_READS 3e8
/* What is left is reduced without blocks. */
#define UNBLOCKED 128

gboolean
ws_triangle_init (WsTriangle *self, double *r, gsize p, gsize n_step, GError **error)
{
  *self = (WsTriangle){ .p = p, .r = r };
  self->columns = ws_work_allocate (p, n_step, error);
  self->t = self->columns ? ws_work_allocate (p, PANEL, error) : NULL;
  self->w = self->t ? ws_work_allocate (p, 2 * PANEL, error) : NULL;
  if (!self->w)
    ws_triangle_clear (self);
  return self->w != NULL;
}

void
ws_triangle_clear (WsTriangle *self)
{
  g_clear_pointer (&self->columns, g_free);
  g_clear_pointer (&self->t, g_free);
  g_clear_pointer (&self->w, g_free);
}

guint64
ws_triangle_get_required_bytes (gsize p, guint64 n_step)
{
  return sizeof (double) * ((guint64) p * n_step + 3 * (guint64) p * PANEL + 12 * (guint64) p);
}

/* The block with its long side down the columns: k x p, column-major. */
static void
copy_columns (double *columns, gsize p, gsize k, const WsBlock *block, gboolean by_columns,
              double scale)
{
  if (by_columns)
    for (gsize i = 0; i < k * p; i++)
      columns[i] = scale * block->values[i];
  else
    cblas_domatcopy (CblasRowMajor, CblasTrans, k, p, scale, block->values, p, columns, k);
}

gboolean
ws_triangle_add_block (WsTriangle *self, const WsBlock *block, gboolean by_columns, double scale,
                       WsWork *work, GError **error)
{
  const int p = self->p, k = by_columns ? block->n_cols : block->n_rows, zero = 0;
  double *b = self->columns;

  copy_columns (b, p, k, block, by_columns, scale);
  for (int i = 0; i < p; i += PANEL)
    {
      const int n = MIN (PANEL, p - i), right = p - i - n, ldt = PANEL;
      double *corner = self->r + (gsize) i * p + i;
      double *column = b + (gsize) i * k;
      int info;

      dtpqrt2_ (&k, &n, &zero, corner, &p, column, &k, self->t, &ldt, &info);
      if (right > 0)
        dtprfb_ ("L", "T", "F", "C", &k, &right, &n, &zero, column, &k, self->t, &ldt,
                 corner + (gsize) n * p, &p, column + (gsize) n * k, &k, self->w, &n, 1, 1, 1, 1);
      if (!ws_work_advance (work, WS_QR_WORK * k * n * (n + 2.0 * right), error))
        return FALSE;
    }
  return TRUE;
}

/* Multiply-adds of the reduction of what is left when @n columns are. */
static double
get_work (double n)
{
  return WS_BIDIAGONAL_WORK * n * n * n;
}

/* The first columns, panel by panel; see LAPACK's dgebrd. Returns: FALSE when cancelled. */
static gboolean
reduce_panels (double *a, gsize p, double *d, double *e, double *taus, double *xy, gsize *n_done,
               WsWork *work, GError **error)
{
  const int lda = p;
  const int nb = CLAMP (PANEL_READS / ((double) p * p), 4, PANEL);
  double *x = xy, *y = xy + p * nb;
  gsize i = 0;

  while (p - i > UNBLOCKED)
    {
      const int n = p - i, rest = n - nb;
      double *corner = a + i * p + i;
      double *right = corner + nb * p, *below = corner + nb, *inner = right + nb;

      dlabrd_ (&n, &n, &nb, corner, &lda, d + i, e + i, taus, taus + p, x, &lda, y, &lda);
      cblas_dgemm (CblasColMajor, CblasNoTrans, CblasTrans, rest, rest, nb, -1.0, below, lda,
                   y + nb, lda, 1.0, inner, lda);
      cblas_dgemm (CblasColMajor, CblasNoTrans, CblasNoTrans, rest, rest, nb, -1.0, x + nb, lda,
                   right, lda, 1.0, inner, lda);
      i += nb;
      if (!ws_work_advance (work, get_work (n) - get_work (rest), error))
        return FALSE;
    }
  *n_done = i;
  return TRUE;
}

static gboolean
compute_small (WsTriangle *self, double *sigma, WsWork *work, GError **error)
{
  double unused = 0.0;
  int info = LAPACKE_dgesdd (LAPACK_COL_MAJOR, 'N', self->p, self->p, self->r, self->p, sigma,
                             &unused, 1, &unused, 1);

  if (info != 0)
    {
      g_set_error (error, WS_ERROR, WS_ERROR_NUMERIC,
                   _ ("the singular value decomposition failed (%d)"), info);
      return FALSE;
    }
  return ws_work_advance (work, get_work (self->p), error);
}

gboolean
ws_triangle_compute_values (WsTriangle *self, double *sigma, WsWork *work, GError **error)
{
  const gsize p = self->p;
  const int lda = p;
  g_autofree double *e = NULL;
  gsize i;
  int n, info;

  if (p <= UNBLOCKED)
    return compute_small (self, sigma, work, error);
  e = ws_work_allocate (p, 3, error);
  if (!e || !reduce_panels (self->r, p, sigma, e, e + p, self->w, &i, work, error))
    return FALSE;
  n = p - i;
  dgebd2_ (&n, &n, self->r + i * (p + 1), &lda, sigma + i, e + i, e + p, e + 2 * p, self->w, &info);
  if (!ws_work_advance (work, get_work (n), error))
    return FALSE;
  return ws_bidiagonal_compute_values (sigma, e, p, work->cancellable, error);
}
