/* SPDX-License-Identifier: MIT */
/* The directions in which a symmetric matrix is greatest. */
#include "cluster/axes.h"

#include "base/error.h"
#include "cluster/random.h"

#include <cblas.h>
#include <glib/gi18n-lib.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

#define MOST_STEPS 512
/* How often the tridiagonal matrix is looked at. */
#define PERIOD 8
#define TOLERANCE 1e-12
/* Of the largest value that was met: what is less is rounding. */
#define NOTHING 1e-15
/* Of random numbers, for this use. */
#define STREAM 0x61786573
/* See WsWork: p^2 for each axis. A product with a vector waits for memory: some 100 of them, of 10
 * times what they multiply. */
#define AXIS_WORK 1000.0

typedef struct
{
  const double *a;
  gsize p;
  guint n_steps;       /* at most */
  double *basis;       /* (n_steps + 1) x p: orthogonal, of length 1 */
  double *alpha;       /* n_steps: the diagonal of the tridiagonal matrix */
  double *beta;        /* n_steps: below it, and what would come next */
  double *weights;     /* n_steps: its first eigenvector */
  double *products;    /* n_steps + axes */
  const double *known; /* n_known x p: axes that were found before */
  guint n_known;
} Lanczos;

double
ws_axes_estimate_work (gsize p, guint n_axes)
{
  return n_axes * AXIS_WORK * p * p;
}

guint64
ws_axes_get_required_bytes (gsize p)
{
  return (MIN (p, MOST_STEPS) + 1) * (guint64) p * sizeof (double);
}

/* Takes from @x what lies in the space of @n rows of @space. */
static void
remove_rows (const double *space, guint n, gsize p, double *products, double *x)
{
  if (n == 0)
    return;
  cblas_dgemv (CblasRowMajor, CblasNoTrans, n, p, 1.0, space, p, x, 1, 0.0, products, 1);
  cblas_dgemv (CblasRowMajor, CblasTrans, n, p, -1.0, space, p, products, 1, 1.0, x, 1);
}

/* Twice: once leaves what rounding brought in. */
static void
orthogonalize (Lanczos *self, guint n, double *x)
{
  for (int i = 0; i < 2; i++)
    {
      remove_rows (self->known, self->n_known, self->p, self->products, x);
      remove_rows (self->basis, n, self->p, self->products, x);
    }
}

/* Returns: FALSE when there is no direction left. */
static gboolean
begin (Lanczos *self)
{
  double *x = self->basis;
  double length;

  for (gsize i = 0; i < self->p; i++)
    x[i] = ws_random_get_uniform (0, STREAM + self->n_known, i) - 0.5;
  orthogonalize (self, 0, x);
  length = cblas_dnrm2 (self->p, x, 1);
  if (!(length > 1e-8))
    return FALSE;
  cblas_dscal (self->p, 1.0 / length, x, 1);
  return TRUE;
}

/* Adds a row to the tridiagonal matrix and one to the basis. Returns: FALSE: there is none. */
static gboolean
step (Lanczos *self, guint i)
{
  const double *x = self->basis + i * self->p;
  double *next = self->basis + (i + 1) * self->p;
  double scale;

  cblas_dsymv (CblasColMajor, CblasLower, self->p, 1.0, self->a, self->p, x, 1, 0.0, next, 1);
  self->alpha[i] = cblas_ddot (self->p, x, 1, next, 1);
  scale = cblas_dnrm2 (self->p, next, 1);
  orthogonalize (self, i + 1, next);
  self->beta[i] = cblas_dnrm2 (self->p, next, 1);
  if (!(self->beta[i] > NOTHING * scale))
    {
      self->beta[i] = 0.0;
      return FALSE;
    }
  cblas_dscal (self->p, 1.0 / self->beta[i], next, 1);
  return TRUE;
}

/* The greatest eigenvalue of the tridiagonal matrix of @n rows; weights: its vector. */
static gboolean
solve (Lanczos *self, guint n, double *value, GError **error)
{
  g_autofree double *d = g_memdup2 (self->alpha, n * sizeof *d);
  g_autofree double *e = g_memdup2 (self->beta, n * sizeof *e);
  g_autofree double *values = g_new (double, n);
  lapack_int n_found = 0, support[2], info;

  info = LAPACKE_dstevr (LAPACK_COL_MAJOR, 'V', 'I', n, d, e, 0.0, 0.0, n, n, 0.0, &n_found, values,
                         self->weights, n, support);
  if (info == 0 && n_found == 1)
    {
      *value = values[0];
      return TRUE;
    }
  g_set_error (error, WS_ERROR, WS_ERROR_NUMERIC,
               _ ("the iteration for the principal axes did not converge (%d)"), (int) info);
  return FALSE;
}

/* @axis: zeroed */
static gboolean
find_axis (Lanczos *self, double *axis, GCancellable *cancellable, GError **error)
{
  double value = 0.0;
  guint n = 0;

  if (!begin (self))
    return TRUE;
  for (gboolean goes_on = TRUE; goes_on && n < self->n_steps;)
    {
      goes_on = step (self, n++);
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (goes_on && n % PERIOD != 0 && n < self->n_steps)
        continue;
      if (!solve (self, n, &value, error))
        return FALSE;
      goes_on &= self->beta[n - 1] * fabs (self->weights[n - 1]) > TOLERANCE * value;
    }
  if (!(value > 0.0))
    return TRUE;
  cblas_dgemv (CblasRowMajor, CblasTrans, n, self->p, 1.0, self->basis, self->p, self->weights, 1,
               0.0, axis, 1);
  cblas_dscal (self->p, 1.0 / cblas_dnrm2 (self->p, axis, 1), axis, 1);
  return TRUE;
}

gboolean
ws_axes_compute (const double *a, gsize p, guint n_axes, double *axes, WsWork *work, GError **error)
{
  const guint n_steps = MIN (p, MOST_STEPS);
  g_autofree double *basis = ws_work_allocate (n_steps + 1, p, error);
  g_autofree double *values = basis ? ws_work_allocate (4, n_steps + n_axes, error) : NULL;
  Lanczos lanczos = { .a = a, .p = p, .n_steps = n_steps, .basis = basis, .known = axes };

  if (!values)
    return FALSE;
  lanczos.alpha = values;
  lanczos.beta = values + n_steps;
  lanczos.weights = values + 2 * n_steps;
  lanczos.products = values + 3 * n_steps;
  memset (axes, 0, n_axes * p * sizeof *axes);
  for (guint i = 0; i < n_axes; i++, lanczos.n_known++)
    if (!find_axis (&lanczos, axes + i * p, work->cancellable, error) ||
        !ws_work_advance (work, AXIS_WORK * p * p, error))
      return FALSE;
  return TRUE;
}
