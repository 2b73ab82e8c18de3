/* SPDX-License-Identifier: MIT */
/* Triangle -> bidiagonal matrix: LAPACK's dlabrd and dgebrd, cut into tiles, so that threads can
 * share them and a large matrix can be cancelled.
 *
 * Dongarra, Sorensen & Hammarling, "Block reduction of matrices to condensed forms for eigenvalue
 * computations", J. Comput. Appl. Math. 27, 1989. Reflectors v from the left make columns zero, and
 * u from the right rows. What they change of the rest waits until a panel is done: A - V Y' - X U'
 * with V below, U right of the diagonal. */
#include "spectra/bidiagonal.h"

#include "spectra/lapack.h"

#include <cblas.h>

#define PANEL WS_BIDIAGONAL_PANEL
/* What is left is reduced without blocks. */
#define UNBLOCKED 128
/* Columns, or rows, of what one tile multiplies: 64 MiB are 10 ms, of p = 16384. */
#define N_COLUMNS 128
#define N_ROWS 512

typedef struct
{
  gsize p, n; /* leading dimension of all, and the side of what is left */
  double *a;  /* n x n */
  double *x, *y;
  gsize i;   /* the row and column that is reduced */
  double *u; /* (owned) its row, in a run */
  GCancellable *cancellable;
} Panel;

static gsize
count_tiles (gsize n, gsize side)
{
  return (n + side - 1) / side;
}

/* z += alpha a x, or a' x; x and z of @x_step and @z_step. */
static void
add_product (gboolean transposed, gsize m, gsize n, double alpha, const double *a, gsize lda,
             const double *x, gsize x_step, double *z, gsize z_step)
{
  if (m > 0 && n > 0)
    cblas_dgemv (CblasColMajor, transposed ? CblasTrans : CblasNoTrans, m, n, alpha, a, lda, x,
                 x_step, 1.0, z, z_step);
}

static double
reflect (gsize n, double *alpha, double *x, gsize step)
{
  const int order = n, increment = step;
  double tau;

  dlarfg_ (&order, alpha, x, &increment, &tau);
  return tau;
}

static void
clear (double *x, gsize n)
{
  for (gsize i = 0; i < n; i++)
    x[i] = 0.0;
}

/* Some of y_i = A'v. */
static void
multiply_columns (gsize index, gpointer data)
{
  const Panel *self = data;
  const gsize i = self->i, p = self->p, column = i + 1 + index * N_COLUMNS;
  double *y = self->y + i * p + column;
  const gsize n = MIN (N_COLUMNS, self->n - column);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  clear (y, n);
  add_product (TRUE, self->n - i, n, 1.0, self->a + column * p + i, p, self->a + i * (p + 1), 1, y,
               1);
}

/* Some of x_i = A u. */
static void
multiply_rows (gsize index, gpointer data)
{
  const Panel *self = data;
  const gsize i = self->i, p = self->p, row = i + 1 + index * N_ROWS;
  double *x = self->x + i * p + row;
  const gsize n = MIN (N_ROWS, self->n - row);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  clear (x, n);
  add_product (FALSE, n, self->n - i - 1, 1.0, self->a + (i + 1) * p + row, p, self->u, 1, x, 1);
}

/* Column i becomes v, and y_i what it changes in the others. */
static void
reduce_column (Panel *self, double *d, WsTeam *team)
{
  const gsize i = self->i, p = self->p, m = self->n - i, n = m - 1;
  double *a = self->a, *x = self->x, *y = self->y, *v = a + i * (p + 1);
  double inner[PANEL], tau;

  add_product (FALSE, m, i, -1.0, a + i, p, y + i, p, v, 1);
  add_product (FALSE, m, i, -1.0, x + i, p, a + i * p, 1, v, 1);
  tau = reflect (m, v, v + 1, 1);
  *d = *v;
  *v = 1.0;
  ws_team_run (team, count_tiles (n, N_COLUMNS), multiply_columns, self);
  y += i + 1;
  clear (inner, i);
  add_product (TRUE, m, i, 1.0, a + i, p, v, 1, inner, 1);
  add_product (FALSE, n, i, -1.0, y, p, inner, 1, y + i * p, 1);
  clear (inner, i);
  add_product (TRUE, m, i, 1.0, x + i, p, v, 1, inner, 1);
  add_product (TRUE, i, n, -1.0, a + (i + 1) * p, p, inner, 1, y + i * p, 1);
  cblas_dscal (n, tau, y + i * p, 1);
}

