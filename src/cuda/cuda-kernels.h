/* SPDX-License-Identifier: MIT */
/* The program's own kernels: stored elements widened to double on the device. cuda-kernels.cu is
 * their source; the driver compiles the text in cuda-kernels-ptx.h. */
#pragma once

#include "cuda/cuda-api.h"
#include "model/dtype.h"

G_BEGIN_DECLS

typedef struct
{
  const WsCudaApi *api;
  WsCuModule module;
  WsCuFunction widen[WS_N_DTYPES]; /* NULL: elements of the type are widened by the processor */
} WsCudaKernels;

/* With the context current; waits for @stream, on which every kernel is tried. On failure nothing
 * can be widened on the device, which is no reason to do without it: float64 can be uploaded
 * instead. Errors: WS_ERROR_UNSUPPORTED. */
gboolean ws_cuda_kernels_init (WsCudaKernels *self, const WsCudaApi *api, WsCuStream stream,
                               GError **error);
void ws_cuda_kernels_clear (WsCudaKernels *self);

/* F16, BF16, F32, F8_E4M3, F8_E5M2; not F64, which needs no kernel. */
gboolean ws_cuda_kernels_can_widen (const WsCudaKernels *self, WsDtype dtype);
/* Puts into @stream: @n elements at @src become doubles at @dst. @src is aligned to its elements;
 * the two do not overlap. @n may be 0. */
WsCuResult ws_cuda_kernels_widen (const WsCudaKernels *self, WsDtype dtype, WsCuPointer dst,
                                  WsCuPointer src, gsize n, WsCuStream stream);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (WsCudaKernels, ws_cuda_kernels_clear)

G_END_DECLS
