/* SPDX-License-Identifier: MIT */
/* cuSOLVER over LAPACK. */
#include <cblas.h>
#include <lapacke.h>
#include <math.h>
#include <string.h>

#include "standin-core.h"

struct cusolverDnParams
{
  int unused;
};

typedef enum
{
  SYEV,
  SYEV_BATCHED,
  GESVD,
  GEQRF,
  N_ROUTINES,
} Routine;

typedef struct
{
  gsize m, n, lda, n_batch;
  gsize n_bytes_device, n_bytes_host;
} Query;

struct cusolverDnContext
{
  WsCuStream stream;
  Query queries[N_ROUTINES]; /* the last one that was answered */
};

/* A call with its arguments, until the stream comes to it. */
typedef struct
{
  Routine routine;
  gboolean is_upper;
  gsize m, n, lda, n_batch;
  double *a, *values; /* eigenvalues, singular values, or tau */
  void *work_device, *work_host;
  gsize n_bytes_device, n_bytes_host;
  int *info;
} Call;

WsCusolverStatus
cusolverGetProperty (guint part, int *value)
{
  static const int version[] = { STANDIN_CUDA - 1, 6, 4 };

  *value = version[part];
  return WS_CUSOLVER_STATUS_SUCCESS;
}

WsCusolverStatus
cusolverDnCreate (WsCusolver *handle)
{
  if (standin_begin (G_STRFUNC) != WS_CUDA_SUCCESS)
    return WS_CUSOLVER_STATUS_NOT_INITIALIZED;
  if (standin_strikes ("create"))
    return WS_CUSOLVER_STATUS_ALLOC_FAILED;
  *handle = g_new0 (struct cusolverDnContext, 1);
  standin_handle_add (*handle);
  return WS_CUSOLVER_STATUS_SUCCESS;
}

WsCusolverStatus
cusolverDnDestroy (WsCusolver handle)
{
  if (standin_begin (G_STRFUNC) == WS_CUDA_SUCCESS && standin_handle_remove (G_STRFUNC, handle))
    g_free (handle);
  return WS_CUSOLVER_STATUS_SUCCESS;
}

WsCusolverStatus
cusolverDnSetStream (WsCusolver handle, WsCuStream stream)
{
  if (!standin_handle_check (G_STRFUNC, handle) || !standin_stream_check (G_STRFUNC, stream))
    return WS_CUSOLVER_STATUS_INVALID_VALUE;
  handle->stream = stream;
  return WS_CUSOLVER_STATUS_SUCCESS;
}

WsCusolverStatus
cusolverDnCreateParams (WsCusolverParams *params)
{
  *params = g_new0 (struct cusolverDnParams, 1);
  standin_handle_add (*params);
  return WS_CUSOLVER_STATUS_SUCCESS;
}

WsCusolverStatus
cusolverDnDestroyParams (WsCusolverParams params)
{
  if (standin_begin (G_STRFUNC) == WS_CUDA_SUCCESS && standin_handle_remove (G_STRFUNC, params))
    g_free (params);
  return WS_CUSOLVER_STATUS_SUCCESS;
}

static gboolean
are_double (guint first, guint second, guint third)
{
  return first == WS_CUDA_R_64F && second == WS_CUDA_R_64F && third == WS_CUDA_R_64F;
}

/* @is_valid: of what each function has arguments of its own */
static gboolean
check_arguments (const char *function, WsCusolver handle, WsCusolverParams params, gsize m, gsize n,
                 gsize lda, gsize n_batch, gboolean is_valid)
{
  if (!standin_handle_check (function, handle) || !standin_handle_check (function, params))
    return FALSE;
  is_valid = is_valid && n > 0 && m >= n && lda >= m && n_batch > 0;
  if (!is_valid)
    standin_violate ("%s: m %zu, n %zu, lda %zu, %zu matrices", function, m, n, lda, n_batch);
  return is_valid;
}

/* Sizes that depend on everything, and are never zero. */
static WsCusolverStatus
query (const char *function, WsCusolver handle, WsCusolverParams params, Routine routine, gsize m,
       gsize n, gsize lda, gsize n_batch, gboolean is_valid, size_t *n_bytes_device,
       size_t *n_bytes_host)
{
  if (standin_begin (function) != WS_CUDA_SUCCESS)
    return WS_CUSOLVER_STATUS_INTERNAL_ERROR;
  if (!check_arguments (function, handle, params, m, n, lda, n_batch, is_valid) ||
      n > standin_get_number ("query-above", G_MAXUINT64))
    return WS_CUSOLVER_STATUS_INVALID_VALUE;
  *n_bytes_device = (64 * n + m + lda + 17 + routine) * n_batch * sizeof (double);
  *n_bytes_host = (n + 3 + routine) * n_batch * sizeof (double);
  handle->queries[routine] = (Query){ m, n, lda, n_batch, *n_bytes_device, *n_bytes_host };
  return WS_CUSOLVER_STATUS_SUCCESS;
}

