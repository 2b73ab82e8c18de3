/* SPDX-License-Identifier: MIT */
/* cuBLAS over the BLAS of the host. */
#include <cblas.h>
#include <math.h>

#include "standin-core.h"

struct cublasContext
{
  WsCuStream stream;
  guint pointer_mode;
  void *workspace;
  gsize n_workspace_bytes;
};

/* A call with its arguments, until the stream comes to it. */
typedef struct
{
  WsCublas handle;
  guint pointer_mode;
  gboolean trans_a, trans_b, is_upper;
  int m, n, k, lda, ldb, ldc, n_batch;
  long long stride_a, stride_b, stride_c;
  const double *alpha, *beta; /* of the device, in its mode */
  double alpha_value, beta_value;
  const double *a, *b;
  double *c;
  gboolean is_product; /* needs a work space */
} Call;

WsCublasStatus
cublasGetProperty (guint part, int *value)
{
  static const int version[] = { STANDIN_CUDA, 1, 0 };

  *value = version[part];
  return WS_CUBLAS_STATUS_SUCCESS;
}

WsCublasStatus
cublasCreate_v2 (WsCublas *handle)
{
  if (standin_begin (G_STRFUNC) != WS_CUDA_SUCCESS)
    return WS_CUBLAS_STATUS_NOT_INITIALIZED;
  if (standin_strikes ("create"))
    return WS_CUBLAS_STATUS_NOT_INITIALIZED;
  *handle = g_new0 (struct cublasContext, 1);
  standin_handle_add (*handle);
  return WS_CUBLAS_STATUS_SUCCESS;
}

WsCublasStatus
cublasDestroy_v2 (WsCublas handle)
{
  if (standin_begin (G_STRFUNC) == WS_CUDA_SUCCESS && standin_handle_remove (G_STRFUNC, handle))
    g_free (handle);
  return WS_CUBLAS_STATUS_SUCCESS;
}

WsCublasStatus
cublasSetStream_v2 (WsCublas handle, WsCuStream stream)
{
  if (!standin_handle_check (G_STRFUNC, handle) || !standin_stream_check (G_STRFUNC, stream))
    return WS_CUBLAS_STATUS_INVALID_VALUE;
  handle->stream = stream;
  handle->workspace = NULL; /* back to the one that streams share */
  return WS_CUBLAS_STATUS_SUCCESS;
}

WsCublasStatus
cublasSetWorkspace_v2 (WsCublas handle, void *workspace, size_t n_bytes)
{
  if (!standin_handle_check (G_STRFUNC, handle) || standin_device (workspace, n_bytes) == NULL ||
      (gsize) workspace % 256 != 0)
    {
      standin_violate ("workspace %p of cuBLAS", workspace);
      return WS_CUBLAS_STATUS_INVALID_VALUE;
    }
  handle->workspace = workspace;
  handle->n_workspace_bytes = n_bytes;
  return WS_CUBLAS_STATUS_SUCCESS;
}

WsCublasStatus
cublasSetPointerMode_v2 (WsCublas handle, guint mode)
{
  handle->pointer_mode = mode;
  return WS_CUBLAS_STATUS_SUCCESS;
}

/* Bytes from the first to the last element of a column-major matrix. */
static gsize
get_extent (int rows, int columns, int ld)
{
  return rows > 0 && columns > 0 ? ((gsize) ld * (columns - 1) + rows) * sizeof (double) : 0;
}

/* A scalar of the host is taken at the call, one of the device when the stream comes to it. */
static double
get_scalar (const Call *self, const double *pointer, double value)
{
  const double *scalar;

  if (self->pointer_mode == WS_CUBLAS_POINTER_MODE_HOST)
    return value;
  scalar = standin_device (pointer, sizeof *scalar);
  return scalar != NULL ? *scalar : NAN;
}

/* Without a work space of its own a handle shares one with others, and its products are not bit for
 * bit the same; one that is given back while it is in use is somebody else's memory. */
static gboolean
check_workspace (const char *function, const struct cublasContext *handle)
{
  if (handle->workspace == NULL)
    standin_violate ("%s without a work space", function);
  return handle->workspace != NULL &&
         standin_device (handle->workspace, handle->n_workspace_bytes) != NULL;
}

