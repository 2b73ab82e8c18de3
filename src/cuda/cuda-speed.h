/* SPDX-License-Identifier: MIT */
/* How long a GPU may take, guessed from what it says about itself. */
#pragma once

#include "cuda/cuda-private.h"

G_BEGIN_DECLS

/* Of all steps of a task on the device, without reading and statistics: right to a factor of
 * perhaps 3, for the first plan of a run and for how long a step may take. */
double ws_cuda_estimate_seconds (const WsCudaGpu *gpu, const WsTaskShape *shape);

G_END_DECLS
