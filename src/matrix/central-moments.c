/* SPDX-License-Identifier: MIT */
/* Mean and central sums of a growing set of numbers, merged in a fixed order. */
#include "matrix/central-moments.h"

#include <math.h>

static double
get_sum (const WsSum *sum)
{
  return sum->high + sum->low;
}

void
ws_central_moments_init_pivot (WsCentralMoments *self, double n, double pivot, double s1, double s2,
                               double s3, double s4)
{
  const double r = s1 / n;
  const double r2 = r * r;

  *self = (WsCentralMoments){
    .n = n,
    .mean = { pivot, r },
    .m2 = { s2 - n * r2, 0.0 },
    .m3 = { s3 - 3.0 * r * s2 + 2.0 * n * r2 * r, 0.0 },
    .m4 = { s4 - 4.0 * r * s3 + 6.0 * r2 * s2 - 3.0 * n * r2 * r2, 0.0 },
  };
}

void
ws_central_moments_merge (WsCentralMoments *self, const WsCentralMoments *other)
{
  const double na = self->n, nb = other->n, n = na + nb;
  const double m2a = get_sum (&self->m2), m2b = get_sum (&other->m2);
  const double m3a = get_sum (&self->m3), m3b = get_sum (&other->m3);
  /* the high parts are close together where it matters, so that their difference is exact */
  const double delta = (other->mean.high - self->mean.high) + (other->mean.low - self->mean.low);
  const double d = delta / n;

  if (nb == 0.0)
    return;
  if (na == 0.0)
    {
      *self = *other;
      return;
    }
  ws_sum_add (&self->m4, get_sum (&other->m4));
  ws_sum_add (&self->m4, delta * d * d * d * na * nb * (na * na - na * nb + nb * nb));
  ws_sum_add (&self->m4, 6.0 * d * d * (na * na * m2b + nb * nb * m2a));
  ws_sum_add (&self->m4, 4.0 * d * (na * m3b - nb * m3a));
  ws_sum_add (&self->m3, m3b);
  ws_sum_add (&self->m3, delta * d * d * na * nb * (na - nb));
  ws_sum_add (&self->m3, 3.0 * d * (na * m2b - nb * m2a));
  ws_sum_add (&self->m2, m2b);
  ws_sum_add (&self->m2, delta * d * na * nb);
  ws_sum_add (&self->mean, d * nb);
  self->n = n;
}

void
ws_central_moments_finish (const WsCentralMoments *self, double scale, WsMoments *moments)
{
  const double mean = get_sum (&self->mean);
  const double variance = fmax (get_sum (&self->m2) / self->n, 0.0);

  if (self->n == 0.0)
    return;
  moments->mean = mean / scale;
  moments->variance = variance / scale / scale;
  moments->frobenius = sqrt (self->n * (variance + mean * mean)) / scale;
  if (variance > 0.0)
    {
      moments->skewness = get_sum (&self->m3) / self->n / (variance * sqrt (variance));
      moments->kurtosis = get_sum (&self->m4) / self->n / (variance * variance) - 3.0;
    }
}

gboolean
ws_dtype_get_ulp (WsDtype dtype, WsUlp *ulp)
{
  static const struct
  {
    WsDtype dtype;
    WsUlp ulp;
  } table[] = {
    { WS_DTYPE_F64, { 52, -1022 } },     { WS_DTYPE_F32, { 23, -126 } },
    { WS_DTYPE_F16, { 10, -14 } },       { WS_DTYPE_BF16, { 7, -126 } },
    { WS_DTYPE_F8_E4M3, { 3, -6 } },     { WS_DTYPE_F8_E5M2, { 2, -14 } },
    { WS_DTYPE_F8_E4M3FNUZ, { 3, -7 } }, { WS_DTYPE_F8_E5M2FNUZ, { 2, -15 } },
    { WS_DTYPE_F4, { 1, 0 } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    if (table[i].dtype == dtype)
      {
        *ulp = table[i].ulp;
        return TRUE;
      }
  return FALSE;
}
