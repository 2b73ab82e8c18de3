/* SPDX-License-Identifier: MIT */
/* Singular values without squaring: QR by blocks, then the values of the triangle. LAPACK's dtpqrt
 * and what bidiagonal.h has, cut where they can be cancelled. */
#include "spectra/direct.h"

#include "base/error.h"
#include "spectra/bidiagonal.h"
#include "spectra/lapack.h"

#include <cblas.h>
#include <glib/gi18n-lib.h>
#include <lapacke.h>

#define PANEL WS_BIDIAGONAL_PANEL
/* Columns that are worked on at a time. */
#define TILE 256
/* Up to this side LAPACK does all. */
#define SMALL_SIDE 128

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

/* One block on its way into the triangle. */
typedef struct
{
  const WsTriangle *triangle;
  const WsBlock *block;
  gboolean by_columns;
  double scale;
  gsize k;    /* rows of the block, its long side being down the columns */
  gsize i, n; /* the panel: its first column, and how many */
  GCancellable *cancellable;
} Step;

/* Some columns of the block: k x p, column-major. */
static void
copy_tile (gsize index, gpointer data)
{
  const Step *step = data;
  const gsize p = step->triangle->p, k = step->k, column = index * TILE;
  const gsize n = MIN (TILE, p - column);
  const double *values = step->block->values;
  double *columns = step->triangle->columns + column * k;

  if (g_cancellable_is_cancelled (step->cancellable))
    return;
  if (step->by_columns)
    for (gsize i = 0; i < k * n; i++)
      columns[i] = step->scale * values[column * k + i];
  else
    cblas_domatcopy (CblasRowMajor, CblasTrans, k, n, step->scale, values + column, p, columns, k);
}

/* Some columns right of the panel. */
static void
reflect_tile (gsize index, gpointer data)
{
  const Step *step = data;
  const WsTriangle *self = step->triangle;
  const gsize column = step->i + step->n + index * TILE;
  const int p = self->p, k = step->k, n = step->n, ldt = PANEL, zero = 0;
  const int n_columns = MIN (TILE, self->p - column);

  if (g_cancellable_is_cancelled (step->cancellable))
    return;
  dtprfb_ ("L", "T", "F", "C", &k, &n_columns, &n, &zero, self->columns + step->i * k, &k, self->t,
           &ldt, self->r + column * p + step->i, &p, self->columns + column * k, &k,
           self->w + column * n, &n, 1, 1, 1, 1);
}

static gsize
count_tiles (gsize n)
{
  return (n + TILE - 1) / TILE;
}

gboolean
ws_triangle_add_block (WsTriangle *self, const WsBlock *block, gboolean by_columns, double scale,
                       WsWork *work, GError **error)
{
  const int p = self->p, k = by_columns ? block->n_cols : block->n_rows, zero = 0, ldt = PANEL;
  Step step = { self, block, by_columns, scale, k, .cancellable = work->cancellable };

  ws_team_run (work->team, count_tiles (p), copy_tile, &step);
  for (int i = 0; i < p; i += PANEL)
    {
      const int n = MIN (PANEL, p - i), right = p - i - n;
      int info;

      dtpqrt2_ (&k, &n, &zero, self->r + (gsize) i * (p + 1), &p, self->columns + (gsize) i * k, &k,
                self->t, &ldt, &info);
      step.i = i;
      step.n = n;
      ws_team_run (work->team, count_tiles (right), reflect_tile, &step);
      if (!ws_work_advance (work, WS_QR_WORK * k * n * (n + 2.0 * right), error))
        return FALSE;
    }
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
  return ws_work_advance (work, WS_BIDIAGONAL_WORK * self->p * self->p * self->p, error);
}

gboolean
ws_triangle_compute_values (WsTriangle *self, double *sigma, WsWork *work, GError **error)
{
  const gsize p = self->p;
  g_autofree double *e = NULL;

  if (p <= SMALL_SIDE)
    return compute_small (self, sigma, work, error);
  e = ws_work_allocate (p, 1, error);
  return e && ws_bidiagonal_reduce (self->r, p, sigma, e, self->w, work, error) &&
         ws_bidiagonal_compute_values (sigma, e, p, work->cancellable, error);
}
