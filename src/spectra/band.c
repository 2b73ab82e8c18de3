/* SPDX-License-Identifier: MIT */
/* Symmetric matrix -> band.
 *
 * Bischof, Lang & Sun, "A framework for symmetric band reduction", ACM Trans. Math. Softw. 26(4),
 * 2000. The panel below the band is QR factored: Q = 1 - V T V'. What is to its right becomes
 * Q'A Q = A - V W' - W V' with W = A V T - V T' (V' A V T) / 2.
 *
 * Two panels share one pass over A: the second is updated by itself, and its A V T comes from what
 * A was before the first, less V (W'V T) + W (V'V T) with V and W of the first. */
#include "spectra/band.h"

#include "spectra/band-kernel.h"
#include "spectra/lanes.h"
#include "spectra/lapack.h"
#include "spectra/product-kernel.h"

#include <cblas.h>
#include <string.h>

G_STATIC_ASSERT (WS_BAND_TILE % WS_PRODUCT_UNIT == 0);

#define WIDTH WS_BAND_WIDTH
#define N_PANELS 2
/* Columns of V and W of a panel, and of all panels, one behind the other. */
#define PAIR (2 * WIDTH)
#define DEPTH (N_PANELS * PAIR)
#define ALIGNMENT 64

/* What is right of a panel. */
typedef struct
{
  gsize n;   /* rows, of A and of the panel */
  double *a; /* n x n, leading dimension p */
  double *v; /* n x PAIR: V, behind it -W */
} Panel;

typedef struct
{
  const WsBandKernel *kernel;
  const WsProductKernel *product;
  gsize p;
  Panel panels[N_PANELS];
  guint n_panels;
  double *vt;      /* V T, n x WIDTH; later what takes its place */
  double *vt_rows; /* V T by rows */
  double *t;       /* WIDTH x WIDTH */
  double *inner;   /* PAIR x WIDTH */
  double *x, *y;   /* V -W ... and -W V ..., packed for the product */
  GCancellable *cancellable;
} Step;

static const WsBandKernel *
choose_kernel (void)
{
#if defined(__x86_64__)
  const guint n_lanes = ws_lanes_get_most ();

  if (n_lanes == 8)
    return &ws_band_kernel_8;
  if (n_lanes == 4)
    return &ws_band_kernel_4;
#endif
  return &ws_band_kernel_2;
}

gsize
ws_band_get_least_side (void)
{
  return choose_kernel ()->least_side;
}

/* c = beta c + alpha a b, column-major; a is transposed if @transposed. */
static void
multiply (gboolean transposed, gsize m, gsize n, gsize k, double alpha, const double *a, gsize lda,
          const double *b, gsize ldb, double beta, double *c, gsize ldc)
{
  cblas_dgemm (CblasColMajor, transposed ? CblasTrans : CblasNoTrans, CblasNoTrans, m, n, k, alpha,
               a, lda, b, ldb, beta, c, ldc);
}

/* V with its ones and zeros, and V T. Of the last panel V has fewer columns than the others, so
 * zeros follow.
 * @panel: leading dimension p */
static void
factor_panel (Step *step, Panel *self, double *panel)
{
  const int n = self->n, k = MIN (n, WIDTH), p = step->p, width = WIDTH;
  int info;

  memset (step->t, 0, WIDTH * WIDTH * sizeof (double));
  memset (self->v, 0, self->n * WIDTH * sizeof (double));
  dgeqrt_ (&n, &width, &k, panel, &p, step->t, &width, step->vt, &info);
  for (int j = 0; j < k; j++)
    {
      double *v = self->v + (gsize) j * n;

      v[j] = 1.0;
      memcpy (v + j + 1, panel + (gsize) j * p + j + 1, (n - j - 1) * sizeof (double));
      memset (step->t + j * WIDTH + j + 1, 0, (WIDTH - j - 1) * sizeof (double));
    }
  multiply (FALSE, n, WIDTH, WIDTH, 1.0, self->v, n, step->t, WIDTH, 0.0, step->vt, n);
  for (int i = 0; i < n; i++)
    for (int j = 0; j < WIDTH; j++)
      step->vt_rows[i * WIDTH + j] = step->vt[(gsize) j * n + i];
}

/* A tile on the diagonal, of which the lower half is there. */
static void
multiply_diagonal (const Step *step, const double *a, gsize n, const double *v, double *w)
{
  double tile[WS_BAND_ROWS * WS_BAND_ROWS];

  for (gsize j = 0; j < n; j++)
    for (gsize i = j; i < n; i++)
      tile[j * WS_BAND_ROWS + i] = tile[i * WS_BAND_ROWS + j] = a[j * step->p + i];
  step->kernel->multiply (tile, WS_BAND_ROWS, FALSE, n, n, v, w);
}