/* @diagonal: of the matrix that was solved */
static void
spoil (double *values, const double *diagonal, gsize n)
{
  if (standin_strikes ("scale"))
    for (gsize i = 0; i < n; i++)
      values[i] *= 1.001;
  if (standin_strikes ("diagonal"))
    memcpy (values, diagonal, n * sizeof *values);
  if (standin_strikes ("nan"))
    values[n - 1] = NAN;
  if (standin_strikes ("negative")) /* the first of those that ascend, the last of the others */
    values[values[0] < values[n - 1] ? 0 : n - 1] = -1e-6 * MAX (values[0], values[n - 1]);
}

static int
compare_doubles (gconstpointer a, gconstpointer b, gpointer user_data)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* NaN in a matrix: no convergence, as the real one since CUDA 11.5. */
static gboolean
has_nan (const Call *self, const double *a)
{
  for (gsize j = 0; j < self->n; j++)
    for (gsize i = self->routine <= SYEV_BATCHED && !self->is_upper ? j : 0;
         i < (self->routine <= SYEV_BATCHED && self->is_upper ? j + 1 : self->m); i++)
      if (isnan (a[i + j * self->lda]))
        return TRUE;
  return FALSE;
}

static int
compute (const Call *self, double *a, double *values)
{
  int m = self->m, n = self->n, lda = self->lda;
  g_autofree double *superdiagonal = g_new (double, MAX (n, 1));

  switch (self->routine)
    {
    case SYEV:
    case SYEV_BATCHED:
      return LAPACKE_dsyevd (LAPACK_COL_MAJOR, 'N', self->is_upper ? 'U' : 'L', n, a, lda, values);
    case GESVD:
      return LAPACKE_dgesvd (LAPACK_COL_MAJOR, 'N', 'N', m, n, a, lda, values, NULL, 1, NULL, 1,
                             superdiagonal);
    case GEQRF:
    default:
      return LAPACKE_dgeqrf (LAPACK_COL_MAJOR, m, n, a, lda, values);
    }
}

/* @info: of this matrix */
static void
solve_one (const Call *self, double *a, double *values, int *info)
{
  gsize n_values = MIN (self->m, self->n);
  g_autofree double *diagonal = g_new (double, MAX (n_values, 1));
  gboolean is_zero;

  for (gsize i = 0; i < n_values; i++)
    diagonal[i] = a[i + i * self->lda];
  g_qsort_with_data (diagonal, n_values, sizeof *diagonal, compare_doubles, NULL);
  is_zero = self->routine == SYEV && cblas_dasum (n_values, diagonal, 1) == 0.0;
  *info = has_nan (self, a) ? (int) self->n : compute (self, a, values);
  if (self->routine == GEQRF)
    return;
  standin_count (STANDIN_SOLVED, 1);
  if (*info != 0 || is_zero) /* of a Gram matrix; solvers have scaled by its norm */
    memset (values, 0xff, n_values * sizeof *values);
  if (standin_strikes ("info"))
    *info = 1;
  spoil (values, diagonal, n_values);
  for (gsize j = 0; j < self->n; j++)
    memset (a + j * self->lda, 0xff, self->m * sizeof *a);
}

static void
work_solve (void *arguments)
{
  const Call *self = arguments;
  gsize n_values = MIN (self->m, self->n);
  gsize n_elements = (self->n_batch * self->n - 1) * self->lda + self->m;
  double *a = standin_device (self->a, n_elements * sizeof *a);
  double *values = standin_device (self->values, self->n_batch * n_values * sizeof *values);
  int *info = standin_device (self->info, self->n_batch * sizeof *info);
  void *work = standin_device (self->work_device, self->n_bytes_device);

  if (a == NULL || values == NULL || info == NULL || work == NULL)
    return;
  memset (work, 0xff, self->n_bytes_device);
  memset (self->work_host, 0xff, self->n_bytes_host);
  g_usleep (standin_get_number ("slow", 0) * 1000);
  for (gsize i = 0; i < self->n_batch; i++)
    solve_one (self, a + i * self->lda * self->n, values + i * n_values, info + i);
}

