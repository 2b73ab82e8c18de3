/* SPDX-License-Identifier: MIT */
/* Principal components: as LAPACK finds them of a covariance that is written out. */
#include "cluster/projection.h"

#include "cluster-fixture.h"
#include "cluster/axes.h"
#include "cluster/crew.h"

#include <lapacke.h>
#include <math.h>
#include <string.h>

static WsProjection *
compute (const WsPoints *points, WsTeam *team)
{
  GError *error = NULL;
  WsProjection *self = ws_projection_compute (points, team, NULL, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (self->n, ==, points->n);
  g_assert_cmpuint (self->d, ==, points->d);
  return self;
}

/* Columns of less and less spread, 100 away from the origin, mixed so that the axes are not theirs.
 * @falling: spread of a column to that of the next */
static void
make_points (WsPoints *self, gsize n, gsize d, double falling)
{
  g_autofree float *values = g_new (float, n *d);

  for (gsize i = 0; i < n; i++)
    {
      double before = 0.0;

      for (gsize j = 0; j < d; j++)
        {
          before = 0.5 * before +
                   pow (falling, -(double) j) * cluster_fixture_get_normal (n + d, i * d + j);
          values[i * d + j] = 100.0 + before;
        }
    }
  ws_points_init (self, n, d, values);
}

/* All eigenvalues, ascending, and the vectors, of the covariance. */
static void
compute_slowly (const WsPoints *points, double *values, double *vectors)
{
  const gsize n = points->n, d = points->d;
  g_autofree double *mean = g_new0 (double, d);

  memset (vectors, 0, d * d * sizeof *vectors);
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < d; j++)
      mean[j] += (double) points->values[i * d + j] / n;
  for (gsize i = 0; i < n; i++)
    for (gsize j = 0; j < d; j++)
      for (gsize l = 0; l <= j; l++)
        vectors[l * d + j] +=
            (points->values[i * d + j] - mean[j]) * (points->values[i * d + l] - mean[l]) / n;
  g_assert_cmpint (LAPACKE_dsyevd (LAPACK_COL_MAJOR, 'V', 'L', d, vectors, d, values), ==, 0);
}

/* @axis is made to point as the header says */
static void
assert_axis (const WsPoints *points, const WsProjection *projection, guint index, double *axis,
             double tolerance)
{
  gsize greatest = 0;

  for (gsize j = 1; j < points->d; j++)
    if (fabs (axis[j]) > fabs (axis[greatest]))
      greatest = j;
  for (gsize j = 0; j < points->d; j++)
    axis[j] *= axis[greatest] < 0.0 && j != greatest ? -1.0 : 1.0;
  axis[greatest] = fabs (axis[greatest]);
  for (gsize i = 0; i < points->n; i++)
    {
      double expected = 0.0;

      for (gsize j = 0; j < points->d; j++)
        expected += (points->values[i * points->d + j] - points->mean[j]) * axis[j];
      g_assert_cmpfloat_with_epsilon (projection->xy[2 * i + index], expected, tolerance);
    }
}

static void
assert_is_lapack (gsize n, gsize d, double falling)
{
  g_auto (WsPoints) points = { 0 };
  g_autofree double *values = g_new (double, d);
  g_autofree double *vectors = g_new (double, d *d);
  g_autoptr (WsProjection) projection = NULL;
  double sum = 0.0, squares = 0.0;

  make_points (&points, n, d, falling);
  compute_slowly (&points, values, vectors);
  projection = compute (&points, NULL);
  for (gsize i = 0; i < d; i++)
    {
      g_assert_cmpfloat_with_epsilon (projection->variance[i], values[d - 1 - i],
                                      1e-9 * values[d - 1]);
      g_assert_cmpfloat (projection->variance[i], >=, 0.0);
      sum += values[i];
      squares += values[i] * values[i];
    }
  g_assert_cmpfloat_with_epsilon (projection->total, sum, 1e-9 * sum);
  g_assert_cmpfloat_with_epsilon (projection->participation_ratio, sum * sum / squares,
                                  1e-8 * sum * sum / squares);
  for (guint axis = 0; axis < 2; axis++)
    assert_axis (&points, projection, axis, vectors + (d - 1 - axis) * d,
                 1e-5 * sqrt (values[d - 1]));
}

/* More points than columns and fewer, by panels (up to 64 columns are reduced without them), more
 * than one block of points. */
static void
test_is_lapack (void)
{
  assert_is_lapack (50, 2, 1.5);
  assert_is_lapack (400, 30, 1.1);
  assert_is_lapack (3000, 150, 1.02);
  assert_is_lapack (20, 90, 1.05);
  assert_is_lapack (150, 400, 1.02);
  assert_is_lapack (3, 2, 2.0);
  assert_is_lapack (3, 3, 2.0);
}

/* (±3, 0), (0, ±1): variances 18 / 4 and 2 / 4. */
static void
test_by_hand (void)
{
  const float values[] = { 3, 0, -3, 0, 0, 1, 0, -1 };
  g_auto (WsPoints) points = { 0 };
  g_autoptr (WsProjection) projection = NULL;

  ws_points_init (&points, 4, 2, values);
  projection = compute (&points, NULL);
  g_assert_cmpfloat_with_epsilon (projection->variance[0], 4.5, 1e-12);
  g_assert_cmpfloat_with_epsilon (projection->variance[1], 0.5, 1e-12);
  g_assert_cmpfloat_with_epsilon (projection->total, 5.0, 1e-12);
  g_assert_cmpfloat_with_epsilon (projection->participation_ratio, 25.0 / 20.5, 1e-12);
  for (guint i = 0; i < 8; i++)
    g_assert_cmpfloat_with_epsilon (projection->xy[i], values[i], 1e-6);
}

