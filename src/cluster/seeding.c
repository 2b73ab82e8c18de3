/* SPDX-License-Identifier: MIT */
/* k-means++ with several candidates for each centre. */
#include "cluster/seeding.h"

#include "cluster/points-private.h"
#include "cluster/random.h"

#include <math.h>
#include <string.h>

#define MOST_CANDIDATES 16

typedef struct
{
  const WsRows *rows;
  WsCentres candidates;
  float *squares;   /* n: to the nearest centre */
  float *distances; /* n x candidates: to the nearest centre if that one is added */
  double *sums;     /* blocks x candidates: of them */
  guint64 seed, stream, counter;
} Seeding;

static guint
count_candidates (guint k)
{
  return MIN (2 + (guint) log (k), MOST_CANDIDATES);
}

double
ws_seeding_estimate_work (gsize n, gsize d, guint k)
{
  return (double) n * d * k * (count_candidates (k) + WS_LLOYD_ROW_WORK);
}

static void
try_block (gsize index, gpointer user_data)
{
  Seeding *self = user_data;
  const guint n_candidates = self->candidates.k;
  const WsRows *rows = self->rows;
  const gsize first = index * WS_LLOYD_ROWS, n_rows = MIN (WS_LLOYD_ROWS, rows->n - first);
  float *distances = self->distances + first * n_candidates;
  double *sums = self->sums + index * n_candidates;

  ws_centres_multiply (&self->candidates, rows, first, n_rows, distances);
  for (guint c = 0; c < n_candidates; c++)
    sums[c] = 0;
  for (gsize i = 0; i < n_rows; i++)
    for (guint c = 0; c < n_candidates; c++)
      {
        float *distance = distances + i * n_candidates + c;
        const float square =
            ws_centres_get_square (&self->candidates, rows, first + i, c, *distance);

        *distance = CLAMP (square, 0, self->squares[first + i]);
        sums[c] += *distance;
      }
}

/* Drawn with a chance in proportion to its square; by chance alone when all are 0. */
static gsize
draw_row (Seeding *self, double total)
{
  const gsize n = self->rows->n;
  const double u = ws_random_get_uniform (self->seed, self->stream, self->counter++);
  double sum = 0;
  gsize last = n;

  for (gsize i = 0; i < n && total > 0; i++)
    if (self->squares[i] > 0)
      {
        sum += self->squares[i];
        last = i;
        if (sum > u * total)
          return i;
      }
  return last < n ? last : MIN ((gsize) (u * n), n - 1);
}

/* Returns: the sum of squares that is left. */
static double
add_centre (Seeding *self, guint n_candidates, double total, float *centroid, WsWork *work)
{
  const gsize n = self->rows->n, d = self->rows->d;
  const gsize n_blocks = (n + WS_LLOYD_ROWS - 1) / WS_LLOYD_ROWS;
  g_autofree float *values = g_new (float, n_candidates *d);
  double least = INFINITY;
  guint best = 0;

  for (guint c = 0; c < n_candidates; c++)
    memcpy (values + c * d, self->rows->values + draw_row (self, total) * d, d * sizeof (float));
  ws_centres_set (&self->candidates, values, n_candidates, self->rows);
  ws_team_run (work->team, n_blocks, try_block, self);
  for (guint c = 0; c < n_candidates; c++)
    {
      double sum = 0;

      for (gsize i = 0; i < n_blocks; i++)
        sum += self->sums[i * n_candidates + c];
      if (sum < least)
        {
          least = sum;
          best = c;
        }
    }
  for (gsize i = 0; i < n; i++)
    self->squares[i] = self->distances[i * n_candidates + best];
  memcpy (centroid, values + best * d, d * sizeof (float));
  return least;
}

gboolean
ws_seeding_run (const WsRows *rows, guint k, guint64 seed, guint64 stream, float *centroids,
                WsWork *work, GError **error)
{
  const guint n_candidates = count_candidates (k);
  const gsize n_blocks = (rows->n + WS_LLOYD_ROWS - 1) / WS_LLOYD_ROWS;
  g_autofree float *squares = _ws_points_allocate (rows->n, 1, error);
  g_autofree float *distances = squares ? _ws_points_allocate (rows->n, n_candidates, error) : NULL;
  g_autofree double *sums = g_new (double, n_blocks *n_candidates);
  Seeding seeding = { .rows = rows,
                      .squares = squares,
                      .distances = distances,
                      .sums = sums,
                      .seed = seed,
                      .stream = stream };
  gboolean is_done = TRUE;
  double total = 0;

  if (distances == NULL || !ws_centres_init (&seeding.candidates, n_candidates, rows->d, error))
    return FALSE;
  for (gsize i = 0; i < rows->n; i++)
    squares[i] = INFINITY;
  for (guint c = 0; c < k && is_done; c++)
    {
      total =
          add_centre (&seeding, c == 0 ? 1 : n_candidates, total, centroids + c * rows->d, work);
      is_done = ws_work_advance (work, ws_seeding_estimate_work (rows->n, rows->d, k) / k, error);
    }
  ws_centres_clear (&seeding.candidates);
  return is_done;
}
