/* SPDX-License-Identifier: MIT */
/* Points seen from where they spread most. The covariance is a Gram matrix less that of the mean;
 * its axes are found before the reduction for all its eigenvalues, which takes its place. */
#include "cluster/projection.h"

#include "cluster/axes.h"
#include "spectra/gram.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#define N_AXES 2
/* Points that one thread projects at once, some 10 ms of d = 8192. */
#define ROWS 1024
/* Of the squared lengths of the points: a spread below is the rounding of their mean. */
#define NO_SPREAD 1e-14
/* Of one point: the product with an axis. */
#define PROJECT_WORK 4.0

typedef struct
{
  const WsPoints *points;
  WsTensor tensor;
  WsMatrix matrix;
  gsize p; /* the side of the Gram matrix */
  double *gram;
  double *axes; /* N_AXES x d */
  float *xy;
  WsWork work;
} Projection;

guint64
ws_projection_get_required_bytes (gsize n, gsize d)
{
  const guint64 p = MIN (n, d);
  const WsTensor tensor = { .dtype = WS_DTYPE_F32, .n_dims = 2, .dims = { n, d } };
  WsMatrix matrix = { .tensor = &tensor, .slice = -1, .n_rows = n, .n_cols = d };

  return p * p * sizeof (double) + 2 * N_AXES * (guint64) d * sizeof (double) +
         ws_blocks_get_required_bytes (&matrix, FALSE, FALSE) +
         ws_gram_get_block_bytes (p, MAX (n, d)) +
         MAX (ws_axes_get_required_bytes (p), ws_gram_get_required_bytes (p));
}

static void
ignore_block (const WsBlock *block, gpointer user_data)
{
}

static gboolean
compute_gram (Projection *self, GError **error)
{
  g_auto (WsBlocks) blocks = { 0 };

  return ws_blocks_init (&blocks, &self->matrix, FALSE, FALSE, error) &&
         ws_gram_add_blocks (self->gram, &blocks, ignore_block, NULL, &self->work, error);
}

static double
get_trace (const Projection *self)
{
  double trace = 0.0;

  for (gsize i = 0; i < self->p; i++)
    trace += self->gram[i * (self->p + 1)];
  return trace;
}

/* Of the products of columns: less n times the products of their means. */
static void
centre_columns (Projection *self)
{
  const double *mean = self->points->mean;

  for (gsize j = 0; j < self->p; j++)
    cblas_daxpy (self->p - j, -mean[j] * self->points->n, mean + j, 1,
                 self->gram + j * (self->p + 1), 1);
}

/* Of the products of points: less the means of both, and the mean of all is put back. */
static void
centre_points (Projection *self)
{
  const gsize p = self->p;
  g_autofree double *means = g_new0 (double, p);
  double mean = 0.0;

  for (gsize j = 0; j < p; j++)
    for (gsize i = j; i < p; i++)
      {
        const double product = self->gram[j * p + i] / p;

        means[j] += product;
        if (i > j)
          means[i] += product;
      }
  for (gsize j = 0; j < p; j++)
    mean += means[j] / p;
  for (gsize j = 0; j < p; j++)
    for (gsize i = j; i < p; i++)
      self->gram[j * p + i] += mean - means[i] - means[j];
}

/* Axes of the products of points, @found, to those of the space: what the points, weighted by
 * them, add up to. */
static void
take_axes (Projection *self, const double *found)
{
  const WsPoints *points = self->points;
  const gsize d = points->d;

  if (self->p == d)
    memcpy (self->axes, found, N_AXES * d * sizeof *found);
  else
    for (gsize i = 0; i < points->n; i++)
      for (guint a = 0; a < N_AXES; a++)
        for (gsize j = 0; j < d; j++)
          self->axes[a * d + j] +=
              found[a * self->p + i] * (points->values[i * d + j] - points->mean[j]);
  for (guint a = 0; a < N_AXES; a++)
    {
      double *axis = self->axes + a * d;
      const double length = cblas_dnrm2 (d, axis, 1);
      const double greatest = axis[cblas_idamax (d, axis, 1)];

      if (length > 0.0)
        cblas_dscal (d, copysign (1.0 / length, greatest), axis, 1);
    }
}