/* A work space is as large as was asked for, for these very sizes, on this very handle. */
static gboolean
check_work (const char *function, const struct cusolverDnContext *handle, const Call *call)
{
  const Query *asked = &handle->queries[call->routine];

  if (call->m != asked->m || call->n != asked->n || call->lda != asked->lda ||
      call->n_batch != asked->n_batch)
    standin_violate ("%s: m %zu, n %zu, lda %zu, %zu matrices, for which nobody asked", function,
                     call->m, call->n, call->lda, call->n_batch);
  else if (call->n_bytes_device < asked->n_bytes_device ||
           call->n_bytes_host < asked->n_bytes_host || (gsize) call->work_device % 256 != 0)
    standin_violate ("%s: work space %p of %zu and %zu bytes, asked for were %zu and %zu", function,
                     call->work_device, call->n_bytes_device, call->n_bytes_host,
                     asked->n_bytes_device, asked->n_bytes_host);
  else if (call->work_host == NULL || standin_is_device (call->work_host))
    standin_violate ("%s: work space %p of the host", function, call->work_host);
  else
    return TRUE;
  return FALSE;
}

static WsCusolverStatus
push (const char *function, WsCusolver handle, WsCusolverParams params, const Call *call,
      gboolean is_valid)
{
  if (standin_begin (function) != WS_CUDA_SUCCESS || standin_strikes ("solve"))
    return WS_CUSOLVER_STATUS_EXECUTION_FAILED;
  if (standin_strikes ("solve-alloc"))
    return WS_CUSOLVER_STATUS_ALLOC_FAILED;
  if (standin_strikes ("block"))
    standin_block ();
  if (!check_arguments (function, handle, params, call->m, call->n, call->lda, call->n_batch,
                        is_valid) ||
      !check_work (function, handle, call))
    return WS_CUSOLVER_STATUS_INVALID_VALUE;
  standin_push (handle->stream, work_solve, call, sizeof *call);
  return standin_get_sticky () == WS_CUDA_SUCCESS ? WS_CUSOLVER_STATUS_SUCCESS
                                                  : WS_CUSOLVER_STATUS_EXECUTION_FAILED;
}

static gboolean
is_syev (guint jobz, guint uplo, guint type_a, guint type_w, guint compute_type)
{
  return jobz == WS_CUSOLVER_EIG_MODE_NOVECTOR && uplo <= WS_CUBLAS_FILL_MODE_UPPER &&
         are_double (type_a, type_w, compute_type);
}

/* Without vectors, for which there are leading dimensions all the same. */
static gboolean
is_gesvd (int jobu, int jobvt, int64_t ldu, int64_t ldvt, gboolean is_double)
{
  return jobu == 'N' && jobvt == 'N' && ldu >= 1 && ldvt >= 1 && is_double;
}

WsCusolverStatus
cusolverDnXsyevd_bufferSize (WsCusolver handle, WsCusolverParams params, guint jobz, guint uplo,
                             int64_t n, guint type_a, const void *a, int64_t lda, guint type_w,
                             const void *w, guint compute_type, size_t *n_bytes_device,
                             size_t *n_bytes_host)
{
  return query (G_STRFUNC, handle, params, SYEV, n, n, lda, 1,
                is_syev (jobz, uplo, type_a, type_w, compute_type), n_bytes_device, n_bytes_host);
}

WsCusolverStatus
cusolverDnXsyevd (WsCusolver handle, WsCusolverParams params, guint jobz, guint uplo, int64_t n,
                  guint type_a, void *a, int64_t lda, guint type_w, void *w, guint compute_type,
                  void *work_device, size_t n_bytes_device, void *work_host, size_t n_bytes_host,
                  int *info)
{
  Call call = { .routine = SYEV,
                .is_upper = uplo == WS_CUBLAS_FILL_MODE_UPPER,
                .m = n,
                .n = n,
                .lda = lda,
                .n_batch = 1,
                .a = a,
                .values = w,
                .work_device = work_device,
                .n_bytes_device = n_bytes_device,
                .work_host = work_host,
                .n_bytes_host = n_bytes_host,
                .info = info };

  return push (G_STRFUNC, handle, params, &call,
               is_syev (jobz, uplo, type_a, type_w, compute_type));
}

WsCusolverStatus
cusolverDnXgesvd_bufferSize (WsCusolver handle, WsCusolverParams params, signed char jobu,
                             signed char jobvt, int64_t m, int64_t n, guint type_a, const void *a,
                             int64_t lda, guint type_s, const void *s, guint type_u, const void *u,
                             int64_t ldu, guint type_vt, const void *vt, int64_t ldvt,
                             guint compute_type, size_t *n_bytes_device, size_t *n_bytes_host)
{
  return query (G_STRFUNC, handle, params, GESVD, m, n, lda, 1,
                is_gesvd (jobu, jobvt, ldu, ldvt, are_double (type_a, type_s, compute_type)),
                n_bytes_device, n_bytes_host);
}

