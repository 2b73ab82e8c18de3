/* SPDX-License-Identifier: MIT */
/* The functions of NVIDIA's libraries that are used, with prototypes of our own: the program is
 * built without CUDA, and one binary serves CUDA 12 and CUDA 13.
 *
 * Handles have the tags of NVIDIA's headers and every enumeration is an unsigned int, as it is in
 * the C ABI of these libraries; cuda-check.c compares both with the headers where a toolkit is
 * installed. The fields have the exact names of the symbols: api->cuMemAlloc_v2 (&pointer, n).
 *
 * Every function but those of the driver needs the context to be current on the calling thread. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* 1. Types */

typedef guint WsCuResult;
typedef guint WsCublasStatus;
typedef guint WsCusolverStatus;

typedef int WsCuDevice;
typedef unsigned long long WsCuPointer; /* on the device; cuBLAS and cuSOLVER take it as void * */
typedef struct CUctx_st *WsCuContext;
typedef struct CUstream_st *WsCuStream;
typedef struct CUevent_st *WsCuEvent;
typedef struct CUmod_st *WsCuModule;
typedef struct CUfunc_st *WsCuFunction;
typedef struct cublasContext *WsCublas;
typedef struct cusolverDnContext *WsCusolver;
typedef struct cusolverDnParams *WsCusolverParams;

/* 2. Values: checked by name against the headers, without the "WS_" */

/* X (name, value) */
#define WS_CUDA_ERRORS(X)                                                                          \
  X (CUDA_SUCCESS, 0)                                                                              \
  X (CUDA_ERROR_INVALID_VALUE, 1)                                                                  \
  X (CUDA_ERROR_OUT_OF_MEMORY, 2)                                                                  \
  X (CUDA_ERROR_STUB_LIBRARY, 34)                                                                  \
  X (CUDA_ERROR_DEVICE_UNAVAILABLE, 46)                                                            \
  X (CUDA_ERROR_NO_DEVICE, 100)                                                                    \
  X (CUDA_ERROR_INVALID_DEVICE, 101)                                                               \
  X (CUDA_ERROR_NO_BINARY_FOR_GPU, 209)                                                            \
  X (CUDA_ERROR_ECC_UNCORRECTABLE, 214)                                                            \
  X (CUDA_ERROR_INVALID_PTX, 218)                                                                  \
  X (CUDA_ERROR_UNSUPPORTED_PTX_VERSION, 222)                                                      \
  X (CUDA_ERROR_NOT_FOUND, 500)                                                                    \
  X (CUDA_ERROR_NOT_READY, 600)                                                                    \
  X (CUDA_ERROR_ILLEGAL_ADDRESS, 700)                                                              \
  X (CUDA_ERROR_LAUNCH_TIMEOUT, 702)                                                               \
  X (CUDA_ERROR_CONTEXT_IS_DESTROYED, 709)                                                         \
  X (CUDA_ERROR_LAUNCH_FAILED, 719)                                                                \
  X (CUDA_ERROR_SYSTEM_DRIVER_MISMATCH, 803)

#define WS_CUDA_DRIVER_VALUES(X)                                                                   \
  X (CU_DEVICE_ATTRIBUTE_COMPUTE_MODE, 20)                                                         \
  X (CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT, 16)                                                 \
  X (CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, 75)                                             \
  X (CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, 76)                                             \
  X (CU_DEVICE_ATTRIBUTE_SINGLE_TO_DOUBLE_PRECISION_PERF_RATIO, 87)                                \
  X (CU_COMPUTEMODE_PROHIBITED, 2)                                                                 \
  X (CU_STREAM_NON_BLOCKING, 1)                                                                    \
  X (CU_EVENT_BLOCKING_SYNC, 1)                                                                    \
  X (CU_EVENT_DISABLE_TIMING, 2)

