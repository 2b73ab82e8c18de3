/* SPDX-License-Identifier: MIT */
/* Our prototypes and values against those of the headers of a CUDA toolkit. Compiled where one is
 * installed, never linked: it either compiles or names what differs. */
#include <cublas_v2.h>
#include <cuda.h>
#include <cusolverDn.h>

#include "cuda/cuda-api.h"

/* An enumeration and the unsigned int in its place are compatible types, and a change of NVIDIA's
 * to another size or sign would not be. */
#define CHECK_FUNCTION(symbol, result, arguments)                                                  \
  _Static_assert(                                                                                  \
      __builtin_types_compatible_p (__typeof__ (&symbol), __typeof__ (((WsCudaApi *) 0)->symbol)), \
      #symbol " has another prototype");
WS_CUDA_DRIVER_FUNCTIONS (CHECK_FUNCTION)
WS_CUDA_CUBLAS_FUNCTIONS (CHECK_FUNCTION)
WS_CUDA_CUSOLVER_FUNCTIONS (CHECK_FUNCTION)

#define CHECK_VALUE(name, value) _Static_assert(name == (value), #name " has another value");
WS_CUDA_VALUES (CHECK_VALUE)

/* What an older release does not declare is not in its library either. */
#if CUSOLVER_VERSION >= 11500
WS_CUDA_MODE_FUNCTIONS (CHECK_FUNCTION)
WS_CUDA_MODE_VALUES (CHECK_VALUE)
#endif
#if CUSOLVER_VERSION >= 11701
WS_CUDA_BATCH_FUNCTIONS (CHECK_FUNCTION)
#endif

_Static_assert(__builtin_types_compatible_p (CUdeviceptr, WsCuPointer), "CUdeviceptr differs");
_Static_assert(__builtin_types_compatible_p (CUdevice, WsCuDevice), "CUdevice differs");
