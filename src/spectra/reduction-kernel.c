/* SPDX-License-Identifier: MIT */
/* A small symmetric matrix -> tridiagonal: built with WS_LANES doubles in a vector and the
 * instructions for it, see meson.build.
 *
 * A reflection 1 - tau v v' takes A to A - v w' - w v' with y = tau A v, w = y - tau (y'v) v / 2.
 * Each change is made on the way of the product with the next v, so that a step reads and writes
 * the matrix once. */
#include "spectra/reduction-kernel.h"

#include <math.h>
#include <string.h>

#define PASTE(a, b) a##b
#define NAME(lanes) PASTE (ws_reduction_run_, lanes)

typedef double Vector __attribute__ ((vector_size (8 * WS_LANES), may_alias));

typedef struct
{
  gsize n, stride;
  double *a;
  double *v, *w; /* of the change that is still to be made */
  double *next;  /* the next v */
  double *y;
} Reduction;

static double
add_up (const Vector *sum)
{
  double total = 0.0;

  for (int i = 0; i < WS_LANES; i++)
    total += (*sum)[i];
  return total;
}

/* Makes the change in column @j, from the vector on that holds the diagonal. */
static void
change_column (const Reduction *self, gsize j)
{
  Vector *column = (Vector *) (self->a + j * self->stride);
  const Vector *v = (const Vector *) self->v, *w = (const Vector *) self->w;
  const double vj = self->v[j], wj = self->w[j];

  for (gsize i = j / WS_LANES; i < self->stride / WS_LANES; i++)
    column[i] -= v[i] * wj + w[i] * vj;
}

/* The same, and what the column adds to y = A next: the square on the diagonal holds both halves,
 * what lies below it stands for itself and its reflection. */
static void
pass_column (const Reduction *self, gsize j)
{
  Vector *column = (Vector *) (self->a + j * self->stride);
  const Vector *v = (const Vector *) self->v, *w = (const Vector *) self->w;
  const Vector *next = (const Vector *) self->next;
  Vector *y = (Vector *) self->y, sum = { 0 };
  const double vj = self->v[j], wj = self->w[j], xj = self->next[j];
  gsize i = j / WS_LANES;

  column[i] -= v[i] * wj + w[i] * vj;
  y[i] += column[i] * xj;
  for (i++; i < self->stride / WS_LANES; i++)
    {
      const Vector changed = column[i] - (v[i] * wj + w[i] * vj);

      column[i] = changed;
      y[i] += changed * xj;
      sum += changed * next[i];
    }
  self->y[j] += add_up (&sum);
}

/* The reflection that leaves of column @k one element below the diagonal. Returns: tau, 0 where
 * there is nothing else. */
static double
make_reflection (const Reduction *self, gsize k, double *e)
{
  const double *column = self->a + k * self->stride;
  const double first = column[k + 1];
  double square = 0.0, scale;

  memset (self->next, 0, self->stride * sizeof (double));
  for (gsize i = k + 2; i < self->n; i++)
    square += column[i] * column[i];
  *e = first;
  if (square == 0.0)
    return 0.0;
  *e = -copysign (sqrt (first * first + square), first);
  scale = 1.0 / (first - *e);
  self->next[k + 1] = 1.0;
  for (gsize i = k + 2; i < self->n; i++)
    self->next[i] = column[i] * scale;
  return (*e - first) / *e;
}

/* From y = A v on: the change that the reflection makes. */
static void
make_change (Reduction *self, gsize k, double tau)
{
  double product = 0.0, *v = self->v;

  for (gsize i = 0; i <= k; i++)
    self->y[i] = 0.0;
  for (gsize i = k + 1; i < self->n; i++)
    product += self->y[i] * self->next[i];
  product *= 0.5 * tau * tau;
  for (gsize i = 0; i < self->stride; i++)
    self->w[i] = tau * self->y[i] - product * self->next[i];
  self->v = self->next;
  self->next = v;
}

void
NAME (WS_LANES) (double *a, gsize n, gsize stride, double *vectors, double *d, double *e)
{
  Reduction self = {
    n, stride, a, vectors, vectors + stride, vectors + 2 * stride, vectors + 3 * stride
  };

  memset (vectors, 0, 4 * stride * sizeof (double));
  for (gsize k = 0; k + 1 < n; k++)
    {
      double tau;

      change_column (&self, k);
      d[k] = a[k * (stride + 1)];
      tau = make_reflection (&self, k, e + k);
      memset (self.y, 0, stride * sizeof (double));
      for (gsize j = k + 1; j < n; j++)
        pass_column (&self, j);
      make_change (&self, k, tau);
    }
  change_column (&self, n - 1);
  d[n - 1] = a[(n - 1) * (stride + 1)];
}