#define WS_CUBLAS_STATUSES(X)                                                                      \
  X (CUBLAS_STATUS_SUCCESS, 0)                                                                     \
  X (CUBLAS_STATUS_NOT_INITIALIZED, 1)                                                             \
  X (CUBLAS_STATUS_ALLOC_FAILED, 3)                                                                \
  X (CUBLAS_STATUS_INVALID_VALUE, 7)                                                               \
  X (CUBLAS_STATUS_ARCH_MISMATCH, 8)                                                               \
  X (CUBLAS_STATUS_MAPPING_ERROR, 11)                                                              \
  X (CUBLAS_STATUS_EXECUTION_FAILED, 13)                                                           \
  X (CUBLAS_STATUS_INTERNAL_ERROR, 14)                                                             \
  X (CUBLAS_STATUS_NOT_SUPPORTED, 15)                                                              \
  X (CUBLAS_STATUS_LICENSE_ERROR, 16)

#define WS_CUSOLVER_STATUSES(X)                                                                    \
  X (CUSOLVER_STATUS_SUCCESS, 0)                                                                   \
  X (CUSOLVER_STATUS_NOT_INITIALIZED, 1)                                                           \
  X (CUSOLVER_STATUS_ALLOC_FAILED, 2)                                                              \
  X (CUSOLVER_STATUS_INVALID_VALUE, 3)                                                             \
  X (CUSOLVER_STATUS_ARCH_MISMATCH, 4)                                                             \
  X (CUSOLVER_STATUS_MAPPING_ERROR, 5)                                                             \
  X (CUSOLVER_STATUS_EXECUTION_FAILED, 6)                                                          \
  X (CUSOLVER_STATUS_INTERNAL_ERROR, 7)                                                            \
  X (CUSOLVER_STATUS_MATRIX_TYPE_NOT_SUPPORTED, 8)                                                 \
  X (CUSOLVER_STATUS_NOT_SUPPORTED, 9)

#define WS_CUDA_LIBRARY_VALUES(X)                                                                  \
  X (CUBLAS_FILL_MODE_LOWER, 0)                                                                    \
  X (CUBLAS_FILL_MODE_UPPER, 1)                                                                    \
  X (CUBLAS_OP_N, 0)                                                                               \
  X (CUBLAS_OP_T, 1)                                                                               \
  X (CUBLAS_POINTER_MODE_HOST, 0)                                                                  \
  X (CUBLAS_POINTER_MODE_DEVICE, 1)                                                                \
  X (CUSOLVER_EIG_MODE_NOVECTOR, 0)                                                                \
  X (CUDA_R_64F, 1)                                                                                \
  X (MAJOR_VERSION, 0)                                                                             \
  X (MINOR_VERSION, 1)                                                                             \
  X (PATCH_LEVEL, 2)

/* Of the optional functions below. */
#define WS_CUDA_MODE_VALUES(X) X (CUSOLVER_DETERMINISTIC_RESULTS, 1)

#define WS_CUDA_VALUES(X)                                                                          \
  WS_CUDA_ERRORS (X)                                                                               \
  WS_CUDA_DRIVER_VALUES (X)                                                                        \
  WS_CUBLAS_STATUSES (X)                                                                           \
  WS_CUSOLVER_STATUSES (X)                                                                         \
  WS_CUDA_LIBRARY_VALUES (X)

#define WS_CUDA_DECLARE_VALUE(name, value) WS_##name = value,
enum
{
  WS_CUDA_VALUES (WS_CUDA_DECLARE_VALUE) WS_CUDA_MODE_VALUES (WS_CUDA_DECLARE_VALUE)
};
#undef WS_CUDA_DECLARE_VALUE

/* 3. Functions: X (symbol, result, (arguments)) */

