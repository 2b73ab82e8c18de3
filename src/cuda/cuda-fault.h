/* SPDX-License-Identifier: MIT */
/* What a code of NVIDIA's libraries means for a matrix, and for the GPU. */
#pragma once

#include "cuda/cuda-private.h"

G_BEGIN_DECLS

/* @call: its name, for the message
 * Returns: FALSE with @error set (WS_FAULT_ERROR) unless @code says success. */
gboolean ws_cuda_check (const WsCudaApi *api, WsCuResult code, const char *call, GError **error);

/* The libraries tell less than the driver: where their code may stand for a context that is gone,
 * @stream is asked. */
gboolean ws_cublas_check (const WsCudaApi *api, WsCuStream stream, WsCublasStatus code,
                          const char *call, GError **error);
gboolean ws_cusolver_check (const WsCudaApi *api, WsCuStream stream, WsCusolverStatus code,
                            const char *call, GError **error);

G_END_DECLS
