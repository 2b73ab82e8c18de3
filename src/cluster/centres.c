/* SPDX-License-Identifier: MIT */
/* Rows times centres: squared distances by way of products. */
#include "cluster/lloyd.h"

#include "cluster/points-private.h"

#include <cblas.h>

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
  for (gsize c = 0; c < k; c++)
    {
      const float *value = values + c * d;
      float *factor = self->factors + c * d;
      double offset = 0;

      for (gsize j = 0; j < d; j++)
        {
          const double distance = value[j] - rows->mean[j];

          offset += distance * (distance + 2 * rows->mean[j]);
          factor[j] = -2 * distance;
        }
      self->offsets[c] = offset;
    }
}

void
ws_centres_multiply (const WsCentres *self, const WsRows *rows, gsize first, gsize n_rows,
                     float *scores)
{
  const guint k = self->k;
  const gsize d = self->d;

  for (gsize i = 0; i < n_rows; i++)
    for (gsize c = 0; c < k; c++)
      scores[i * k + c] = self->offsets[c];
  cblas_sgemm (CblasRowMajor, CblasNoTrans, CblasTrans, n_rows, k, d, 1.0f,
               rows->values + first * d, d, self->factors, d, 1.0f, scores, k);
}