#define WS_CUDA_DRIVER_FUNCTIONS(X)                                                                \
  X (cuInit, WsCuResult, (guint flags))                                                            \
  X (cuDriverGetVersion, WsCuResult, (int *version))                                               \
  X (cuGetErrorName, WsCuResult, (WsCuResult code, const char **name))                             \
  X (cuGetErrorString, WsCuResult, (WsCuResult code, const char **text))                           \
  X (cuDeviceGetCount, WsCuResult, (int *n))                                                       \
  X (cuDeviceGet, WsCuResult, (WsCuDevice * device, int index))                                    \
  X (cuDeviceGetName, WsCuResult, (char *name, int n_bytes, WsCuDevice device))                    \
  X (cuDeviceGetAttribute, WsCuResult, (int *value, guint attribute, WsCuDevice device))           \
  X (cuDeviceTotalMem_v2, WsCuResult, (size_t * n_bytes, WsCuDevice device))                       \
  X (cuDevicePrimaryCtxRetain, WsCuResult, (WsCuContext * context, WsCuDevice device))             \
  X (cuDevicePrimaryCtxRelease_v2, WsCuResult, (WsCuDevice device))                                \
  X (cuCtxSetCurrent, WsCuResult, (WsCuContext context))                                           \
  X (cuMemGetInfo_v2, WsCuResult, (size_t * n_bytes_free, size_t * n_bytes_total))                 \
  X (cuMemAlloc_v2, WsCuResult, (WsCuPointer * pointer, size_t n_bytes))                           \
  X (cuMemFree_v2, WsCuResult, (WsCuPointer pointer))                                              \
  X (cuMemHostAlloc, WsCuResult, (void **pointer, size_t n_bytes, guint flags))                    \
  X (cuMemFreeHost, WsCuResult, (void *pointer))                                                   \
  X (cuMemcpyHtoDAsync_v2, WsCuResult,                                                             \
     (WsCuPointer dst, const void *src, size_t n_bytes, WsCuStream stream))                        \
  X (cuMemcpyDtoHAsync_v2, WsCuResult,                                                             \
     (void *dst, WsCuPointer src, size_t n_bytes, WsCuStream stream))                              \
  X (cuMemcpyDtoDAsync_v2, WsCuResult,                                                             \
     (WsCuPointer dst, WsCuPointer src, size_t n_bytes, WsCuStream stream))                        \
  X (cuMemsetD8Async, WsCuResult,                                                                  \
     (WsCuPointer dst, guchar value, size_t n_bytes, WsCuStream stream))                           \
  X (cuStreamCreate, WsCuResult, (WsCuStream * stream, guint flags))                               \
  X (cuStreamDestroy_v2, WsCuResult, (WsCuStream stream))                                          \
  X (cuStreamQuery, WsCuResult, (WsCuStream stream))                                               \
  X (cuStreamSynchronize, WsCuResult, (WsCuStream stream))                                         \
  X (cuStreamWaitEvent, WsCuResult, (WsCuStream stream, WsCuEvent event, guint flags))             \
  X (cuEventCreate, WsCuResult, (WsCuEvent * event, guint flags))                                  \
  X (cuEventDestroy_v2, WsCuResult, (WsCuEvent event))                                             \
  X (cuEventRecord, WsCuResult, (WsCuEvent event, WsCuStream stream))                              \
  X (cuEventQuery, WsCuResult, (WsCuEvent event))                                                  \
  X (cuEventSynchronize, WsCuResult, (WsCuEvent event))                                            \
  X (cuModuleLoadData, WsCuResult, (WsCuModule * module, const void *image))                       \
  X (cuModuleUnload, WsCuResult, (WsCuModule module))                                              \
  X (cuModuleGetFunction, WsCuResult,                                                              \
     (WsCuFunction * function, WsCuModule module, const char *name))                               \
  X (cuLaunchKernel, WsCuResult,                                                                   \
     (WsCuFunction function, guint grid_x, guint grid_y, guint grid_z, guint block_x,              \
      guint block_y, guint block_z, guint n_bytes_shared, WsCuStream stream, void **arguments,     \
      void **extra))

