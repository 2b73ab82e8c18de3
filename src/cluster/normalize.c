/* SPDX-License-Identifier: MIT */
/* Points standardised in place, with float64 sums. */
#include "base/error.h"
#include "cluster/points-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Columns that are summed together: their sums stay in the first cache, and what is read of a row
 * is some lines of it. */
#define STRIP 64
/* Values between two looks at whether the user has had enough, about 10 ms. */
#define SLAB_VALUES ((gsize) 1 << 23)
/* Squared lengths of points between which squares of differences are good floats. */
#define MOST_SQUARE 1e36
#define LEAST_SQUARE 1e-24

typedef struct
{
  WsPoints *points;
  gsize first, end; /* of the rows of this step */
  double *shift;    /* d: subtracted */
  double *sums;     /* d: of x - shift, or of its square */
  double *scale;    /* d: multiplied by; NULL: 1 */
  gboolean squared;
} Pass;

static void
sum_strip (gsize index, gpointer user_data)
{
  Pass *self = user_data;
  const gsize d = self->points->d, start = index * STRIP, n = MIN (STRIP, d - start);
  const double *shift = self->shift + start;
  double sums[STRIP] = { 0 };

  for (gsize i = self->first; i < self->end; i++)
    {
      const float *row = self->points->values + i * d + start;

      if (self->squared)
        for (gsize j = 0; j < n; j++)
          sums[j] += (row[j] - shift[j]) * (row[j] - shift[j]);
      else
        for (gsize j = 0; j < n; j++)
          sums[j] += row[j] - shift[j];
    }
  for (gsize j = 0; j < n; j++)
    self->sums[start + j] += sums[j];
}

/* Calls @func for all strips of all rows, slab by slab. */
static gboolean
run_strips (Pass *self, WsTileFunc func, double amount, WsWork *work, GError **error)
{
  const gsize n = self->points->n, d = self->points->d;
  const gsize step = MAX (SLAB_VALUES / d, 1);

  for (self->first = 0; self->first < n; self->first = self->end)
    {
      self->end = MIN (self->first + step, n);
      ws_team_run (work->team, (d + STRIP - 1) / STRIP, func, self);
      if (!ws_work_advance (work, amount * (self->end - self->first), error))
        return FALSE;
    }
  return TRUE;
}

/* Of rows */

typedef struct
{
  WsPoints *points;
  gsize first, end;
  gsize step;
} RowPass;

