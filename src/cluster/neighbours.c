/* SPDX-License-Identifier: MIT */
/* The rows of a matrix that point most nearly the way one of them does. */
#include "cluster/neighbours.h"

#include "base/error.h"
#include "base/format.h"

#include <cblas.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Of one block, in elements: 8 MiB widened, some 10 ms. */
#define BLOCK ((guint64) 1 << 20)

/* The best so far, the best first. */
typedef struct
{
  WsNeighbour *neighbours;
  guint n;
  guint n_wanted;
} Best;

/* Rows come in ascending order: of equal ones the first stays. */
static void
add (Best *self, guint64 row, double cosine)
{
  guint i;

  if (self->n == self->n_wanted && !(cosine > self->neighbours[self->n - 1].cosine))
    return;
  i = self->n < self->n_wanted ? self->n++ : self->n - 1;
  for (; i > 0 && cosine > self->neighbours[i - 1].cosine; i--)
    self->neighbours[i] = self->neighbours[i - 1];
  self->neighbours[i] = (WsNeighbour){ row, cosine };
}

/* Makes @x one long. By its largest element first: squares of the smallest and of the largest would
 * leave float64. Returns: FALSE if it has no direction. */
static gboolean
normalize (double *x, gsize d)
{
  double largest = 0.0, length;

  for (gsize j = 0; j < d; j++)
    {
      if (!isfinite (x[j]))
        return FALSE;
      largest = fmax (largest, fabs (x[j]));
    }
  if (largest == 0.0)
    return FALSE;
  for (gsize j = 0; j < d; j++)
    x[j] /= largest;
  length = cblas_dnrm2 (d, x, 1);
  for (gsize j = 0; j < d; j++)
    x[j] /= length;
  return TRUE;
}

static gboolean
read_target (const WsMatrix *matrix, guint64 row, double *target, void *scratch,
             GCancellable *cancellable, GError **error)
{
  g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, row);
  g_autofree char *n_rows = g_strdup_printf ("%" G_GUINT64_FORMAT, matrix->n_rows);
  g_autofree char *name = ws_format_name (matrix->tensor->name);

  if (row >= matrix->n_rows)
    {
      ws_error_set (error, WS_ERROR_ARGUMENT, N_ ("there is no row %s in '%s', which has %s"),
                    number, name, n_rows);
      return FALSE;
    }
  if (!ws_matrix_read (matrix, row, 1, 0, matrix->n_cols, target, scratch, cancellable, error))
    return FALSE;
  if (normalize (target, matrix->n_cols))
    return TRUE;
  ws_error_set (error, WS_ERROR_ARGUMENT,
                N_ ("row %s of '%s' points nowhere: it is zero or not finite"), number, name);
  return FALSE;
}

gboolean
ws_neighbours_find (const WsMatrix *matrix, guint64 row, guint n, WsNeighbour *neighbours,
                    guint *n_found, GCancellable *cancellable, GError **error)
{
  const guint64 d = matrix->n_cols, n_step = CLAMP (BLOCK / MAX (d, 1), 1, MAX (matrix->n_rows, 1));
  g_autofree double *values = g_try_new (double, d *(n_step + 1));
  g_autofree void *scratch = g_try_malloc (ws_matrix_get_scratch (matrix, n_step, d));
  Best best = { .n_wanted = MIN (n, matrix->n_rows) };
  g_autofree WsNeighbour *found = g_try_new (WsNeighbour, MAX (best.n_wanted, 1));
  double *target = values + d * n_step;

  if (values == NULL || scratch == NULL || found == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                           _ ("not enough memory for the blocks of a matrix"));
      return FALSE;
    }
  best.neighbours = found;
  if (!read_target (matrix, row, target, scratch, cancellable, error))
    return FALSE;
  for (guint64 first = 0; first < matrix->n_rows && n > 0; first += n_step)
    {
      const guint64 n_rows = MIN (n_step, matrix->n_rows - first);

      if (!ws_matrix_read (matrix, first, n_rows, 0, d, values, scratch, cancellable, error))
        return FALSE;
      for (guint64 i = 0; i < n_rows; i++)
        if (first + i != row && normalize (values + i * d, d))
          add (&best, first + i, CLAMP (cblas_ddot (d, values + i * d, 1, target, 1), -1.0, 1.0));
    }
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  memcpy (neighbours, found, best.n * sizeof *found);
  *n_found = best.n;
  return TRUE;
}
