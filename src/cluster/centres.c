/* SPDX-License-Identifier: MIT */
/* Rows times centres: squared distances by way of products. */
#include "cluster/lloyd.h"

#include "cluster/kernel.h"
#include "cluster/points-private.h"

#include <math.h>

gboolean
ws_centres_init (WsCentres *self, guint most, gsize d, GError **error)
{
  *self = (WsCentres){ .d = d };
  self->factors = _ws_points_allocate (most, d, error);
  if (self->factors == NULL)
    return FALSE;
  self->offsets = g_new (float, most);
  return TRUE;
}

void
ws_centres_clear (WsCentres *self)
{
  g_clear_pointer (&self->factors, g_free);
  g_clear_pointer (&self->offsets, g_free);
}

void
ws_centres_set (WsCentres *self, const float *values, guint k, const WsRows *rows)
{
  const gsize d = self->d;

  self->k = k;
  self->radius = 0;
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
      self->radius = MAX (self->radius, sqrt (square));
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