/* @is_valid: of what each function has arguments of its own */
static WsCublasStatus
push (const char *function, Call *call, StandinWork work, gboolean is_valid)
{
  if (standin_begin (function) != WS_CUDA_SUCCESS || standin_strikes ("gemm"))
    return WS_CUBLAS_STATUS_EXECUTION_FAILED;
  if (!standin_handle_check (function, call->handle) ||
      (call->is_product && !check_workspace (function, call->handle)))
    return WS_CUBLAS_STATUS_NOT_INITIALIZED;
  if (!is_valid || call->m < 0 || call->n < 0 || call->k < 0)
    {
      standin_violate ("%s: m %d, n %d, k %d, lda %d, ldb %d, ldc %d", function, call->m, call->n,
                       call->k, call->lda, call->ldb, call->ldc);
      return WS_CUBLAS_STATUS_INVALID_VALUE;
    }
  call->pointer_mode = call->handle->pointer_mode;
  if (call->pointer_mode == WS_CUBLAS_POINTER_MODE_HOST)
    {
      call->alpha_value = call->alpha != NULL ? *call->alpha : 0;
      call->beta_value = call->beta != NULL ? *call->beta : 0;
    }
  standin_push (call->handle->stream, work, call, sizeof *call);
  return standin_get_sticky () == WS_CUDA_SUCCESS ? WS_CUBLAS_STATUS_SUCCESS
                                                  : WS_CUBLAS_STATUS_EXECUTION_FAILED;
}

static gboolean
is_operation (guint trans)
{
  return trans == WS_CUBLAS_OP_N || trans == WS_CUBLAS_OP_T;
}

static void
work_syrk (void *arguments)
{
  const Call *self = arguments;
  const double *a =
      standin_device (self->a, get_extent (self->trans_a ? self->k : self->n,
                                           self->trans_a ? self->n : self->k, self->lda));
  double *c = standin_device (self->c, get_extent (self->n, self->n, self->ldc));

  if (a != NULL && c != NULL)
    cblas_dsyrk (CblasColMajor, self->is_upper ? CblasUpper : CblasLower,
                 self->trans_a ? CblasTrans : CblasNoTrans, self->n, self->k,
                 get_scalar (self, self->alpha, self->alpha_value), a, self->lda,
                 get_scalar (self, self->beta, self->beta_value), c, self->ldc);
}

WsCublasStatus
cublasDsyrk_v2 (WsCublas handle, guint uplo, guint trans, int n, int k, const double *alpha,
                const double *a, int lda, const double *beta, double *c, int ldc)
{
  Call call = { .handle = handle,
                .is_upper = uplo == WS_CUBLAS_FILL_MODE_UPPER,
                .trans_a = trans == WS_CUBLAS_OP_T,
                .n = n,
                .k = k,
                .alpha = alpha,
                .a = a,
                .lda = lda,
                .beta = beta,
                .c = c,
                .ldc = ldc,
                .is_product = TRUE };

  return push (G_STRFUNC, &call, work_syrk,
               is_operation (trans) && uplo <= WS_CUBLAS_FILL_MODE_UPPER && alpha && beta &&
                   lda >= MAX (1, call.trans_a ? k : n) && ldc >= MAX (1, n));
}

static void
work_gemm (void *arguments)
{
  const Call *self = arguments;

  for (int i = 0; i < self->n_batch; i++)
    {
      const double *a = standin_device (self->a + i * self->stride_a,
                                        get_extent (self->trans_a ? self->k : self->m,
                                                    self->trans_a ? self->m : self->k, self->lda));
      const double *b = standin_device (self->b + i * self->stride_b,
                                        get_extent (self->trans_b ? self->n : self->k,
                                                    self->trans_b ? self->k : self->n, self->ldb));
      double *c =
          standin_device (self->c + i * self->stride_c, get_extent (self->m, self->n, self->ldc));

      if (a == NULL || b == NULL || c == NULL)
        return;
      cblas_dgemm (CblasColMajor, self->trans_a ? CblasTrans : CblasNoTrans,
                   self->trans_b ? CblasTrans : CblasNoTrans, self->m, self->n, self->k,
                   get_scalar (self, self->alpha, self->alpha_value), a, self->lda, b, self->ldb,
                   get_scalar (self, self->beta, self->beta_value), c, self->ldc);
    }
}

WsCublasStatus
cublasDgemmStridedBatched (WsCublas handle, guint trans_a, guint trans_b, int m, int n, int k,
                           const double *alpha, const double *a, int lda, long long stride_a,
                           const double *b, int ldb, long long stride_b, const double *beta,
                           double *c, int ldc, long long stride_c, int n_batch)
{
  Call call = { .handle = handle,
                .trans_a = trans_a == WS_CUBLAS_OP_T,
                .trans_b = trans_b == WS_CUBLAS_OP_T,
                .m = m,
                .n = n,
                .k = k,
                .alpha = alpha,
                .a = a,
                .lda = lda,
                .stride_a = stride_a,
                .b = b,
                .ldb = ldb,
                .stride_b = stride_b,
                .beta = beta,
                .c = c,
                .ldc = ldc,
                .stride_c = stride_c,
                .n_batch = n_batch,
                .is_product = TRUE };

  return push (G_STRFUNC, &call, work_gemm,
               is_operation (trans_a) && is_operation (trans_b) && alpha && beta && n_batch >= 0 &&
                   lda >= MAX (1, call.trans_a ? k : m) && ldb >= MAX (1, call.trans_b ? n : k) &&
                   ldc >= MAX (1, m));
}