/* Some rows of -W = -A V T. Left of the diagonal are the rows of A, below it are its columns. */
static void
multiply_tile (gsize index, gpointer data)
{
  const Step *step = data;
  const Panel *self = &step->panels[step->n_panels - 1];
  const gsize n = self->n, p = step->p, row = index * WS_BAND_ROWS;
  const gsize n_rows = MIN (WS_BAND_ROWS, n - row), below = row + n_rows;
  const double *columns = self->a + row, *rows = self->a + row * p, *v = step->vt_rows;
  double *w = self->v + n * WIDTH + row;
  _Alignas(ALIGNMENT) double sum[WS_BAND_ROWS * WIDTH];

  if (g_cancellable_is_cancelled (step->cancellable))
    return;
  memset (sum, 0, n_rows * WIDTH * sizeof (double));
  for (gsize j = 0; j < row; j += WS_BAND_STEP)
    step->kernel->multiply (columns + j * p, p, TRUE, n_rows, MIN (WS_BAND_STEP, row - j),
                            v + j * WIDTH, sum);
  multiply_diagonal (step, rows + row, n_rows, v + row * WIDTH, sum);
  for (gsize j = below; j < n; j += WS_BAND_STEP)
    step->kernel->multiply (rows + j, p, FALSE, n_rows, MIN (WS_BAND_STEP, n - j), v + j * WIDTH,
                            sum);
  for (gsize j = 0; j < WIDTH; j++)
    for (gsize i = 0; i < n_rows; i++)
      w[j * n + i] = -sum[i * WIDTH + j];
}

/* The second panel's own columns, and the triangle above it. */
static void
update_panel (const Step *step, const Panel *first)
{
  const double *v = first->v, *w = v + first->n * WIDTH;

  for (int i = 0; i < 2; i++, v = w, w = first->v)
    cblas_dgemm (CblasColMajor, CblasNoTrans, CblasTrans, first->n, WIDTH, WIDTH, 1.0, v, first->n,
                 w, first->n, 1.0, first->a, step->p);
}

/* W -= V (W'V T) + W (V'V T), with V and W of the first panel. */
static void
correct_w (Step *step, const Panel *first, Panel *self)
{
  const gsize n = self->n, m = first->n;
  const double *v = first->v + WIDTH, *w = v + m * WIDTH;

  multiply (TRUE, WIDTH, WIDTH, n, 1.0, w, m, step->vt, n, 0.0, step->inner, PAIR);
  multiply (TRUE, WIDTH, WIDTH, n, 1.0, v, m, step->vt, n, 0.0, step->inner + WIDTH, PAIR);
  multiply (FALSE, n, WIDTH, PAIR, -1.0, v, m, step->inner, PAIR, 1.0, self->v + n * WIDTH, n);
}

/* W -= V (V T)'W / 2 */
static void
finish_w (Step *step, Panel *self)
{
  const gsize n = self->n;
  double *w = self->v + n * WIDTH;

  multiply (TRUE, WIDTH, WIDTH, n, 1.0, step->vt, n, w, n, 0.0, step->inner, PAIR);
  multiply (FALSE, n, WIDTH, WIDTH, -0.5, self->v, n, step->inner, PAIR, 1.0, w, n);
}

/* Some rows of V -W V -W and of -W V -W V, of those that the last panel has, and whatever is behind
 * the last of them. */
static void
pack_tile (gsize index, gpointer data)
{
  const Step *step = data;
  const WsProductKernel *product = step->product;
  const gsize n = step->panels[step->n_panels - 1].n, row = index * WS_BAND_TILE;
  const gsize depth = step->n_panels * PAIR, n_lanes = product->n_lanes;
  double *x = step->x + row * depth, *y = step->y + row * depth;

  for (guint i = 0; i < step->n_panels; i++, x += PAIR * n_lanes, y += PAIR * n_lanes)
    for (gsize k = 0; k < PAIR; k++)
      {
        const Panel *panel = &step->panels[i];
        const double *column = panel->v + k * panel->n + panel->n - n + row;

        product->pack_column (column, WS_BAND_TILE / n_lanes, depth, x + k * n_lanes);
        product->pack_column (column, WS_BAND_TILE / n_lanes, depth,
                              y + (k + WIDTH) % PAIR * n_lanes);
      }
}