static void
project_points (gsize index, gpointer user_data)
{
  Projection *self = user_data;
  const gsize d = self->points->d, end = MIN ((index + 1) * ROWS, self->points->n);
  const double *mean = self->points->mean, *axes = self->axes;

  if (g_cancellable_is_cancelled (self->work.cancellable))
    return;
  for (gsize i = index * ROWS; i < end; i++)
    {
      const float *point = self->points->values + i * d;
      double x = 0.0, y = 0.0;

      for (gsize j = 0; j < d; j++)
        {
          const double value = point[j] - mean[j];

          x += value * axes[j];
          y += value * axes[d + j];
        }
      self->xy[2 * i] = x;
      self->xy[2 * i + 1] = y;
    }
}

/* Destroys the Gram matrix. @variance: zeroed */
static gboolean
compute_variance (Projection *self, double *variance, GError **error)
{
  if (!ws_gram_compute_values (self->gram, self->p, variance, &self->work, error))
    return FALSE;
  for (gsize i = 0; i < self->p; i++)
    variance[i] *= variance[i] / self->points->n;
  return TRUE;
}

static gboolean
compute (Projection *self, double *variance, GError **error)
{
  const WsPoints *points = self->points;
  g_autofree double *found = ws_work_allocate (N_AXES, self->p, error);
  double square;

  if (!found || !compute_gram (self, error))
    return FALSE;
  square = get_trace (self);
  if (self->p == points->d)
    centre_columns (self);
  else
    centre_points (self);
  if (!(get_trace (self) > NO_SPREAD * square))
    return TRUE;
  if (!ws_axes_compute (self->gram, self->p, N_AXES, found, &self->work, error) ||
      !compute_variance (self, variance, error))
    return FALSE;
  take_axes (self, found);
  ws_team_run (self->work.team, (points->n + ROWS - 1) / ROWS, project_points, self);
  return ws_work_advance (&self->work, self->work.total - self->work.done, error);
}

static WsProjection *
finish (const WsPoints *points, float *xy, double *variance)
{
  WsProjection *self = g_new0 (WsProjection, 1);
  double sum = 0.0;

  self->ref_count = 1;
  self->n = points->n;
  self->xy = xy;
  self->d = points->d;
  self->variance = variance;
  for (gsize i = 0; i < self->d; i++)
    self->total += variance[i];
  for (gsize i = 0; i < self->d && self->total > 0.0; i++)
    sum += (variance[i] / self->total) * (variance[i] / self->total);
  self->participation_ratio = self->total > 0.0 ? 1.0 / sum : NAN;
  return self;
}

WsProjection *
ws_projection_compute (const WsPoints *points, WsTeam *team, WsShareFunc share_func,
                       gpointer user_data, GCancellable *cancellable, GError **error)
{
  const gsize n = points->n, d = points->d, p = MIN (n, d);
  g_autoptr (GBytes) bytes = g_bytes_new_static (points->values, n * d * sizeof (float));
  g_autoptr (WsSource) source = ws_source_new_bytes ("points", bytes);
  g_autofree double *gram = ws_work_allocate (p, p, error);
  g_autofree double *axes = gram ? ws_work_allocate (N_AXES, d, error) : NULL;
  g_autofree double *variance = axes ? ws_work_allocate (d, 1, error) : NULL;
  g_autofree float *xy = NULL;
  Projection self = {
    .points = points,
    .tensor = { .name = (char *) "points",
                .dtype = WS_DTYPE_F32,
                .n_dims = 2,
                .dims = { n, d },
                .n_elements = n * d,
                .source = source,
                .n_bytes = n * d * sizeof (float) },
    .p = p,
    .gram = gram,
    .axes = axes,
    .work = { .total = (WS_READ_WORK + p) * n * d + ws_axes_estimate_work (p, N_AXES) +
                       ws_gram_estimate_work (p) + PROJECT_WORK * n * d,
              .share_func = share_func,
              .user_data = user_data,
              .team = team,
              .cancellable = cancellable },
  };

  if (!variance)
    return NULL;
  ws_matrix_init (&self.matrix, &self.tensor, -1);
  self.xy = xy = g_new0 (float, 2 * n);
  if (!compute (&self, variance, error))
    return NULL;
  return finish (points, g_steal_pointer (&xy), g_steal_pointer (&variance));
}

WsProjection *
ws_projection_ref (WsProjection *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
ws_projection_unref (WsProjection *self)
{
  if (self == NULL || !g_atomic_int_dec_and_test (&self->ref_count))
    return;
  g_free (self->xy);
  g_free (self->variance);
  g_free (self);
}