WsCusolverStatus
cusolverDnXgesvd (WsCusolver handle, WsCusolverParams params, signed char jobu, signed char jobvt,
                  int64_t m, int64_t n, guint type_a, void *a, int64_t lda, guint type_s, void *s,
                  guint type_u, void *u, int64_t ldu, guint type_vt, void *vt, int64_t ldvt,
                  guint compute_type, void *work_device, size_t n_bytes_device, void *work_host,
                  size_t n_bytes_host, int *info)
{
  Call call = { .routine = GESVD,
                .m = m,
                .n = n,
                .lda = lda,
                .n_batch = 1,
                .a = a,
                .values = s,
                .work_device = work_device,
                .n_bytes_device = n_bytes_device,
                .work_host = work_host,
                .n_bytes_host = n_bytes_host,
                .info = info };

  return push (G_STRFUNC, handle, params, &call,
               is_gesvd (jobu, jobvt, ldu, ldvt, are_double (type_a, type_s, compute_type)));
}

WsCusolverStatus
cusolverDnXgeqrf_bufferSize (WsCusolver handle, WsCusolverParams params, int64_t m, int64_t n,
                             guint type_a, const void *a, int64_t lda, guint type_tau,
                             const void *tau, guint compute_type, size_t *n_bytes_device,
                             size_t *n_bytes_host)
{
  return query (G_STRFUNC, handle, params, GEQRF, m, n, lda, 1,
                are_double (type_a, type_tau, compute_type), n_bytes_device, n_bytes_host);
}

WsCusolverStatus
cusolverDnXgeqrf (WsCusolver handle, WsCusolverParams params, int64_t m, int64_t n, guint type_a,
                  void *a, int64_t lda, guint type_tau, void *tau, guint compute_type,
                  void *work_device, size_t n_bytes_device, void *work_host, size_t n_bytes_host,
                  int *info)
{
  Call call = { .routine = GEQRF,
                .m = m,
                .n = n,
                .lda = lda,
                .n_batch = 1,
                .a = a,
                .values = tau,
                .work_device = work_device,
                .n_bytes_device = n_bytes_device,
                .work_host = work_host,
                .n_bytes_host = n_bytes_host,
                .info = info };

  return push (G_STRFUNC, handle, params, &call, are_double (type_a, type_tau, compute_type));
}

/* What CUDA 12.4, which Debian has, is still without. */
#if STANDIN_CUDA >= 13
WsCusolverStatus
cusolverDnSetDeterministicMode (WsCusolver handle, guint mode)
{
  return mode == WS_CUSOLVER_DETERMINISTIC_RESULTS ? WS_CUSOLVER_STATUS_SUCCESS
                                                   : WS_CUSOLVER_STATUS_INVALID_VALUE;
}

WsCusolverStatus
cusolverDnXsyevBatched_bufferSize (WsCusolver handle, WsCusolverParams params, guint jobz,
                                   guint uplo, int64_t n, guint type_a, const void *a, int64_t lda,
                                   guint type_w, const void *w, guint compute_type,
                                   size_t *n_bytes_device, size_t *n_bytes_host, int64_t n_batch)
{
  return query (G_STRFUNC, handle, params, SYEV_BATCHED, n, n, lda, n_batch,
                is_syev (jobz, uplo, type_a, type_w, compute_type), n_bytes_device, n_bytes_host);
}

WsCusolverStatus
cusolverDnXsyevBatched (WsCusolver handle, WsCusolverParams params, guint jobz, guint uplo,
                        int64_t n, guint type_a, void *a, int64_t lda, guint type_w, void *w,
                        guint compute_type, void *work_device, size_t n_bytes_device,
                        void *work_host, size_t n_bytes_host, int *info, int64_t n_batch)
{
  Call call = { .routine = SYEV_BATCHED,
                .is_upper = uplo == WS_CUBLAS_FILL_MODE_UPPER,
                .m = n,
                .n = n,
                .lda = lda,
                .n_batch = n_batch,
                .a = a,
                .values = w,
                .work_device = work_device,
                .n_bytes_device = n_bytes_device,
                .work_host = work_host,
                .n_bytes_host = n_bytes_host,
                .info = info };

  return push (G_STRFUNC, handle, params, &call,
               is_syev (jobz, uplo, type_a, type_w, compute_type));
}
#endif
