/* SPDX-License-Identifier: MIT */
/* Each row to its nearest centre.
 *
 * A bound below the distance of a row from a centre stays one when as much is taken off it as the
 * centre moves. A centre whose bound is above the distance of the own centre need not be looked at.
 * Distances are products of float32: bounds and the limit that they are held against allow for what
 * those may err, and so does the choice among centres, so that the label is the nearest centre in
 * any case. */
#include "cluster/lloyd.h"

#include <math.h>
#include <string.h>

/* Steps of so many multiply-adds are told of: some 50 ms. */
#define STEP_WORK 1e9
/* With fewer the rows take longer to read than to multiply, and are read as often. */
#define LEAST_CENTRES 16
/* Of a block: when more products than that are needed, all are made, which is faster for each. */
#define MOST_SHARE 0.4

gboolean
_ws_lloyd_has_bounds (gsize d, guint k)
{
  return k >= LEAST_CENTRES && k <= d / 2;
}

typedef struct
{
  WsLloyd *lloyd;
  gsize first; /* block of this step */
  GCancellable *cancellable;
} Assignment;

/* The greatest float that is a bound for row @row and centre @c. */
static float
get_bound (const WsLloyd *self, gsize row, guint c, float score)
{
  const double square =
      self->rows->sq_norms[row] + score - ws_centres_get_error (&self->centres, self->rows, row, c);

  return square > 0 ? sqrt (square) * (1 - 1e-6) : 0;
}

static void
assign_all (WsLloyd *self, gsize first, gsize n_rows)
{
  const guint k = self->k;
  g_autofree float *scores = g_new (float, n_rows *k);

  ws_centres_multiply (&self->centres, self->rows, first, n_rows, scores);
  for (gsize i = 0; i < n_rows; i++)
    {
      const gsize row = first + i;
      const float *score = scores + i * k;

      self->labels[row] = ws_centres_find_nearest (&self->centres, self->rows, row, NULL, score, k);
      if (self->bounds != NULL)
        ws_centres_bound (&self->centres, self->rows, row, score, self->bounds + row * k);
    }
}

/* Lists what may be nearer than the own centre. */
static gsize
list_centres (WsLloyd *self, gsize row, guint32 *chosen, float own_score)
{
  const guint32 own = self->labels[row];
  const double error = ws_centres_get_error (&self->centres, self->rows, row, own);
  const double square = MAX (self->rows->sq_norms[row] + own_score, 0);
  float *bounds = self->bounds + row * self->k;
  gsize n, n_others = 0;

  n = ws_kernel_get ()->lower (bounds, self->moves, self->k, sqrt (square + error) * (1 + 1e-6),
                               chosen);
  bounds[own] = get_bound (self, row, own, own_score);
  for (gsize i = 0; i < n; i++)
    if (chosen[i] != own)
      chosen[n_others++] = chosen[i];
  return n_others;
}

/* @chosen: with room for the own centre */
static void
assign_listed (WsLloyd *self, gsize row, guint32 *chosen, gsize n, float own_score)
{
  const guint k = self->k;
  g_autofree float *scores = n > 0 ? g_new (float, n + 1) : NULL;

  if (n == 0)
    return;
  ws_kernel_get ()->multiply_some (self->rows->values + row * self->rows->d, self->centres.factors,
                                   chosen, n, self->rows->d, self->centres.offsets, scores);
  for (gsize i = 0; i < n; i++)
    self->bounds[row * k + chosen[i]] = get_bound (self, row, chosen[i], scores[i]);
  chosen[n] = self->labels[row];
  scores[n] = own_score;
  self->labels[row] =
      chosen[ws_centres_find_nearest (&self->centres, self->rows, row, chosen, scores, n + 1)];
}

static void
assign_near (WsLloyd *self, gsize first, gsize n_rows)
{
  const guint k = self->k;
  g_autofree guint32 *chosen = g_new (guint32, n_rows * k);
  gsize counts[WS_LLOYD_ROWS], n_products = 0;
  float scores[WS_LLOYD_ROWS];

  ws_kernel_get ()->multiply_own (self->rows->values + first * self->rows->d, n_rows,
                                  self->centres.factors, self->labels + first, self->rows->d,
                                  self->centres.offsets, scores);
  for (gsize i = 0; i < n_rows; i++)
    {
      counts[i] = list_centres (self, first + i, chosen + i * k, scores[i]);
      n_products += counts[i];
    }
  if (n_products > MOST_SHARE * n_rows * k)
    assign_all (self, first, n_rows);
  else
    for (gsize i = 0; i < n_rows; i++)
      assign_listed (self, first + i, chosen + i * k, counts[i], scores[i]);
}

static void
assign_block (gsize index, gpointer user_data)
{
  Assignment *self = user_data;
  WsLloyd *lloyd = self->lloyd;
  const gsize first = (self->first + index) * WS_LLOYD_ROWS;
  const gsize n_rows = MIN (WS_LLOYD_ROWS, lloyd->rows->n - first);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (lloyd->is_bound)
    assign_near (lloyd, first, n_rows);
  else
    assign_all (lloyd, first, n_rows);
}

/* How far the centres have come since the bounds were right. */
static void
measure_moves (WsLloyd *self)
{
  const gsize d = self->rows->d;

  for (guint c = 0; c < self->k && self->is_bound; c++)
    self->moves[c] =
        sqrt (ws_kernel_get ()->measure (self->centroids + c * d, self->before + c * d, d)) *
        (1 + 1e-6);
  if (self->before != NULL)
    memcpy (self->before, self->centroids, self->k * d * sizeof (float));
}

gboolean
_ws_lloyd_assign (WsLloyd *self, WsWork *work, GError **error)
{
  const double of_block = WS_LLOYD_ROWS * (double) self->rows->d * (self->k + WS_LLOYD_ROW_WORK);
  const gsize n_blocks = (self->rows->n + WS_LLOYD_ROWS - 1) / WS_LLOYD_ROWS;
  const gsize n_step = CLAMP (STEP_WORK / of_block, 8, n_blocks + 8);
  Assignment step = { .lloyd = self, .cancellable = work->cancellable };

  ws_centres_set (&self->centres, self->centroids, self->k, self->rows);
  measure_moves (self);
  for (; step.first < n_blocks; step.first += n_step)
    {
      const gsize n = MIN (n_step, n_blocks - step.first);

      ws_team_run (work->team, n, assign_block, &step);
      if (!ws_work_advance (work, n * of_block, error))
        return FALSE;
    }
  self->is_bound = self->bounds != NULL;
  return TRUE;
}
