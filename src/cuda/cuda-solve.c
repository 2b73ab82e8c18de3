/* SPDX-License-Identifier: MIT */
/* From what lies on the device to singular values. */
#include "cuda/cuda-task.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Rounding makes eigenvalues of 0 as negative as this share of the largest one, and not more: 100
 * times what was seen, and far below what a wrong solver returns. */
#define MOST_NEGATIVE 1e-12

static double *
get_doubles (WsCudaTask *self, gsize offset)
{
  return (double *) (gsize) (self->lane->pool + offset);
}

static gboolean
refuse (GError **error, const char *reason)
{
  g_set_error (error, WS_FAULT_ERROR, WS_FAULT_NUMERIC, _ ("the solver of the GPU failed: %s"),
               reason);
  return FALSE;
}

/* Frobenius norm of a symmetric matrix of which one triangle and zeros are there. */
static gboolean
compute_norm (WsCudaTask *self, const double *gram, double *norm, GError **error)
{
  WsCudaLane *lane = self->lane;
  const WsCudaApi *api = lane->api;
  const int p = self->base.shape.p;
  double triangle, diagonal;

  if (!ws_cuda_lane_check_blas (lane, api->cublasDnrm2_v2 (lane->blas, p * p, gram, 1, &triangle),
                                "cublasDnrm2", error) ||
      !ws_cuda_lane_check_blas (lane, api->cublasDnrm2_v2 (lane->blas, p, gram, p + 1, &diagonal),
                                "cublasDnrm2", error))
    return FALSE;
  /* each element outside of the diagonal stands for two */
  *norm = sqrt (2.0 * triangle * triangle - diagonal * diagonal);
  if (!isfinite (*norm))
    return refuse (error, _ ("the Gram matrix is not finite"));
  return TRUE;
}

static gboolean
solve_squares (WsCudaTask *self, GError **error)
{
  WsCudaLane *lane = self->lane;
  const WsCudaApi *api = lane->api;
  const WsCudaPlan *plan = &self->plan;
  const gint64 p = self->base.shape.p, n = self->base.shape.n_matrices;
  double *square = get_doubles (self, plan->square), *values = get_doubles (self, plan->values);
  void *work = get_doubles (self, plan->work);
  int *info = (int *) get_doubles (self, plan->info);

  if (n == 1)
    return ws_cuda_lane_check_solver (
        lane,
        api->cusolverDnXsyevd (lane->solver, lane->params, WS_CUSOLVER_EIG_MODE_NOVECTOR,
                               WS_CUBLAS_FILL_MODE_LOWER, p, WS_CUDA_R_64F, square, p,
                               WS_CUDA_R_64F, values, WS_CUDA_R_64F, work, plan->n_work_bytes,
                               lane->host_work, plan->n_host_work_bytes, info),
        "cusolverDnXsyevd", error);
  return ws_cuda_lane_check_solver (
      lane,
      api->cusolverDnXsyevBatched (lane->solver, lane->params, WS_CUSOLVER_EIG_MODE_NOVECTOR,
                                   WS_CUBLAS_FILL_MODE_LOWER, p, WS_CUDA_R_64F, square, p,
                                   WS_CUDA_R_64F, values, WS_CUDA_R_64F, work, plan->n_work_bytes,
                                   lane->host_work, plan->n_host_work_bytes, info, n),
      "cusolverDnXsyevBatched", error);
}

/* Zeros below the diagonal of the triangle on top of the q x p matrix, in place of the vectors that
 * the QR decomposition leaves there. */
static gboolean
clear_below (WsCudaTask *self, GError **error)
{
  WsCudaLane *lane = self->lane;
  const gsize p = self->base.shape.p, q = self->base.shape.q;
  const WsCuPointer square = lane->pool + self->plan.square;

  for (gsize i = 0; i + 1 < p; i++)
    if (!ws_cuda_lane_check (lane,
                             lane->api->cuMemsetD8Async (square + (i * q + i + 1) * sizeof (double),
                                                         0, (p - i - 1) * sizeof (double),
                                                         lane->stream),
                             "cuMemsetD8Async", error))
      return FALSE;
  return TRUE;
}

