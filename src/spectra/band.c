/* SPDX-License-Identifier: MIT */
/* Symmetric matrix -> band.
 *
 * Bischof, Lang & Sun, "A framework for symmetric band reduction", ACM Trans. Math. Softw. 26(4),
 * 2000. The panel below the band is QR factored: Q = 1 - V T V'. What is to its right becomes
 * Q'A Q = A - V W' - W V' with W = A V T - V T' (V' A V T) / 2. */
#include "spectra/band.h"

#include "spectra/chase-kernel.h"
#include "spectra/lapack.h"

#include <cblas.h>
#include <string.h>

#define WIDTH WS_BAND_WIDTH
/* Rows of W, or columns of A, that one tile takes: the products are as fast as with 512 (41 GF/s
 * and 62 GF/s for A V with the two kernels, one thread), and there are tiles for many threads. */
#define TILE 128

/* One step: a panel of k columns and the n x n matrix to the right of its rows. */
typedef struct
{
  int n, k, p;
  double *panel; /* leading dimension p, as is that of a */
  double *a;
  double *v, *w, *vt; /* n x k: V, W and V T, later again V; one behind the other */
  double *t;          /* k x k, leading dimension WIDTH */
  GCancellable *cancellable;
} Step;

/* V with its ones and zeros, and V T. */
static void
factor_panel (Step *step)
{
  const int n = step->n, k = step->k, width = WIDTH;
  int info;

  dgeqrt_ (&n, &width, &k, step->panel, &step->p, step->t, &width, step->w, &info);
  for (int j = 0; j < k; j++)
    {
      double *v = step->v + (gsize) j * n;

      memset (v, 0, j * sizeof (double));
      v[j] = 1.0;
      memcpy (v + j + 1, step->panel + (gsize) j * step->p + j + 1, (n - j - 1) * sizeof (double));
      memset (step->t + j * width + j + 1, 0, (k - j - 1) * sizeof (double));
    }
  cblas_dgemm (CblasColMajor, CblasNoTrans, CblasNoTrans, n, k, k, 1.0, step->v, n, step->t, width,
               0.0, step->vt, n);
}

/* TILE rows of W = A V T. Left of the diagonal are the rows of A, below it are its columns. */
static void
multiply_tile (gsize index, gpointer data)
{
  const Step *step = data;
  const int n = step->n, k = step->k, p = step->p;
  const int row = index * TILE, n_rows = MIN (TILE, n - row), below = row + n_rows;
  double *diagonal = step->a + (gsize) row * (p + 1), *w = step->w + row;

  if (g_cancellable_is_cancelled (step->cancellable))
    return;
  cblas_dsymm (CblasColMajor, CblasLeft, CblasLower, n_rows, k, 1.0, diagonal, p, step->vt + row, n,
               0.0, w, n);
  if (row > 0)
    cblas_dgemm (CblasColMajor, CblasNoTrans, CblasNoTrans, n_rows, k, row, 1.0, step->a + row, p,
                 step->vt, n, 1.0, w, n);
  if (below < n)
    cblas_dgemm (CblasColMajor, CblasTrans, CblasNoTrans, n_rows, k, n - below, 1.0,
                 diagonal + n_rows, p, step->vt + below, n, 1.0, w, n);
}

/* W -= V (V T)'W / 2 */
static void
finish_w (Step *step)
{
  const int n = step->n, k = step->k;

  cblas_dgemm (CblasColMajor, CblasTrans, CblasNoTrans, k, k, n, 1.0, step->vt, n, step->w, n, 0.0,
               step->t, WIDTH);
  cblas_dgemm (CblasColMajor, CblasNoTrans, CblasNoTrans, n, k, k, -0.5, step->v, n, step->t, WIDTH,
               1.0, step->w, n);
  memcpy (step->vt, step->v, (gsize) n * k * sizeof (double));
}

/* TILE columns of A -= V W' + W V' = [V W] [W V]', on and below the diagonal. */
static void
update_tile (gsize index, gpointer data)
{
  const Step *step = data;
  const int n = step->n, k = step->k, p = step->p;
  const int column = index * TILE, n_columns = MIN (TILE, n - column), below = column + n_columns;
  double *diagonal = step->a + (gsize) column * (p + 1);

  if (g_cancellable_is_cancelled (step->cancellable))
    return;
  cblas_dsyr2k (CblasColMajor, CblasLower, CblasNoTrans, n_columns, k, -1.0, step->v + column, n,
                step->w + column, n, 1.0, diagonal, p);
  if (below < n)
    cblas_dgemm (CblasColMajor, CblasNoTrans, CblasTrans, n - below, n_columns, 2 * k, -1.0,
                 step->v + below, n, step->w + column, n, 1.0, diagonal + n_columns, p);
}

/* Of what is left when @n columns are. */
static double
get_work (double n)
{
  return n > WIDTH + 1 ? WS_BAND_WORK * n * n * n : 0.0;
}

gboolean
ws_band_reduce (double *a, gsize p, WsWork *work, GError **error)
{
  g_autofree double *buffer = ws_work_allocate (3 * p + WIDTH, WIDTH, error);
  Step step = { .p = p, .t = buffer, .cancellable = work->cancellable };

  if (!buffer)
    return FALSE;
  step.v = buffer + WIDTH * WIDTH;
  for (gsize i = 0; i + WIDTH + 1 < p; i += WIDTH)
    {
      const gsize n_tiles = (p - i - WIDTH + TILE - 1) / TILE;

      step.n = p - i - WIDTH;
      step.k = MIN (step.n, WIDTH);
      step.panel = a + i * (p + 1) + WIDTH;
      step.a = step.panel + WIDTH * p;
      step.w = step.v + (gsize) step.n * step.k;
      step.vt = step.w + (gsize) step.n * step.k;
      factor_panel (&step);
      ws_team_run (work->team, n_tiles, multiply_tile, &step);
      finish_w (&step);
      ws_team_run (work->team, n_tiles, update_tile, &step);
      if (!ws_work_advance (work, get_work (p - i) - get_work (step.n), error))
        return FALSE;
    }
  return TRUE;
}
