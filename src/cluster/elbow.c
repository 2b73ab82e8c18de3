/* SPDX-License-Identifier: MIT */
/* Where a curve of the inertia over k stops falling steeply. */
#include "cluster/elbow.h"

#include <math.h>

/* Of the height of a curve: what is less is rounding. */
#define FLAT 1e-9

/* The curve in the unit square: x from 0 to 1, y from 1 to 0. */
typedef struct
{
  guint n;
  double *x;
  double *y;
} Curve;

gboolean
ws_elbow_is_geometric (const guint *k, guint n)
{
  const double ratio = pow ((double) k[n - 1] / k[0], 1.0 / (n - 1));
  gboolean is_equal = TRUE;

  for (guint i = 1; i < n; i++)
    {
      is_equal &= k[i] - k[i - 1] == k[1] - k[0];
      if (fabs (k[i] - k[0] * pow (ratio, i)) > 1.0)
        return FALSE;
    }
  return !is_equal;
}

/* Returns: FALSE when there can be no elbow. */
static gboolean
scale (Curve *self, const guint *k, const double *inertia)
{
  const guint n = self->n;
  const gboolean is_log = ws_elbow_is_geometric (k, n);
  double first = is_log ? log2 (k[0]) : k[0], last = is_log ? log2 (k[n - 1]) : k[n - 1];
  double least = inertia[0], greatest = inertia[0];

  for (guint i = 0; i < n; i++)
    {
      least = fmin (least, inertia[i]);
      greatest = fmax (greatest, inertia[i]);
      if (!isfinite (inertia[i]))
        return FALSE;
    }
  if (!(inertia[0] - inertia[n - 1] > FLAT * fmax (fabs (greatest), fabs (least))))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      self->x[i] = ((is_log ? log2 (k[i]) : k[i]) - first) / (last - first);
      self->y[i] = (inertia[i] - least) / (greatest - least);
    }
  return TRUE;
}

/* Index of the point, 0: none. */
static guint
find_second_difference (const Curve *self)
{
  double greatest = FLAT;
  guint found = 0;

  for (guint i = 1; i + 1 < self->n; i++)
    {
      const double left = self->x[i] - self->x[i - 1], right = self->x[i + 1] - self->x[i];
      const double difference =
          2.0 * ((self->y[i + 1] - self->y[i]) / right - (self->y[i] - self->y[i - 1]) / left) /
          (left + right);

      if (difference > greatest * (1.0 + FLAT))
        {
          greatest = difference;
          found = i;
        }
    }
  return found;
}

static double
get_depth (const Curve *self, guint i)
{
  return 1.0 - self->y[i] - self->x[i];
}

/* A plateau is at its left end. */
static gboolean
is_peak (const Curve *self, guint i)
{
  const double depth = get_depth (self, i);

  return depth > get_depth (self, i - 1) && depth >= get_depth (self, i + 1);
}

static guint
find_kneedle (const Curve *self)
{
  const double step = 1.0 / (self->n - 1);
  double threshold = -INFINITY;
  guint candidate = 0;

  for (guint i = 1; i < self->n; i++)
    {
      if (i + 1 < self->n && is_peak (self, i) && get_depth (self, i) > FLAT)
        {
          candidate = i;
          threshold = get_depth (self, i) - step;
        }
      else if (candidate > 0 && get_depth (self, i) < threshold)
        return candidate;
    }
  return 0;
}

static guint
find_chord (const Curve *self)
{
  const double slope = self->y[self->n - 1] - self->y[0];
  double greatest = FLAT;
  guint found = 0;

  for (guint i = 1; i + 1 < self->n; i++)
    {
      const double depth = self->y[0] + slope * self->x[i] - self->y[i];

      if (depth > greatest)
        {
          greatest = depth;
          found = i;
        }
    }
  return found;
}

void
ws_elbow_find (WsElbow *self, const guint *k, const double *inertia, guint n)
{
  g_autofree double *values = g_new (double, 2 * (gsize) n);
  Curve curve = { n, values, values + n };
  guint second_difference, kneedle, chord;

  *self = (WsElbow){ 0 };
  if (n < 3 || !scale (&curve, k, inertia))
    return;
  second_difference = find_second_difference (&curve);
  kneedle = find_kneedle (&curve);
  chord = find_chord (&curve);
  self->second_difference = second_difference > 0 ? k[second_difference] : 0;
  self->kneedle = kneedle > 0 ? k[kneedle] : 0;
  self->chord = chord > 0 ? k[chord] : 0;
}

gboolean
ws_elbow_is_agreed (const WsElbow *self)
{
  return self->kneedle > 0 && self->second_difference == self->kneedle &&
         self->chord == self->kneedle;
}