static void
test_degenerate (void)
{
  const float same[] = { .1f, .2f, .1f, .2f, .1f, .2f }, line[] = { 1, 2, 2, 4, 3, 6, 4, 8 };
  const float column[] = { 5, 7, 9 };
  g_auto (WsPoints) point = { 0 }, one = { 0 }, on_line = { 0 }, in_column = { 0 };
  g_autoptr (WsProjection) of_point = NULL, of_one = NULL, of_line = NULL, of_column = NULL;

  ws_points_init (&point, 3, 2, same);
  of_point = compute (&point, NULL);
  ws_points_init (&one, 1, 6, same);
  of_one = compute (&one, NULL);
  g_assert_cmpfloat (of_point->total, ==, 0.0);
  g_assert_cmpfloat (of_one->total, ==, 0.0);
  g_assert_true (isnan (of_point->participation_ratio) && isnan (of_one->participation_ratio));
  for (guint i = 0; i < 6; i++)
    g_assert_cmpfloat (of_point->xy[i], ==, 0.0);
  ws_points_init (&on_line, 4, 2, line);
  of_line = compute (&on_line, NULL);
  /* steps of sqrt (5) */
  g_assert_cmpfloat_with_epsilon (of_line->xy[6], 1.5 * sqrt (5.0), 1e-6);
  g_assert_cmpfloat_with_epsilon (of_line->xy[7], 0.0, 1e-6);
  g_assert_cmpfloat_with_epsilon (of_line->participation_ratio, 1.0, 1e-9);
  ws_points_init (&in_column, 3, 1, column);
  of_column = compute (&in_column, NULL);
  g_assert_cmpfloat_with_epsilon (of_column->xy[0], -2.0, 1e-6);
  g_assert_cmpfloat (of_column->xy[1], ==, 0.0);
  g_assert_cmpfloat_with_epsilon (of_column->variance[0], 8.0 / 3.0, 1e-12);
}

/* Equal eigenvalues: the vectors of one start lie in one direction of their space only. */
static void
test_equal_values (void)
{
  const gsize p = 40;
  g_autofree double *a = g_new0 (double, p *p);
  g_autofree double *axes = g_new (double, 4 * p);
  WsWork work = { .total = 1.0 };
  GError *error = NULL;

  for (gsize i = 0; i < p; i++)
    a[i * (p + 1)] = i < 3 ? 7.0 : i < 20 ? 1.0 : 0.0;
  g_assert_true (ws_axes_compute (a, p, 4, axes, &work, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < 4; i++)
    for (guint j = 0; j <= i; j++)
      {
        double product = 0.0;

        for (gsize l = 0; l < p; l++)
          product += axes[i * p + l] * axes[j * p + l];
        g_assert_cmpfloat_with_epsilon (product, i == j, 1e-12);
      }
  for (guint i = 0; i < 3; i++)
    for (gsize l = 3; l < p; l++)
      g_assert_cmpfloat_with_epsilon (axes[i * p + l], 0.0, 1e-12);
  for (gsize l = 20; l < p; l++)
    g_assert_cmpfloat_with_epsilon (axes[3 * p + l], 0.0, 1e-12);
}

static void
test_threads (void)
{
  for (guint i = 0; i < 2; i++)
    {
      g_auto (WsPoints) points = { 0 };
      g_autoptr (WsProjection) alone = NULL;

      make_points (&points, i == 0 ? 5000 : 100, 150, 1.02);
      alone = compute (&points, NULL);
      for (guint n_threads = 2; n_threads < 5; n_threads++)
        {
          g_autoptr (WsCrew) crew = ws_crew_new (n_threads);
          g_autoptr (WsProjection) shared = compute (&points, ws_crew_get_team (crew));

          g_assert_cmpmem (shared->xy, 2 * points.n * sizeof (float), alone->xy,
                           2 * points.n * sizeof (float));
          g_assert_cmpmem (shared->variance, points.d * sizeof (double), alone->variance,
                           points.d * sizeof (double));
        }
    }
}

static void
take_share (double share, gpointer user_data)
{
  double *last = user_data;

  g_assert_cmpfloat (share, >, *last);
  g_assert_cmpfloat (share, <=, 1.0);
  *last = share;
}

static void
test_progress (void)
{
  g_auto (WsPoints) points = { 0 };
  g_autoptr (WsProjection) projection = NULL;
  double last = 0.0;

  make_points (&points, 5000, 150, 1.02);
  projection = ws_projection_compute (&points, NULL, take_share, &last, NULL, NULL);
  g_assert_nonnull (projection);
  g_assert_cmpfloat (last, ==, 1.0);
}

static void
cancel (double share, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static void
test_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (WsPoints) points = { 0 };

  make_points (&points, 500, 20, 1.1);
  g_assert_null (ws_projection_compute (&points, NULL, cancel, cancellable, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ws_spectrum_init_blas ();
  g_test_add_func ("/projection/by-hand", test_by_hand);
  g_test_add_func ("/projection/is-that-of-lapack", test_is_lapack);
  g_test_add_func ("/projection/degenerate", test_degenerate);
  g_test_add_func ("/projection/axes-of-equal-values-are-orthogonal", test_equal_values);
  g_test_add_func ("/projection/same-bits-for-any-threads", test_threads);
  g_test_add_func ("/projection/progress", test_progress);
  g_test_add_func ("/projection/cancel", test_cancelled);
  return g_test_run ();
}
