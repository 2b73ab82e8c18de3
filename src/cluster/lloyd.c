/* SPDX-License-Identifier: MIT */
/* Lloyd's iteration: rows to the nearest centre, centres to the mean of their rows. */
#include "cluster/lloyd.h"

#include "cluster/points-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Columns whose sums one thread keeps up to date. */
#define STRIP 64
#define NOBODY G_MAXUINT32
/* Below this part of what it is for one cluster the inertia is measured: what it is less than that
 * would be rounding. */
#define LEAST_SHARE 1e-6

static gsize
count_strips (gsize d)
{
  return (d + STRIP - 1) / STRIP;
}

guint64
ws_lloyd_get_required_bytes (gsize n, gsize d, guint k)
{
  const guint64 of_row = 2 * sizeof (guint32) + sizeof (gsize);
  const guint64 of_centre = 2 * sizeof (float) + sizeof (double);

  const guint64 of_bounds =
      _ws_lloyd_has_bounds (d, k) ? (n + d) * (guint64) k * sizeof (float) : 0;

  return n * of_row + (guint64) k * d * of_centre + k * sizeof (guint64) + of_bounds;
}

gboolean
ws_lloyd_init (WsLloyd *self, const WsRows *rows, guint k, GError **error)
{
  const gsize n = rows->n, d = rows->d;

  *self = (WsLloyd){ .rows = rows, .k = k };
  self->centroids = _ws_points_allocate (k, d, error);
  self->sums = self->centroids ? ws_work_allocate (k, d, error) : NULL;
  if (self->sums == NULL || !ws_centres_init (&self->centres, k, d, error))
    {
      ws_lloyd_clear (self);
      return FALSE;
    }
  self->moves = g_new (float, k);
  self->parts = g_new (double, count_strips (d));
  if (_ws_lloyd_has_bounds (d, k))
    {
      self->bounds = _ws_points_allocate (n, k, error);
      self->before = self->bounds ? _ws_points_allocate (k, d, error) : NULL;
      if (self->before == NULL)
        {
          ws_lloyd_clear (self);
          return FALSE;
        }
    }
  self->labels = g_try_new (guint32, n);
  self->previous = g_try_new (guint32, n);
  self->changed = g_try_new (gsize, n);
  self->sizes = g_try_new (guint64, k);
  if (self->labels && self->previous && self->changed && self->sizes)
    return TRUE;
  ws_lloyd_clear (self);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("not enough memory for %zu × %zu numbers"),
               n, (gsize) 4);
  return FALSE;
}

void
ws_lloyd_clear (WsLloyd *self)
{
  g_clear_pointer (&self->centroids, g_free);
  g_clear_pointer (&self->sums, g_free);
  g_clear_pointer (&self->labels, g_free);
  g_clear_pointer (&self->previous, g_free);
  g_clear_pointer (&self->changed, g_free);
  g_clear_pointer (&self->sizes, g_free);
  g_clear_pointer (&self->bounds, g_free);
  g_clear_pointer (&self->before, g_free);
  g_clear_pointer (&self->moves, g_free);
  g_clear_pointer (&self->parts, g_free);
  ws_centres_clear (&self->centres);
}

/* Distances, in float64 */

typedef struct
{
  const WsLloyd *lloyd;
  float *distances;
  double *inertias; /* of each block */
  GCancellable *cancellable;
} Measurement;

static void
measure_block (gsize index, gpointer user_data)
{
  Measurement *self = user_data;
  const WsLloyd *lloyd = self->lloyd;
  const gsize d = lloyd->rows->d, first = index * WS_LLOYD_ROWS;
  double inertia = 0;

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  for (gsize i = first; i < MIN (first + WS_LLOYD_ROWS, lloyd->rows->n); i++)
    {
      const double square = ws_kernel_get ()->measure (lloyd->rows->values + i * d,
                                                       lloyd->centroids + lloyd->labels[i] * d, d);

      self->distances[i] = sqrt (square);
      inertia += square;
    }
  self->inertias[index] = inertia;
}

gboolean
ws_lloyd_measure (const WsLloyd *self, float *distances, double *inertia, WsWork *work,
                  GError **error)
{
  const gsize n_blocks = (self->rows->n + WS_LLOYD_ROWS - 1) / WS_LLOYD_ROWS;
  g_autofree double *inertias = g_new (double, n_blocks);
  Measurement measurement = { self, distances, inertias, work->cancellable };

  ws_team_run (work->team, n_blocks, measure_block, &measurement);
  if (!ws_work_advance (work, 0, error))
    return FALSE;
  *inertia = 0;
  for (gsize i = 0; i < n_blocks; i++)
    *inertia += inertias[i];
  return TRUE;
}

/* Clusters that lost all their rows */

/* The row that is farthest from its own centre, of equal ones the first, and not alone there; n:
 * all are where their centre is. */
static gsize
find_farthest (const WsLloyd *self, const float *distances)
{
  gsize farthest = self->rows->n;

  for (gsize i = 0; i < self->rows->n; i++)
    if (distances[i] > 0 && self->sizes[self->labels[i]] > 1 &&
        (farthest == self->rows->n || distances[i] > distances[farthest]))
      farthest = i;
  return farthest;
}

