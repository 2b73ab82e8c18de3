/* SPDX-License-Identifier: MIT */
/* Rows times centres: squared distances by way of products. */
#include "cluster/lloyd.h"

#include "cluster/kernel.h"
#include "cluster/points-private.h"

#include <float.h>
#include <math.h>

/* Roundings of a product beside those of its longest sum: of the factor, of adding up the lanes, of
 * the offset and its sum, and of what is computed with this bound. */
#define MORE_ROUNDINGS 16
/* Squared distances of less than this part of the squared length of the row are measured. */
#define NEAR 0x1p-8

gboolean
ws_centres_init (WsCentres *self, guint most, gsize d, GError **error)
{
  *self = (WsCentres){ .d = d };
  self->factors = _ws_points_allocate (most, d, error);
  if (self->factors == NULL)
    return FALSE;
  self->offsets = g_new (float, most);
  self->constants = g_new (float, most);
  self->slopes = g_new (float, most);
  return TRUE;
}

void
ws_centres_clear (WsCentres *self)
{
  g_clear_pointer (&self->factors, g_free);
  g_clear_pointer (&self->offsets, g_free);
  g_clear_pointer (&self->constants, g_free);
  g_clear_pointer (&self->slopes, g_free);
}

/* |x| |c - m| is no less than the sum of the products' sizes, each of which is rounded at most as
 * often as the longest sum has terms. (Higham, Accuracy and Stability of Numerical Algorithms,
 * 2002, section 3.1.)
 * @length: |c - m| */
static void
set_error (WsCentres *self, gsize c, double length, double mean_norm)
{
  const double n_roundings = self->d / ws_kernel_get ()->n_lanes + MORE_ROUNDINGS;
  const double relative = n_roundings * FLT_EPSILON / 2;

  self->slopes[c] = relative * 2 * length;
  self->constants[c] = relative * length * (length + 2 * mean_norm);
  self->most_slope = MAX (self->most_slope, self->slopes[c]);
  self->most_constant = MAX (self->most_constant, self->constants[c]);
}

void
ws_centres_set (WsCentres *self, const float *values, guint k, const WsRows *rows)
{
  const gsize d = self->d;

  self->k = k;
  self->values = values;
  self->most_constant = self->most_slope = 0;
  for (gsize c = 0; c < k; c++)
    {
      const float *value = values + c * d;
      float *factor = self->factors + c * d;
      double offset = 0, square = 0;

      for (gsize j = 0; j < d; j++)
        {
          const double distance = value[j] - rows->mean[j];

          square += distance * distance;
          offset += distance * (distance + 2 * rows->mean[j]);
          factor[j] = -2 * distance;
        }
      self->offsets[c] = offset;
      set_error (self, c, sqrt (square), rows->mean_norm);
    }
}

void
ws_centres_multiply (const WsCentres *self, const WsRows *rows, gsize first, gsize n_rows,
                     float *scores)
{
  const gsize d = self->d;

  ws_kernel_get ()->multiply (rows->values + first * d, n_rows, self->factors, self->k, d,
                              self->offsets, scores);
}

static inline float
get_length (const WsRows *rows, gsize row)
{
  return sqrtf (rows->sq_norms[row]) + rows->mean_norm;
}

float
ws_centres_get_error (const WsCentres *self, const WsRows *rows, gsize row, guint c)
{
  return self->constants[c] + self->slopes[c] * get_length (rows, row);
}

void
ws_centres_bound (const WsCentres *self, const WsRows *rows, gsize row, const float *scores,
                  float *bounds)
{
  ws_kernel_get ()->bound (scores, self->constants, self->slopes, self->k, rows->sq_norms[row],
                           get_length (rows, row), bounds);
}

static double
measure (const WsCentres *self, const WsRows *rows, gsize row, guint c)
{
  return ws_kernel_get ()->measure (rows->values + row * self->d, self->values + c * self->d,
                                    self->d);
}

gsize
ws_centres_find_nearest (const WsCentres *self, const WsRows *rows, gsize row,
                         const guint32 *chosen, const float *scores, gsize n)
{
  const WsKernel *kernel = ws_kernel_get ();
  const gsize first = kernel->find_least (scores, n);
  const float error = self->most_constant + self->most_slope * get_length (rows, row);
  double least = INFINITY, limit;
  guint32 nearest = 0;
  gsize place = first;

  if (kernel->count_up_to (scores, n, scores[first] + 2 * error) < 2)
    return first;
  limit = scores[first] + ws_centres_get_error (self, rows, row, chosen ? chosen[first] : first);
  for (gsize i = 0; i < n; i++)
    {
      const guint32 c = chosen ? chosen[i] : i;
      double square;

      if (scores[i] - ws_centres_get_error (self, rows, row, c) > limit)
        continue;
      square = measure (self, rows, row, c);
      if (square < least || (square == least && c < nearest))
        {
          least = square;
          nearest = c;
          place = i;
        }
    }
  return place;
}

double
ws_centres_get_square (const WsCentres *self, const WsRows *rows, gsize row, guint c, float score)
{
  const double square = rows->sq_norms[row] + score;

  return square > NEAR * rows->sq_norms[row] ? square : measure (self, rows, row, c);
}