WsCublasStatus
cublasDgemm_v2 (WsCublas handle, guint trans_a, guint trans_b, int m, int n, int k,
                const double *alpha, const double *a, int lda, const double *b, int ldb,
                const double *beta, double *c, int ldc)
{
  return cublasDgemmStridedBatched (handle, trans_a, trans_b, m, n, k, alpha, a, lda, 0, b, ldb, 0,
                                    beta, c, ldc, 0, 1);
}

/* The term of a scalar that is zero is not read at all. */
static void
work_geam (void *arguments)
{
  const Call *self = arguments;
  double alpha = get_scalar (self, self->alpha, self->alpha_value);
  double beta = get_scalar (self, self->beta, self->beta_value);
  int m = self->m, n = self->n;
  const double *a = alpha == 0
                        ? NULL
                        : standin_device (self->a, get_extent (self->trans_a ? n : m,
                                                               self->trans_a ? m : n, self->lda));
  const double *b = beta == 0
                        ? NULL
                        : standin_device (self->b, get_extent (self->trans_b ? n : m,
                                                               self->trans_b ? m : n, self->ldb));
  double *c = standin_device (self->c, get_extent (m, n, self->ldc));

  if (c == NULL)
    return;
  for (gsize j = 0; j < n; j++)
    for (gsize i = 0; i < m; i++)
      {
        double sum = 0;

        if (a != NULL)
          sum += alpha * (self->trans_a ? a[j + i * self->lda] : a[i + j * self->lda]);
        if (b != NULL)
          sum += beta * (self->trans_b ? b[j + i * self->ldb] : b[i + j * self->ldb]);
        c[i + j * self->ldc] = sum;
      }
}

WsCublasStatus
cublasDgeam (WsCublas handle, guint trans_a, guint trans_b, int m, int n, const double *alpha,
             const double *a, int lda, const double *beta, const double *b, int ldb, double *c,
             int ldc)
{
  Call call = { .handle = handle,
                .trans_a = trans_a == WS_CUBLAS_OP_T,
                .trans_b = trans_b == WS_CUBLAS_OP_T,
                .m = m,
                .n = n,
                .alpha = alpha,
                .a = a,
                .lda = lda,
                .beta = beta,
                .b = b,
                .ldb = ldb,
                .c = c,
                .ldc = ldc };

  /* in place only if nothing moves */
  return push (G_STRFUNC, &call, work_geam,
               is_operation (trans_a) && is_operation (trans_b) && alpha && beta &&
                   lda >= MAX (1, call.trans_a ? n : m) && ldb >= MAX (1, call.trans_b ? n : m) &&
                   ldc >= MAX (1, m) && (c != a || (!call.trans_a && lda == ldc)) &&
                   (c != b || (!call.trans_b && ldb == ldc)));
}

static void
work_nrm2 (void *arguments)
{
  const Call *self = arguments;
  const double *x = standin_device (self->a, get_extent (1, self->n, self->lda));
  double *result = self->c;

  if (self->pointer_mode == WS_CUBLAS_POINTER_MODE_DEVICE)
    result = standin_device (self->c, sizeof *result);
  if (x != NULL && result != NULL)
    *result = cblas_dnrm2 (self->n, x, self->lda);
}

/* With the result on the host, the call waits for it. */
WsCublasStatus
cublasDnrm2_v2 (WsCublas handle, int n, const double *x, int incx, double *result)
{
  Call call = { .handle = handle, .n = n, .a = x, .lda = incx, .c = result };
  WsCublasStatus status = push (G_STRFUNC, &call, work_nrm2, incx > 0 && result);

  if (status == WS_CUBLAS_STATUS_SUCCESS && call.pointer_mode == WS_CUBLAS_POINTER_MODE_HOST)
    standin_wait (handle->stream);
  return status;
}

static void
work_scal (void *arguments)
{
  const Call *self = arguments;
  double *x = standin_device (self->c, get_extent (1, self->n, self->ldc));

  if (x != NULL)
    cblas_dscal (self->n, get_scalar (self, self->alpha, self->alpha_value), x, self->ldc);
}

WsCublasStatus
cublasDscal_v2 (WsCublas handle, int n, const double *alpha, double *x, int incx)
{
  Call call = { .handle = handle, .n = n, .alpha = alpha, .c = x, .ldc = incx };

  return push (G_STRFUNC, &call, work_scal, incx > 0 && alpha);
}