static gboolean
fill_empty (WsLloyd *self, WsWork *work, GError **error)
{
  g_autofree float *distances = NULL;
  double inertia;

  for (guint c = 0; c < self->k; c++)
    {
      gsize row;

      if (self->sizes[c] > 0)
        continue;
      if (distances == NULL)
        {
          distances = _ws_points_allocate (self->rows->n, 1, error);
          if (distances == NULL || !ws_lloyd_measure (self, distances, &inertia, work, error))
            return FALSE;
        }
      row = find_farthest (self, distances);
      if (row == self->rows->n)
        return TRUE;
      self->sizes[self->labels[row]]--;
      self->sizes[c]++;
      self->labels[row] = c;
      distances[row] = 0;
    }
  return TRUE;
}

/* Centres to rows */

static void
count_rows (WsLloyd *self)
{
  for (guint c = 0; c < self->k; c++)
    self->sizes[c] = 0;
  for (gsize i = 0; i < self->rows->n; i++)
    self->sizes[self->labels[i]]++;
}

static void
list_changed (WsLloyd *self)
{
  self->n_changed = 0;
  for (gsize i = 0; i < self->rows->n; i++)
    if (self->labels[i] != self->previous[i])
      self->changed[self->n_changed++] = i;
}

typedef struct
{
  WsLloyd *lloyd;
  GCancellable *cancellable;
} Update;

/* Takes the rows that moved, in their order, from one sum to the other. What the means are away
 * from the mean of all is what the inertia is less than that of one cluster. */
static void
update_strip (gsize index, gpointer user_data)
{
  const WsKernel *kernel = ws_kernel_get ();
  const Update *update = user_data;
  WsLloyd *self = update->lloyd;
  const gsize d = self->rows->d, start = index * STRIP, n = MIN (STRIP, d - start);
  double part = 0;

  if (g_cancellable_is_cancelled (update->cancellable))
    return;
  for (gsize i = 0; i < self->n_changed; i++)
    {
      const gsize row = self->changed[i];
      const guint32 from = self->previous[row];

      kernel->move (self->rows->values + row * d + start, n,
                    self->sums + self->labels[row] * d + start,
                    from == NOBODY ? NULL : self->sums + from * d + start);
    }
  for (guint c = 0; c < self->k; c++)
    {
      double square = 0;

      for (gsize j = start; j < start + n && self->sizes[c] > 0; j++)
        {
          const double mean = self->sums[c * d + j] / self->sizes[c];

          square += (mean - self->rows->mean[j]) * (mean - self->rows->mean[j]);
          self->centroids[c * d + j] = mean;
        }
      part += self->sizes[c] * square;
    }
  self->parts[index] = part;
}

static gboolean
update_centroids (WsLloyd *self, WsWork *work, GError **error)
{
  Update update = { self, work->cancellable };

  ws_team_run (work->team, count_strips (self->rows->d), update_strip, &update);
  for (gsize i = 0; i < self->n_changed; i++)
    self->previous[self->changed[i]] = self->labels[self->changed[i]];
  return ws_work_advance (work, 0, error);
}

/* Sums without what was added and taken off again on the way. */
static gboolean
renew_centroids (WsLloyd *self, WsWork *work, GError **error)
{
  for (gsize i = 0; i < self->rows->n; i++)
    self->previous[i] = NOBODY;
  for (gsize i = 0; i < (gsize) self->k * self->rows->d; i++)
    self->sums[i] = 0;
  list_changed (self);
  return update_centroids (self, work, error);
}

/* After the means of the members.
 * @of_one: the inertia of one cluster */
static gboolean
find_inertia (WsLloyd *self, double of_one, WsWork *work, GError **error)
{
  const gsize n = self->rows->n;
  const double scale = of_one + n * self->rows->mean_norm * self->rows->mean_norm;
  g_autofree float *distances = NULL;

  self->inertia = of_one;
  for (gsize i = 0; i < count_strips (self->rows->d); i++)
    self->inertia -= self->parts[i];
  if (self->inertia > LEAST_SHARE * scale)
    return TRUE;
  distances = _ws_points_allocate (n, 1, error);
  return distances != NULL && ws_lloyd_measure (self, distances, &self->inertia, work, error);
}

static double
sum_squares (const WsRows *rows)
{
  double sum = 0;

  for (gsize i = 0; i < rows->n; i++)
    sum += rows->sq_norms[i];
  return sum;
}

gboolean
ws_lloyd_run (WsLloyd *self, guint n_most, double tolerance, WsWork *work, GError **error)
{
  const double of_one = sum_squares (self->rows);
  double least = INFINITY;
  guint n_flat = 0;

  for (gsize i = 0; i < self->rows->n; i++)
    self->previous[i] = NOBODY;
  for (gsize i = 0; i < (gsize) self->k * self->rows->d; i++)
    self->sums[i] = 0;
  self->converged = FALSE;
  self->is_bound = FALSE;
  for (self->n_iterations = 0; self->n_iterations < n_most && !self->converged;)
    {
      if (!_ws_lloyd_assign (self, work, error))
        return FALSE;
      self->n_iterations++;
      count_rows (self);
      if (!fill_empty (self, work, error))
        return FALSE;
      list_changed (self);
      if (!update_centroids (self, work, error) || !find_inertia (self, of_one, work, error))
        return FALSE;
      n_flat = least - self->inertia > tolerance * self->inertia ? 0 : n_flat + 1;
      self->converged = self->n_changed == 0 || n_flat == 2;
      least = MIN (least, self->inertia);
    }
  return renew_centroids (self, work, error);
}