/* Row i becomes u, and x_i what it changes in the others. */
static void
reduce_row (Panel *self, double *e, WsTeam *team)
{
  const gsize i = self->i, p = self->p, n = self->n - i - 1;
  double *a = self->a, *x = self->x, *y = self->y + i + 1, *row = a + (i + 1) * p + i;
  double inner[PANEL], tau;

  add_product (FALSE, n, i + 1, -1.0, y, p, a + i, p, row, p);
  add_product (TRUE, i, n, -1.0, a + (i + 1) * p, p, x + i, p, row, p);
  tau = reflect (n, row, row + p, p);
  *e = *row;
  *row = 1.0;
  cblas_dcopy (n, row, p, self->u, 1);
  ws_team_run (team, count_tiles (n, N_ROWS), multiply_rows, self);
  x += i + 1;
  clear (inner, i + 1);
  add_product (TRUE, n, i + 1, 1.0, y, p, self->u, 1, inner, 1);
  add_product (FALSE, n, i + 1, -1.0, a + i + 1, p, inner, 1, x + i * p, 1);
  clear (inner, i);
  add_product (FALSE, i, n, 1.0, a + (i + 1) * p, p, self->u, 1, inner, 1);
  add_product (FALSE, n, i, -1.0, x, p, inner, 1, x + i * p, 1);
  cblas_dscal (n, tau, x + i * p, 1);
}

/* Some columns of A -= V Y' + X U'. */
static void
update_tile (gsize index, gpointer data)
{
  const Panel *self = data;
  const gsize p = self->p, m = self->n - PANEL, column = PANEL + index * N_COLUMNS;
  const gsize n = MIN (N_COLUMNS, self->n - column);
  double *a = self->a, *tile = a + column * p + PANEL;

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  cblas_dgemm (CblasColMajor, CblasNoTrans, CblasTrans, m, n, PANEL, -1.0, a + PANEL, p,
               self->y + column, p, 1.0, tile, p);
  cblas_dgemm (CblasColMajor, CblasNoTrans, CblasNoTrans, m, n, PANEL, -1.0, self->x + PANEL, p,
               a + column * p, p, 1.0, tile, p);
}

/* Multiply-adds of the reduction of what is left when @n columns are. */
static double
get_work (double n)
{
  return WS_BIDIAGONAL_WORK * n * n * n;
}

static gboolean
reduce_panel (Panel *self, double *d, double *e, WsWork *work, GError **error)
{
  for (self->i = 0; self->i < PANEL; self->i++)
    {
      reduce_column (self, d + self->i, work->team);
      if (!ws_work_advance (work, 0.0, error))
        return FALSE;
      reduce_row (self, e + self->i, work->team);
      if (!ws_work_advance (work, 0.0, error))
        return FALSE;
    }
  ws_team_run (work->team, count_tiles (self->n - PANEL, N_COLUMNS), update_tile, self);
  return ws_work_advance (work, get_work (self->n) - get_work (self->n - PANEL), error);
}

gboolean
ws_bidiagonal_reduce (double *a, gsize p, double *d, double *e, double *xy, WsWork *work,
                      GError **error)
{
  g_autofree double *rest = ws_work_allocate (p, 3, error);
  Panel panel = { .p = p, .n = p, .x = xy, .y = xy + p * PANEL, .u = rest };
  const int lda = p;
  int n, info;
  gsize i = 0;

  if (!rest)
    return FALSE;
  panel.cancellable = work->cancellable;
  for (; panel.n > UNBLOCKED; i += PANEL, panel.n -= PANEL)
    {
      panel.a = a + i * (p + 1);
      if (!reduce_panel (&panel, d + i, e + i, work, error))
        return FALSE;
    }
  n = panel.n;
  dgebd2_ (&n, &n, a + i * (p + 1), &lda, d + i, e + i, rest, rest + p, rest + 2 * p, &info);
  return ws_work_advance (work, get_work (n), error);
}
