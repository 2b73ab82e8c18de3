/* SPDX-License-Identifier: MIT */
/* Points seen from afar. */
#include "cluster/coarse.h"

#include "base/sort.h"
#include "cluster/points-private.h"
#include "cluster/random.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

/* Places that are drawn together, by the distance to those of earlier draws. */
#define BATCH 32
#define ITERATIONS 4

double
ws_coarse_estimate_work (gsize n, gsize d, guint most)
{
  return (double) n * d *
         (ITERATIONS * (most + WS_LLOYD_ROW_WORK) + most + most / BATCH * WS_LLOYD_ROW_WORK);
}

guint64
ws_coarse_get_required_bytes (gsize n, gsize d, guint most)
{
  return ws_lloyd_get_required_bytes (n, d, most) +
         (guint64) most * d * (sizeof (float) + sizeof (double)) +
         (guint64) most * (most + 1) * sizeof (double) + n * sizeof (float);
}

void
ws_coarse_clear (WsCoarse *self)
{
  g_clear_pointer (&self->centroids, g_free);
  g_clear_pointer (&self->weights, g_free);
  g_clear_pointer (&self->products, g_free);
}

/* Draws */

typedef struct
{
  const WsRows *rows;
  const WsCentres *centres; /* of the last draw */
  float *squares;           /* n: to the nearest of all draws */
} Draw;

static void
measure_block (gsize index, gpointer user_data)
{
  Draw *self = user_data;
  const WsRows *rows = self->rows;
  const guint k = self->centres->k;
  const gsize first = index * WS_LLOYD_ROWS, n_rows = MIN (WS_LLOYD_ROWS, rows->n - first);
  float scores[WS_LLOYD_ROWS * BATCH];

  ws_centres_multiply (self->centres, rows, first, n_rows, scores);
  for (gsize i = 0; i < n_rows; i++)
    {
      const float *score = scores + i * k;
      const gsize nearest =
          ws_centres_find_nearest (self->centres, rows, first + i, NULL, score, k);
      const float square =
          ws_centres_get_square (self->centres, rows, first + i, nearest, score[nearest]);

      self->squares[first + i] = CLAMP (square, 0, self->squares[first + i]);
    }
}

/* @n rows with a chance in proportion to their squares, some perhaps more than once.
 * @counter: of the first random number */
static void
draw_rows (const Draw *self, guint n, guint64 seed, guint64 stream, guint64 counter, gsize *drawn)
{
  double marks[BATCH], total = 0, sum = 0;
  guint n_drawn = 0;

  for (gsize i = 0; i < self->rows->n; i++)
    total += self->squares[i];
  for (guint i = 0; i < n; i++)
    marks[i] = ws_random_get_uniform (seed, stream, counter + i);
  ws_sort_doubles (marks, n);
  for (gsize i = 0; i < self->rows->n && n_drawn < n; i++)
    {
      sum += self->squares[i];
      while (n_drawn < n && sum > marks[n_drawn] * total)
        drawn[n_drawn++] = i;
    }
  /* what rounding, or squares that are all 0, leave */
  for (; n_drawn < n; n_drawn++)
    drawn[n_drawn] = MIN ((gsize) (marks[n_drawn] * self->rows->n), self->rows->n - 1);
}

static gboolean
draw_places (const WsRows *rows, guint most, guint64 seed, guint64 stream, float *centroids,
             WsWork *work, GError **error)
{
  const gsize n_blocks = (rows->n + WS_LLOYD_ROWS - 1) / WS_LLOYD_ROWS;
  g_auto (WsCentres) centres = { 0 };
  g_autofree float *squares = _ws_points_allocate (rows->n, 1, error);
  Draw draw = { .rows = rows, .centres = &centres, .squares = squares };

  if (squares == NULL || !ws_centres_init (&centres, BATCH, rows->d, error))
    return FALSE;
  for (gsize i = 0; i < rows->n; i++)
    squares[i] = G_MAXFLOAT;
  for (guint first = 0; first < most; first += BATCH)
    {
      const guint n = MIN (BATCH, most - first);
      gsize drawn[BATCH];

      draw_rows (&draw, n, seed, stream, first, drawn);
      for (guint i = 0; i < n; i++)
        memcpy (centroids + (first + i) * rows->d, rows->values + drawn[i] * rows->d,
                rows->d * sizeof (float));
      ws_centres_set (&centres, centroids + first * rows->d, n, rows);
      ws_team_run (work->team, n_blocks, measure_block, &draw);
      if (!ws_work_advance (work, (double) rows->n * rows->d * (n + WS_LLOYD_ROW_WORK), error))
        return FALSE;
    }
  return TRUE;
}

/* Places */

typedef struct
{
  WsCoarse *coarse;
  const double *places; /* m x d: less the mean */
} Multiplication;

static void
multiply_block (gsize index, gpointer user_data)
{
  const Multiplication *self = user_data;
  const gsize d = self->coarse->d, m = self->coarse->m;
  const gsize first = index * WS_LLOYD_ROWS, n_rows = MIN (WS_LLOYD_ROWS, m - first);

  cblas_dgemm (CblasRowMajor, CblasNoTrans, CblasTrans, n_rows, m, d, 1.0, self->places + first * d,
               d, self->places, d, 0.0, self->coarse->products + first * m, m);
}

static gboolean
multiply_places (WsCoarse *self, const double *mean, WsTeam *team, GError **error)
{
  const gsize d = self->d;
  g_autofree double *places = ws_work_allocate (self->m, d, error);
  Multiplication multiplication = { .coarse = self, .places = places };

  if (places == NULL)
    return FALSE;
  for (gsize i = 0; i < self->m; i++)
    for (gsize j = 0; j < d; j++)
      places[i * d + j] = self->centroids[i * d + j] - mean[j];
  ws_team_run (team, (self->m + WS_LLOYD_ROWS - 1) / WS_LLOYD_ROWS, multiply_block,
               &multiplication);
  return TRUE;
}

/* Of the clusters that are not empty. */
static gboolean
take_places (WsCoarse *self, const WsLloyd *lloyd, WsTeam *team, GError **error)
{
  const gsize d = self->d;

  self->centroids = _ws_points_allocate (lloyd->k, d, error);
  self->products = self->centroids ? ws_work_allocate (lloyd->k, lloyd->k, error) : NULL;
  if (self->products == NULL)
    return FALSE;
  self->weights = g_new (double, lloyd->k);
  for (guint c = 0; c < lloyd->k; c++)
    if (lloyd->sizes[c] > 0)
      {
        memcpy (self->centroids + self->m * d, lloyd->centroids + c * d, d * sizeof (float));
        self->weights[self->m++] = lloyd->sizes[c];
      }
  return multiply_places (self, lloyd->rows->mean, team, error);
}

gboolean
ws_coarse_init (WsCoarse *self, const WsRows *rows, guint most, guint64 seed, guint64 stream,
                WsWork *work, GError **error)
{
  g_auto (WsLloyd) lloyd = { 0 };

  *self = (WsCoarse){ .d = rows->d };
  most = MIN (most, rows->n);
  if (ws_lloyd_init (&lloyd, rows, most, error) &&
      draw_places (rows, most, seed, stream, lloyd.centroids, work, error) &&
      ws_lloyd_run (&lloyd, ITERATIONS, 0, work, error) &&
      take_places (self, &lloyd, work->team, error))
    return TRUE;
  ws_coarse_clear (self);
  return FALSE;
}