static gboolean
fetch (WsCudaTask *self, GError **error)
{
  WsCudaLane *lane = self->lane;
  const WsCudaApi *api = lane->api;
  const gsize p = self->base.shape.p, n = self->base.shape.n_matrices;

  if (!ws_cuda_lane_check (lane,
                           api->cuMemcpyDtoHAsync_v2 (self->values, lane->pool + self->plan.values,
                                                      n * p * sizeof (double), lane->stream),
                           "cuMemcpyDtoHAsync", error) ||
      !ws_cuda_lane_check (lane,
                           api->cuMemcpyDtoHAsync_v2 (self->info, lane->pool + self->plan.info,
                                                      n * sizeof (int), lane->stream),
                           "cuMemcpyDtoHAsync", error) ||
      !ws_cuda_lane_record (lane, error) || !ws_cuda_lane_wait (lane, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (self->info[i] != 0)
      {
        g_autofree char *reason = g_strdup_printf ("info %d", self->info[i]);

        return refuse (error, reason);
      }
  return TRUE;
}

static gboolean
factor (WsCudaTask *self, GError **error)
{
  WsCudaLane *lane = self->lane;
  const WsCudaPlan *plan = &self->plan;
  const gint64 p = self->base.shape.p, q = self->base.shape.q;

  return ws_cuda_lane_check_solver (
             lane,
             lane->api->cusolverDnXgeqrf (
                 lane->solver, lane->params, q, p, WS_CUDA_R_64F, get_doubles (self, plan->square),
                 q, WS_CUDA_R_64F, get_doubles (self, plan->tau), WS_CUDA_R_64F,
                 get_doubles (self, plan->work), plan->n_work_bytes, lane->host_work,
                 plan->n_host_work_bytes, (int *) get_doubles (self, plan->info)),
             "cusolverDnXgeqrf", error) &&
         clear_below (self, error);
}

static gboolean
is_ordered (const double *values, gsize p, double sign)
{
  for (gsize i = 0; i < p; i++)
    if (!isfinite (values[i]) || (i > 0 && sign * (values[i] - values[i - 1]) > 0.0))
      return FALSE;
  return TRUE;
}

static gboolean
solve_direct (WsCudaTask *self, GError **error)
{
  WsCudaLane *lane = self->lane;
  const WsCudaPlan *plan = &self->plan;
  const gint64 p = self->base.shape.p, q = self->base.shape.q;

  self->norms[0] = NAN;
  if ((q > p && !factor (self, error)) ||
      !ws_cuda_lane_check_solver (
          lane,
          lane->api->cusolverDnXgesvd (
              lane->solver, lane->params, 'N', 'N', p, p, WS_CUDA_R_64F,
              get_doubles (self, plan->square), q, WS_CUDA_R_64F, get_doubles (self, plan->values),
              WS_CUDA_R_64F, NULL, p, WS_CUDA_R_64F, NULL, p, WS_CUDA_R_64F,
              get_doubles (self, plan->work), plan->n_work_bytes, lane->host_work,
              plan->n_host_work_bytes, (int *) get_doubles (self, plan->info)),
          "cusolverDnXgesvd", error) ||
      !fetch (self, error))
    return FALSE;
  if (!is_ordered (self->values, p, 1.0) || self->values[p - 1] < 0.0)
    return refuse (error, _ ("its values are not in order"));
  return TRUE;
}

/* Eigenvalues, ascending, become singular values, descending. */
static gboolean
take_roots (double *values, gsize p, GError **error)
{
  if (!is_ordered (values, p, -1.0))
    return refuse (error, _ ("its values are not in order"));
  if (values[0] < -MOST_NEGATIVE * values[p - 1])
    return refuse (error, _ ("an eigenvalue is negative"));
  for (gsize i = 0; i < p / 2; i++)
    {
      double value = values[i];

      values[i] = values[p - 1 - i];
      values[p - 1 - i] = value;
    }
  for (gsize i = 0; i < p; i++)
    values[i] = sqrt (fmax (values[i], 0.0));
  return TRUE;
}

static gboolean
solve_gram (WsCudaTask *self, GError **error)
{
  const gsize p = self->base.shape.p, n = self->base.shape.n_matrices;
  const double *square = get_doubles (self, self->plan.square);

  for (gsize i = 0; i < n; i++)
    if (!compute_norm (self, square + i * p * p, &self->norms[i], error))
      return FALSE;
  if (n == 1 && self->norms[0] == 0.0) /* solvers have returned NaN for nothing but zeros */
    {
      memset (self->values, 0, p * sizeof (double));
      return TRUE;
    }
  if (!solve_squares (self, error) || !fetch (self, error))
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (!take_roots (self->values + i * p, p, error))
      return FALSE;
  return TRUE;
}

gboolean
ws_cuda_task_solve (WsCudaTask *self, GError **error)
{
  return self->base.shape.is_direct ? solve_direct (self, error) : solve_gram (self, error);
}