#define WS_CUDA_CUBLAS_FUNCTIONS(X)                                                                \
  X (cublasCreate_v2, WsCublasStatus, (WsCublas * handle))                                         \
  X (cublasDestroy_v2, WsCublasStatus, (WsCublas handle))                                          \
  X (cublasGetProperty, WsCublasStatus, (guint part, int *value))                                  \
  X (cublasSetStream_v2, WsCublasStatus, (WsCublas handle, WsCuStream stream))                     \
  X (cublasSetWorkspace_v2, WsCublasStatus, (WsCublas handle, void *workspace, size_t n_bytes))    \
  X (cublasSetPointerMode_v2, WsCublasStatus, (WsCublas handle, guint mode))                       \
  X (cublasDsyrk_v2, WsCublasStatus,                                                               \
     (WsCublas handle, guint uplo, guint trans, int n, int k, const double *alpha,                 \
      const double *a, int lda, const double *beta, double *c, int ldc))                           \
  X (cublasDgemm_v2, WsCublasStatus,                                                               \
     (WsCublas handle, guint trans_a, guint trans_b, int m, int n, int k, const double *alpha,     \
      const double *a, int lda, const double *b, int ldb, const double *beta, double *c, int ldc)) \
  X (cublasDgemmStridedBatched, WsCublasStatus,                                                    \
     (WsCublas handle, guint trans_a, guint trans_b, int m, int n, int k, const double *alpha,     \
      const double *a, int lda, long long stride_a, const double *b, int ldb, long long stride_b,  \
      const double *beta, double *c, int ldc, long long stride_c, int n_batch))                    \
  X (cublasDgeam, WsCublasStatus,                                                                  \
     (WsCublas handle, guint trans_a, guint trans_b, int m, int n, const double *alpha,            \
      const double *a, int lda, const double *beta, const double *b, int ldb, double *c, int ldc)) \
  X (cublasDnrm2_v2, WsCublasStatus,                                                               \
     (WsCublas handle, int n, const double *x, int incx, double *result))                          \
  X (cublasDscal_v2, WsCublasStatus,                                                               \
     (WsCublas handle, int n, const double *alpha, double *x, int incx))

#define WS_CUDA_CUSOLVER_FUNCTIONS(X)                                                              \
  X (cusolverGetProperty, WsCusolverStatus, (guint part, int *value))                              \
  X (cusolverDnCreate, WsCusolverStatus, (WsCusolver * handle))                                    \
  X (cusolverDnDestroy, WsCusolverStatus, (WsCusolver handle))                                     \
  X (cusolverDnSetStream, WsCusolverStatus, (WsCusolver handle, WsCuStream stream))                \
  X (cusolverDnCreateParams, WsCusolverStatus, (WsCusolverParams * params))                        \
  X (cusolverDnDestroyParams, WsCusolverStatus, (WsCusolverParams params))                         \
  X (cusolverDnXsyevd_bufferSize, WsCusolverStatus,                                                \
     (WsCusolver handle, WsCusolverParams params, guint jobz, guint uplo, int64_t n, guint type_a, \
      const void *a, int64_t lda, guint type_w, const void *w, guint compute_type,                 \
      size_t *n_bytes_device, size_t *n_bytes_host))                                               \
  X (cusolverDnXsyevd, WsCusolverStatus,                                                           \
     (WsCusolver handle, WsCusolverParams params, guint jobz, guint uplo, int64_t n, guint type_a, \
      void *a, int64_t lda, guint type_w, void *w, guint compute_type, void *work_device,          \
      size_t n_bytes_device, void *work_host, size_t n_bytes_host, int *info))                     \
  X (cusolverDnXgesvd_bufferSize, WsCusolverStatus,                                                \
     (WsCusolver handle, WsCusolverParams params, signed char jobu, signed char jobvt, int64_t m,  \
      int64_t n, guint type_a, const void *a, int64_t lda, guint type_s, const void *s,            \
      guint type_u, const void *u, int64_t ldu, guint type_vt, const void *vt, int64_t ldvt,       \
      guint compute_type, size_t *n_bytes_device, size_t *n_bytes_host))                           \
  X (cusolverDnXgesvd, WsCusolverStatus,                                                           \
     (WsCusolver handle, WsCusolverParams params, signed char jobu, signed char jobvt, int64_t m,  \
      int64_t n, guint type_a, void *a, int64_t lda, guint type_s, void *s, guint type_u, void *u, \
      int64_t ldu, guint type_vt, void *vt, int64_t ldvt, guint compute_type, void *work_device,   \
      size_t n_bytes_device, void *work_host, size_t n_bytes_host, int *info))                     \
  X (cusolverDnXgeqrf_bufferSize, WsCusolverStatus,                                                \
     (WsCusolver handle, WsCusolverParams params, int64_t m, int64_t n, guint type_a,              \
      const void *a, int64_t lda, guint type_tau, const void *tau, guint compute_type,             \
      size_t *n_bytes_device, size_t *n_bytes_host))                                               \
  X (cusolverDnXgeqrf, WsCusolverStatus,                                                           \
     (WsCusolver handle, WsCusolverParams params, int64_t m, int64_t n, guint type_a, void *a,     \
      int64_t lda, guint type_tau, void *tau, guint compute_type, void *work_device,               \
      size_t n_bytes_device, void *work_host, size_t n_bytes_host, int *info))

