/* SPDX-License-Identifier: MIT */
/* Eigenvalues of a symmetric tridiagonal matrix by bisection, many at a time. */
#include "spectra/sturm.h"

#include "spectra/lanes.h"
#include "spectra/sturm-kernel.h"

#include <math.h>

/* Intervals end at this length, in units of something between the largest eigenvalue and six times
 * that: half an eps of 1. */
#define N_BITS 54

typedef struct
{
  WsSturmFunc count;
  gsize n;
  double *d, *squares; /* of the scaled matrix, whose eigenvalues lie below 1 */
  gsize n_grid;        /* numbers 1/n_grid, 2/n_grid ... 1 */
  guint64 *below;      /* eigenvalues below each of them */
  double *lambda;      /* ascending */
  GCancellable *cancellable;
} Search;

static WsSturmFunc
choose_func (void)
{
#if defined(__x86_64__)
  const guint n_lanes = ws_lanes_get_most ();

  if (n_lanes == 8)
    return ws_sturm_count_8;
  if (n_lanes == 4)
    return ws_sturm_count_4;
#endif
  return ws_sturm_count_2;
}

gboolean
ws_sturm_is_fast (void)
{
  return choose_func () != ws_sturm_count_2;
}

static void
count_grid (gsize index, gpointer data)
{
  Search *self = data;
  const gsize first = index * WS_STURM_POINTS;
  _Alignas(64) double x[WS_STURM_POINTS];

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  for (gsize i = 0; i < WS_STURM_POINTS; i++)
    x[i] = (first + i + 1.0) / self->n_grid;
  self->count (self->d, self->squares, self->n, x, self->below + first);
}

/* The interval of the grid that eigenvalue @k lies in, 0 being the smallest. */
static void
find_interval (const Search *self, gsize k, double *low, double *high)
{
  gsize i = 0;

  while (i + 1 < self->n_grid && self->below[i] <= k)
    i++;
  *low = (double) i / self->n_grid;
  *high = (i + 1.0) / self->n_grid;
}

static void
bisect (gsize index, gpointer data)
{
  Search *self = data;
  const gsize first = index * WS_STURM_POINTS;
  const double least = ldexp (1.0, -N_BITS);
  double low[WS_STURM_POINTS], high[WS_STURM_POINTS];
  _Alignas(64) double x[WS_STURM_POINTS];
  _Alignas(64) guint64 below[WS_STURM_POINTS];

  for (gsize i = 0; i < WS_STURM_POINTS; i++)
    find_interval (self, first + i, &low[i], &high[i]);
  for (double length = 1.0 / self->n_grid; length > least; length /= 2)
    {
      if (g_cancellable_is_cancelled (self->cancellable))
        return;
      for (gsize i = 0; i < WS_STURM_POINTS; i++)
        x[i] = 0.5 * (low[i] + high[i]);
      self->count (self->d, self->squares, self->n, x, below);
      for (gsize i = 0; i < WS_STURM_POINTS; i++)
        *(below[i] > first + i ? &high[i] : &low[i]) = x[i];
    }
  for (gsize i = 0; i < WS_STURM_POINTS && first + i < self->n; i++)
    self->lambda[first + i] = low[i];
}

/* Returns: what the eigenvalues are multiplied by. */
static double
scale (Search *self, const double *d, const double *e)
{
  double bound = 0.0, factor;

  for (gsize i = 0; i < self->n; i++)
    bound = fmax (bound, fabs (d[i]) + (i > 0 ? fabs (e[i - 1]) : 0.0) +
                             (i + 1 < self->n ? fabs (e[i]) : 0.0));
  factor = bound > 0.0 ? ldexp (1.0, MIN (-ilogb (bound) - 1, 1000)) : 1.0;
  for (gsize i = 0; i < self->n; i++)
    self->d[i] = d[i] * factor;
  for (gsize i = 0; i + 1 < self->n; i++)
    {
      const double x = fmax (fabs (e[i]) * factor, WS_STURM_LEAST);

      self->squares[i] = x * x;
    }
  return factor;
}

static gsize
round_up (gsize n)
{
  return (n + WS_STURM_POINTS - 1) / WS_STURM_POINTS * WS_STURM_POINTS;
}

gboolean
ws_sturm_compute_values (const double *d, const double *e, gsize n, double *lambda, WsWork *work,
                         GError **error)
{
  Search self = {
    .count = choose_func (),
    .n = n,
    .n_grid = round_up (n),
    .lambda = lambda,
    .cancellable = work->cancellable,
  };
  g_autofree double *buffer = ws_work_allocate (3 * self.n_grid + 8, 1, error);
  double factor;

  if (!buffer)
    return FALSE;
  self.below = (guint64 *) ws_align (buffer, 64);
  self.d = (double *) self.below + self.n_grid;
  self.squares = self.d + self.n_grid;
  factor = scale (&self, d, e);
  ws_team_run (work->team, self.n_grid / WS_STURM_POINTS, count_grid, &self);
  ws_team_run (work->team, self.n_grid / WS_STURM_POINTS, bisect, &self);
  if (!ws_work_advance (work, 0.0, error))
    return FALSE;
  for (gsize i = 0; 2 * i < n; i++)
    {
      const double less = lambda[i];

      lambda[i] = lambda[n - 1 - i] / factor;
      lambda[n - 1 - i] = less / factor;
    }
  /* counts are rounded: neighbours may have changed places */
  for (gsize i = 1; i < n; i++)
    lambda[i] = fmin (lambda[i], lambda[i - 1]);
  return TRUE;
}