/* Some columns of A -= V W' + W V', on and below the diagonal, and what of the tiles of the product
 * lies above. */
static void
update_tile (gsize index, gpointer data)
{
  const Step *step = data;
  const WsProductKernel *product = step->product;
  const Panel *last = &step->panels[step->n_panels - 1];
  const gsize n = last->n, depth = step->n_panels * PAIR;
  const gsize begin = index * WS_BAND_TILE, end = MIN (begin + WS_BAND_TILE, n);

  if (g_cancellable_is_cancelled (step->cancellable))
    return;
  for (gsize i = begin; i < n; i += product->n_rows)
    {
      const double *x = step->x + i * depth, *next = x + product->n_rows * depth;

      for (gsize j = begin; j < MIN (end, i + product->n_rows);
           j += product->n_columns, next += depth)
        {
          double *c = last->a + j * step->p + i;

          product->add (x, step->y + j * depth, depth, c, step->p, MIN (product->n_rows, n - i),
                        MIN (product->n_columns, n - j), next, c + product->n_columns * step->p);
        }
    }
}

static gsize
count_tiles (gsize n, gsize side)
{
  return (n + side - 1) / side;
}

/* V and W of the next panel, of which @column is the first column. */
static void
add_panel (Step *step, double *a, gsize column, WsTeam *team)
{
  const Panel *before = step->n_panels > 0 ? &step->panels[step->n_panels - 1] : NULL;
  Panel *self = &step->panels[step->n_panels++];

  self->n = step->p - column - WIDTH;
  self->a = a + (column + WIDTH) * (step->p + 1);
  if (before)
    update_panel (step, before);
  factor_panel (step, self, self->a - WIDTH * step->p);
  ws_team_run (team, count_tiles (self->n, WS_BAND_ROWS), multiply_tile, step);
  if (before)
    correct_w (step, before, self);
  finish_w (step, self);
}

/* Of what is left when @n columns are. */
static double
get_work (double n)
{
  return n > WIDTH + 1 ? WS_BAND_WORK * n * n * n : 0.0;
}

/* Whether there is anything below the band, from @column on. */
static gboolean
has_panel (gsize column, gsize p)
{
  return column + WIDTH + 1 < p;
}

static gsize
count_elements (gsize p)
{
  const gsize n = (p + WS_BAND_TILE) / WS_BAND_TILE * WS_BAND_TILE;

  return n * (2 * DEPTH + N_PANELS * PAIR + 2 * WIDTH) + 2 * PAIR * WIDTH + ALIGNMENT;
}

guint64
ws_band_get_reduce_bytes (gsize p)
{
  return sizeof (double) * count_elements (p);
}

/* The next @n elements. */
static double *
take (double **rest, gsize n)
{
  double *values = *rest;

  *rest += (n + 7) / 8 * 8;
  return values;
}

gboolean
ws_band_reduce (double *a, gsize p, WsWork *work, GError **error)
{
  g_autofree double *buffer = ws_work_allocate (count_elements (p), 1, error);
  const gsize n = (p + WS_BAND_TILE) / WS_BAND_TILE * WS_BAND_TILE;
  double *rest = ws_align (buffer, ALIGNMENT);
  Step step = {
    .kernel = choose_kernel (),
    .product = ws_product_choose_kernel (),
    .p = p,
    .cancellable = work->cancellable,
  };

  if (!buffer)
    return FALSE;
  step.x = take (&rest, n * DEPTH);
  step.y = take (&rest, n * DEPTH);
  step.vt_rows = take (&rest, n * WIDTH);
  step.vt = take (&rest, n * WIDTH);
  step.t = take (&rest, WIDTH * WIDTH);
  step.inner = take (&rest, PAIR * WIDTH);
  for (guint i = 0; i < N_PANELS; i++)
    step.panels[i].v = take (&rest, n * PAIR);
  for (gsize i = 0, next = 0; has_panel (i, p); i = next)
    {
      gsize n_left;

      step.n_panels = 0;
      for (next = i; step.n_panels < N_PANELS && has_panel (next, p); next += WIDTH)
        add_panel (&step, a, next, work->team);
      n_left = step.panels[step.n_panels - 1].n;
      ws_team_run (work->team, count_tiles (n_left, WS_BAND_TILE), pack_tile, &step);
      ws_team_run (work->team, count_tiles (n_left, WS_BAND_TILE), update_tile, &step);
      if (!ws_work_advance (work, get_work (p - i) - get_work (p - next), error))
        return FALSE;
    }
  return TRUE;
}