static double
get_square (const float *row, gsize d)
{
  double sums[4] = { 0 };

  for (gsize j = 0; j < d; j++)
    sums[j % 4] += (double) row[j] * row[j];
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

static void
measure_rows (gsize index, gpointer user_data)
{
  RowPass *self = user_data;
  const gsize d = self->points->d, first = self->first + index * self->step;

  for (gsize i = first; i < MIN (first + self->step, self->end); i++)
    {
      float *row = self->points->values + i * d;

      for (gsize j = 0; j < d; j++)
        row[j] += 0.0f;
      self->points->sq_norms[i] = get_square (row, d);
    }
}

static void
scale_rows (gsize index, gpointer user_data)
{
  RowPass *self = user_data;
  const gsize d = self->points->d, first = self->first + index * self->step;

  for (gsize i = first; i < MIN (first + self->step, self->end); i++)
    {
      float *row = self->points->values + i * d;
      const double length = sqrt (self->points->sq_norms[i]);

      if (length > 0)
        for (gsize j = 0; j < d; j++)
          row[j] = row[j] / length;
    }
}

static gboolean
run_rows (WsPoints *points, WsTileFunc func, double amount, WsWork *work, GError **error)
{
  const gsize step = MAX (SLAB_VALUES / points->d, 1);
  RowPass pass = { .points = points, .step = MAX (step / 16, 1) };

  for (; pass.first < points->n; pass.first = pass.end)
    {
      pass.end = MIN (pass.first + step, points->n);
      ws_team_run (work->team, (pass.end - pass.first + pass.step - 1) / pass.step, func, &pass);
      if (!ws_work_advance (work, amount * (pass.end - pass.first), error))
        return FALSE;
    }
  return TRUE;
}

/* Means: of the distances from the first point, which are 0 in a column of equal values. */
static gboolean
compute_mean (WsPoints *self, double *mean, double amount, WsWork *work, GError **error)
{
  const gsize d = self->d;
  g_autofree double *pivot = g_new (double, d);
  g_autofree double *sums = g_new0 (double, d);
  Pass pass = { .points = self, .shift = pivot, .sums = sums };

  for (gsize j = 0; j < d; j++)
    pivot[j] = self->values[j];
  if (!run_strips (&pass, sum_strip, amount, work, error))
    return FALSE;
  for (gsize j = 0; j < d; j++)
    mean[j] = pivot[j] + sums[j] / self->n;
  return TRUE;
}

gboolean
_ws_points_measure (WsPoints *self, WsWork *work, GError **error)
{
  return run_rows (self, measure_rows, 0.25, work, error) &&
         compute_mean (self, self->mean, 0.25, work, error);
}

static void
apply_strip (gsize index, gpointer user_data)
{
  Pass *self = user_data;
  const gsize d = self->points->d, start = index * STRIP, n = MIN (STRIP, d - start);
  const double *shift = self->shift + start;

  for (gsize i = self->first; i < self->end; i++)
    {
      float *row = self->points->values + i * d + start;

      if (self->scale != NULL)
        for (gsize j = 0; j < n; j++)
          row[j] = (row[j] - shift[j]) * self->scale[start + j];
      else
        for (gsize j = 0; j < n; j++)
          row[j] = row[j] - shift[j];
    }
}

/* From sums of squares to factors: 0 for a column of equal values. */
static void
invert_deviations (WsPoints *self, double *sums)
{
  for (gsize j = 0; j < self->d; j++)
    {
      const double deviation = sqrt (sums[j] / self->n);

      self->n_constant += deviation == 0;
      sums[j] = deviation == 0 ? 0 : 1 / deviation;
    }
}

static gboolean
standardize_columns (WsPoints *self, gboolean scaled, WsWork *work, GError **error)
{
  g_autofree double *sums = g_new0 (double, self->d);
  Pass pass = { .points = self, .shift = self->mean, .sums = sums, .squared = TRUE };

  if (scaled)
    {
      if (!run_strips (&pass, sum_strip, 1, work, error))
        return FALSE;
      invert_deviations (self, sums);
      pass.scale = sums;
    }
  return run_strips (&pass, apply_strip, 1, work, error);
}

static gboolean
check_range (const WsPoints *self, GError **error)
{
  double most = 0;

  for (gsize i = 0; i < self->n; i++)
    most = MAX (most, self->sq_norms[i]);
  if (most == 0 || (most >= LEAST_SQUARE && most <= MOST_SQUARE))
    return TRUE;
  ws_error_set (
      error, WS_ERROR_UNSUPPORTED,
      most > 1 ? N_ ("the values are too large to be clustered without standardizing each column")
               : N_ ("the values are too small to be clustered without standardizing each column"));
  return FALSE;
}

gboolean
ws_points_normalize (WsPoints *self, WsNormalization normalization, WsTeam *team,
                     WsShareFunc share_func, gpointer user_data, GCancellable *cancellable,
                     GError **error)
{
  WsWork work = { .total = self->n * 2.5,
                  .share_func = share_func,
                  .user_data = user_data,
                  .team = team,
                  .cancellable = cancellable };
  gboolean is_done = TRUE;

  g_return_val_if_fail (self->normalization == WS_NORMALIZATION_NONE, FALSE);

  if (normalization == WS_NORMALIZATION_UNIT)
    is_done = run_rows (self, scale_rows, 1, &work, error);
  else if (normalization != WS_NORMALIZATION_NONE)
    is_done = standardize_columns (self, normalization == WS_NORMALIZATION_ZSCORE, &work, error);
  if (!is_done || !_ws_points_measure (self, &work, error) || !check_range (self, error))
    return FALSE;
  self->normalization = normalization;
  if (share_func != NULL)
    share_func (1.0, user_data);
  return TRUE;
}