/* NULL in libraries that are older: the mode since CUDA 12.2, cuSOLVER 11.5.0 (without it results
 * are deterministic by default, as with it), */
#define WS_CUDA_MODE_FUNCTIONS(X)                                                                  \
  X (cusolverDnSetDeterministicMode, WsCusolverStatus, (WsCusolver handle, guint mode))

/* and batches since CUDA 12.6.2, cuSOLVER 11.7.1. */
#define WS_CUDA_BATCH_FUNCTIONS(X)                                                                 \
  X (cusolverDnXsyevBatched_bufferSize, WsCusolverStatus,                                          \
     (WsCusolver handle, WsCusolverParams params, guint jobz, guint uplo, int64_t n, guint type_a, \
      const void *a, int64_t lda, guint type_w, const void *w, guint compute_type,                 \
      size_t *n_bytes_device, size_t *n_bytes_host, int64_t n_batch))                              \
  X (cusolverDnXsyevBatched, WsCusolverStatus,                                                     \
     (WsCusolver handle, WsCusolverParams params, guint jobz, guint uplo, int64_t n, guint type_a, \
      void *a, int64_t lda, guint type_w, void *w, guint compute_type, void *work_device,          \
      size_t n_bytes_device, void *work_host, size_t n_bytes_host, int *info, int64_t n_batch))

#define WS_CUDA_OPTIONAL_FUNCTIONS(X)                                                              \
  WS_CUDA_MODE_FUNCTIONS (X)                                                                       \
  WS_CUDA_BATCH_FUNCTIONS (X)

#define WS_CUDA_FUNCTIONS(X)                                                                       \
  WS_CUDA_DRIVER_FUNCTIONS (X)                                                                     \
  WS_CUDA_CUBLAS_FUNCTIONS (X)                                                                     \
  WS_CUDA_CUSOLVER_FUNCTIONS (X)                                                                   \
  WS_CUDA_OPTIONAL_FUNCTIONS (X)

/* 4. The table */

#define WS_CUDA_DECLARE_FUNCTION(symbol, result, arguments) result (*symbol) arguments;
typedef struct
{
  WS_CUDA_FUNCTIONS (WS_CUDA_DECLARE_FUNCTION)
} WsCudaApi;
#undef WS_CUDA_DECLARE_FUNCTION

G_END_DECLS
